/**
 * What functions are given, against what they take.
 *
 * @module
 */

import { numberOf } from "./numbers.ts";
import { wanted } from "./signatures.ts";
import { type Node, refused } from "./tree.ts";
import { type Kind, kindOf, type Meter } from "./values.ts";

type Call = Extract<Node, { is: "call" }>;

/** Throws `usage` for an argument that the function does not take. */
export function checkArgument(expression: string, node: Call, at: number, value: unknown, meter: Meter): void {
  const takes = wanted(node.name, at);
  if (takes.split(" ").some((one) => isOf(one, value, meter))) return;
  const odd = Array.isArray(value) && /numbers|texts/.test(takes) ? oddOf(value, takes) : value;
  const inside = odd !== value;
  const [first, other] = inside ? [kindOf((value as unknown[])[0]), kindOf(odd)] : [kindOf(odd), kindOf(odd)];
  const isMixed = first !== other && isWanted(other, takes);
  const found = `${inside ? "a list with " : ""}${isMixed ? `${WORDS[first]} and ` : ""}${WORDS[other]}`;
  const hint = other === "string" && takes.includes("number")
    ? "make numbers of text: to_number(total), or map(&to_number(@), LIST)"
    : other === "null"
    ? "leave out what is null: [?name != null], or not_null(name, '')"
    : "see what there is: map(&type(@), LIST), or type(name)";
  throw refused(expression, node.at, `${node.name}() takes ${said(takes)}, not ${found}`, hint);
}

/** Throws `usage` for keys that have no order among each other; gives what they are. */
export function checkKeys(expression: string, node: Call, keys: readonly unknown[]): Kind {
  const kind = kindOf(keys[0] ?? null);
  const hasOrder = kind === "string" || kind === "number";
  const odd = hasOrder ? keys.find((key) => kindOf(key) !== kind) : keys[0];
  if (odd === undefined) return kind;
  const found = `${hasOrder ? `${WORDS[kind]} and ` : ""}${WORDS[kindOf(odd)]}`;
  const hint = "leave the others out first: [?name != null] | sort_by(@, &name)";
  throw refused(expression, node.at, `${node.name}() orders by numbers or by text, not by ${found}`, hint);
}

function isOf(wanted: string, value: unknown, meter: Meter): boolean {
  switch (wanted) {
    case "number":
      return numberOf(value) !== undefined;
    case "text":
      return typeof value === "string";
    case "list":
      return Array.isArray(value);
    case "object":
      return kindOf(value) === "object";
  }
  if (!Array.isArray(value)) return false;
  meter.step(value.length);
  return value.every((one) => wanted === "numbers" ? numberOf(one) !== undefined : typeof one === "string");
}

/** The first that is not wanted, or is another than the first. */
function oddOf(list: readonly unknown[], takes: string): unknown {
  const at = list.findIndex((one) => !isWanted(kindOf(one), takes));
  return at >= 0 ? list[at] : list.find((one) => kindOf(one) !== kindOf(list[0]));
}

function isWanted(kind: Kind, takes: string): boolean {
  return (kind === "string" || kind === "number") && takes.includes(kind === "string" ? "texts" : "numbers");
}

const WORDS: Readonly<Record<Kind, string>> = {
  null: "null",
  boolean: "true or false",
  number: "a number",
  string: "text",
  array: "a list",
  object: "an object",
};

/** `numbers texts` → `a list of numbers or a list of texts` */
function said(takes: string): string {
  const words: Readonly<Record<string, string>> = {
    number: "a number",
    text: "text",
    list: "a list",
    object: "an object",
    numbers: "a list of numbers",
    texts: "a list of texts",
  };
  return takes.split(" ").map((one) => words[one]).join(" or ");
}
