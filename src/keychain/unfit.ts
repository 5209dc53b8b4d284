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

export class Damaged extends AppError {
  constructor(readonly path: string) {
    super("config", `cannot read ${path}: it is damaged`, {
      hint: `move it away and log in again: mv ${shellQuote(path)} ${shellQuote(`${path}.old`)}`,
    });
  }
}

/** For who logs out: moved away, the tokens in it would live on, and nothing would know of them. */
export function forgotten({ path }: Damaged): string {
  return "it may hold a session that works: end that in the web app's list of sessions, then delete the file: " +
    `rm ${shellQuote(path)}`;
}
