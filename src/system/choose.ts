/**
 * One of several, on a terminal: with the arrow keys, or by its number.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import type { Choice, Paint } from "./mod.ts";
import { answer, Reading, type Terminal } from "./reading.ts";

const [POINTER, KEYS] = ["❯", "↑ ↓ to move, Enter to choose"];

/** No line wraps, were one longer than was thought: else nobody knew how many lines were drawn. */
const [CUT, WRAP] = ["\x1b[?7l", "\x1b[?7h"];

/** From where the cursor stands, which is where the question begins: all of it, however many lines a narrower window made. */
const CLEAR = "\r\x1b[J";

/**
 * Arrow keys and Enter. The list is as long as the terminal is high, and the marked row is always on it. The cursor waits
 * where the question begins: so it is taken away whole, whatever the size of the window became.
 */
export async function select(
  terminal: Terminal,
  message: string,
  options: readonly Choice[],
  paint: Paint,
): Promise<string> {
  let [at, top] = [0, 0];
  let chosen: Choice | undefined;
  const draw = () => {
    const { rows: height, columns } = terminal.size();
    const fit = (text: string) => paint.fit?.(text, Math.max(1, columns - 1)) ?? text;
    const row = ({ label, hint }: Choice, isMarked: boolean) => {
      const name = `${isMarked ? POINTER : " "} ${label}${hint ? "  " : ""}`;
      const whole = fit(name + (hint ?? ""));
      return whole.startsWith(name) ? name + paint.dim(whole.slice(name.length)) : whole;
    };
    const shown = Math.max(1, Math.min(options.length, height - 3));
    top = Math.max(Math.min(top, at), at - shown + 1);
    const place = options.length > shown ? `${at + 1} of ${options.length} · ` : "";
    const rows = options.slice(top, top + shown).map((option, i) => row(option, top + i === at));
    const lines = [paint.bold(fit(message)), ...rows, paint.dim(fit(place + KEYS))];
    return `${CLEAR}${CUT}${lines.join("\r\n")}${WRAP}\x1b[${lines.length - 1}A\r`;
  };
  const close = () => `${CLEAR}${paint.bold(message)}${chosen ? ` ${chosen.label}` : ""}\r\n`;
  const reading = new Reading(terminal, { draw, burst: 64, resizes: true, close });
  for await (const { name } of reading.keys()) {
    const page = Math.max(1, terminal.size().rows - 4);
    if (name === "escape") throw new AppError("interrupted", "cancelled");
    else if (name === "enter") return (chosen = options[at]!).value;
    else if (name === "up") at = (at + options.length - 1) % options.length;
    else if (name === "down") at = (at + 1) % options.length;
    else if (name === "first") at = 0;
    else if (name === "last") at = options.length - 1;
    else if (name === "page up") at = Math.max(0, at - page);
    else if (name === "page down") at = Math.min(options.length - 1, at + page);
    else continue;
    await reading.show(draw());
  }
  throw new AppError("interrupted", "interrupted");
}

/** The whole list, then a number or a value and Enter. */
export async function selectByNumber(
  terminal: Terminal,
  message: string,
  options: readonly Choice[],
  paint: Paint,
): Promise<string> {
  const list = options.map(({ label, hint }, i) => `${`${i + 1}`.padStart(4)}  ${label}${hint ? `  ${hint}` : ""}\n`);
  const ask = `Type a number from 1 to ${options.length} or a name, then press Enter: `;
  const first = `${paint.bold(message)}\n${list.join("")}`;
  return await answer(terminal, { first, ask, again: "\n", burst: 64 }, (typed) => {
    const chosen = options.find(({ value }) => value === typed) ??
      (/^\d{1,9}$/.test(typed) ? options[Number(typed) - 1] : undefined);
    return chosen ? { is: chosen.value } : typed === "" ? "" : "\nThat is not one of them. ";
  });
}
