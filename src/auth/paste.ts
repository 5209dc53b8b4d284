/**
 * What a person pastes: read in raw mode, because a callback's address may be longer than a terminal's line
 * (1,024 bytes on macOS, 4,095 on Linux), and without echo, because it is a secret.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import type { Input } from "../system/mod.ts";
import { type Attempt, judge, type Verdict } from "./pkce.ts";

const LIMIT = 32_768;
const [CTRL_C, CTRL_D, CTRL_U, BACKSPACE, DELETE, ESCAPE] = [3, 4, 21, 8, 127, 27];

/**
 * The lines that arrive, without their ends and the space around them; the last one may end with the input. Over 32 KB
 * a line is given as `undefined`. On a terminal the mode is restored whatever happens.
 */
export async function* lines(input: Input, signal?: AbortSignal): AsyncIterable<string | undefined> {
  if (input.isTerminal) input.setRaw(true);
  try {
    let bytes: number[] = [];
    let long = false;
    const take = () => {
      const text = long ? undefined : unwrap(new TextDecoder().decode(new Uint8Array(bytes)));
      [bytes, long] = [[], false];
      return text;
    };
    for await (const chunk of input.chunks(signal)) {
      for (const byte of chunk) {
        if (byte === 10 || byte === 13) {
          if (bytes.length > 0 || long) yield take();
        } else if (input.isTerminal && byte === CTRL_C) {
          throw new AppError("interrupted", "interrupted");
        } else if (input.isTerminal && byte === CTRL_D) {
          return;
        } else if (input.isTerminal && byte === CTRL_U) {
          take();
        } else if (input.isTerminal && (byte === BACKSPACE || byte === DELETE)) {
          bytes.pop();
        } else if (bytes.length < LIMIT) {
          bytes.push(byte);
        } else {
          long = true;
        }
      }
    }
    // What a person had begun when the reading was stopped is no line.
    if (!signal?.aborted && (bytes.length > 0 || long)) yield take();
  } finally {
    if (input.isTerminal) input.setRaw(false);
  }
}

/** The text without the marks that a terminal puts around a paste, and without space around it. */
function unwrap(line: string): string {
  const mark = String.fromCharCode(ESCAPE);
  return line.replaceAll(`${mark}[200~`, "").replaceAll(`${mark}[201~`, "").trim();
}

/** Judges a pasted address as the listener judges a request: the whole redirected URL of this attempt, or nothing. */
export function judgePaste(line: string, redirectUri: string, attempt: Attempt, origin: string): Verdict {
  const url = URL.parse(line);
  if (!url) return { ignored: `paste the whole address, from "http://127.0.0.1" to its end` };
  if (!url.href.startsWith(`${redirectUri}?`)) return { ignored: `the address must begin with ${redirectUri}?` };
  return judge(url.searchParams, attempt, origin);
}
