/**
 * Both faces of a row: what people and `awk` read, and what programs read.
 *
 * @module
 */

import type { Field, Fields, Row } from "./declaration.ts";
import { amount } from "./money.ts";

/** What stands under one header. */
export interface Column<in R> {
  readonly name: string;
  readonly header: string;
  /** A number or an amount. */
  readonly right: boolean;
  readonly prose: boolean;
  /** A person has to copy it: never cut. */
  readonly key: boolean;
  /** Never cut, but the first to go: the row has a name beside it. */
  readonly spare?: boolean;
  /** Never cut beside what is copied; it may go. */
  readonly instant?: boolean;
  /** Raw text: whoever prints it makes it safe. Nothing for null. With `whole` a list is JSON, which tells its texts apart. */
  readonly cell: (row: R, whole?: boolean) => string;
}

/** What is printed of a row, and in which order. */
export interface View<in R> {
  readonly columns: readonly Column<R>[];
  /** Without a header; what has one is an object to programs. */
  readonly bare?: true;
  /** The object that JSON and YAML print: the declared keys in their order, null for what is missing, money by its digits. */
  readonly record: (row: R) => Record<string, unknown>;
  /** Where its keys are declared fields: which, and in what order. */
  readonly from?: { readonly of: Fields; readonly names: readonly string[] } | undefined;
}

/** `only` chooses and orders columns and keys; else columns are the fields that have a header, and keys all of them. */
export function view<F extends Fields>(of: F, only?: readonly string[]): View<Row<F>> {
  const names = only ?? Object.keys(of);
  return {
    columns: (only ?? shown(of)).map((name) => column(name, of[name]!, !only)) as Column<Row<F>>[],
    record: recorder(of, names) as View<Row<F>>["record"],
    from: { of, names },
  };
}

/** The row's cells, left to right; `whole` for programs. A loop: it runs for each of 100,000 rows. */
export function cells<R>({ columns }: View<R>, row: R, whole?: boolean): string[] {
  const found: string[] = new Array(columns.length);
  for (let at = 0; at < columns.length; at++) found[at] = columns[at]!.cell(row, whole);
  return found;
}

function shown(of: Fields): string[] {
  const place = (name: string) => of[name]!.place ?? 0;
  return Object.keys(of).filter((name) => of[name]!.column !== undefined).sort((a, b) => place(a) - place(b));
}

type Any = Record<string, unknown>;

function column(name: string, field: Field, mayGo: boolean): Column<Any> {
  const { column, is, prose, key, spare } = field;
  const text: (value: never) => string = field.cell ?? JSON.stringify;
  return {
    name,
    header: column ?? name.toUpperCase(),
    right: is === "money" || is === "number",
    prose: prose === true,
    key: key === true || spare === true,
    spare: mayGo && spare === true,
    instant: is === "instant",
    cell(row, whole) {
      const value = row[name];
      if (value == null) return "";
      if (is === "texts" && !whole && !field.cell) return (value as string[]).join(", ");
      return typeof value === "string" && !field.cell ? value : text(value as never);
    },
  };
}

function recorder(of: Fields, names: readonly string[]): (row: Any) => Any {
  const values = names.map((name) => value(of[name]!));
  return (row) => {
    const record: Any = {};
    for (let at = 0; at < names.length; at++) record[names[at]!] = values[at]!(row[names[at]!]);
    return record;
  };
}

function value(field: Field): (value: unknown) => unknown {
  if (field.is === "money" || field.amounts) return (value) => amount(value) ?? null;
  if (!("of" in field)) return (value) => value ?? null;
  const inner = recorder(field.of, Object.keys(field.of));
  const any = (value: unknown): unknown =>
    value == null ? null : Array.isArray(value) ? value.map(any) : inner(value as Any);
  return any;
}
