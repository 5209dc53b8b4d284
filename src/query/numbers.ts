/**
 * Numbers while an expression is evaluated. One whose digits must stay is {@link Exact}, or the `JSON.rawJSON` that it
 * came as; what the runtime's own numbers cannot tell apart is told apart by its digits.
 *
 * @module
 */

import { DECIMAL } from "../fields/mod.ts";

/** Characters of a number: it is read anew each time that it is compared. */
export const MOST_DIGITS = 1_000;
/** Digits that every number of the runtime keeps. */
const KEPT = 15;
/** Places by which an exponent moves the point of a number that is added to the last digit. */
const MOST_SHIFTED = 40;

/** A number as it is written: `2999.00`. */
export class Exact {
  constructor(readonly digits: string, readonly value = Number(digits)) {}

  toJSON() {
    return JSON.rawJSON(this.digits);
  }
}

/** Undefined for what is no number. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (value instanceof Exact) return value.value;
  return typeof value === "object" && JSON.isRawJSON(value) ? Number(value.rawJSON) : undefined;
}

export function digitsOf(number: unknown): string {
  if (number instanceof Exact) return number.digits;
  return typeof number === "object" && JSON.isRawJSON(number) ? number.rawJSON : String(number);
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/** The number with its digits, `2999.00`; null for text that is none, or a longer one than anybody writes. */
export function toNumber(value: unknown): unknown {
  if (typeof value !== "string") return numberOf(value) === undefined ? null : value;
  const number = value.length <= MOST_DIGITS && NUMBER.test(value) ? Number(value) : NaN;
  return Number.isFinite(number) ? new Exact(value, number) : null;
}

/** Whether a number of the runtime is the same; one with an exponent may be too small for it. */
const isKept = (digits: string) => digits.length <= KEPT && !/e/i.test(digits);

/** A number of an expression, as it is written there. */
export function literalNumber(value: number, source: string): unknown {
  return isKept(source) || source.length > MOST_DIGITS || String(value) === source ? value : new Exact(source, value);
}

/** Below 0 when `a` is less than `b`, to the last digit of both; each is a number. */
export function compareNumbers(a: unknown, b: unknown): number {
  const [one, other] = [numberOf(a)!, numberOf(b)!];
  if (one !== other) return one < other ? -1 : 1; // rounding changes no order, it only takes some for the same
  if (typeof a === "number" && typeof b === "number") return 0;
  const [left, right] = [digitsOf(a), digitsOf(b)];
  if (left === right || isKept(left) && isKept(right)) return 0;
  const [first, second] = [scientific(left), scientific(right)];
  if (first.sign !== second.sign) return first.sign - second.sign;
  if (first.power !== second.power) return first.power < second.power ? -first.sign : first.sign;
  return first.digits === second.digits ? 0 : first.digits < second.digits ? -first.sign : first.sign;
}

/** At the end. It begins where nothing before it is one: else a pattern goes back over each of them. */
const ZEROS = /(?<!0)0+$/;

