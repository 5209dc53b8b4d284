/**
 * A command line once more, without some of its options: for a hint that can be typed. Loaded when there is one.
 *
 * @module
 */

import { GLOBALS } from "./globals.ts";
import { flagOf, type Options } from "./verb.ts";

/** The words of a line that was understood: `parse.ts` reads them the same way. `without` are keys of options. */
export function again(words: readonly string[], options: Options, without: readonly string[]): string[] {
  const known: Options = { ...options, ...GLOBALS };
  const keyOf = (flag: string) =>
    Object.keys(known).find((key) =>
      flag.startsWith("--") ? flagOf(key, known[key]!) === flag : known[key]!.short === flag.slice(1)
    );
  const kept: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === "--") return [...kept, ...words.slice(at)];
    if (word === "-" || !word.startsWith("-")) {
      kept.push(word);
      continue;
    }
    const [flag = ""] = word.split("=");
    const letters = word.startsWith("--") ? [flag] : shortFlags(word, (letter) => known[keyOf(letter) ?? ""]?.value);
    const key = keyOf(letters.at(-1)!) ?? "";
    const { value, bare } = known[key] ?? {};
    const isWithin = word.startsWith("--") ? word.includes("=") : letters.length < word.length - 1;
    const next = words[at + 1];
    const takesNext = value && !isWithin && next !== undefined && !(bare && next.startsWith("-"));
    const others = letters.slice(0, -1).filter((letter) => !without.includes(keyOf(letter) ?? ""));
    if (without.includes(key)) kept.push(...others);
    else kept.push(word);
    if (takesNext && !without.includes(key)) kept.push(next);
    if (takesNext) at++;
  }
  return kept;
}

/** `-qo` → `-q`, `-o`: up to the first that takes a value. */
function shortFlags(word: string, takesValue: (flag: string) => unknown): string[] {
  const flags: string[] = [];
  for (const letter of word.slice(1)) {
    flags.push(`-${letter}`);
    if (takesValue(`-${letter}`)) break;
  }
  return flags;
}
