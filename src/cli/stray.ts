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

/** The only option that must be given, where it is not: `call orders_cancel X`. */
export function neededOf(known: Options, words: readonly string[], word: string): string[] | undefined {
  const needed = Object.entries(known).filter(([, { needed }]) => needed).map(([key, option]) => flagOf(key, option));
  const [flag] = needed.length === 1 ? needed : [];
  return flag && !words.some((one) => one === flag || one.startsWith(`${flag}=`)) ? [flag, word] : undefined;
}

/** What curl takes behind `-d`: `NAME=VALUE`, several of them, `@FILE`; of a document that, also within JSON. */
export function dataOf(text: string, isDocument: boolean): string[] | undefined {
  if (/^@./s.test(text)) return ["--input", text.slice(1)];
  if (isDocument) return documentIn(text);
  const pairs = text.split("&");
  return pairs.every((pair) => /^[\w.[\]-]+=/.test(pair)) ? pairs.flatMap((pair) => ["-f", pair]) : undefined;
}

function documentIn(text: string): string[] | undefined {
  if (/^\s*(query|mutation|\{(?!\s*"))/.test(text)) return [text];
  try {
    const { query } = JSON.parse(text);
    return typeof query === "string" ? [query] : undefined;
  } catch {
    return undefined;
  }
}

/** A line, or a part of one, that came as one word: zsh does not split what a variable holds. */
export function apart(words: readonly string[], at: number): string[][] {
  return /\S\s+\S/.test(words[at]!) ? [words.toSpliced(at, 1, ...words[at]!.trim().split(/\s+/))] : [];
}

/** `--fields id, status`: the names are one word. */
export function joined(words: readonly string[]): string[][] {
  const at = words.findIndex((word) => /^--fields(=|$)/.test(word));
  const first = words[at]?.includes("=") ? at : at + 1;
  let end = first + 1;
  while (at >= 0 && end < words.length && (words[end - 1]!.endsWith(",") || words[end]!.startsWith(","))) end++;
  return at < 0 || end === first + 1 ? [] : [words.toSpliced(first, end - first, words.slice(first, end).join(""))];
}
