import type { Outcome } from "../api/mod.ts";
import type { Selection } from "./selection.ts";

/**
 * The fields that an answer's errors are about, each with why; undefined when one of them is about something else than a
 * field of a row that nobody asked for by name.
 */
export function leftOut(
  faults: Outcome["faults"],
  operation: string,
  { shape, optional }: Selection,
): [name: string, why: string][] | undefined {
  const refused = faults.flatMap(({ path, message }): [string, string][] => {
    const [first, ...rest] = path.filter((part) => typeof part === "string");
    const [name, ...below] = shape === "page" ? rest.slice(1) : rest;
    const may = first === operation && name !== undefined && below.length === 0 && optional.includes(name);
    return may ? [[name, message]] : [];
  });
  return refused.length === faults.length ? refused : undefined;
}
