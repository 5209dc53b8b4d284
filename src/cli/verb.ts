/**
 * What a command is, as data: its words, its options and arguments, and what it does.
 *
 * @module
 */

import type { App } from "../app.ts";
import type { Needs } from "../drop.ts";
import type { Kind } from "../errors.ts";
import type { Fields } from "../fields/mod.ts";
import type { PermissionName } from "../system/mod.ts";

/** A value as JSON Schema names it. */
export interface Schema {
  readonly type: "string" | "integer" | "number" | "boolean";
  readonly enum?: readonly string[];
}

/** A word that stands for a value. */
export interface Value<out T> {
  /** What stands for it in a help: `status`, `number`. */
  readonly shown: string;
  readonly schema: Schema;
  /** `from` says where the word stood: `--page`, `<order>`. Throws `usage`. */
  readonly parse: (text: string, from: string) => T;
  /** What completion offers beside an enum; `kept`: operations and types of the schema; `fields`: {@link Said.names}. */
  readonly complete?: "tenant" | "file" | "kept" | "fields";
  /** The words that are known by the argument before this one, where that decides; `tenant` as for `complete`. */
  readonly after?: Readonly<Record<string, readonly string[] | "tenant">>;
}

/** Without a value a switch. The key in camel case is the long name in kebab case; `off` makes it `--no-…`. */
export interface Option {
  readonly about: string;
  /** One letter. */
  readonly short?: string;
  readonly value?: Value<unknown>;
  /** The value when the option is not given: then it is never undefined. */
  readonly standard?: unknown;
  /** The same in words, where only the run knows what is in force: "the saved one". */
  readonly otherwise?: string;
  /** Every time that it is given counts. */
  readonly many?: true;
  /** The value may be left out; a word that begins with `-` is none then. */
  readonly bare?: true;
  readonly off?: true;
  /** Its long name, where the key is not that: `--items.0.sku`. */
  readonly flag?: string;
  /** It must be given. */
  readonly needed?: true;
  /** In no help and no completion. */
  readonly hidden?: true;
}

export interface Argument {
  readonly name: string;
  readonly about: string;
  readonly value: Value<unknown>;
  readonly optional?: true;
  readonly many?: true;
}

export type Options = Readonly<Record<string, Option>>;

type Of<X> = X extends { value: Value<infer T> } ? T : boolean;
type GivenOf<X extends Option> = X extends { many: true } ? readonly Of<X>[]
  : X extends { bare: true } ? Of<X> | true | undefined
  : X extends { value: Value<unknown> } ? X extends { standard: unknown } ? Of<X> : Of<X> | undefined
  : boolean;

/** The options as `run` gets them. */
export type Given<O extends Options> = { readonly [K in keyof O]: GivenOf<O[K]> };

/** The arguments as `run` gets them. */
export type Words<A extends readonly Argument[]> = {
  readonly [I in keyof A]: A[I] extends { many: true } ? readonly Of<A[I]>[]
    : A[I] extends { optional: true } ? Of<A[I]> | undefined
    : Of<A[I]>;
};

/** Refuses misspelt keys, a standard that the value does not take, and one on a switch. */
export type Sound<O extends Options> = {
  readonly [K in keyof O]:
    & { readonly [P in Exclude<keyof O[K], keyof Option>]: never }
    & (O[K] extends { standard: unknown } ? { readonly standard: O[K] extends { value: Value<infer T> } ? T : never }
      : unknown);
};

/** What every verb says of itself. */
export interface Said {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** For lists: lower case, no full stop. */
  readonly summary: string;
  /** For its help: one or more sentences. */
  readonly does: string;
  readonly needs: Needs;
  /** What a command line needs, where that may be less. */
  readonly narrows?: (given: Readonly<Record<string, unknown>>) => Needs;
  /** Command lines that work, shown in the help and executed by a test. */
  readonly examples: readonly string[];
  /** The GraphQL documents that it sends, by the name of their operation. */
  readonly documents?: Readonly<Record<string, string>>;
  /** The permission that the server asks for (gate 3). */
  readonly permission?: string;
  /** The object, or each row, that it prints; of several the command line says which. A thunk loads what few runs need. */
  readonly prints?: Fields | readonly Fields[] | (() => Promise<readonly Fields[]>);
  /** The names that `--fields` takes; where there are too many, those that the `typed` one may become. */
  readonly names?: (typed: string) => Promise<readonly string[]>;
  /** It changes something at the server. */
  readonly changes?: true;
  /** How it may fail beside what every command does, where `needs` does not say it. */
  readonly exits?: readonly Kind[];
}

