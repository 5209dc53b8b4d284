/**
 * Answers that are not taken, as errors. Loaded when there is one, or one is large.
 *
 * @module
 */

import { AppError, isSystemError } from "../errors.ts";
import { ConnectionFailure, words } from "./transport.ts";

/** Objects, lists and members that an answer may hold, and a refusal: each takes a hundred bytes and more when it is read. */
const [MOST, MOST_OF_REFUSAL] = [2_000_000, 500_000];

/** `{[:"` */
const [OBJECT, LIST, COLON, QUOTE] = [0x7b, 0x5b, 0x3a, 0x22];

/** Throws `server` for JSON of so many values that it would take the memory of this machine: a few kilobytes of gzip can. */
export function refuseDense(body: Uint8Array, host: string, status: number): void {
  const most = status < 400 ? MOST : MOST_OF_REFUSAL;
  let [count, before] = [0, 0];
  for (const byte of body) {
    if (byte === OBJECT || byte === LIST || byte === COLON && before === QUOTE) count++;
    before = byte;
  }
  if (count > most) throw tooMuch(`the answer of ${host} holds more than ${most / 1e6} million values`, status);
}

export function tooLarge(bytes: number, host: string, status: number): AppError {
  return tooMuch(`the answer of ${host} is larger than ${bytes >> 20} MiB`, status);
}

function tooMuch(message: string, status: number): AppError {
  return new AppError("server", message, {
    hint: "ask for less: fewer fields or, where there are pages, a smaller --per-page",
    status,
  });
}

/** The status line has come: what is wrong with the rest is the server's. */
export function brokenOff(error: unknown, host: string, status: number): AppError {
  if (isSystemError(error, "TypeError") && /gzip|deflate|brotli|decod|invalid|crc/i.test(words(error))) {
    return new AppError("server", `the answer of ${host} is damaged`, { hint: "try again", status });
  }
  return new ConnectionFailure("server", `the answer of ${host} was cut off`, {
    hint: "try again",
    status,
    brokeOff: true,
  });
}
