/**
 * Introspection JSON → a book. Nothing is believed of it: what is no GraphQL name, or is not complete, is left out and
 * counted.
 *
 * @module
 */

import { member } from "../api/mod.ts";
import { Book, type Field, type Input, NAME, type Operation, type Type } from "./book.ts";
import { writeOperation, writeType } from "./lines.ts";

export interface Digest {
  book: Book;
  /** Names that are left out. */
  skipped: number;
  /** Types with fields whose own type is nested deeper than was asked for. */
  deep: readonly string[];
}

/** `schema` is the value of `__schema`; undefined when it is none. */
export function digest(schema: unknown): Digest | undefined {
  const types = member(schema, "types");
  if (!Array.isArray(types)) return undefined;
  return new Digester(schema, types).digest();
}

/** Lists, and what is there in any case, around a type. */
export const DEEPEST = 9;

const ROOTS = [["query", "queryType"], ["mutation", "mutationType"], ["subscription", "subscriptionType"]] as const;

class Digester {
  #skipped = 0;
  readonly #deep = new Set<string>();
  readonly #kinds = new Map<string, string>();

  constructor(private readonly schema: unknown, private readonly types: readonly unknown[]) {}

  digest(): Digest {
    const named = this.types.filter((type) => {
      const name = member(type, "name");
      return typeof name === "string" && !name.startsWith("__") && this.#isName(name);
    });
    for (const type of named) this.#kinds.set(text(type, "name"), text(type, "kind"));
    const lines = named.map((type) => writeType(this.#type(type)));
    for (const [kind, root] of ROOTS) {
      const name = text(member(this.schema, root), "name");
      const type = named.find((one) => text(one, "name") === name);
      for (const field of list(type, "fields")) {
        const operation = this.#operation(kind, name, field);
        if (operation) lines.push(writeOperation(operation));
      }
    }
    return { book: Book.of(lines), skipped: this.#skipped, deep: [...this.#deep] };
  }

  #type(type: unknown): Type {
    const name = text(type, "name");
    return {
      name,
      kind: text(type, "kind"),
      about: text(type, "description"),
      fields: list(type, "fields").flatMap((field) => this.#field(name, field) ?? []),
      ...this.#inputs(name, list(type, "inputFields"), () => true),
      values: [...list(type, "enumValues"), ...list(type, "possibleTypes")].map((value) => text(value, "name"))
        .filter((value) => this.#isName(value)),
    };
  }

  #field(of: string, field: unknown): Field | undefined {
    const found = this.#named(of, field);
    return found && {
      ...found,
      demanding: list(field, "args").some((arg) => {
        const input = this.#input(of, arg);
        return !input || input.type.endsWith("!") && input.standard === undefined;
      }),
      deprecated: member(field, "isDeprecated") === true,
    };
  }

  #operation(kind: Operation["kind"], of: string, field: unknown): Operation | undefined {
    const found = this.#named(of, field);
    if (!found) return undefined;
    const { name, about, type } = found;
    const { inputs: args, lacks } = this.#inputs(of, list(field, "args"), isNeeded);
    return { kind, name, about, deprecated: deprecation(field), returns: type, args, lacks };
  }

  /** Those that are deprecated last. `counts`: whether one of no known type is lacked. */
  #inputs(of: string, all: readonly unknown[], counts: (input: unknown) => boolean) {
    const inputs: Input[] = [], lacks: string[] = [];
    for (const one of all) {
      const input = this.#input(of, one);
      if (input) inputs.push(input);
      else if (counts(one)) lacks.push(text(one, "name"));
    }
    const { live = [], old = [] } = Object.groupBy(
      inputs,
      ({ deprecated }) => deprecated === undefined ? "live" : "old",
    );
    return { inputs: [...live, ...old], lacks };
  }

  #input(of: string, input: unknown): Input | undefined {
    const found = this.#named(of, input);
    const [standard, deprecated] = [member(input, "defaultValue"), deprecation(input)];
    return found && {
      ...found,
      ...typeof standard === "string" && { standard: cut(standard) },
      ...deprecated !== undefined && { deprecated },
    };
  }

  #named(of: string, value: unknown): { name: string; about: string; type: string } | undefined {
    const name = text(value, "name");
    if (!this.#isName(name)) return undefined;
    const type = this.#reference(member(value, "type"));
    if (type === "deep") this.#deep.add(of);
    if (type === "deep" || type === undefined) {
      this.#skipped++;
      return undefined;
    }
    return { name, about: text(value, "description"), type };
  }

  /** `[Item!]!`; a type that is in no list of types is none. */
  #reference(type: unknown, left = DEEPEST): string | "deep" | undefined {
    const name = member(type, "name");
    const kind = member(type, "kind");
    if (typeof name === "string") return this.#kinds.has(name) ? name : undefined;
    if (kind !== "LIST" && kind !== "NON_NULL") return left < DEEPEST ? "deep" : undefined;
    const inner = left === 0 ? "deep" : this.#reference(member(type, "ofType"), left - 1);
    if (inner === undefined || inner === "deep") return inner;
    return kind === "LIST" ? `[${inner}]` : `${inner}!`;
  }

  #isName(name: string): boolean {
    if (NAME.test(name)) return true;
    this.#skipped++;
    return false;
  }
}

/** Why it is deprecated; undefined where it is not. */
function deprecation(value: unknown): string | undefined {
  return member(value, "isDeprecated") === true ? text(value, "deprecationReason") : undefined;
}

/** An argument that must be given. */
function isNeeded(input: unknown): boolean {
  return text(member(input, "type"), "kind") === "NON_NULL" && typeof member(input, "defaultValue") !== "string";
}

function list(value: unknown, name: string): readonly unknown[] {
  const found = member(value, name);
  return Array.isArray(found) ? found : [];
}

/** Of a text that is longer than any that explains something the beginning is kept. */
function text(value: unknown, name: string): string {
  const found = member(value, name);
  return typeof found === "string" ? cut(found) : "";
}

/** Characters of a description, a default, a name. */
const LONGEST = 2_000;

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
