/**
 * What the credentials file cannot be. Loaded when it would be, or is.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import { shellQuote } from "../storage/mod.ts";

export function tooLarge(path: string, limit: number): AppError {
  return new AppError("config", `cannot write ${path}: it would be larger than ${limit} bytes`, {
    hint: "log out of a server whose session is not needed: autocom auth logout --api-url URL",
  });
}

export function damaged(path: string): AppError {
  return new AppError("config", `cannot read ${path}: it is damaged`, {
    hint: `move it away and log in again: mv ${shellQuote(path)} ${shellQuote(`${path}.old`)}`,
  });
}
