/**
 * What is asked of an operation's result, as a declaration of rows: scalars unless fields are named, because an object
 * may need a permission of its own.
 *
 * @module
 */

import { amount, type Field as Declared, type Fields, view } from "../fields/mod.ts";
import { type Book, type Field, type Operation, type Type } from "./book.ts";
import { metaOf, objectOf, pageOf } from "./paged.ts";
import { elementOf, unwrap } from "./wrapping.ts";

/** How a result is told apart. */
export type Shape = "page" | "rows" | "row" | "values" | "value";

export interface Selection {
  shape: Shape;
  /** The type of what holds the rows, where there are some: `[Order!]!`. */
  list?: string;
  /** What follows the operation's name: ` { id … }`, or nothing. */
  text: string;
  of: Fields;
  /** The fields that were not named, by their dotted names: they can be left out. */
  optional: readonly string[];
  /** What is printed beside it, without being asked for. */
  known?: Fields;
}

/** What is selected when nothing is named. `without` are dotted names that the server refused. */
export function standard(book: Book, operation: Operation, without: readonly string[] = []): Selection {
  const { shape, row } = rowOf(book, operation);
  if (!row) return { shape, text: "", of: leafOnly(book, operation), optional: [] };
  const all = scalars(book, row);
  const mutation = operation.kind === "mutation";
  const id = mutation ? all.filter(({ name }) => name === "id") : [];
  const chosen = (id.length > 0 ? id : all).filter(({ name }) => !without.includes(name));
  const of: Fields = Object.fromEntries(chosen.map((field) => [field.name, leaf(book, field)]));
  return { ...selected(book, operation, of), optional: mutation ? [] : Object.keys(of) };
}

/** The type of a row, and how rows come. Undefined for what has no fields. */
export function rowOf(book: Book, { returns }: Operation): { shape: Shape; row?: Type; list?: string } {
  const { lists } = unwrap(returns);
  const type = objectOf(book, returns);
  if (!type) return { shape: lists > 0 ? "values" : "value" };
  if (lists > 1) return { shape: "values", row: type };
  if (lists === 1) return { shape: "rows", row: type, list: returns };
  const page = pageOf(book, type);
  if (!page) return { shape: "row", row: type };
  return { shape: "page", row: page, list: type.fields.find(({ name }) => name === "data")!.type };
}

/**
 * The rows of an answer. Where the schema allows it, no list has none, and a row that is null is left out; elsewhere that
 * is for whoever checks them: it is a hole.
 */
export function present(found: unknown, list: string): unknown {
  const rows = found === null && !unwrap(list).required ? [] : found;
  return Array.isArray(rows) && !elementOf(list).endsWith("!") ? rows.filter((row) => row !== null) : rows;
}

/** `of`: what is selected of a row. In a list of lists that row stands somewhere in each `value`. */
export function selected(book: Book, operation: Operation, of: Fields): Omit<Selection, "optional"> {
  const { shape, row, list } = rowOf(book, operation);
  const asked = text(book, row!, of);
  const whole = shape === "values" ? { value: asRecords(nested(elementField(operation), of)) } : of;
  const all = { shape, of: whole, ...list !== undefined && { list } };
  if (shape !== "page") return { ...all, text: ` { ${asked} }` };
  const meta = metaOf(book, operation.returns);
  return { ...all, text: ` { data { ${asked} } meta { ${text(book, meta, plain(book, meta))} } }` };
}

/** Cells as \`-o json\` has them. */
function asRecords(field: Declared): Declared {
  const face = view({ value: field });
  return { ...field, cell: (value: unknown) => cell(face.record({ value } as never).value) } as Declared;
}

/** A union has no fields: what its members have in common is asked of each. */
function text(book: Book, { kind, fields, values }: Type, of: Fields): string {
  const all =
    Object.entries(of).map(([name, field]) =>
      "of" in field
        ? `${name} { ${text(book, objectOf(book, fields.find((one) => one.name === name)!.type)!, field.of)} }`
        : name
    ).join(" ") || TYPENAME.name;
  return kind === "UNION" && values.length > 0 ? values.map((one) => `... on ${one} { ${all} }`).join(" ") : all;
}

/** What is selected of an object of which nothing is named. */
export function plain(book: Book, type: Type): Fields {
  return Object.fromEntries(scalars(book, type).map((field) => [field.name, leaf(book, field)]));
}

/** What can be asked for without arguments and permissions of its own. */
function scalars(book: Book, type: Type): readonly Field[] {
  const found = type.fields.filter((field) => !field.demanding && !field.deprecated && !objectOf(book, field.type));
  const abstract = type.kind === "UNION" || type.kind === "INTERFACE";
  return abstract || found.length === 0 ? [TYPENAME, ...found] : found;
}

export const TYPENAME: Field = {
  name: "__typename",
  type: "String!",
  about: "what it is",
  demanding: false,
  deprecated: false,
};

const cell = (value: unknown): string => typeof value === "string" ? value : JSON.stringify(value);
/** As `-o json` has them: numbers with the server's digits. */
const moneyCell = (value: unknown): string => cell(amount(value));

/** A result without fields: its one value has the operation's name, each of several is a `value`. */
export function leafOnly(book: Book, operation: Operation): Fields {
  const isList = unwrap(operation.returns).lists > 0;
  const field = isList ? elementField(operation) : resultField(operation);
  return { [field.name]: leaf(book, field) };
}

/** A result as a field: it has the operation's name. */
export const resultField = ({ name, returns: type, about }: Operation): Field => ({ ...TYPENAME, name, type, about });
const elementField = ({ returns, about }: Operation): Field => ({
  ...TYPENAME,
  name: "value",
  type: elementOf(returns),
  about,
});

export function leaf(book: Book, { name, type, about }: Field): Declared {
  const { name: named, lists, required } = unwrap(type);
  const said = {
    column: name.toUpperCase(),
    about: about,
    ...!required && { nullable: true as const },
    ...name === "id" && { key: true as const },
  };
  const texts = ["ID", "String"].includes(named) || book.type(named)?.kind === "ENUM";
  if (lists === 1 && texts && /!\]!?$/.test(type)) return { ...said, is: "texts" };
  if (lists > 0 && named === "Money") return { ...said, is: "data", amounts: true, cell: moneyCell };
  if (lists > 0) return { ...said, is: "data", cell };
  if (texts) return { ...said, is: "text" };
  if (named === "Int" || named === "Float") return { ...said, is: "number" };
  if (named === "Boolean") return { ...said, is: "switch" };
  if (named === "Money") return { ...said, is: "money" };
  return named === "DateTime" ? { ...said, is: "instant" } : { ...said, is: "data", cell };
}

export function nested({ name, type, about }: Field, of: Fields): Declared {
  const { lists, required } = unwrap(type);
  const said = { column: name.toUpperCase(), about: about, ...!required && { nullable: true as const } };
  const brief = (value: unknown): string =>
    Array.isArray(value)
      ? value.map(brief).join(", ")
      : Object.values(value ?? {}).filter((one) => one != null).map(cell).join(" ");
  // Lists of lists, and those in which one may be null.
  const odd = lists > 1 || lists > 0 && !elementOf(type).endsWith("!");
  return { ...said, is: odd ? "data" : lists > 0 ? "rows" : "row", of, cell: brief };
}
