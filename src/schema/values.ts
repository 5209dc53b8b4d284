/**
 * Words as values of GraphQL's types. Texts are never coerced: an id `007` stays that.
 *
 * @module
 */

import { likely, shorten, type Value } from "../cli/mod.ts";
import { AppError } from "../errors.ts";
import { digits, whyNot } from "../input/mod.ts";
import { some } from "../output/mod.ts";
import type { Book } from "./book.ts";
import { unwrap } from "./wrapping.ts";

/** A value that stands in a file, or comes from stdin; `field`: how one of its fields is named, where it has any. */
export class InFile {
  constructor(readonly path: string, readonly field: string | false) {}
}

/** A value that was given whole. */
export class Json {
  constructor(readonly value: unknown) {}
}

/** What a type's words look like. */
export interface Typed {
  value: Value<unknown>;
  /** A value for each time that it is given. */
  many: boolean;
  /** It may stand alone, and is true then. */
  bare: boolean;
}

/** Scalars of the platform's own that hold more than text. */
export const JSON_SCALAR = /^(json(object|b)?|object|map|any|mixed|array)$/i;

/** And a number: `PositiveInt`, `Long`, `UInt64`. Money and decimals may be text. */
export const NUMBER_SCALAR =
  /^((big|safe|unsigned|u)?int(\d+|eger)?|(non_?)?(positive|negative)_?(int|integer|float)|long|short|byte|double|port)$/i;

/** A number as JSON writes it. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/;

export function typed(book: Book, type: string): Typed {
  const { name, lists } = unwrap(type);
  const kind = book.type(name);
  const isInput = kind?.kind === "INPUT_OBJECT";
  const plain = lists > 1 || isInput || JSON_SCALAR.test(name) ? undefined : scalar(name, kind);
  if (!plain) return { value: json(lists, isInput), many: false, bare: false };
  const { parse } = plain;
  // Several as JSON: see listed.ts.
  const many = { ...plain, parse: (text: string, from: string) => text[0] === "[" ? text : parse(text, from) };
  return { value: lists ? many : plain, many: lists === 1, bare: !lists && name === "Boolean" };
}

function scalar(name: string, kind: { kind: string; values: readonly string[] } | undefined): Value<unknown> {
  if (kind?.kind === "ENUM" && kind.values.length > 0) return choice(kind.values);
  switch (name) {
    case "Int":
      return number("number", "integer", /^-?\d{1,10}$/, (value) => value === (value | 0), "a whole number of 32 bits");
    case "Float":
      return number("number", "number", NUMBER, Number.isFinite, "a number");
    case "Boolean":
      return { shown: "true|false", schema: { type: "boolean", enum: ["true", "false"] }, parse: yesOrNo };
    default:
      if (NUMBER_SCALAR.test(name)) return { shown: shownAs(name), schema: { type: "number" }, parse: numeric };
      return { shown: shownAs(name), schema: { type: "string" }, parse: (text) => text };
  }
}

/** With its digits; what is no number is the server's to refuse. */
export const numeric = (text: string) => NUMBER.test(text.trim()) ? JSON.rawJSON(text.trim()) : text;

/** `ID` → `id`, `DateTime` → `datetime`; `String` is any text. */
function shownAs(name: string): string {
  return name === "String" ? "text" : name.toLowerCase();
}

function number(
  shown: string,
  type: "integer" | "number",
  form: RegExp,
  fits: (value: number) => boolean,
  what: string,
): Value<unknown> {
  return {
    shown,
    schema: { type },
    parse(text, from) {
      const word = text.trim(), value = form.test(word) ? Number(word) : NaN;
      // A Float with its digits: a number of ours has fewer than it may be given.
      if (fits(value)) return type === "integer" ? value : JSON.rawJSON(word);
      throw refused(`${from} must be ${what}, not "${shorten(text)}"`, `write, for example: ${from} 1`);
    },
  };
}

function yesOrNo(text: string, from: string): boolean {
  const word = text.trim().toLowerCase();
  if (/^(yes|no|true|false)$/.test(word)) return /^[yt]/.test(word);
  throw refused(
    `${from} must be true or false, not "${shorten(text)}"`,
    `write: ${from} ${!/^([nf0]|off)/.test(word)}`,
  );
}

/** As it stands in the schema, whatever its case is here. */
function choice(values: readonly string[]): Value<string> {
  return {
    shown: "value",
    schema: { type: "string", enum: values },
    parse(text, from) {
      const wanted = text.trim();
      const found = values.find((one) => one === wanted) ??
        values.find((one) => one.toLowerCase() === wanted.toLowerCase().replaceAll(/[\s-]+/g, "_"));
      if (found !== undefined) return found;
      throw refused(
        `${from} must be one of ${some(values)}, not "${shorten(text)}"`,
        `write, for example: ${from} ${likely(wanted.toLowerCase(), values)}`,
      );
    },
  };
}

/** JSON as it is, or `@file`. */
function json(lists: number, hasFields: boolean): Value<unknown> {
  const field = hasFields && (lists ? ".0.FIELD" : ".FIELD");
  return {
    shown: "@file",
    schema: { type: "string" },
    parse(text, from) {
      if (text.startsWith("@")) return new InFile(text.slice(1), field);
      return new Json(parseJson(text, from, field));
    },
  };
}

/** `field`: one of what is wanted, where that is an object with fields of its own. */
export function parseJson(text: string, from: string, field: string | false): unknown {
  try {
    return digits(text);
  } catch (error) {
    throw refused(
      `${from} ${whyNot(error)}: "${shorten(text)}"`,
      `write ${field ? `its fields (${from}${field} VALUE)` : "JSON"}, or ${from} @FILE`,
    );
  }
}

function refused(message: string, hint: string): AppError {
  return new AppError("usage", message, { hint });
}
