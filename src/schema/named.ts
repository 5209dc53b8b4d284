/**
 * What `--fields` names of an operation's result: dotted ways through its type. Loaded when the option is given.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import type { Field as Declared, Fields } from "../fields/mod.ts";
import { REQUEST } from "../kinds/mod.ts";
import { nearest } from "../nearest.ts";
import type { Book, Field, Operation, Type } from "./book.ts";
import { objectOf } from "./paged.ts";
import { leaf, nested, plain, rowOf, selected, type Selection, TYPENAME } from "./selection.ts";

/** Levels below a row. Servers commonly take no more than fifteen in all. */
const DEEPEST = 12;

/** What is selected when `names` are: dotted, in their order. Throws `usage` for one that there is not. */
export function chosenFields(book: Book, operation: Operation, names: readonly string[]): Selection {
  const { row } = rowOf(book, operation);
  if (!row) {
    throw new AppError("usage", `cannot use --fields: ${operation.name} gives a value without fields`, {
      hint: "leave --fields out",
    });
  }
  const tree = new Tree();
  const isChange = operation.kind === "mutation";
  // The request of a change is not asked for.
  const known = isChange && !row.fields.some((field) => field.name === "request_id") ? "request_id" : undefined;
  for (const name of names) if (name !== known) tree.add(wayOf(name));
  const of = declare(book, row, tree, "");
  const whole = isChange && hasId(row) && !Object.hasOwn(of, "id")
    ? { id: leaf(book, row.fields.find((f) => f.name === "id")!), ...of }
    : of;
  return { ...selected(book, operation, whole), optional: [], ...isChange && { known: REQUEST } };
}

function wayOf(name: string): string[] {
  const way = name.split(".", DEEPEST + 1);
  if (way.length <= DEEPEST) return way;
  throw new AppError("usage", `cannot use --fields "${name.slice(0, 40)}…": it is more than ${DEEPEST} levels deep`, {
    hint: "ask for less, or write the document: autocom graphql",
  });
}

class Tree extends Map<string, Tree> {
  /** It was named itself, too, not only what is in it. */
  isNamed = false;

  add([first, ...rest]: readonly string[]): void {
    if (first === undefined) {
      this.isNamed = true;
      return;
    }
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
    if (!inner) {
      found.push([name, leaf(book, field)]);
      continue;
    }
    const whole = rest.isNamed ? plain(book, inner) : {};
    const all = nested(field, { ...whole, ...declare(book, inner, rest, `${path}.`) });
    // What its parts ask for besides is none of its own: a name gives what it gives alone.
    found.push([name, rest.isNamed && rest.size > 0 ? { ...all, alone: alone(field, whole) } as Declared : all]);
  }
  return Object.fromEntries(found);
}

/** A field that has more in the answer than is its own. */
function alone(field: Field, of: Fields): Declared {
  const { cell, ...said } = nested(field, of) as Extract<Declared, { of: Fields }>;
  const own = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(own);
    return Object.fromEntries(Object.keys(of).map((name) => [name, (value as Record<string, unknown>)[name]]));
  };
  return { ...said, cell: (value: unknown) => cell!(own(value)) };
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

const hasId = ({ fields }: Type) => fields.some(({ name, demanding }) => name === "id" && !demanding);
