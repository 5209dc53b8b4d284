/**
 * A tree, asked of a value.
 *
 * @module
 */

import { checkArgument, checkKeys } from "./arguments.ts";
import { FUNCTIONS, type Reference } from "./functions.ts";
import { areAmounts, isAmount, isOtherNumber, isSameAmount, toNumber } from "./numbers.ts";
import { takesAny } from "./signatures.ts";
import type { Node, Sign } from "./tree.ts";
import { isSame, isTrue, kindOf, Meter, order } from "./values.ts";

type Call = Extract<Node, { is: "call" }>;

/** One evaluation. Throws `usage` when it takes too much, or a function is given what it does not take. */
export class Evaluation {
  readonly meter = new Meter();
  /** Where amounts that are text were sorted or compared. */
  readonly asText = new Set<Node>();
  /** The first text of which no number was made, and that looks like one. */
  unread: string | undefined;

  constructor(private readonly expression: string) {}

  /** A function for the node: it is called for each of 10,000 rows. */
  of(node: Node): Reference {
    const { meter } = this;
    switch (node.is) {
      case "current":
        return (value) => value;
      case "field": {
        const { name } = node;
        return (value) => {
          meter.step();
          return typeof value === "object" && value !== null && Object.hasOwn(value, name) && kindOf(value) === "object"
            ? (value as Record<string, unknown>)[name]
            : null;
        };
      }
      case "literal":
        return () => node.value;
      case "index":
        return (value) => Array.isArray(value) ? value.at(node.index) ?? null : null;
      case "slice":
        return (value) => Array.isArray(value) ? this.#slice(value, node.parts) : null;
      case "chain": {
        const parts = node.of.map((part) => this.of(part));
        return (value) => {
          let found = value;
          for (const part of parts) found = part(found);
          return found;
        };
      }
      case "each":
      case "values":
      case "filter":
        return this.#each(node);
      case "flatten": {
        const from = this.of(node.of[0]);
        return (value) => {
          const list = from(value);
          if (!Array.isArray(list)) return null;
          for (const one of list) meter.step(Array.isArray(one) ? one.length : 1); // before there is room for all
          return list.flat();
        };
      }
      case "not": {
        const not = this.of(node.of[0]);
        return (value) => !isTrue(not(value), meter);
      }
      case "list": {
        const parts = node.of.map((part) => this.of(part));
        return (value) => value === null ? null : this.#made(parts.map((part) => part(value)));
      }
      case "object":
        return this.#object(node.names, node.of.map((part) => this.of(part)));
      case "or":
      case "and":
        return this.#either(node.of.map((part) => this.of(part)), node.is === "or");
      case "compare": {
        const [one, other] = [this.of(node.of[0]), this.of(node.of[1])];
        return (value) => this.#compare(node, node.sign, one(value), other(value));
      }
      case "reference": {
        const reference = this.of(node.of[0]);
        return () => reference;
      }
      case "call": {
        const args = node.of.map((part) => this.of(part));
        const run = FUNCTIONS[node.name]!;
        const isFree = args.map((_, at) => takesAny(node.name, at));
        const of = {
          meter,
          ordered: (keys: readonly unknown[]) => this.#ordered(node, keys),
          same: (a: unknown, b: unknown) => this.#same(node, a, b),
          number: (value: unknown) => this.#number(value),
        };
        return (value) => {
          meter.step();
          const given = args.map((arg) => arg(value));
          for (let at = 0; at < given.length; at++) {
            meter.look(given[at]);
            if (!isFree[at]) checkArgument(this.expression, node, at, given[at], meter);
          }
          const made = run(of, ...given);
          return Array.isArray(made) ? this.#made(made) : made;
        };
      }
    }
  }

  #object(names: readonly string[], parts: readonly Reference[]): Reference {
    const isPlain = !names.includes("__proto__");
    return (value) => {
      if (value === null) return null;
      this.meter.step(parts.length);
      if (!isPlain) return Object.fromEntries(parts.map((part, at) => [names[at]!, part(value)]));
      const made: Record<string, unknown> = {};
      for (let at = 0; at < parts.length; at++) made[names[at]!] = parts[at]!(value);
      return made;
    };
  }

  #made<T extends readonly unknown[]>(list: T): T {
    this.meter.step(list.length);
    return list;
  }

  #each(node: Extract<Node, { is: "each" | "values" | "filter" }>): Reference {
    const [from, each] = [this.of(node.of[0]), this.of(node.of[1])];
    const test = node.is === "filter" ? this.of(node.of[2]) : undefined;
    const isObject = node.is === "values";
    return (value) => {
      const all = from(value);
      if (isObject ? kindOf(all) !== "object" : !Array.isArray(all)) return null;
      const found: unknown[] = [];
      for (const one of isObject ? Object.values(all as object) : all as unknown[]) {
        this.meter.step();
        if (test && !isTrue(test(one), this.meter)) continue;
        const made = each(one);
        if (made !== null) found.push(made);
      }
      return found;
    };
  }

  #slice(list: unknown[], [first, last, step = 1]: readonly (number | undefined)[]): unknown[] {
    if (step === 1) return this.#made(list.slice(first, last));
    const { length } = list;
    const [least, most] = step > 0 ? [0, length] : [-1, length - 1];
    const place = (at: number) => Math.min(Math.max(at < 0 ? at + length : at, least), most);
    const end = last === undefined ? (step > 0 ? most : least) : place(last);
    const found: unknown[] = [];
    for (
      let at = first === undefined ? (step > 0 ? least : most) : place(first);
      step > 0 ? at < end : at > end;
      at += step
    ) {
      found.push(list[at]);
    }
    return this.#made(found);
  }

  #either(parts: readonly Reference[], until: boolean): Reference {
    return (value) => {
      let found: unknown = null;
      for (const part of parts) {
        found = part(value);
        if (isTrue(found, this.meter) === until) return found;
      }
      return found;
    };
  }

  #compare(node: Node, sign: Sign, a: unknown, b: unknown): boolean | null {
    if (sign === "==" || sign === "!=") return this.#same(node, a, b) === (sign === "==");
    if (isAmount(a) || isAmount(b)) this.asText.add(node);
    const order_ = order(a, b, this.meter);
    if (order_ === undefined) return null;
    return order_ === 0 ? sign.length === 2 : (order_ < 0) === sign.startsWith("<");
  }

  /** Notes where the same amount is written in two ways. */
  #same(node: Node, a: unknown, b: unknown): boolean {
    const same = isSame(a, b, this.meter);
    if (!same && isSameAmount(a, b)) this.asText.add(node);
    return same;
  }

  #number(value: unknown): unknown {
    const number = toNumber(value);
    if (number === null && typeof value === "string" && isOtherNumber(value)) this.unread ??= value;
    return number;
  }

  /** Refuses keys that have no order, and notes those that are amounts. */
  #ordered(node: Call, keys: readonly unknown[]): void {
    this.meter.step((keys.length * Math.ceil(Math.log2(keys.length + 1))) >> 1);
    const kind = checkKeys(this.expression, node, keys);
    if (kind === "string" && keys.length > 1 && areAmounts(keys)) this.asText.add(node);
  }
}
