/**
 * Questions on the terminal. A chunk of its own: loaded when something is asked.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import { select, selectByNumber } from "./choose.ts";
import type { Asks, Paint, Prompt } from "./mod.ts";
import { isPlain, Reading, type Terminal, Typed } from "./reading.ts";

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
  let typed = new Typed();
  let before = "";
  const reading = new Reading(terminal, {
    draw() {
      typed = new Typed();
      const text = `${before}${paint.bold(message)} ${hint}`;
      before = again;
      return text;
    },
    burst: 16,
    close: () => "\n",
  });
  for await (const key of reading.keys()) {
    if (key.name === "escape") throw new AppError("interrupted", "cancelled");
    if (key.name !== "enter") {
      await reading.show(typed.take(key));
      continue;
    }
    const answer = typed.text.trim().toLowerCase();
    if (yes.includes(answer)) return true;
    if (["", "n", "no"].includes(answer)) return false;
    before = `\nPlease answer ${yes.at(-1)} or no.\n`;
    reading.again();
  }
  throw new AppError("interrupted", "interrupted");
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
