/**
 * What a mutation gives, as what is printed. Loaded when one was carried out, or is asked with `--query`.
 *
 * @module
 */

import { readChange } from "../api/mod.ts";
import type { App } from "../app.ts";
import { checker, type Fields, view } from "../fields/mod.ts";
import { chosen, REQUEST } from "../kinds/mod.ts";
import { detail } from "../output/mod.ts";
import type { Book, Operation } from "./book.ts";
import { metaOf, objectOf } from "./paged.ts";
import type { Call } from "./request.ts";
import { leaf, nested, plain, resultField, type Selection } from "./selection.ts";

/** Prints what came back, with the request that its row in the audit log is of. */
export async function printer(
  app: App,
  book: Book,
  { operation, selection, action }: Call,
  { data, requestId }: { data: unknown; requestId: string },
  names: string | undefined,
): Promise<() => Promise<void>> {
  const isRow = selection.shape === "row" && data != null;
  const result = resultOf(book, operation, selection, data == null);
  const row = readChange(requestId, () => checker(result, action)(isRow ? data : { [operation.name]: data }));
  const every = { ...result, ...REQUEST };
  const face = isRow && names !== undefined ? await chosen(every, withRequest(names)) : view(every);
  const to = await app.destination();
  return () => detail(to, face, { ...row, request_id: requestId } as never);
}

/** The names, and the request's, which may be one of them. */
export function withRequest(names: string): string {
  return names.split(",").some((name) => name.trim() === "request_id") ? names : `${names},request_id`;
}

/** A row's own fields; what is no row, or null, is one field with the operation's name, as JSON in a cell. */
export function resultOf(book: Book, operation: Operation, selection: Selection, isNull = false): Fields {
  const { shape, of } = selection;
  if (shape === "row" && !isNull) return of;
  const field = resultField(operation);
  const isLeaf = isNull || !objectOf(book, operation.returns);
  const whole = isLeaf
    ? leaf(book, field)
    : { ...nested(field, within(book, operation, selection)), cell: JSON.stringify };
  return { [operation.name]: whole };
}

function within(book: Book, { returns }: Operation, { shape, of }: Selection): Fields {
  if (shape === "values") return "of" in of.value! ? of.value.of : {};
  if (shape !== "page") return of;
  const part = (name: string) => objectOf(book, returns)!.fields.find((one) => one.name === name)!;
  return { data: nested(part("data"), of), meta: nested(part("meta"), plain(book, metaOf(book, returns))) };
}
