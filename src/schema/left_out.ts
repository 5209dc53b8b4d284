import type { Outcome } from "../api/mod.ts";
import type { Selection } from "./selection.ts";

/** What is wrong with one field; all else is wrong with the request. */
const OF_FIELDS = ["forbidden", "rejected", "not-found", "usage"];

/**
 * The fields that an answer's errors are about, each with why; undefined when one of them is about something else than a
 * field of a row that nobody asked for by name, in `--fields` or as one of those that a `--query` has, or when no field
 * would be left.
 */
export function leftOut(
  faults: Outcome["faults"],
  operation: string,
  { shape, optional }: Selection,
  named?: ReadonlySet<string>,
): [name: string, why: string][] | undefined {
  const refused = faults.flatMap(({ path, message, error }): [string, string][] => {
    const [first, ...rest] = path.filter((part) => typeof part === "string");
    const [name, ...below] = shape === "page" ? rest.slice(1) : rest;
    const may = first === operation && name !== undefined && below.length === 0 && optional.includes(name);
    return may && !named?.has(name) && OF_FIELDS.includes(error.kind) ? [[name, message]] : [];
  });
  const isAll = optional.every((name) => refused.some(([other]) => other === name));
  return refused.length === faults.length && !isAll ? refused : undefined;
}
