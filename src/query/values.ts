/**
 * Values while an expression is evaluated: what JSON has, within bounds.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import { compareNumbers, digitsOf, Exact, MOST_DIGITS, numberOf } from "./numbers.ts";

/** What an expression may take: values that it looks at or makes, and about an eighth of the characters. */
export const MOST_STEPS = 5_000_000;
/** Characters of the rows that it is evaluated over, and of its result. */
export const MOST_TEXT = 1 << 25;
/** A result that nests deeper is no table and no document of a person's. */
const DEEPEST = 100;

/** Counts down, so that no expression takes the machine with it. */
export class Meter {
  #steps = MOST_STEPS;
  #text = MOST_TEXT;

  /** `it takes`, and more of it than it may. */
  constructor(private readonly subject = "it takes") {}

  step(count = 1): void {
    if ((this.#steps -= count) < 0) throw tooMuch(`${this.subject} more than 5 million values`);
  }

  text(length: number): void {
    this.step(1 + (length >> 3));
    if ((this.#text -= length) < 0) throw tooMuch(`${this.subject} more than ${MOST_TEXT >> 20} MiB of text`);
  }

  /** A look at all of a text, or at the names of an object, which the runtime gathers anew each time. */
  look(value: unknown): void {
    if (typeof value === "string") this.step(1 + (value.length >> 3));
    else if (kindOf(value) === "object") this.names(value as object);
  }

  /** Two texts beside each other: how far they are the same is not known, and that far they are read. */
  compared(a: string, b: string): void {
    this.step(Math.min(a.length, b.length) >> 8);
  }

  names(value: object): number {
    const { length } = Object.keys(value);
    this.step(1 + 8 * length);
    return length;
  }

  /** All that is in a value, every time that it is in it: what it takes to be written. */
  whole(value: unknown): void {
    if (typeof value === "object" && value !== null) return this.#inside(value, 0);
    this.text(typeof value === "string" ? value.length : 0);
  }

  #inside(value: object, depth: number): void {
    if (depth > DEEPEST) throw tooMuch(`${this.subject} values that nest more than ${DEEPEST} deep`);
    if (kindOf(value) === "number") {
      const { length } = digitsOf(value);
      if (length > MOST_DIGITS) throw tooMuch(`${this.subject} a number of more than ${MOST_DIGITS} characters`);
      return this.text(length);
    }
    let [count, length] = [1, 0];
    const names = Array.isArray(value) ? undefined : Object.keys(value);
    const all = names?.length ?? (value as unknown[]).length;
    for (let at = 0; at < all; at++) {
      const one = names ? (value as Record<string, unknown>)[names[at]!] : (value as unknown[])[at];
      count++;
      length += names ? names[at]!.length : 0;
      if (typeof one === "string") length += one.length;
      else if (typeof one === "object" && one !== null) this.#inside(one, depth + 1);
    }
    this.step(count);
    this.text(length);
  }
}

export function tooMuch(why: string): AppError {
  return new AppError("usage", `cannot use --query: ${why}`, {
    hint: "ask for less with a filter, --limit or --fields, or print -o jsonl and let jq do it",
  });
}

export type Kind = "null" | "boolean" | "number" | "string" | "array" | "object";

/** As `type()` calls it. */
export function kindOf(value: unknown): Kind {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value !== "object") return typeof value as "boolean" | "number" | "string";
  return value instanceof Exact || JSON.isRawJSON(value) ? "number" : "object";
}

/** What is false: nothing, and what is empty. 0 is not. */
export function isTrue(value: unknown, meter: Meter): boolean {
  switch (kindOf(value)) {
    case "number":
      return true;
    case "array":
      return (value as unknown[]).length > 0;
    case "object":
      return meter.names(value as object) > 0;
    default:
      return Boolean(value);
  }
}

export function isSame(a: unknown, b: unknown, meter: Meter): boolean {
  meter.step();
  if (typeof a === "string" && typeof b === "string") meter.compared(a, b);
  if (a === b) return true;
  const kind = kindOf(a);
  if (kind !== kindOf(b)) return false;
  if (kind === "number") return compareNumbers(a, b) === 0;
  if (kind !== "array" && kind !== "object") return false;
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const names = Object.keys(one);
  return names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name], meter));
}

/** As the specification has it; the language compares units, of which those of a pair stand below U+E000. */
function byCodePoints(a: string, b: string): number {
  if (!/[\ud800-\udfff]/.test(a) && !/[\ud800-\udfff]/.test(b)) return a < b ? -1 : a > b ? 1 : 0;
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  const before = at > 0 && /[\ud800-\udbff]/.test(a[at - 1]!) ? at - 1 : at; // the pair that they are in
  return (a.codePointAt(before) ?? -1) - (b.codePointAt(before) ?? -1);
}

/** Below 0 when `a` stands before `b`; undefined for what has no order. */
export function order(a: unknown, b: unknown, meter: Meter): number | undefined {
  if (typeof a === "string" && typeof b === "string") {
    meter.compared(a, b);
    return byCodePoints(a, b);
  }
  return numberOf(a) === undefined || numberOf(b) === undefined ? undefined : compareNumbers(a, b);
}
