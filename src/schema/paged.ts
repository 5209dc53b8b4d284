/**
 * Pages, told by their types: `{ data, meta }`. Light, because every operation is asked whether it gives some.
 *
 * @module
 */

import { type Book, type Field, type Operation, type Type } from "./book.ts";
import { unwrap } from "./wrapping.ts";

/** Whether it is a query that gives numbered pages: `--all` and `--limit` are for those. */
export function isPaged(book: Book, { kind, args, returns }: Operation): boolean {
  if (kind !== "query" || !args.some(({ name, type }) => name === "page" && /^Int!?$/.test(type))) return false;
  const type = unwrap(returns).lists === 0 ? objectOf(book, returns) : undefined;
  return type !== undefined && pageOf(book, type) !== undefined &&
    metaOf(book, returns).fields.some(({ name }) => name === "total_pages" || name === "last_page");
}

/** The rows of `{ data, meta }`. */
export function pageOf(book: Book, { kind, fields }: Type): Type | undefined {
  if (kind === "UNION") return undefined;
  const data = fields.find(({ name }) => name === "data");
  const meta = fields.find(({ name }) => name === "meta");
  if (!data || !meta || unwrap(data.type).lists !== 1 || !objectOf(book, meta.type)) return undefined;
  return objectOf(book, data.type);
}

/** What `meta` is, of a result that is a page. */
export function metaOf(book: Book, returns: string): Type {
  return objectOf(book, objectOf(book, returns)!.fields.find(({ name }) => name === "meta")!.type)!;
}

/** The type, when it has fields; a union has those that are the same in each of its members. */
export function objectOf(book: Book, type: string): Type | undefined {
  const found = book.type(unwrap(type).name);
  if (found?.kind === "UNION") {
    return {
      ...found,
      get fields() {
        const [first, ...others] = found.values.map((name) => book.type(name)?.fields ?? []);
        return first?.filter((one) => others.every((all) => all.some((other) => isSame(one, other)))) ?? [];
      },
    };
  }
  return found && ["OBJECT", "INTERFACE"].includes(found.kind) ? found : undefined;
}

const isSame = (one: Field, other: Field) =>
  one.name === other.name && one.type === other.type && !other.demanding && !other.deprecated;
