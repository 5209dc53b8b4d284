/**
 * The few rules of Laravel's validator that the platform uses, with their texts.
 *
 * @module
 */

import { Invalid } from "./answers.ts";
import type { Input, Value } from "./incoming.ts";
import { parseTime } from "./time.ts";

/** What is wrong with a value, `:f` standing for the field's name; null when nothing is. */
export type Rule = (value: Value) => string | null;

const rule = (ok: (value: Value) => boolean, text: string): Rule => (value) => ok(value) ? null : text;

/** Marks a field whose null is fine. */
export const nullable: Rule = () => null;
/** Marks a field that must be there and be filled. */
export const required: Rule = () => null;
export const oneOf = (list: readonly string[]): Rule =>
  rule((value) => typeof value !== "object" && list.includes(String(value)), "The selected :f is invalid.");
export const exists = (known: (text: string) => boolean): Rule =>
  rule((value) => typeof value === "string" && known(value), "The selected :f is invalid.");
export const text = rule((value) => typeof value === "string", "The :f field must be a string.");
export const boolean = rule(
  (value) => typeof value === "boolean" || ["0", "1"].includes(String(value)),
  "The :f field must be true or false.",
);
export const array = rule((value) => typeof value === "object" && value !== null, "The :f field must be an array.");
/** An amount of money: `2999`, `2999.00`. */
export const money = rule((value) => /^\d{1,10}(\.\d{1,2})?$/.test(String(value)), "The :f field format is invalid.");
export const taken = (known: (text: string) => boolean): Rule =>
  rule((value) => !known(String(value)), "The :f has already been taken.");
export const maxText = (max: number): Rule =>
  rule((value) => size(value) <= max, `The :f field must not be greater than ${max} characters.`);
export const uuid = rule(
  (value) => typeof value === "string" && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value),
  "The :f field must be a valid UUID.",
);
export const email = rule(
  (value) => typeof value === "string" && /^[^\s@]+@[^\s@]+$/.test(value),
  "The :f field must be a valid email address.",
);
export const date = rule(
  (value) => typeof value === "string" && parseTime(value) !== null,
  "The :f field must be a valid date.",
);
export const integer = rule(
  (value) => Number.isSafeInteger(Number(value)) && /^[+-]?(0|[1-9]\d*)$/.test(String(value)),
  "The :f field must be an integer.",
);
export const min = (least: number): Rule =>
  rule((value) => numberOrSize(value) >= least, `The :f field must be at least ${least}.`);
export const between = (least: number, most: number): Rule =>
  rule(
    (value) => numberOrSize(value) >= least && numberOrSize(value) <= most,
    `The :f field must be between ${least} and ${most}.`,
  );
export const minItems = (least: number): Rule =>
  rule((value) => size(value) >= least, `The :f field must have at least ${least} items.`);

const size = (value: Value): number =>
  typeof value === "object" && value !== null ? Object.keys(value).length : [...String(value ?? "")].length;
const numberOrSize = (value: Value): number =>
  typeof value !== "object" && String(value).trim() !== "" && !isNaN(Number(value)) ? Number(value) : size(value);

/** Applies rules to fields (`items.0.sku`); collects what fails. A field that is missing or empty passes. */
export class Check {
  readonly #fields: Record<string, string[]> = {};

  field(name: string, value: Value | undefined, rules: readonly Rule[]): this {
    const blank = value === undefined || (typeof value === "string" && value.trim() === "");
    if ((blank || value === null) && rules.includes(required)) {
      this.#fields[name] = [named("The :f field is required.", name)];
    } else if (!blank && !(value === null && rules.includes(nullable))) {
      const failed = rules.flatMap((one) => one(value) ?? []);
      if (failed.length) this.#fields[name] = failed.map((one) => named(one, name));
    }
    return this;
  }

  /** @throws Invalid when a rule failed. */
  done(): void {
    if (Object.keys(this.#fields).length) throw new Invalid(this.#fields);
  }
}

const named = (text: string, field: string): string => text.replace(":f", field.replaceAll("_", " "));

/** Checks `input` against `rules` and returns the fields that have one. */
export function validate(input: Input, rules: Record<string, readonly Rule[]>): Input {
  const check = new Check();
  for (const [name, list] of Object.entries(rules)) check.field(name, input[name], list);
  check.done();
  return Object.fromEntries(
    Object.keys(rules).flatMap((name) => input[name] === undefined ? [] : [[name, input[name]]]),
  );
}
