/**
 * Money is the text the server sent: in JSON and YAML a number with the same digits, elsewhere untouched.
 *
 * @module
 */

/** A number that keeps its digits: `JSON.stringify` and our YAML write `rawJSON` as it is. */
export interface RawNumber {
  readonly rawJSON: string;
}

/** A decimal as JSON writes it: no exponent, no `+`, no leading zero. */
export const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** `"2999.00"` → the number 2999.00, each of a list; anything that is not a plain decimal stays what it was. */
export function amount(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(amount);
  return typeof value === "string" && DECIMAL.test(value) ? JSON.rawJSON(value) : value;
}
