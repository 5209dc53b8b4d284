/**
 * The options that a word without one was probably meant for. Pure.
 *
 * @module
 */

import { flagOf, type Options } from "./verb.ts";

/** `may.csv`: where an export goes. */
export function fileOf(word: string): string[] | undefined {
  return /^[^-].*\.(csv|jsonl|ndjson|xlsx)$/i.test(word) ? ["--output-file", word] : undefined;
}

/** `pending`: the option that takes just that word. */
export function choiceOf(options: Options, word: string): string[] | undefined {
  const found = Object.entries(options).find(([, { value, hidden }]) => !hidden && value?.schema.enum?.includes(word));
  return found && [flagOf(...found), word];
}

/** `ACM-001=2`, `10.50`: what is ordered, and how much is paid back. */
export function itemsOf(words: readonly string[]): string[] | undefined {
  if (words.every((word) => /^[^-=][^=]*=\d+$/.test(word))) return words.flatMap((word) => ["--item", word]);
  return words.length === 1 && /^\d+(\.\d+)?$/.test(words[0]!) ? ["--amount", ...words] : undefined;
}
