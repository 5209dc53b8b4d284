/**
 * The functions of JMESPath: what each takes.
 *
 * @module
 */

import { nearest } from "../nearest.ts";
import type { Node } from "./tree.ts";

/** `&` is an expression, `…` any number of them; several that may be there stand side by side. */
const TAKES: Readonly<Record<string, readonly string[]>> = {
  abs: ["number"],
  avg: ["numbers"],
  ceil: ["number"],
  contains: ["list text", "any"],
  ends_with: ["text", "text"],
  floor: ["number"],
  join: ["text", "texts"],
  keys: ["object"],
  length: ["text list object"],
  map: ["&", "list"],
  max: ["numbers texts"],
  max_by: ["list", "&"],
  merge: ["object", "…"],
  min: ["numbers texts"],
  min_by: ["list", "&"],
  not_null: ["any", "…"],
  reverse: ["text list"],
  sort: ["numbers texts"],
  sort_by: ["list", "&"],
  starts_with: ["text", "text"],
  sum: ["numbers"],
  to_array: ["any"],
  to_number: ["any"],
  to_string: ["any"],
  type: ["any"],
  values: ["object"],
};

/** What the argument must be, of those of {@link TAKES}. */
export function wanted(name: string, at: number): string {
  const takes = TAKES[name]!;
  return takes[Math.min(at, takes.length - (takes.at(-1) === "…" ? 2 : 1))]!;
}

/** Whether the argument may be anything; whether it is an expression was seen when it was read. */
export function takesAny(name: string, at: number): boolean {
  return wanted(name, at) === "any" || wanted(name, at) === "&";
}

interface Misuse {
  why: string;
  hint: string;
  /** It must begin with &. */
  plain?: Node;
}

/** What is wrong with a call, and what to write; undefined when nothing is. */
export function misuse(name: string, args: readonly Node[]): Misuse | undefined {
  if (!Object.hasOwn(TAKES, name)) {
    const all = Object.keys(TAKES);
    const meant = nearest(name, all) ?? (name.length > 2 ? all.find((one) => one.includes(name)) : undefined);
    const hint = meant ? `did you mean: ${shape(meant)}` : `the functions are ${all.join(", ")}`;
    return { why: `there is no function ${name.slice(0, 40)}()`, hint };
  }
  const takes = TAKES[name]!;
  const [least, open] = takes.at(-1) === "…" ? [takes.length - 1, true] : [takes.length, false];
  if (args.length < least || !open && args.length > least) {
    const count = `${open ? "at least " : ""}${least === 1 ? "one argument" : `${least} arguments`}`;
    return { why: `${name}() takes ${count}, not ${args.length}`, hint: `write: ${shape(name)}` };
  }
  const wrong = args.findIndex(({ is }, at) => (is === "reference") !== (wanted(name, at) === "&"));
  if (wrong < 0) return undefined;
  const isPlain = wanted(name, wrong) === "&";
  const why = isPlain
    ? `${name}() takes an expression, which begins with &, as its argument ${wrong + 1}`
    : `${name}() takes no expression, which begins with &, as its argument ${wrong + 1}`;
  return { why, hint: `write: ${shape(name)}`, ...isPlain && { plain: args[wrong]! } };
}

/** `sort_by(list, &name)` */
function shape(name: string): string {
  const words: Readonly<Record<string, string>> = { "&": "&name", "any": "value", "…": "…" };
  return `${name}(${TAKES[name]!.map((word) => words[word] ?? word.split(" ")[0]).join(", ")})`;
}
