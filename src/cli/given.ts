/**
 * The values of the options that stand on a command line.
 *
 * @module
 */

import type { Globals } from "../app.ts";
import { AppError } from "../errors.ts";
import { GLOBALS } from "./globals.ts";
import { flagOf, type Given, type Option, type Options } from "./verb.ts";

/** An option as it stood there; `flag` as it was typed. */
export interface Raw {
  key: string;
  flag: string;
  text: string | undefined;
  at: number;
}

/** The key of the option that has this flag. */
export function keyIn(options: Options, flag: string): string | undefined {
  return Object.keys(options).find((key) => {
    const option = options[key]!;
    return flag.startsWith("--") ? flagOf(key, option) === flag : option.short === flag.slice(1);
  });
}

/** Reads the option in `words[at]`, perhaps several short ones; `took`: how many words behind it were its value. */
export function optionAt(
  words: readonly string[],
  at: number,
  keyOf: (flag: string) => string | undefined,
  optionOf: (key: string) => Option,
): { raws: Raw[]; took: 0 | 1; unknown: boolean } {
  const word = words[at]!;
  const long = word.startsWith("--");
  const sign = long ? word.indexOf("=") : -1;
  const raws: Raw[] = [];
  let letters = long ? "" : word.slice(1);
  do {
    const flag = long ? (sign < 0 ? word : word.slice(0, sign)) : `-${letters[0]}`;
    const key = keyOf(flag);
    if (key === undefined) return { raws, took: 0, unknown: true };
    const { value, bare } = optionOf(key);
    const behind = value || letters[1] === "=" ? letters.slice(1) : ""; // `-q=1`: a switch takes none
    const inside = behind ? behind.replace(/^=/, "") : sign < 0 ? undefined : word.slice(sign + 1);
    letters = letters.slice(1 + behind.length);
    const next = words[at + 1];
    const takesNext = value && inside === undefined && next !== undefined && !(bare && next.startsWith("-"));
    raws.push({ key, flag, text: takesNext ? next : inside, at });
    if (takesNext) return { raws, took: 1, unknown: false };
  } while (letters !== "");
  return { raws, took: 0, unknown: false };
}

/** The values of options that were given; of a `global` one the last counts, any other is given once. */
export function valuesOf<O extends Options>(options: O, raws: readonly Raw[], global: boolean): Given<O> {
  const values: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(options)) {
    const mine = raws.filter((raw) => raw.key === key);
    const flag = flagOf(key, option);
    if (mine.length > 1 && option.value && !option.many && !global) {
      throw new AppError("usage", `${flag} is given ${mine.length === 2 ? "twice" : `${mine.length} times`}`, {
        hint: `give ${flag} once`,
      });
    }
    const read = (global ? mine.slice(-1) : mine).map(({ text }) => {
      if (!option.value) {
        if (text === undefined) return true;
        throw new AppError("usage", `${flag} takes no value`, { hint: `write: ${flag}` });
      }
      if (text === undefined && option.bare) return true;
      if (text !== undefined) return option.value.parse(text, flag);
      const { shown, schema } = option.value;
      const [one] = schema.enum ?? [];
      throw new AppError("usage", `${flag} needs a value`, {
        hint: one === undefined ? `write: ${flag} ${shown.toUpperCase()}` : `write, for example: ${flag} ${one}`,
      });
    });
    values[key] = option.many
      ? read
      : option.value
      ? read[0] ?? option.standard
      : option.off
      ? mine.length === 0
      : read.length > 0;
  }
  return values as Given<O>;
}

/** Each global option as far as it is sound, whatever else is wrong with the line: the last that is counts. */
export function soundGlobals(raws: readonly Raw[]): Globals {
  const sound: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(GLOBALS)) {
    for (let mine = raws.filter((raw) => raw.key === key);; mine = mine.slice(0, -1)) {
      try {
        sound[key] = valuesOf({ [key]: option }, mine, true)[key];
        break;
      } catch { /* the one before it, at last none */ }
    }
  }
  return sound as Given<typeof GLOBALS>;
}
