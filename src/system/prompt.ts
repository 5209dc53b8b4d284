/**
 * Questions on the terminal: @clack/prompts on our own stdin, so that bytes read for a paste are never lost.
 * A chunk of its own: loaded when something is asked.
 *
 * @module
 */

import { Readable, Writable } from "node:stream";
import process from "node:process";
import { AppError } from "../errors.ts";
import type { Input, Output, Prompt, System } from "./mod.ts";

/** Where a question is asked, the variables that say how, and the signals that end it. */
export interface Terminal extends Pick<System, "env" | "signals"> {
  input: Input;
  output: Output;
}

type Clack = typeof import("./clack.ts");
type Streams = { input: Readable; output: Writable; signal: AbortSignal };

export function prompts(terminal: Terminal): Prompt {
  return {
    select: (message, options) => ask(terminal, (clack, streams) => clack.select({ message, options, ...streams })),
    confirm: (message) => ask(terminal, (clack, s) => clack.confirm({ message, initialValue: false, ...s })),
  };
}

async function ask<T>(
  { input, output, env, signals }: Terminal,
  question: (clack: Clack, streams: Streams) => Promise<T | Clack["CANCEL_SYMBOL"]>,
): Promise<T> {
  // The library reads variables when it is loaded and when it asks; the permission for that is gone by now.
  Object.defineProperty(process, "env", { value: env });
  const clack = await import("./clack.ts");
  const done = new AbortController();
  const stopped = new AbortController();
  const deaf = signals.on(() => stopped.abort()); // else the cursor stays hidden
  const streams = { input: readable(input, done.signal), output: writable(output, env), signal: stopped.signal };
  try {
    const answer = await question(clack, streams);
    if (clack.isCancel(answer)) throw new AppError("interrupted", "cancelled");
    return answer as T;
  } finally {
    deaf();
    done.abort();
    input.setRaw(false);
    await new Promise<void>((flushed) => streams.output.end(flushed));
  }
}

function readable(input: Input, signal: AbortSignal): Readable {
  const stream = Readable.from(input.chunks(signal), { objectMode: false });
  return Object.assign(stream, { isTTY: true, setRawMode: (on: boolean) => (input.setRaw(on), stream) });
}

/** The library colours always. */
function writable(output: Output, env: System["env"]): Writable {
  const colour = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, "g");
  const shown = (text: string) => env.NO_COLOR ? text.replaceAll(colour, "") : text;
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => void output.write(shown(String(chunk))).then(() => done(), done),
  });
  return Object.assign(stream, { isTTY: true, columns: output.columns(), rows: 24 });
}
