/**
 * Amounts reckoned by their digits: no number of the program's holds them all.
 *
 * @module
 */

import { DECIMAL } from "./money.ts";

/** Exact, by digits: `0.10` and `0.20` are `0.30`. Undefined where one of them is no decimal. */
export function sum(one: string, other: string, sign = 1n): string | undefined {
  if (!DECIMAL.test(one) || !DECIMAL.test(other)) return undefined;
  const places = Math.max(...[one, other].map((text) => (text.split(".")[1] ?? "").length));
  const [left, right] = [one, other].map((text) => {
    const [whole, part = ""] = text.split(".");
    return BigInt(whole + part.padEnd(places, "0"));
  });
  const all = left! + sign * right!;
  const digits = String(all < 0n ? -all : all).padStart(places + 1, "0");
  const point = digits.length - places;
  return `${all < 0n ? "-" : ""}${digits.slice(0, point)}${places > 0 ? `.${digits.slice(point)}` : ""}`;
}

/** Whether two texts are one amount: `170.5` and `170.50`. */
export function isSameAmount(one: unknown, other: unknown): boolean {
  if (typeof one !== "string" || typeof other !== "string") return one === other;
  return one === other || /^0(\.0+)?$/.test(sum(one, other, -1n) ?? "");
}
