/**
 * What of a mutation was carried out, by its answer. Mutations run one after the other, in their order (GraphQL, 6.2.2); what
 * fails below its own field fails after it was done, and one that may not be null takes the whole `data` with it, not what
 * was done before it (6.4.4). Errors without a place, and no `data` at all: the document was refused, and nothing begun (7.1).
 *
 * @module
 */

import { errorsOf, member } from "./answer.ts";

/** What a document changes, by the names in its result, in order: nothing for a query; undefined where nobody knows. */
export type Changes = readonly string[] | undefined;

export interface Carried {
  done: readonly string[];
  /** The errors that refuse something. */
  refusals: readonly unknown[];
  /** More may have been done. */
  open: boolean;
}

/** Of the one result, or of those of a batch; `documents` in the same order. */
export function carried(results: readonly unknown[], documents: readonly Changes[]): Carried {
  const each = results.map((result, at) => ofOne(result, documents[at]));
  return {
    done: each.flatMap(({ done }) => done),
    refusals: each.flatMap(({ refusals }) => refusals),
    open: each.some(({ open }) => open),
  };
}

function ofOne(result: unknown, changes: Changes): Carried {
  const errors = errorsOf(result);
  const data = member(result, "data");
  const placed = errors.flatMap((error) => {
    const path = member(error, "path");
    if (!Array.isArray(path) || path.length === 0) return [];
    // Beside a single one there is nothing that an error could be of.
    const name = changes?.length === 1 ? changes[0]! : String(path[0]);
    return { error, name, isBelow: path.length > 1 };
  });
  const isRefused = data === undefined && errors.length > 0 && placed.length === 0;
  if (changes?.length === 0 || isRefused) return { done: [], refusals: errors, open: false };

  const values = typeof data === "object" ? data : null;
  const failed = placed.map(({ name }) => name);
  const all = [...new Set([...changes ?? [], ...changes?.length === 1 ? [] : Object.keys(values ?? {}), ...failed])];
  // Where `data` was lost, what stands behind the last that failed was not begun.
  const begun = values || placed.length === 0
    ? all
    : all.filter((_, at) => all.slice(at).some((n) => failed.includes(n)));
  const unplaced = errors.filter((error) => placed.every((one) => one.error !== error));
  const stateOf = (name: string): "done" | "refused" | "unknown" => {
    const value = changes?.length === 1 ? Object.values(values ?? {})[0] : member(values, name);
    if (value != null) return "done";
    const own = placed.filter((one) => one.name === name);
    if (own.length > 0) return own.every(({ isBelow }) => isBelow) ? "done" : "refused";
    // Null, with nothing said against it.
    return unplaced.length === 0 && (value === null || !values && placed.length > 0) ? "done" : "unknown";
  };
  const states = Map.groupBy(begun, stateOf);
  const { done = [], refused = [], unknown = [] } = Object.fromEntries(states);
  return {
    done,
    refusals: [
      ...placed.filter(({ name, isBelow }) => !isBelow && refused.includes(name)).map(({ error }) => error),
      ...unknown.length > 0 ? unplaced : [],
    ],
    // An error without a place is of the only one that it can be of; unless the data is lost, and nothing says what it is.
    open: unknown.length > (unplaced.length > 0 ? 1 : 0) || !values && !changes ||
      failed.some((name) => changes?.includes(name) === false) ||
      !values && unplaced.some((error) => !isRefusal(error)),
  };
}

function isRefusal(error: unknown): boolean {
  return typeof member(member(error, "extensions"), "code") === "string";
}
