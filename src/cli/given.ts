/**
 * The values of the options that stand on a command line.
 *
 * @module
 */

import type { Globals } from "../app.ts";
import { AppError } from "../errors.ts";
import { GLOBALS } from "./globals.ts";
import { flagOf, type Given, type Options } from "./verb.ts";

/** An option as it stood there; `flag` as it was typed. */
export interface Raw {
  key: string;
  flag: string;
  text: string | undefined;
  at: number;
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
        hint: one === undefined ? `write: ${flag} <${shown}>` : `write, for example: ${flag} ${one}`,
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
