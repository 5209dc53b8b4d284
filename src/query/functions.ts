/**
 * The functions of JMESPath (https://jmespath.org/specification.html#built-in-functions), of arguments that were checked.
 *
 * @module
 */

import { absolute, average, compareNumbers, numberOf, sum, wholeNumber } from "./numbers.ts";
import { kindOf, type Meter, order } from "./values.ts";

type List = readonly unknown[];
/** An expression as an argument. */
export type Reference = (value: unknown) => unknown;
type Any = Record<string, unknown>;

interface Of {
  meter: Meter;
  /** Says of each key by which a list is ordered what is wrong with it. */
  ordered: (keys: List) => void;
  same: (a: unknown, b: unknown) => boolean;
  /** Makes a number of a value, and notes what should have been one. */
  number: (value: unknown) => unknown;
}

// deno-lint-ignore no-explicit-any
export const FUNCTIONS: Readonly<Record<string, (of: Of, ...args: any[]) => unknown>> = {
  abs: (_, value: unknown) => absolute(value),
  avg: (_, all: List) => average(all),
  ceil: (_, value: unknown) => wholeNumber(value, true),
  contains({ same }, within: string | List, value: unknown) {
    if (typeof within === "string") return typeof value === "string" && within.includes(value);
    return within.some((one) => same(one, value));
  },
  ends_with: (_, text: string, end: string) => text.endsWith(end),
  floor: (_, value: unknown) => wholeNumber(value, false),
  join({ meter }, glue: string, all: string[]) {
    meter.text(all.reduce((length, one) => length + one.length + glue.length, 0));
    return all.join(glue);
  },
  keys: (_, value: Any) => Object.keys(value),
  length: (_, value: string | List | Any) =>
    typeof value === "string" ? characters(value) : Array.isArray(value) ? value.length : Object.keys(value).length,
  map: (_, each: Reference, all: List) => all.map(each),
  max: (of, all: List) => extreme(of, all, all, 1),
  max_by: (of, all: List, by: Reference) => extreme(of, all, all.map(by), 1),
  merge: (_, ...all: Any[]) => Object.fromEntries(all.flatMap(Object.entries)),
  min: (of, all: List) => extreme(of, all, all, -1),
  min_by: (of, all: List, by: Reference) => extreme(of, all, all.map(by), -1),
  not_null: (_, ...all: unknown[]) => all.find((one) => one !== null) ?? null,
  reverse({ meter }, value: string | List) {
    if (typeof value !== "string") return value.toReversed();
    meter.text(value.length);
    return [...value].reverse().join("");
  },
  sort: (of, all: List) => sorted(of, all, all),
  sort_by: (of, all: List, by: Reference) => sorted(of, all, all.map(by)),
  starts_with: (_, text: string, begin: string) => text.startsWith(begin),
  sum: (_, all: List) => sum(all),
  to_array: (_, value: unknown) => Array.isArray(value) ? value : [value],
  to_number: ({ number }, value: unknown) => number(value),
  to_string({ meter }, value: unknown) {
    if (typeof value === "string") return value;
    meter.whole(value);
    return JSON.stringify(value);
  },
  type: (_, value: unknown) => kindOf(value),
  values: (_, value: Any) => Object.values(value),
};

/** A pair of surrogates is one. */
function characters(text: string): number {
  let count = text.length;
  for (let at = 1; at < text.length; at++) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800) count--;
  }
  return count;
}

/** The first of those with the largest key, or the smallest. */
function extreme({ meter, ordered }: Of, all: List, keys: List, sign: 1 | -1): unknown {
  if (all.length === 0) return null;
  ordered(keys);
  let best = 0;
  for (let at = 1; at < all.length; at++) if (order(keys[at], keys[best], meter)! * sign > 0) best = at;
  return all[best];
}

/** Equal ones stay in their order. */
function sorted({ meter, ordered }: Of, all: List, keys: List): unknown[] {
  ordered(keys);
  const isText = typeof keys[0] === "string";
  const numbers = isText ? [] : keys.map((key) => numberOf(key)!);
  const compared = (a: number, b: number) =>
    isText
      ? order(keys[a], keys[b], meter)!
      : numbers[a] === numbers[b]
      ? compareNumbers(keys[a], keys[b])
      : numbers[a]! - numbers[b]!;
  return keys.map((_, at) => at).sort((a, b) => compared(a, b) || a - b).map((at) => all[at]);
}
