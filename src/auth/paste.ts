/**
 * What a person pastes: read in raw mode, because a callback's address may be longer than a terminal's line
 * (1,024 bytes on macOS, 4,095 on Linux), and without echo, because it is a secret.
 *
 * @module
 */

import type { Asks, Io } from "../system/mod.ts";
import { type Attempt, judge, type Verdict } from "./pkce.ts";

/** In bytes. */
const LIMIT = 32_768;

/**
 * The lines that arrive, without their ends and the space around them, until `signal` aborts; over 32 KB a line is given
 * as `undefined`. From a terminal those that were pasted after they were asked for; from a pipe all, to its end, which may
 * end the last one.
 */
export function lines(
  { stdin, prompt }: Pick<Io, "stdin" | "prompt">,
  asks: Asks,
  signal?: AbortSignal,
): AsyncIterable<string | undefined> {
  return stdin.isTerminal ? prompt.secrets(asks, signal) : piped(stdin, asks, signal);
}

async function* piped(
  stdin: Io["stdin"],
  asks: Asks,
  signal: AbortSignal | undefined,
): AsyncIterable<string | undefined> {
  await asks.first();
  let bytes: number[] = [];
  let long = false;
  const take = () => {
    const text = long ? undefined : new TextDecoder().decode(new Uint8Array(bytes)).trim();
    [bytes, long] = [[], false];
    return text;
  };
  for await (const chunk of stdin.chunks(signal)) {
    for (const byte of chunk) {
      if (byte !== 10 && byte !== 13) {
        if (bytes.length < LIMIT) bytes.push(byte);
        else long = true;
      } else if (bytes.length > 0 || long) yield take();
    }
  }
  // What had begun when the reading was stopped is no line.
  if (!signal?.aborted && (bytes.length > 0 || long)) yield take();
}

/**
 * Judges a pasted address as the listener judges a request: the whole redirected URL of this attempt, or nothing. Quotes and
 * angle brackets around it are what it was copied from.
 */
export function judgePaste(line: string, redirectUri: string, attempt: Attempt, origin: string): Verdict {
  const url = URL.parse(line.replace(/^[<"'`]+|(?<![>"'`])[>"'`]+$/g, ""));
  if (!url) return { ignored: `paste the whole address, from "http://127.0.0.1" to its end` };
  if (!url.href.startsWith(`${redirectUri}?`)) return { ignored: `the address must begin with ${redirectUri}?` };
  return judge(url.searchParams, attempt, origin);
}