export interface Verb extends Said {
  readonly aliases: readonly string[];
  readonly documents: Readonly<Record<string, string>>;
  readonly options: Options;
  readonly args: readonly Argument[];
  /** An option with its key, found from its flag when none of `options` has it: there may be any number of these. */
  readonly option?: (flag: string) => readonly [key: string, option: Option] | undefined;
  /** The verb that is named in two words, this one's and the one behind it, where there is one. */
  readonly beyond?: (word: string) => string | undefined;
  /** Those of them that a help shows, made when one is; and those that a flag which is being `typed` may become. */
  readonly more?: (typed?: string) => Options;
  readonly run: (app: App, given: Readonly<Record<string, unknown>>, ...words: readonly unknown[]) => Promise<void>;
}

/** What a verb's file says. */
export type Spec<O extends Options, A extends readonly Argument[]> = Said & {
  readonly options?: O & Sound<O>;
  readonly args?: A;
  readonly run: (app: App, given: Given<O>, ...words: Words<A>) => Promise<void>;
};

/** Declares a verb. The one cast: what was parsed by a declaration has its type. */
// deno-lint-ignore ban-types
export function verb<const O extends Options = {}, const A extends readonly Argument[] = []>(
  { aliases = [], documents = {}, options, args, run, ...said }: Spec<O, A>,
): Verb {
  return { ...said, aliases, documents, options: options ?? {}, args: args ?? [], run: run as Verb["run"] };
}

/** A group of verbs, or one verb that stands at the root. */
export interface Noun {
  readonly name: string;
  /** For the list of `autocom --help`. */
  readonly summary: string;
  /** `next`: the word behind the noun, where it is known: then only those need to be loaded that it may be. */
  verbs(next?: string): Promise<readonly Verb[] | Verb>;
  /**
   * A verb that is found from its word, when none of `verbs` has that name. The one of `verbs` then stands for all that
   * can be found: in lists, and in the noun's help.
   */
  find?(word: string, seek: Seek): Promise<Verb | undefined>;
  /** An alias: in no list. */
  readonly hidden?: true;
}

/** What a verb is found with. */
export interface Seek {
  /** For this run, if the global options are what they look like so far: nothing is opened until it is asked for. */
  app(): Promise<App>;
  /** What is known from before was of no use: ask again. */
  fresh: boolean;
}

/** A verb with the words that call it: `orders list`. */
export interface Named {
  words: string;
  verb: Verb;
}

/** Every option of a verb that is shown. */
export function optionsOf({ options, more }: Pick<Verb, "options" | "more">): Options {
  return more ? { ...more(), ...options } : options;
}

/** The long name of an option: `--per-page`, `--no-browser`. */
export function flagOf(key: string, { off, flag }: Option): string {
  return flag ?? `--${off ? "no-" : ""}${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `<order>`, `[topic]`, `<file>…` */
export function shownArgument({ name, optional, many }: Argument): string {
  return `${optional ? `[${name}]` : `<${name}>`}${many ? "…" : ""}`;
}

/** What a session is looked up and kept with: the keychain's program or its library, and files. */
export const STORE: readonly PermissionName[] = ["ffi", "read", "run", "write"];

/** A verb that needs nothing: the config file was read for the format of its output. */
export const NOTHING: Needs = { before: [], after: [] };

/** A verb that only looks at local files. */
export const LOCAL: Needs = { before: ["read"], after: [] };

/** A verb that changes a local file. */
export const LOCAL_CHANGE: Needs = { before: ["read", "write"], after: [] };

/**
 * A verb that asks the platform: the session is read from the keychain or the file, renewed and written back when it
 * ends soon; then only the network is left.
 */
export const ONLINE: Needs = { before: ["net", ...STORE], after: [] };

/** The one that has that name or alias. */
export function byName<T extends { name: string; aliases?: readonly string[] }>(
  all: readonly T[],
  word: string,
): T | undefined {
  return all.find(({ name, aliases }) => name === word || aliases?.includes(word));
}
