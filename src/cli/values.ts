/**
 * Words as values.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import type { Value } from "./verb.ts";

/** Longer words are not repeated: a token may have been pasted in the wrong place. */
const LONGEST_WORD = 30;

/** A word as it may be repeated in a message. */
export function shorten(word: string): string {
  return word.length > LONGEST_WORD ? `${word.slice(0, 4)}…` : word;
}

/** Any text, as it is. */
export function text(shown: string, complete?: Value<string>["complete"]): Value<string> {
  return { shown, schema: { type: "string" }, parse: (given) => given, ...complete && { complete } };
}

/** Any text, where some are known: whoever uses it says what is wrong with another. */
export function known(shown: string, all: readonly string[]): Value<string> {
  return { shown, schema: { type: "string", enum: all }, parse: (given) => given };
}

/**
 * Text that narrows something: trimmed, and never empty, because an unset shell variable must not widen a list. `without`: what
 * leaving it out does, for the hint.
 */
export function filter(shown: string, without = " to see all of them"): Value<string> {
  return {
    shown,
    schema: { type: "string" },
    parse(given, from) {
      const trimmed = given.trim();
      if (trimmed !== "") return trimmed;
      throw new AppError("usage", `${from} must not be empty`, {
        hint: `leave ${from} out${without}, or give it a value`,
      });
    },
  };
}

/** A whole number from 1 to `most`. */
export function whole(most: number, shown = "number"): Value<number> {
  return {
    shown,
    schema: { type: "integer" },
    parse(given, from) {
      const digits = given.trim();
      const number = /^\d{1,15}$/.test(digits) ? Number(digits) : 0;
      if (number >= 1 && number <= most) return number;
      const near = /^\d{1,15}$/.test(digits) && number > most ? most : 1;
      throw new AppError("usage", `${from} must be a whole number from 1 to ${most}, not "${shorten(given)}"`, {
        hint: `write, for example: ${from} ${near}`,
      });
    },
  };
}

/** One of these words, in any case. */
export function oneOf<const T extends readonly string[]>(shown: string, all: T): Value<T[number]> {
  return {
    shown,
    schema: { type: "string", enum: all },
    parse(given, from) {
      const wanted = given.trim().toLowerCase();
      const found = all.find((one) => one === wanted) ?? all.find((one) => one === wanted.replaceAll(/[\s-]+/g, "_"));
      if (found !== undefined) return found;
      throw new AppError("usage", `${from} must be one of ${all.join(", ")}, not "${shorten(given)}"`, {
        hint: `write, for example: ${from.startsWith("-") ? `${from} ` : ""}${likely(wanted, all)}`,
      });
    },
  };
}

/** The one that was probably meant, by how many letters begin both, else the first. `wanted` is in lower case. */
export function likely(wanted: string, all: readonly string[]): string {
  const common = (one: string) => {
    let at = 0;
    while (at < one.length && one[at]!.toLowerCase() === wanted[at]) at++;
    return at;
  };
  return all.reduce((best, one) => common(one) > common(best) ? one : best, all[0] ?? "VALUE");
}
