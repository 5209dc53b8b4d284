/**
 * What a tenant's server offers, as a text of lines in the order of what they begin with: whoever wants one operation finds
 * one line by halves, however many there are. They are written by `lines.ts`.
 *
 * ```
 * q orders<TAB>"about"<TAB>["OrderPage",[["page","Int","1","about"],…]]
 * m orders_cancel<TAB>…          s … a subscription; Q, M: deprecated; x, y: a query or mutation that cannot be called
 * t Order<TAB>"about"<TAB>["OBJECT",[["id","ID!","about",0],…],[],[]]
 * ```
 *
 * @module
 */

/** An argument, or a field of an input. */
export interface Input {
  name: string;
  /** As GraphQL writes it: `[OrderItemInput!]!`. */
  type: string;
  /** As GraphQL writes it; absent where there is none. */
  standard?: string | undefined;
  about: string;
  /** Why it is, perhaps an empty text; absent where it is not. */
  deprecated?: string;
}

export interface Field {
  name: string;
  type: string;
  about: string;
  /** It cannot be asked for without an argument. */
  demanding: boolean;
  deprecated: boolean;
}

export interface Operation {
  kind: "query" | "mutation" | "subscription";
  name: string;
  about: string;
  /** Why it is, perhaps an empty text. */
  deprecated: string | undefined;
  returns: string;
  args: readonly Input[];
  /** Arguments that must be given and whose types are not known: it cannot be called. */
  lacks?: readonly string[];
}

export interface Type {
  name: string;
  kind: string;
  about: string;
  fields: readonly Field[];
  inputs: readonly Input[];
  /** Of an enum; of a union or an interface the types that it may be. */
  values: readonly string[];
  /** Inputs whose types are not known. */
  lacks?: readonly string[];
}

/** A name that may stand in a document. Two underscores are GraphQL's own. */
export const NAME = /^(?!__)[_A-Za-z]\w*$/;

const KINDS = { q: "query", m: "mutation", s: "subscription", x: "query", y: "mutation" } as const;
/** Of what is called, what is deprecated, and what cannot be called. */
export const LETTERS = { query: "qQx", mutation: "mMy", subscription: "sSs" } as const;

type Written = [name: string, type: string, standard: string | null, about: string, deprecated?: string];
const readInput = ([name, type, standard, about, deprecated]: Written): Input => ({
  name,
  type,
  about,
  ...standard !== null && { standard },
  ...deprecated !== undefined && { deprecated },
});

export class Book {
  /** Those that were read. */
  readonly #types = new Map<string, Type | undefined>();

  /** Lines as {@link Book.of} puts them. */
  constructor(private readonly text: string) {}

  /** `lines` as they are written above, in any order. */
  static of(lines: readonly string[]): Book {
    return new Book(`\n${lines.toSorted().join("\n")}\n`);
  }

  toString(): string {
    return this.text;
  }

  /**
   * By its name, its alias on the bus (`orders.updateStatus`), or either with other signs between its words; `mutation:cart`
   * where a query has the same name.
   */
  operation(given: string): Operation | undefined {
    const [, kind, word = given] = /^(query|mutation|subscription):(.*)$/s.exec(given) ?? [];
    const letters = kind ? LETTERS[kind as Operation["kind"]] : "qmQMsSxy";
    const found = this.#line(letters, word) ?? this.#other(letters, word);
    return found === undefined ? this.#byAlias(word) : operation(found);
  }

  /** A query and a mutation have that name. */
  isTwice(name: string): boolean {
    return this.#line(LETTERS.query, name) !== undefined && this.#line(LETTERS.mutation, name) !== undefined;
  }

  type(name: string): Type | undefined {
    if (!this.#types.has(name)) this.#types.set(name, this.#read(name));
    return this.#types.get(name);
  }

  #read(name: string): Type | undefined {
    const found = this.#line("t", name);
    if (!found) return undefined;
    const [about, [kind, fields, inputs, values, lacks]] = parts(found);
    return {
      name,
      kind,
      about,
      fields: fields.map(([name, type, about, flags]: [string, string, string, number]) => ({
        name,
        type,
        about,
        demanding: (flags & 1) > 0,
        deprecated: (flags & 2) > 0,
      })),
      inputs: inputs.map(readInput),
      values,
      lacks,
    };
  }

