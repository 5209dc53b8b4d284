/**
 * Tokens → a tree, by their binding powers (https://jmespath.org/specification.html#grammar, Pratt's way).
 *
 * @module
 */

import { type Token, tokens } from "./lexer.ts";
import { unexpected } from "./misread.ts";
import { misuse } from "./signatures.ts";
import { DEEPEST, type Kind, type Node, type Place, refused, type Sign } from "./tree.ts";

/** How strongly a token binds what stands before it; none: not at all. */
// deno-fmt-ignore
const POWER: Readonly<Record<string, number>> = {
  "|": 1, "||": 2, "&&": 3, "==": 5, "!=": 5, "<": 5, "<=": 5, ">": 5, ">=": 5,
  "[]": 9, "*": 20, "[?": 21, ".": 40, "!": 45, "{": 50, "[": 55, "(": 60,
};
/** What binds less ends a projection. */
const ENDS_PROJECTION = 10;

/** Throws `usage`, with the place of what is wrong. */
export function parse(expression: string): Node {
  return new Parser(expression).whole();
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(private readonly expression: string) {
    this.#tokens = tokens(expression);
  }

  whole(): Node {
    const node = this.#expression(0);
    if (this.#peek.is !== "end") throw this.#unexpected();
    return node;
  }

  get #peek(): Token {
    return this.#tokens[this.#next]!;
  }

  #take(is?: string): Token {
    const token = this.#peek;
    if (is !== undefined && token.is !== is) throw this.#unexpected(is);
    if (token.is !== "end") this.#next++;
    return token;
  }

  #takes(is: string): boolean {
    if (this.#peek.is !== is) return false;
    this.#next++;
    return true;
  }

  #unexpected(wanted?: string) {
    return unexpected(this.expression, this.#peek, wanted);
  }

  /** A node from there to here. */
  #node(kind: Kind, from: Place): Node {
    const parts = "of" in kind ? kind.of : [];
    const depth = 1 + parts.reduce((most, part) => Math.max(most, part.depth), 0);
    if (depth > DEEPEST) throw this.#tooDeep(from.at);
    return { ...kind, at: from.at, end: Math.max(from.end, this.#tokens[this.#next - 1]?.end ?? 0), depth } as Node;
  }

  #tooDeep(at: number) {
    return refused(this.expression, at, `it nests more than ${DEEPEST} deep`, "take it apart with pipes: a | b");
  }

  #expression(power: number): Node {
    if (++this.#depth > DEEPEST) throw this.#tooDeep(this.#peek.at);
    let left = this.#begin(this.#take());
    while (power < (POWER[this.#peek.is] ?? 0)) left = this.#goOn(left, this.#take());
    this.#depth--;
    return left;
  }

  #begin(token: Token): Node {
    const { is, value } = token;
    switch (is) {
      case "literal":
        return this.#node({ is, value }, token);
      case "name":
        return this.#peek.is === "(" ? this.#call(token) : this.#node({ is: "field", name: value as string }, token);
      case "quoted":
        return this.#node({ is: "field", name: value as string }, token);
      case "@":
        return this.#node({ is: "current" }, token);
      case "*": {
        const from = this.#here(token);
        const each = this.#peek.is === "]" ? this.#here(token) : this.#behind(POWER["*"]!);
        return this.#node({ is: "values", of: [from, each] }, token);
      }
      case "[?":
      case "[]":
        return this.#goOn(this.#here(token), token);
      case "{":
        return this.#object(token);
      case "(": {
        const inner = this.#expression(0);
        return { ...inner, at: token.at, end: this.#take(")").end };
      }
      case "!":
        return this.#node({ is: "not", of: [this.#expression(POWER["!"]!)] }, token);
      case "[":
        return this.#bracket(undefined, token) ?? this.#list(token);
    }
    this.#next = this.#tokens.indexOf(token);
    throw this.#unexpected();
  }

  #goOn(left: Node, token: Token): Node {
    const { is } = token;
    switch (is) {
      case ".": {
        if (!this.#takes("*")) return this.#chain(left, this.#afterDot(POWER["."]!));
        return this.#node({ is: "values", of: [left, this.#behind(POWER["."]!)] }, left);
      }
      case "|":
        return this.#chain(left, this.#expression(POWER["|"]!));
      case "||":
        return this.#several("or", left, [this.#expression(POWER["||"]!)]);
      case "&&":
        return this.#several("and", left, [this.#expression(POWER["&&"]!)]);
      case "[?": {
        const test = this.#expression(0);
        this.#take("]");
        const each = this.#peek.is === "[]" ? this.#here(token) : this.#behind(POWER["[]"]!);
        return this.#node({ is: "filter", of: [left, each, test] }, left);
      }
      case "[]": {
        const flat = this.#node({ is: "flatten", of: [left] }, left);
        return this.#node({ is: "each", of: [flat, this.#behind(POWER["[]"]!)] }, left);
      }
      case "[": {
        const found = this.#bracket(left, token);
        if (found) return found;
        break;
      }
      default:
        if (POWER[is] === POWER["=="]) {
          return this.#node({ is: "compare", sign: is as Sign, of: [left, this.#expression(POWER["=="]!)] }, left);
        }
        this.#next--;
    }
    throw this.#unexpected();
  }

  /** Nothing was written, and what is there is meant. */
  #here({ at }: Place): Node {
    return { is: "current", at, end: at, depth: 1 };
  }

  #chain(left: Node, right: Node): Node {
    return this.#several("chain", left, right.is === "chain" ? right.of : [right]);
  }

  /** The same node goes on: it is nobody else's yet, and a copy for each of 4,000 pipes would take a second. */
  #several(is: "chain" | "or" | "and", left: Node, right: readonly Node[]): Node {
    if (left.is !== is) return this.#node({ is, of: [left, ...right] }, left);
    const { end, depth } = this.#node({ is, of: right }, left);
    (left.of as Node[]).push(...right);
    return Object.assign(left, { end, depth: Math.max(left.depth, depth) });
  }

  /** What is asked of each of a projection. */
  #behind(power: number): Node {
    const token = this.#peek;
    if ((POWER[token.is] ?? 0) < ENDS_PROJECTION) return this.#here(token);
    if (token.is === "[" || token.is === "[?") return this.#expression(power);
    if (this.#takes(".")) return this.#afterDot(power);
    throw this.#unexpected();
  }

  #afterDot(power: number): Node {
    const token = this.#peek;
    if (["name", "quoted", "*"].includes(token.is)) return this.#expression(power);
    if (this.#takes("[")) return this.#list(token);
    if (this.#takes("{")) return this.#object(token);
    throw this.#unexpected();
  }

  /** `[0]`, `[1:2]`, `[*]`; undefined where a list begins. */
  #bracket(left: Node | undefined, open: Token): Node | undefined {
    const { is } = this.#peek;
    const from = left ?? this.#here(open);
    if (is === "*" && this.#tokens[this.#next + 1]?.is === "]") {
      this.#next += 2;
      return this.#node({ is: "each", of: [from, this.#behind(POWER["*"]!)] }, from);
    }
    if (is !== "number" && is !== ":") return undefined;
    const parts: (number | undefined)[] = [];
    do {
      parts.push(this.#peek.is === "number" ? this.#take().value as number : undefined);
    } while (parts.length < 3 && this.#takes(":"));
    this.#take("]");
    if (parts.length === 1) return this.#chain(from, this.#node({ is: "index", index: parts[0]! }, open));
    if (parts[2] === 0) {
      throw refused(this.expression, open.at, "a step of 0 goes nowhere", "write, for example: --query '[::2]'");
    }
    const slice = this.#chain(from, this.#node({ is: "slice", parts }, open));
    return this.#node({ is: "each", of: [slice, this.#behind(POWER["*"]!)] }, from);
  }

  #list(open: Token): Node {
    const parts = [this.#expression(0)];
    while (this.#takes(",")) parts.push(this.#expression(0));
    this.#take("]");
    return this.#node({ is: "list", of: parts }, open);
  }

  #object(open: Token): Node {
    const names: string[] = [], parts: Node[] = [];
    do {
      const name = this.#take(this.#peek.is === "quoted" ? "quoted" : "name");
      names.push(name.value as string);
      this.#take(":");
      parts.push(this.#expression(0));
    } while (this.#takes(","));
    this.#take("}");
    return this.#node({ is: "object", names, of: parts }, open);
  }

  #call(token: Token): Node {
    const name = token.value as string;
    this.#take("(");
    const args: Node[] = [];
    if (!this.#takes(")")) {
      do args.push(this.#argument()); while (this.#takes(","));
      this.#take(")");
    }
    const wrong = misuse(name, args);
    if (wrong) {
      const { why, hint, plain } = wrong;
      const written = plain && this.expression.slice(plain.at, plain.end);
      throw refused(this.expression, plain?.at ?? token.at, why, written ? `write: &${written.slice(0, 200)}` : hint);
    }
    return this.#node({ is: "call", name, of: args }, token);
  }

  #argument(): Node {
    const token = this.#peek;
    if (!this.#takes("&")) return this.#expression(0);
    return this.#node({ is: "reference", of: [this.#expression(0)] }, token);
  }
}
