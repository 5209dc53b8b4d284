/**
 * A value that was given whole, as JSON or in a file, against its type: it would be sent as it is. Scalars of the
 * platform's own take what the server says. Loaded when there is one.
 *
 * @module
 */

import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { readText } from "../input/mod.ts";
import { some } from "../output/mod.ts";
import { type Book } from "./book.ts";
import type { Slot } from "./flags.ts";
import type { Source } from "./source.ts";
import { InFile, type Json, parseJson } from "./values.ts";
import type { Old } from "./variables.ts";
import { elementOf, unwrap } from "./wrapping.ts";

export async function whole(app: App, given: Json | InFile, { flag, type }: Slot): Promise<unknown> {
  const value = given instanceof InFile
    ? parseJson(await readText(app, given.path, flag, `${flag} @`), flag, given.field)
    : given.value;
  if (value === null || unwrap(type).lists === 0 || Array.isArray(value)) return value;
  throw new AppError("usage", `${flag} must be a list`, { hint: `write: ${flag} '[…]', or ${flag} @FILE` });
}

/**
 * Throws `usage` with the place of what does not fit, unless all does by the server's newest schema. Whoever calls it has
 * read every file.
 */
export async function check(source: Source, book: Book, all: readonly (readonly [Slot, unknown])[]): Promise<void> {
  const wrong = (by: Book) => first(all, ([{ type, flag }, value]) => misfit(by, value, type, flag));
  if (!wrong(book)) return;
  const error = wrong((await source.again({ reads: false }))?.book ?? book);
  if (error) throw error;
}

/** `at`: where it stands, `--items.0.sku`; `within`: the input that it is a field of. */
function misfit(book: Book, value: unknown, type: string, at: string, within?: string): AppError | undefined {
  const { name, lists, required } = unwrap(type);
  const no = (why: string, at_ = at, of = within) =>
    new AppError("usage", `${at_} ${why}`, { hint: of ? `see: autocom schema show ${of}` : `its type is ${type}` });
  if (value === null) return required ? no("cannot be null") : undefined;
  if (lists > 0) {
    // One value is a list of it, as for the server.
    const all = Array.isArray(value) ? value : [value];
    return first(all, (one, index) => misfit(book, one, elementOf(type), `${at}.${index}`, within));
  }
  const { kind, inputs = [], values = [], lacks = [] } = book.type(name) ?? {};
  if (kind === "INPUT_OBJECT") {
    if (typeof value !== "object" || Array.isArray(value) || JSON.isRawJSON(value)) return no("must be an object");
    const isKnown = (one: string) => inputs.some((input) => input.name === one) || lacks.includes(one);
    const unknown = Object.keys(value).find((one) => !isKnown(one));
    if (unknown !== undefined) return no(`has no field "${unknown.slice(0, 40)}"`, at, name);
    return first(inputs, (input) => {
      const path = `${at}.${input.name}`;
      if (Object.hasOwn(value, input.name)) {
        return misfit(book, (value as Record<string, unknown>)[input.name], input.type, path, name);
      }
      return input.type.endsWith("!") && input.standard === undefined ? no("is missing", path, name) : undefined;
    });
  }
  if (kind === "ENUM" && values.length > 0) {
    return values.includes(value as string) ? undefined : no(`must be one of ${some(values)}`);
  }
  const wanted = Object.hasOwn(SCALARS, name) ? SCALARS[name]! : undefined;
  return wanted && !wanted.is(value) ? no(`must be ${wanted.said}`) : undefined;
}

/** Adds the fields of a value that are deprecated, those of a list's members once. */
export function outdated(book: Book, value: unknown, type: string, at: string, old: Old): void {
  if (Array.isArray(value)) {
    for (const one of value) outdated(book, one, type, at, old);
    return;
  }
  if (typeof value !== "object" || value === null || JSON.isRawJSON(value)) return;
  for (const { name, type: inner, deprecated } of book.type(unwrap(type).name)?.inputs ?? []) {
    if (!Object.hasOwn(value, name)) continue;
    const path = `${at}.${name}`;
    if (deprecated !== undefined) old.set(path, deprecated);
    outdated(book, (value as Record<string, unknown>)[name], inner, path, old);
  }
}

function first<T>(all: readonly T[], of: (one: T, index: number) => AppError | undefined): AppError | undefined {
  for (const [index, one] of all.entries()) {
    const found = of(one, index);
    if (found) return found;
  }
  return undefined;
}

/** A number that was read, or one of JSON's, which keeps its digits: see `digits`. */
const numberOf = (value: unknown): number =>
  JSON.isRawJSON(value) ? Number(value.rawJSON) : typeof value === "number" ? value : NaN;
const isText = (value: unknown): boolean => typeof value === "string";

const SCALARS: Record<string, { is(value: unknown): boolean; said: string }> = {
  String: { is: isText, said: "text" },
  ID: { is: (value) => isText(value) || Number.isInteger(numberOf(value)), said: "text or a whole number" },
  Boolean: { is: (value) => typeof value === "boolean", said: "true or false" },
  Float: { is: (value) => Number.isFinite(numberOf(value)), said: "a number" },
  Int: { is: (value) => numberOf(value) === (numberOf(value) | 0), said: "a whole number of 32 bits" },
};
