/**
 * What an expression is asked of, as far as that is known before there is an answer; and what is wrong with it then.
 *
 * @module
 */

import { numberOf } from "./numbers.ts";
import type { Node } from "./tree.ts";

/**
 * Undefined: anything. Money is text, which looks like a number and is ordered as text. `at`: a list that was written
 * member by member.
 */
export type Shape =
  | undefined
  | "money"
  | "number"
  | "plain"
  | { readonly list: Shape; readonly at?: readonly Shape[] }
  | { readonly of: Members };
export type Members = Readonly<Record<string, Shape>>;

/** What was found out on the way. */
export interface Foreseen {
  /** Where money is sorted or compared as text. */
  asText: Set<Node>;
  /** Where a function is given money that takes numbers. */
  noNumber: Set<Node>;
  missing: Missing[];
  /** Whether amounts are added or compared as numbers, whatever their currencies. */
  mixes: boolean;
  /** What is asked for by name, wherever it stands. */
  names: Set<string>;
}

/** A name that is not there, and those that are; a list has none. */
export interface Missing {
  node: Extract<Node, { is: "field" }>;
  known: readonly string[] | undefined;
}

export function foresee(node: Node, shape: Shape): Foreseen {
  const found: Foreseen = { asText: new Set(), noNumber: new Set(), missing: [], mixes: false, names: new Set() };
  const walk = new Walk(found);
  walk.of(node, shape);
  found.mixes = walk.seen.has("number") && walk.seen.has("order") && !walk.seen.has("currency");
  return found;
}

class Walk {
  /** An amount as a number; what adds or compares; a look at the currency. */
  readonly seen = new Set<"number" | "order" | "currency">();

  /** Whose names are the expression's own. */
  readonly #made = new WeakSet<object>();

  constructor(private readonly found: Foreseen) {}

  /** The shape of what a node gives. */
  of(node: Node, shape: Shape): Shape {
    switch (node.is) {
      case "current":
        return shape;
      case "field":
        return this.#field(node, shape);
      case "literal":
        return numberOf(node.value) !== undefined ? "number" : typeof node.value === "string" ? "plain" : undefined;
      case "index":
        return isList(shape) && shape.at ? shape.at.at(node.index) : inside(shape);
      case "slice":
        return shape;
      case "chain":
        return node.of.reduce((found, part) => this.of(part, found), shape);
      case "each":
        return { list: this.of(node.of[1], inside(this.of(node.of[0], shape))) };
      case "values":
        return { list: this.of(node.of[1], common(Object.values(members(this.of(node.of[0], shape)) ?? {}))) };
      case "filter": {
        const each = inside(this.of(node.of[0], shape));
        this.of(node.of[2], each);
        return { list: this.of(node.of[1], each) };
      }
      case "flatten": {
        const each = inside(this.of(node.of[0], shape));
        return { list: isList(each) ? each.list : each };
      }
      case "not":
        this.of(node.of[0], shape);
        return "plain";
      case "list": {
        const at = node.of.map((part) => this.of(part, shape));
        return { list: at.every((one) => one === at[0]) ? at[0] : undefined, at };
      }
      case "object":
        return this.#own({
          of: Object.fromEntries(node.of.map((part, at) => [node.names[at]!, this.of(part, shape)])),
        });
      case "or":
      case "and":
        return common(node.of.map((part) => this.of(part, shape)));
      case "compare": {
        const [one, other] = node.of.map((part) => this.of(part, shape));
        const isMoney = one === "money" || other === "money";
        const isEqual = node.sign === "==" || node.sign === "!=";
        if (!isEqual) this.seen.add("order");
        if (isMoney && (!isEqual || one === "number" || other === "number")) this.found.asText.add(node);
        return "plain";
      }
      case "reference":
        return undefined;
      case "call":
        return this.#call(node, shape);
    }
  }

  #own<S extends object>(shape: S): S {
    this.#made.add(shape);
    return shape;
  }

  #field(node: Missing["node"], shape: Shape): Shape {
    const known = members(shape);
    if (node.name === "currency") this.seen.add("currency");
    if (typeof shape !== "object" || !this.#made.has(shape)) this.found.names.add(node.name);
    if (known && Object.hasOwn(known, node.name)) return known[node.name];
    if (known || isList(shape)) this.found.missing.push({ node, known: known && Object.keys(known) });
    return undefined;
  }

  #call(node: Extract<Node, { is: "call" }>, shape: Shape): Shape {
    const args = node.of.map((part) => this.of(part, shape));
    const [first] = args;
    if (/^(?:sum|avg|(?:max|min|sort)(?:_by)?)$/.test(node.name)) this.seen.add("order");
    const by = (at: number, each: Shape) =>
      this.of(node.of[at]!.is === "reference" ? inner(node.of[at]!) : node.of[at]!, each);
    switch (node.name) {
      case "sort_by":
      case "max_by":
      case "min_by":
        if (by(1, inside(first)) === "money") this.found.asText.add(node);
        return node.name === "sort_by" ? first : inside(first);
      case "sort":
      case "max":
      case "min":
        if (inside(first) === "money") this.found.asText.add(node);
        return node.name === "sort" ? first : inside(first);
      case "map":
        return { list: by(0, inside(args[1])) };
      case "contains":
        if (inside(first) === "money" && args[1] === "number") this.found.asText.add(node);
        return "plain";
      case "sum":
      case "avg":
        if (inside(first) === "money") this.found.noNumber.add(node);
        return "number";
      case "abs":
      case "ceil":
      case "floor":
        if (first === "money") this.found.noNumber.add(node);
        return "number";
      case "to_number":
        if (first === "money") this.seen.add("number");
        return "number";
      case "length":
        return "number";
      case "reverse":
        return first;
      case "not_null":
        return common(args);
      case "to_array":
        return first === undefined || isList(first) ? first : { list: first };
      case "values":
        return { list: common(Object.values(members(first) ?? {})) };
      case "merge": {
        const all = args.map(members);
        return all.includes(undefined) ? undefined : { of: Object.assign({}, ...all) };
      }
      case "keys":
        return { list: "plain" };
      default:
        return "plain";
    }
  }
}

