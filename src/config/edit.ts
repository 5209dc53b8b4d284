/**
 * A TOML document, changed in one place. Loaded by who changes a setting.
 *
 * @module
 */

import { isDeepStrictEqual } from "node:util";
import { type Data, read } from "./toml.ts";

/** The longest value that is looked for, in lines. */
const LONGEST_VALUE = 100;

/** How many lines that look like the assignment are tried, and how many ends of one: each try parses much of the file. */
const MOST_LINES = 20;
const MOST_ENDS = 100;

/**
 * The document with one key of its root set, or without it, and everything else as it was: comments, order, unknown
 * keys, line ends. Each way to do it is tried and believed only when the result parses to what was wanted.
 *
 * @param literal the value as TOML; undefined removes the key
 * @returns undefined when no way was proved, as for a dotted key or a table of that name
 */
export function editToml(text: string, key: string, literal: string | undefined): string | undefined {
  const wanted = read(text);
  const isThere = key in wanted;
  if (literal === undefined) delete wanted[key];
  else wanted[key] = read(`value = ${literal}`).value;
  const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
  for (const body of candidates(text.slice(mark.length), key, literal, isThere)) {
    if (isSame(tryRead(body), wanted)) return mark + body;
  }
  return undefined;
}

/** False for what is nested too deeply to be compared: then no way is proved. */
function isSame(one: Data | undefined, other: Data): boolean {
  try {
    return isDeepStrictEqual(one, other);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function* candidates(
  body: string,
  key: string,
  literal: string | undefined,
  isThere: boolean,
): Iterable<string> {
  const lines = body.split("\n");
  if (isThere) yield* replacements(lines, key, literal);
  if (literal === undefined) yield body;
  else yield* insertions(body, lines, `${key} = ${literal}`);
}

/** A line may only look like the assignment: one inside of a long text, or of a table. */
function* replacements(lines: string[], key: string, literal: string | undefined): Iterable<string> {
  const assignment = new RegExp(`^[ \\t]*(?:${key}|"${key}"|'${key}')[ \\t]*=[ \\t]*`);
  let looked = 0;
  for (const [at, line] of lines.entries()) {
    const left = assignment.exec(line)?.[0];
    if (!left) continue;
    if (++looked > MOST_LINES) return;
    const end = endOfValue(lines, at);
    if (!end) continue;
    const changed = literal === undefined ? [] : [left + literal + remainder(lines.slice(at, end))];
    yield lines.toSpliced(at, end - at, ...changed).join("\n");
  }
}

/** At the end of the root table: of the file, or before the first header and the comments above it. Else at the top. */
function* insertions(body: string, lines: string[], line: string): Iterable<string> {
  const eol = body.includes("\r\n") ? "\r\n" : "\n";
  const header = lines.findIndex((text) => /^[ \t]*\[/.test(text));
  if (header < 0) yield body + (body === "" || body.endsWith("\n") ? "" : eol) + line + eol;
  let at = header;
  while (at > 0 && /^[ \t]*(#.*)?\r?$/.test(lines[at - 1]!)) at--;
  const cr = eol.slice(0, -1);
  if (at > 0) yield lines.toSpliced(at, 0, line + cr).join("\n");
  yield line + eol + body;
}

/** The index after the last line of the value that begins in line `at`; undefined when there is none. */
function endOfValue(lines: string[], at: number): number | undefined {
  for (let end = at + 1; end <= Math.min(lines.length, at + LONGEST_VALUE); end++) {
    if (tryRead(lines.slice(at, end).join("\n") + "\n")) return end;
  }
  return undefined;
}

/** What follows the value in its last line: blanks, a comment, the carriage return. */
function remainder(value: string[]): string {
  const last = value.at(-1)!;
  const above = value.slice(0, -1);
  let tried = 0;
  for (let at = last.indexOf("#"); at >= 0 && tried < MOST_ENDS; at = last.indexOf("#", at + 1), tried++) {
    const before = last.slice(0, at);
    if (tryRead([...above, before].join("\n"))) return last.slice(before.trimEnd().length);
  }
  return last.endsWith("\r") ? "\r" : "";
}

function tryRead(text: string): Data | undefined {
  try {
    return read(text);
  } catch {
    return undefined;
  }
}
