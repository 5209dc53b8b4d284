/**
 * Questions on the terminal. A chunk of its own: loaded when something is asked.
 *
 * @module
 */

import { select, selectByNumber } from "./choose.ts";
import type { Asks, Paint, Prompt } from "./mod.ts";
import { answer, isPlain, Reading, type Terminal } from "./reading.ts";

const SECRET_LIMIT = 32_768;
const NO_PAINT: Paint = { bold: (text) => text, dim: (text) => text };

export function prompts(terminal: Terminal): Prompt {
  return {
    select: (message, options, paint = NO_PAINT) =>
      (isPlain(terminal) ? selectByNumber : select)(terminal, message, options, paint),
    confirm: (message, paint = NO_PAINT, word) => confirm(terminal, message, paint, word),
    secrets: (asks, signal) => secrets(terminal, asks, signal),
  };
}

async function confirm(terminal: Terminal, message: string, paint: Paint, word?: string): Promise<boolean> {
  const yes = word ? [word] : ["y", "yes"];
  const hint = word ? `Type ${word} and press Enter, or Enter alone to leave it: ` : "[y/N] ";
  const again = isPlain(terminal) ? "\r" : "\r\x1b[K";
  const ask = `${paint.bold(message)} ${hint}`;
  return await answer(terminal, { first: "", ask, again, burst: 16 }, (typed) => {
    const said = typed.toLowerCase();
    if (yes.includes(said)) return { is: true };
    return ["", "n", "no"].includes(said) ? { is: false } : `\nPlease answer ${yes.at(-1)} or no.\n`;
  });
}

async function* secrets(
  terminal: Terminal,
  asks: Asks,
  signal?: AbortSignal,
): AsyncIterable<string | undefined> {
  let bytes: number[] = [];
  let long = false;
  let asked = false;
  const take = () => {
    const text = long ? undefined : new TextDecoder().decode(new Uint8Array(bytes)).trim();
    [bytes, long] = [[], false];
    return text;
  };
  const reading = new Reading(terminal, {
    async draw() {
      take();
      if (asked) return `${asks.again}\n`;
      asked = true;
      await asks.first();
      return "";
    },
    burst: 0,
  });
  for await (const { name, byte } of reading.keys(signal)) {
    if (name === "enter" && (bytes.length > 0 || long)) yield take();
    else if (name === "clear") take();
    else if (name === "erase") bytes.pop();
    else if (name !== "text") continue;
    else if (bytes.length < SECRET_LIMIT) bytes.push(byte);
    else long = true;
  }
}
