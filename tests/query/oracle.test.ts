/**
 * What any expression gives, held to another implementation of JMESPath: 20,000 expressions over 40 values, the same each
 * time. Left out is what that one does otherwise than the specification says (https://jmespath.org/specification.html):
 * `sort` and `sort_by` of text by locale, null of `map` and `not_null` for 0, false and empty text, 0 of `to_number('')`,
 * nothing where the order of what is no number is asked, what
 * is no text looked for in a text, and null where `max`, `min` and `merge` are given what they do not
 * take. Those are tried by themselves.
 */
import { search } from "@aws-lambda-powertools/jmespath";
import assert from "node:assert/strict";
import { AppError } from "../../src/errors.ts";
import { query } from "../../src/query/mod.ts";

class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = seed;
  }
  below(count: number): number {
    this.#state = Math.imul(this.#state, 1664525) + 1013904223 | 0;
    return (this.#state >>> 8) % count;
  }
  one<T>(of: readonly T[]): T {
    return of[this.below(of.length)]!;
  }
}

const NAMES = ["a", "b", "c", "id", '"x y"'];

function value(dice: Dice, depth: number): unknown {
  const kind = dice.below(depth > 0 ? 9 : 5);
  if (kind < 5) return [null, true, dice.below(5) - 2, dice.one(["", "a", "ab", "10.00", "é"]), false][kind];
  const length = dice.below(4);
  if (kind < 7) return Array.from({ length }, () => value(dice, depth - 1));
  return Object.fromEntries(
    Array.from({ length }, () => [dice.one(NAMES).replaceAll('"', ""), value(dice, depth - 1)]),
  );
}

function literal(dice: Dice): string {
  return dice.one(["`1`", "`-1`", "`0`", "'a'", "''", "'10.00'", "`null`", "`true`", "`[1,2]`", '`{"a":1}`', "@"]);
}

const CALLS: [name: string, arguments: string][] = [
  ..."length keys values sum avg reverse to_string to_array type abs ceil floor".split(" ").map((
    name,
  ): [string, string] => [name, "x"]),
  ..."starts_with ends_with".split(" ").map((name): [string, string] => [name, "xx"]),
  ["contains", "xt"],
  ["join", "lx"],
  ["merge", "oo"],
];

function expression(dice: Dice, depth: number): string {
  const inner = () => expression(dice, depth - 1);
  if (depth === 0) return dice.one([...NAMES, ...NAMES, "@", literal(dice)]);
  switch (dice.below(15)) {
    case 0:
      return `${inner()}.${dice.one(NAMES)}`;
    case 1:
      return `${inner()}[${dice.below(5) - 2}]`;
    case 2:
      return `${inner()}[${dice.one(["1:", ":2", "::2", "::-1", "-2:", "1:3:1"])}]`;
    case 3:
      return `${inner()}[]`;
    case 4:
      return `${inner()}[*]${dice.one(["", ".a", ".id", "[0]"])}`;
    case 5:
      return `${inner()}.*`;
    case 6:
      return `${inner()}[?${inner()}]${dice.one(["", ".a"])}`;
    case 7:
      return `[${inner()}, ${inner()}]`;
    case 8:
      return `{${dice.one(NAMES)}: ${inner()}, z: ${inner()}}`;
    case 9:
      return `${inner()} | ${inner()}`;
    case 10:
      return `(${inner()} ${dice.one(["||", "&&"])} ${inner()})`;
    case 11:
      return `!${inner()}`;
    case 12:
      return dice.below(2) === 0
        ? `(${inner()} ${dice.one(["==", "!="])} ${inner()})`
        : `(length(to_string(${inner()})) ${dice.one(["<", "<=", ">", ">="])} ${dice.one(["`1`", "`4`", "`6`"])})`;
    default: {
      const [name, given] = dice.one(CALLS);
      const one = (kind: string) =>
        kind === "x" ? inner() : kind === "o" ? '`{"a":1}`' : kind === "t" ? dice.one(["'a'", "'ab'"]) : literal(dice);
      return `${name}(${[...given].map(one).join(", ")})`;
    }
  }
}

/** The result as JSON, or that there is none. */
function outcome(ask: () => unknown, refusal: (thrown: unknown) => boolean): string {
  try {
    return JSON.stringify(ask() ?? null);
  } catch (thrown) {
    assert.ok(refusal(thrown), String(thrown));
    return "refused";
  }
}

Deno.test("20,000 expressions give what another implementation gives, or are refused by both", () => {
  const dice = new Dice(7);
  const values = Array.from({ length: 40 }, () => value(dice, 3));
  const counts = { refused: 0, null: 0, other: 0 };
  const wrong: string[] = [];
  for (let round = 0; round < 20_000; round++) {
    const [text, given] = [expression(dice, 1 + dice.below(3)), dice.one(values)];
    const copy = () => structuredClone(given);
    const ours = outcome(() => query(text, undefined).of(copy()).result, (thrown) => thrown instanceof AppError);
    const theirs = outcome(() => search(text, copy() as never), () => true);
    counts[ours === "refused" || ours === "null" ? ours : "other"]++;
    if (ours !== theirs) wrong.push(`${text}  of  ${JSON.stringify(given)}\n  ours   ${ours}\n  theirs ${theirs}`);
  }
  assert.ok(counts.other > 3_000 && counts.refused > 1_000, "the expressions are of all kinds");
  assert.deepEqual(wrong.slice(0, 20), []);
});
