/**
 * An expression of JMESPath (https://jmespath.org/specification.html), read.
 *
 * @module
 */

import { AppError } from "../errors.ts";

/** Each has the place where it stands in the text, and how deep it nests. */
export type Node = Place & { readonly depth: number } & Kind;

export interface Place {
  readonly at: number;
  readonly end: number;
}

export type Sign = "==" | "!=" | "<" | "<=" | ">" | ">=";

export type Kind =
  | { readonly is: "current" }
  | { readonly is: "field"; readonly name: string }
  | { readonly is: "literal"; readonly value: unknown }
  | { readonly is: "index"; readonly index: number }
  | { readonly is: "slice"; readonly parts: readonly (number | undefined)[] }
  /** Each is asked of what the one before gave: `a.b`, `a[0]`, `a | b`. */
  | { readonly is: "chain"; readonly of: readonly Node[] }
  /** `from[*]`, `from.*`, `from[?test]`, and what stands behind it, asked of each. */
  | { readonly is: "each" | "values"; readonly of: readonly [from: Node, each: Node] }
  | { readonly is: "filter"; readonly of: readonly [from: Node, each: Node, test: Node] }
  | { readonly is: "flatten" | "not"; readonly of: readonly [Node] }
  | { readonly is: "list" | "or" | "and"; readonly of: readonly Node[] }
  | { readonly is: "object"; readonly names: readonly string[]; readonly of: readonly Node[] }
  | { readonly is: "compare"; readonly sign: Sign; readonly of: readonly [Node, Node] }
  /** `&total` is a `reference`, and stands nowhere but as an argument. */
  | { readonly is: "reference"; readonly of: readonly [Node] }
  | { readonly is: "call"; readonly name: string; readonly of: readonly Node[] };

/** What nests deeper is refused: whoever walks the tree does so by recursion. */
export const DEEPEST = 200;

/** What is wrong with an expression, and where; `at` counts from 0. */
export function refused(expression: string, at: number, why: string, hint: string): AppError {
  const rest = expression.slice(at);
  const there = rest === ""
    ? "at its end"
    : `at character ${at + 1}, "${rest.slice(0, 20)}${rest.length > 20 ? "…" : ""}"`;
  return new AppError("usage", `cannot use --query: ${why}, ${there}`, { hint });
}

/** A word as a shell takes it as it is; control characters as bash, zsh and ksh take them, because a message shows none. */
export function quoted(word: string): string {
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x1f\x7f]/.test(word)) return `$'${word.replace(/[\\'\x00-\x1f\x7f]/g, escaped)}'`;
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function escaped(char: string): string {
  return char >= " " && char <= "~" ? `\\${char}` : `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
