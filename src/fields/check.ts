/**
 * A server's answer against the declaration of its rows: what is something else is refused, and named.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import type { Field, Fields, Kinds, Row } from "./declaration.ts";

/** What nests deeper is no document of a person's, and cannot be printed. */
const DEEPEST = 64;

const isText = (value: unknown) => typeof value === "string";
const isNumber = (value: unknown) => Number.isFinite(value) || JSON.isRawJSON(value);

const IS: Record<keyof Kinds, (value: unknown) => boolean> = {
  text: isText,
  instant: isText,
  money: isText,
  number: isNumber,
  switch: (value) => typeof value === "boolean",
  texts: (value) => Array.isArray(value) && value.every(isText),
  value: (value) => isText(value) || typeof value === "boolean" || isNumber(value),
  data: (value) => value !== null && isShallow(value),
};

const EXPECTED: Record<Field["is"], string> = {
  text: "text",
  instant: "an instant",
  money: "a decimal text",
  number: "a number",
  switch: "true or false",
  texts: "a list of texts",
  value: "text, a number or a switch",
  data: `a value nested at most ${DEEPEST} deep`,
  rows: "a list",
  row: "an object",
};

/**
 * Made once for a list: gives the row back as its type. What is in the row beside the declared fields does not matter.
 * Throws `server` with the dotted name of the first field that is something else: `items.0.sku`.
 */
export function checker<const F extends Fields>(of: F, action: string): (value: unknown) => Row<F> {
  const fits = fitter(of);
  return (value) => {
    if (fits(value)) return value as Row<F>;
    throw new AppError("server", `cannot ${action}: ${wrong(of, value, "")}`, {
      hint: "server and autocom disagree: autocom doctor",
    });
  };
}

/** Whether a value is such a row: one pass without a stop, because it runs for each of 100,000 rows. */
function fitter(of: Fields): (value: unknown) => boolean {
  const names = Object.keys(of), count = names.length;
  const is = names.map((name) => fit(of[name]!));
  const nullable = names.map((name) => of[name]!.nullable === true);
  return (value) => {
    if (typeof value !== "object" || value === null) return false;
    for (let at = 0; at < count; at++) {
      const found = (value as Record<string, unknown>)[names[at]!];
      if (!(nullable[at] && found === null) && !is[at]!(found)) return false;
    }
    return true;
  };
}

function fit(field: Field): (value: unknown) => boolean {
  if (!("of" in field)) return IS[field.is];
  const inner = fitter(field.of);
  if (field.is === "row") return inner;
  const odd = (value: unknown): boolean =>
    value === null || (Array.isArray(value) ? isShallow(value) && value.every(odd) : inner(value));
  return (value) => Array.isArray(value) && value.every(field.is === "data" ? odd : inner);
}

/** What is wrong with a value that does not fit. */
function wrong(of: Fields, value: unknown, path: string): string {
  if (typeof value !== "object" || value === null) {
    return path ? misfit(path, value, "row") : `the answer has a row that is ${kindOf(value)}`;
  }
  for (const [name, field] of Object.entries(of)) {
    const found = (value as Record<string, unknown>)[name];
    if (field.nullable && found === null || fit(field)(found)) continue;
    const place = path ? `${path}.${name}` : name;
    if (!("of" in field)) return misfit(place, found, field.is);
    if (field.is === "row") return wrong(field.of, found, place);
    if (!Array.isArray(found)) return misfit(place, found, "rows");
    const at = found.findIndex((one) => !fit(field)([one]));
    return wrong(field.of, found[at], `${place}.${at}`);
  }
  return "the answer has another shape than documented";
}

function misfit(place: string, found: unknown, is: Field["is"]): string {
  if (found === undefined) return `"${place}" is missing in the answer`;
  return `"${place}" of the answer is ${kindOf(found)}, not ${EXPECTED[is]}`;
}

/** In words: what was found may be a megabyte. */
function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "a list";
  if (isNumber(value)) return "a number";
  if (typeof value === "number") return "a number without end";
  return typeof value === "string" ? "text" : typeof value === "boolean" ? "a switch" : "an object";
}

/** Whether a value of the kind `data` can be printed. */
export function isShallow(value: unknown, left = DEEPEST): boolean {
  if (typeof value !== "object" || value === null) return value !== undefined;
  return left > 0 && Object.values(value).every((one) => isShallow(one, left - 1));
}
