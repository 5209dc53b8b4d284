/**
 * What is asked of an operation's result, as a declaration of rows: scalars unless fields are named, because an object
 * may need a permission of its own.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import type { Field as Declared, Fields } from "../fields/mod.ts";
import { nearest } from "../nearest.ts";
import { type Book, elementOf, type Field, type Operation, type Type, unwrap } from "./book.ts";
import { metaOf, objectOf, pageOf } from "./paged.ts";

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
}

/** Levels below a row. Servers commonly take no more than fifteen in all. */
const DEEPEST = 12;

/** What is selected when nothing is named. `without` are dotted names that the server refused. */
export function standard(book: Book, operation: Operation, without: readonly string[] = []): Selection {
  const { shape, row } = rowOf(book, operation);
  if (!row) return { shape, text: "", of: leafOnly(operation), optional: [] };
  const all = scalars(book, row);
  const mutation = operation.kind === "mutation";
  const id = mutation ? all.filter(({ name }) => name === "id") : [];
  const chosen = (id.length > 0 ? id : all).filter(({ name }) => !without.includes(name));
  const of: Fields = Object.fromEntries(chosen.map((field) => [field.name, leaf(book, field)]));
  return { ...selected(book, operation, of), optional: mutation ? [] : Object.keys(of) };
}

/** What is selected when `names` are: dotted, in their order. Throws `usage` for one that there is not. */
export function named(book: Book, operation: Operation, names: readonly string[]): Selection {
  const { shape, row } = rowOf(book, operation);
  if (!row) {
    throw new AppError("usage", `cannot use --fields: ${operation.name} gives a value without fields`, {
      hint: "leave --fields out",
    });
  }
  const tree = new Tree();
  for (const name of names) tree.add(wayOf(name));
  const of = declare(book, row, tree, "");
  const mutation = operation.kind === "mutation" && hasId(row);
  const whole = mutation && !Object.hasOwn(of, "id")
    ? { id: leaf(book, row.fields.find((f) => f.name === "id")!), ...of }
    : of;
  return { ...selected(book, operation, whole), shape, optional: [] };
}

function wayOf(name: string): string[] {
  const way = name.split(".", DEEPEST + 1);
  if (way.length <= DEEPEST) return way;
  throw new AppError("usage", `cannot use --fields "${name.slice(0, 40)}…": it is more than ${DEEPEST} levels deep`, {
    hint: "ask for less, or write the document: autocom graphql",
  });
}

class Tree extends Map<string, Tree> {
  add([first, ...rest]: readonly string[]): void {
    if (first === undefined) return;
    const next = this.get(first) ?? new Tree();
    this.set(first, next);
    next.add(rest);
  }
}

function declare(book: Book, type: Type, tree: Tree, before: string): Fields {
  const found: [string, Declared][] = [];
  for (const [name, rest] of tree) {
    const path = before + name;
    const field = type.fields.find((one) => one.name === name) ?? (name === TYPENAME.name ? TYPENAME : undefined);
    if (!field) throw unknown(type, path, name);
    if (field.demanding) {
      throw new AppError("usage", `cannot use --fields "${path}": it needs arguments`, {
        hint: "write the document: autocom graphql",
      });
    }
    const inner = objectOf(book, field.type);
    if (!inner && rest.size > 0) throw unknown(undefined, `${path}.${[...rest.keys()][0]}`, "");
    if (!inner) found.push([name, leaf(book, field)]);
    else if (rest.size > 0) found.push([name, nested(field, declare(book, inner, rest, `${path}.`))]);
    else {
      const of = Object.fromEntries(scalars(book, inner).map((one) => [one.name, leaf(book, one)]));
      found.push([name, nested(field, of)]);
    }
  }
  return Object.fromEntries(found);
}

function unknown(type: Type | undefined, path: string, name: string): AppError {
  const all = type?.fields.filter(({ demanding }) => !demanding).map((field) => field.name) ?? [];
  const word = name.toLowerCase();
  const meant = nearest(name, all) ??
    (word.length > 1 ? all.find((one) => one.toLowerCase().includes(word)) : undefined);
  const before = path.slice(0, path.length - name.length);
  const some = all.slice(0, 20).join(", ") + (all.length > 20 ? ", …" : "");
  return new AppError("usage", `cannot use --fields "${path.slice(0, 80)}": there is no such field`, {
    hint: meant ? `did you mean: ${before}${meant}` : all.length > 0 ? `the fields are ${some}` : "it has no fields",
  });
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

function selected(book: Book, operation: Operation, of: Fields): Omit<Selection, "optional"> {
  const { shape, list } = rowOf(book, operation);
  const asked = text(of);
  const all = { shape, of, ...list !== undefined && { list } };
  if (shape !== "page") return { ...all, text: ` { ${asked} }` };
  const counts = scalars(book, metaOf(book, operation.returns)).map(({ name }) => name);
  return { ...all, text: ` { data { ${asked} } meta { ${counts.join(" ") || "__typename"} } }` };
}

function text(of: Fields): string {
  const all = Object.entries(of).map(([name, field]) => "of" in field ? `${name} { ${text(field.of)} }` : name);
  return all.join(" ") || "__typename";
}

/** What can be asked for without arguments and permissions of its own. */
function scalars(book: Book, type: Type): readonly Field[] {
  const found = type.fields.filter((field) => !field.demanding && !field.deprecated && !objectOf(book, field.type));
  const abstract = type.kind === "UNION" || type.kind === "INTERFACE";
  return abstract || found.length === 0 ? [TYPENAME, ...found] : found;
}

const TYPENAME: Field = {
  name: "__typename",
  type: "String!",
  about: "what it is",
  demanding: false,
  deprecated: false,
};

const hasId = ({ fields }: Type) => fields.some(({ name, demanding }) => name === "id" && !demanding);

const cell = (value: unknown): string => typeof value === "string" ? value : JSON.stringify(value);

/** A result without fields: its one value has the operation's name, each of several is a `value`. */
export function leafOnly({ name, returns, about }: Operation): Fields {
  const isList = unwrap(returns).lists > 0;
  const key = isList ? "value" : name;
  const nullable = (isList ? elementOf(returns) : returns).endsWith("!") ? {} : { nullable: true as const };
  return { [key]: { is: "data", column: key.toUpperCase(), ...nullable, about, cell } };
}

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
