/**
 * Questions on the terminal: @clack/prompts on our own stdin, so that bytes read for a paste are never lost.
 * A chunk of its own: loaded when something is asked.
 *
 * @module
 */

import * as clack from "@clack/prompts";
import { Readable, Writable } from "node:stream";
import { AppError } from "../errors.ts";
import type { Input, Output, Prompt } from "./mod.ts";

export async function select(
  input: Input,
  output: Output,
  message: string,
  options: Parameters<Prompt["select"]>[1],
): Promise<string> {
  return await ask(input, output, (streams) => clack.select({ message, options, ...streams }));
}

export async function confirm(input: Input, output: Output, message: string): Promise<boolean> {
  return await ask(input, output, (streams) => clack.confirm({ message, initialValue: false, ...streams }));
}

type Streams = { input: Readable; output: Writable };

async function ask<T>(
  input: Input,
  output: Output,
  question: (streams: Streams) => Promise<T | typeof clack.CANCEL_SYMBOL>,
): Promise<T> {
  const done = new AbortController();
  const streams = { input: readable(input, done.signal), output: writable(output) };
  try {
    const answer = await question(streams);
    if (clack.isCancel(answer)) throw new AppError("interrupted", "cancelled");
    return answer as T;
  } finally {
    done.abort();
    input.setRaw(false);
    await new Promise<void>((flushed) => streams.output.end(flushed));
  }
}

function readable(input: Input, signal: AbortSignal): Readable {
  const stream = Readable.from(input.chunks(signal), { objectMode: false });
  return Object.assign(stream, { isTTY: true, setRawMode: (on: boolean) => (input.setRaw(on), stream) });
}

function writable(output: Output): Writable {
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => void output.write(String(chunk)).then(() => done(), done),
  });
  return Object.assign(stream, { isTTY: true, columns: output.columns(), rows: 24 });
}