  /** What stands before the second TAB of every operation's line; of those whose name begins so. `letters`: of others. */
  index(
    begins = "",
    letters = "qmsQM",
  ): { kind: Operation["kind"] | "type"; name: string; about: string; deprecated: boolean }[] {
    const { text } = this;
    const found: ReturnType<Book["index"]> = [];
    for (const letter of letters) {
      const start = `${letter} ${begins}`;
      for (let at = this.#from(start); text.startsWith(start, at); at = text.indexOf("\n", at) + 1) {
        const tab = text.indexOf("\t", at);
        const about: string = JSON.parse(text.slice(tab + 1, text.indexOf("\t", tab + 1)));
        found.push({
          kind: letter === "t" ? "type" : kindOf(letter),
          name: text.slice(at + 2, tab),
          about,
          deprecated: letter < "a",
        });
      }
    }
    return found;
  }

  operations(): Operation[] {
    return Array.from(this.text.matchAll(/^[qmsQM] .*$/gm), ([line]) => operation(line));
  }

  /** With other signs between its words. */
  #other(letters: string, word: string): string | undefined {
    const snake = word.replaceAll(/([a-z\d])([A-Z])/g, "$1_$2").replaceAll(/[.-]/g, "_");
    return this.#line(letters, snake) ?? this.#line(letters, snake.toLowerCase());
  }

  #line(letters: string, name: string): string | undefined {
    if (!NAME.test(name)) return undefined;
    for (const letter of letters) {
      const start = `${letter} ${name}\t`;
      const at = this.#from(start);
      if (this.text.startsWith(start, at)) return this.text.slice(at, this.text.indexOf("\n", at));
    }
    return undefined;
  }

  /** Where the first line begins that does not stand before `start`. */
  #from(start: string): number {
    let [first, end] = [1, this.text.length];
    while (first < end) {
      const at = this.text.lastIndexOf("\n", ((first + end) >> 1) - 1) + 1;
      if (this.text.slice(at, at + start.length) < start) first = this.text.indexOf("\n", at) + 1;
      else end = at;
    }
    return first;
  }

  /** An operation's description begins with its alias. */
  #byAlias(word: string): Operation | undefined {
    if (!/^[a-z]\w*(\.[a-z]\w*)+$/.test(word)) return undefined;
    for (const { name, about } of this.index()) {
      if (about.startsWith(word) && !/^[\w.]/.test(about.slice(word.length))) return this.operation(name);
    }
    return undefined;
  }
}

function operation(line: string): Operation {
  const [about, [returns, args, why, lacks]] = parts(line);
  const [letter, name] = line.slice(0, line.indexOf("\t")).split(" ") as [string, string];
  return {
    kind: kindOf(letter),
    name,
    about,
    deprecated: letter < "a" ? why : undefined,
    returns,
    args: args.map(readInput),
    lacks,
  };
}

const kindOf = (letter: string) => KINDS[letter.toLowerCase() as keyof typeof KINDS];

// deno-lint-ignore no-explicit-any -- written above, and its sum was compared
function parts(line: string): [about: string, rest: any] {
  const [, about = "", rest = ""] = line.split("\t");
  return [JSON.parse(about), JSON.parse(rest)];
}

/** An operation's description: its alias on the bus, which it begins with, and the rest on one line. */
export function saidOf(about: string): { alias: string | undefined; text: string } {
  const [, alias, rest] = /^([a-z]\w*(?:\.[a-z]\w*)+)(?![\w.]):?\s*(.*)$/s.exec(about) ?? [];
  return { alias, text: (alias === undefined ? about : rest!).replaceAll(/\s+/g, " ").trim() };
}
