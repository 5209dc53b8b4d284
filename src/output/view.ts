/**
 * How a verb declares what it prints.
 *
 * @module
 */
import { amount } from "./money.ts";

/** What stands in a cell; null and undefined print as nothing. */
export type Cell = string | number | boolean | null | undefined;

/**
 * Both faces of a row: what people and `awk` read, and what programs read.
 *
 * ```ts
 * const ORDERS: View<Order> = {
 *   columns: { ORDER: "order_number", STATUS: "status", TOTAL: { right: "total" }, TAGS: (order) => order.tags.join(", ") },
 *   fields: ["id", "order_number", { money: "total" }, { key: "buyer", value: (order) => order.customer?.name }],
 * };
 * ```
 */
export interface View<Row> {
  /** Table and TSV: header → value, left to right. */
  columns: Record<string, Column<Row>>;
  /** JSON and YAML: the keys in their order. */
  fields: readonly Field<Row>[];
}

/**
 * A key of the row, or a function of it. In a table `right` aligns a number's column; text in a `prose` column goes on
 * in the next line where others are cut; what is in a `key` column has to be copied, and is never cut.
 */
export type Column<Row> = Source<Row> | { right: Source<Row> } | { prose: Source<Row> } | { key: Source<Row> };

/** A column as the writers see it. */
export interface Face {
  header: string;
  right: boolean;
  prose: boolean;
  key: boolean;
}

/** A key of the row as it is, a key that holds money, or a key with a computed value. */
export type Field<Row> = keyof Row & string | { money: Keys<Row, string> } | { key: string; value(row: Row): unknown };

type Source<Row> = Keys<Row, Cell> | ((row: Row) => Cell);

/** The keys of `Row` whose values are `T` or nothing. */
type Keys<Row, T> = { [K in keyof Row]-?: Row[K] extends T | null | undefined ? K : never }[keyof Row] & string;

/** The columns in their order. */
export function columnsOf<Row>({ columns }: View<Row>): Face[] {
  return Object.entries(columns).map(([header, column]) => {
    const is = (kind: "right" | "prose" | "key") => typeof column === "object" && kind in column;
    return { header, right: is("right"), prose: is("prose"), key: is("key") };
  });
}

/** The row's cells as text, raw: whoever prints them makes them safe. */
export function cells<Row>(view: View<Row>, row: Row): string[] {
  return Object.values(view.columns).map((column) => {
    const source = typeof column !== "object"
      ? column
      : "key" in column
      ? column.key
      : "right" in column
      ? column.right
      : column.prose;
    const cell = typeof source === "function" ? source(row) : row[source] as Cell;
    return cell == null ? "" : String(cell);
  });
}

/**
 * The row as the object that JSON and YAML print: the declared keys, in their order, `null` for what is missing.
 * For nested values too: `{ key: "items", value: (order) => order.items.map((item) => record(ITEM, item)) }`.
 */
export function record<Row>(fields: readonly Field<Row>[], row: Row): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => {
    if (typeof field === "string") return [field, row[field] ?? null];
    if ("money" in field) return [field.money, amount(row[field.money]) ?? null];
    return [field.key, field.value(row) ?? null];
  }));
}