const isList = (shape: Shape): shape is { list: Shape; at?: readonly Shape[] } =>
  typeof shape === "object" && "list" in shape;

function inside(shape: Shape): Shape {
  return isList(shape) ? shape.list : undefined;
}

function members(shape: Shape): Members | undefined {
  return typeof shape === "object" && "of" in shape ? shape.of : undefined;
}

/** The one that all have; money where only text is beside it. */
function common(shapes: readonly Shape[]): Shape {
  const [first, ...rest] = new Set(shapes.includes("money") ? shapes.filter((one) => one !== "plain") : shapes);
  return rest.length === 0 ? first : undefined;
}

function inner(node: Node): Node {
  return node.is === "reference" ? node.of[0] : node;
}

/** Whatever it is asked of. */
function isNumber(node: Node): boolean {
  return node.is === "literal" ? numberOf(node.value) !== undefined : node.is === "call" && node.name === "to_number";
}

/** The same expression with numbers where those nodes take text that looks like them. */
export function repaired(expression: string, nodes: Iterable<Node>): string {
  const edits: { at: number; text: string }[] = [];
  const wrap = ({ at, end }: Node, before: string) => edits.push({ at, text: before }, { at: end, text: ")" });
  for (const node of nodes) {
    if (node.is === "compare") {
      for (const side of node.of) if (!isNumber(side)) wrap(side, "to_number(");
    } else if (node.is === "call") {
      const by = node.of.find(({ is }) => is === "reference");
      const single = ["abs", "ceil", "floor"].includes(node.name);
      if (by || single) wrap(by ? inner(by) : node.of[0]!, "to_number(");
      else wrap(node.of[0]!, "map(&to_number(@), ");
      if (node.name === "contains" && !isNumber(node.of[1]!)) wrap(node.of[1]!, "to_number(");
    }
  }
  let text = "", from = 0;
  for (const edit of edits.toSorted((a, b) => a.at - b.at)) {
    text += expression.slice(from, edit.at) + edit.text;
    from = edit.at;
  }
  return text + expression.slice(from);
}
