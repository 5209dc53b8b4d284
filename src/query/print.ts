/**
 * A result in every format, by its shape.
 *
 * JSON and YAML: as it is. JSON Lines: each of a list a line, else the one. Table, TSV and CSV: nothing for null, a line
 * for a single value, of a list one a line; rows without a header for a list of lists; objects with their names as the
 * header, of a list all names in the order in which they come. What nests deeper is JSON in its cell.
 *
 * @module
 */

import { type Destination, detail, list } from "../output/mod.ts";
import { Exact } from "./numbers.ts";
import { kindOf } from "./values.ts";

type View = Parameters<typeof list<unknown>>[1];

export async function printResult(to: Destination, result: unknown): Promise<void> {
  const kind = kindOf(result);
  if (to.format === "json" || to.format === "yaml" || to.format === "jsonl") {
    if (kind === "array" && to.format !== "yaml") {
      const all = result as unknown[];
      const bare = all.every((one) => kindOf(one) === "object") ? {} : { bare: true as const };
      return await rows(to, { ...whole([]), ...bare }, all);
    }
    return await detail(to, whole([]), result);
  }
  if (kind === "null") return;
  const isTable = to.format === "table";
  if (kind === "object") return await detail(to, columnsOf([result as object], isTable), result);
  const all = kind === "array" ? result as unknown[] : [result];
  if (all.length === 0) return;
  const isAll = (wanted: string) => all.every((one) => kindOf(one) === wanted);
  if (isAll("object")) return await rows(to, columnsOf(all as object[], isTable), all);
  const lines = isAll("array") ? all as unknown[][] : all.map((one) => [one]);
  await rows(to, bare(lines, isTable), lines);
}

/** Rows of a text that is made at once; a table knows its columns by all of them. */
const PAGE = 500;

async function rows(to: Destination, view: View, all: readonly unknown[]): Promise<void> {
  const writer = list(to, view);
  const size = to.format === "table" ? Math.max(all.length, 1) : PAGE;
  for (let at = 0; at === 0 || at < all.length; at += size) await writer.page(all.slice(at, at + size));
  await writer.end();
}

const whole = (columns: View["columns"]): View => ({ columns, record: (row) => row as Record<string, unknown> });

/** A column for each name, as it is written. */
function columnsOf(all: readonly object[], isTable: boolean): View {
  const names = new Set<string>();
  for (const one of all) for (const name of Object.keys(one)) names.add(name);
  return whole([...names].map((name) => {
    const value = (row: unknown) => Object.hasOwn(row as object, name) ? (row as Record<string, unknown>)[name] : null;
    const values = all.map(value);
    return { ...column(name, value, isTable && isRight(values)), key: isTable && isName(values) };
  }));
}

/** No header: a list has no names. One value alone is never cut. */
function bare(all: readonly (readonly unknown[])[], isTable: boolean): View {
  const count = all.reduce((most, { length }) => Math.max(most, length), 1);
  const columns = Array.from({ length: count }, (_, at) => {
    const value = (row: unknown) => (row as unknown[])[at];
    return { ...column("", value, isTable && isRight(all.map((row) => row[at]))), key: count === 1 };
  });
  return { ...whole(columns), bare: true };
}

function column(name: string, value: (row: unknown) => unknown, right: boolean): View["columns"][number] {
  return { name, header: name, right, prose: false, key: false, cell: (row) => cell(value(row)) };
}

/** Columns of an expression have no declaration: a short word without blanks may be an id, which is copied whole. */
function isName(values: readonly unknown[]): boolean {
  return values.every((one) =>
    one === null || one === undefined || kindOf(one) === "number" || /^\S{0,40}$/.test(cell(one))
  );
}

/** Numbers stand at the right; so does what is a number but for its type. */
function isRight(values: readonly unknown[]): boolean {
  const there = values.filter((one) => one !== null && one !== undefined);
  return there.length > 0 && there.every((one) => kindOf(one) === "number" || /^-?\d+\.\d+$/.test(String(one)));
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  return value instanceof Exact ? value.digits : JSON.stringify(value);
}
