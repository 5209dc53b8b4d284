/**
 * The names that `--fields` takes. Loaded by who lists them.
 *
 * @module
 */

import type { Field as Declared, Fields } from "../fields/mod.ts";
import type { Book, Operation, Type } from "./book.ts";
import { objectOf } from "./paged.ts";
import { leaf, leafOnly, nested, rowOf } from "./selection.ts";

/** Every field that can be named, two levels deep. */
export function choices(book: Book, operation: Operation): Fields {
  const { row } = rowOf(book, operation);
  return row ? below(book, row, 2) : leafOnly(book, operation);
}

function below(book: Book, type: Type, depth: number): Fields {
  const found: [string, Declared][] = [];
  for (const field of type.fields) {
    if (field.demanding || field.deprecated) continue;
    const inner = objectOf(book, field.type);
    if (!inner) found.push([field.name, leaf(book, field)]);
    else if (depth > 1) found.push([field.name, nested(field, below(book, inner, depth - 1))]);
  }
  return Object.fromEntries(found);
}
