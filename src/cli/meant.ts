/**
 * The command line that was meant: of several the first that works, as it is typed.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import { safe } from "../output/mod.ts";
import type { Fault } from "./line.ts";
import { parse } from "./parse.ts";
import { shorten } from "./values.ts";
import { type Argument, flagOf, type Options } from "./verb.ts";

/** The first of these that leads to a command, as it can be typed; what it still needs stands behind it. */
export async function works({ tree, path, verb }: Fault, candidates: string[][]): Promise<string | undefined> {
  // What was found from its word is not looked for again.
  const known = tree.map((noun) =>
    verb && noun.find && noun.name === path[0] ? { ...noun, verbs: () => Promise.resolve([verb]) } : noun
  );
  for (const words of candidates) {
    const line = await parse(words, known, { suggest: false });
    if (line.is !== "refused") return typed(words);
    if (line.missing) return [typed(words), ...line.missing.map(place)].join(" ");
  }
  return undefined;
}

/** Long words may be secrets, and what is shown escaped cannot be typed: then only the names are repeated. */
export function typed(words: readonly string[]): string {
  const whole = words.every((word) => shorten(word) === word || /^[\w ]*$/.test(word) && word.includes(" ")) &&
    words.join(" ").length <= 100 && safe(words.join("")) === words.join("");
  const shown = whole ? words : [...words.filter((word) => /^[a-z][a-z-]*$/.test(word)).slice(0, 2), "…"];
  return ["autocom", ...shown.map(quote)].join(" ");
}

function quote(word: string): string {
  return /^[\w./@%+:,=…-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** What must be given, in a line to be typed: no shell takes it for a redirection. */
export function place({ name }: Pick<Argument, "name">): string {
  return name.toUpperCase();
}

export function flagsOf(known: Options): string[] {
  const shown = Object.entries(known).filter(([, { hidden }]) => !hidden);
  return shown.flatMap(([key, option]) => [flagOf(key, option), ...option.short ? [`-${option.short}`] : []]);
}

export function usage(message: string, hint: string | undefined, path: readonly string[]): AppError {
  return new AppError("usage", message, { hint: hint ?? `see: ${["autocom", ...path].join(" ")} --help` });
}