/** `-0.0120e5` → -1 × 0.12 × 10 ** 4; without zeros at either end, so that digits have the order of their texts. */
function scientific(text: string): { sign: number; digits: string; power: number } {
  const [, minus, whole = "", part = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(text)!;
  const all = whole + part;
  const significant = all.replace(/^0+/, "");
  if (significant === "") return { sign: 0, digits: "", power: 0 };
  const power = Number(exponent) + whole.length - (all.length - significant.length);
  return { sign: minus ? -1 : 1, digits: significant.replace(ZEROS, ""), power };
}

/** A whole number and the places behind its point: `12.50` → 1250 and 2; undefined for what is too long written out. */
function fixed(text: string): { whole: bigint; places: number } | undefined {
  const [number = "", exponent = "0"] = text.toLowerCase().split("e");
  const shift = Number(exponent);
  if (!DECIMAL.test(number) || number.length >= 400 || Math.abs(shift) > MOST_SHIFTED) return undefined;
  const point = number.indexOf(".");
  const places = (point < 0 ? 0 : number.length - point - 1) - shift;
  const whole = BigInt(number.replace(".", ""));
  return places < 0 ? { whole: whole * 10n ** BigInt(-places), places: 0 } : { whole, places };
}

function written(whole: bigint, places: number): string {
  const digits = String(whole < 0n ? -whole : whole).padStart(places + 1, "0");
  const end = digits.length - places;
  return `${whole < 0n ? "-" : ""}${digits.slice(0, end)}${places > 0 ? `.${digits.slice(end)}` : ""}`;
}

interface Total {
  whole: bigint;
  places: number;
}

function total(values: readonly unknown[]): Total | undefined {
  const all = values.map((value) => fixed(digitsOf(value)));
  if (!all.every((one) => one !== undefined)) return undefined;
  const places = all.reduce((most, one) => Math.max(most, one.places), 0);
  let whole = 0n;
  for (const one of all) whole += one.whole * 10n ** BigInt(places - one.places);
  return { whole, places };
}

/** To the last digit where all of them can be written out: amounts are added as people add them. */
export function sum(values: readonly unknown[]): number | Exact | null {
  const exact = total(values);
  if (exact) return new Exact(written(exact.whole, exact.places));
  const rounded = values.reduce<number>((all, one) => all + numberOf(one)!, 0);
  return Number.isFinite(rounded) ? rounded : null;
}

/** Of what a number of the runtime does not hold, ten places more than there were. */
export function average(values: readonly unknown[]): number | Exact | null {
  if (values.length === 0) return null;
  const exact = total(values);
  if (!exact || String(exact.whole).length <= KEPT) return (numberOf(sum(values)) ?? NaN) / values.length;
  const [count, negative] = [BigInt(values.length), exact.whole < 0n];
  const scaled = (negative ? -exact.whole : exact.whole) * 10n ** 10n;
  const half = (2n * scaled + count) / (2n * count);
  return new Exact(written(negative ? -half : half, exact.places + 10).replace(ZEROS, "").replace(/\.$/, ""));
}

export function absolute(value: unknown): number | Exact {
  return typeof value === "number" ? Math.abs(value) : new Exact(digitsOf(value).replace(/^-/, ""));
}

/** `up`: the next whole number, else the one before; a whole one stays. */
export function wholeNumber(value: unknown, up: boolean): number | Exact {
  const near = up ? Math.ceil(numberOf(value)!) : Math.floor(numberOf(value)!);
  const exact = typeof value === "number" ? undefined : fixed(digitsOf(value));
  if (!exact) return near;
  const one = 10n ** BigInt(exact.places);
  const towards = exact.whole / one, left = exact.whole % one;
  const whole = towards + (up && left > 0n ? 1n : !up && left < 0n ? -1n : 0n);
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : new Exact(String(whole));
}

/** Amounts as text, where no declaration says that they are. */
const AMOUNT = /^-?\d+\.\d+$/;

export const isAmount = (value: unknown): value is string =>
  typeof value === "string" && value.length < MOST_DIGITS && AMOUNT.test(value);

/** Whether all of them are decimals as text, and some of them look like amounts: `["1000.50", "900"]`. */
export function areAmounts(values: readonly unknown[]): boolean {
  return values.some(isAmount) && values.every((one) => isAmount(one) || typeof one === "string" && DECIMAL.test(one));
}

/** Whether two that are not the same are the same amount: `"9.00"` and `"9"`, or 9. */
export function isSameAmount(a: unknown, b: unknown): boolean {
  if (!isAmount(a) && !isAmount(b)) return false;
  const [one, other] = [toNumber(a), toNumber(b)];
  return one !== null && other !== null && compareNumbers(one, other) === 0;
}

/** A number as people write one and JSON does not: `1,234.50`, `+5`, `₹ 10`. */
export function isOtherNumber(text: string): boolean {
  return text.length < 100 && /^[-+(]?\p{Sc}?[-+]?[\p{Nd}.,'\s]+\p{Sc}?[-)]?$/u.test(text) && /\p{Nd}/u.test(text);
}
