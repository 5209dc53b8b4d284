/**
 * The command tree as plain data: JSON and nothing else. Completion, the man page and `autocom commands` are made of it.
 *
 * @module
 */

import { EXITS } from "../errors.ts";
import { GLOBALS, ROOT } from "./globals.ts";
import { flagOf, type Noun, type Options, optionsOf, type Schema, type Value, type Verb } from "./verb.ts";

/** The word of an option or argument. */
interface DescribedValue {
  name: string;
  type: Schema["type"];
  values?: readonly string[];
  completes?: "tenant" | "file" | "kept" | "fields";
  /** The values by the argument before this one, where that decides. */
  values_after?: Value<unknown>["after"];
}

export interface DescribedOption {
  /** `--per-page` */
  flag: string;
  /** `-o` */
  short?: string;
  about: string;
  /** Absent for a switch. */
  value?: DescribedValue;
  /** The value may be left out. */
  value_optional?: true;
  /** It may be given again. */
  repeatable?: true;
  /** In force when it is not given. */
  default?: unknown;
  /** The same in words, where only the run knows it. */
  default_in_words?: string;
}

export interface DescribedArgument extends DescribedValue {
  about: string;
  optional?: true;
  repeatable?: true;
}

/** A command. */
export interface Description {
  /** `orders list` */
  command: string;
  aliases: readonly string[];
  summary: string;
  description: string;
  arguments: readonly DescribedArgument[];
  options: readonly DescribedOption[];
  /** The names that `--fields` takes, where they are few. */
  fields?: readonly string[];
  /** Whether it changes something at the server. */
  changes: boolean;
  /** The permission that the server asks for, where it asks for one. */
  permission: string | null;
  /** What the program may do: until the server's first answer, and after it. */
  needs: { before: readonly string[]; after: readonly string[] };
  exit_codes: readonly number[];
  examples: readonly string[];
}

/** A noun: what stands beside it in the help of the program, or the command that it is short for. */
export type DescribedNoun = { name: string; summary: string; finds?: true } | { name: string; short_for: string };

/** All that there is to read. */
export interface Tree {
  nouns: readonly DescribedNoun[];
  /** Shortcuts left out. */
  commands: readonly Description[];
  global: readonly DescribedOption[];
  /** Those that are known until a command is named. */
  root: readonly DescribedOption[];
}

export async function describe(tree: readonly Noun[]): Promise<Tree> {
  const groups = await Promise.all(
    tree.filter(({ hidden }) => !hidden).map(async ({ name, verbs }) => {
      const found = await verbs();
      return "run" in found
        ? [await described(found.name, found)]
        : await Promise.all(found.map((verb) => described(`${name} ${verb.name}`, verb)));
    }),
  );
  const nouns = tree.map(({ name, summary, hidden, find }) =>
    hidden ? { name, short_for: summary } : { name, summary, ...find && { finds: true as const } }
  );
  return { nouns, commands: groups.flat(), global: options(GLOBALS), root: options(ROOT) };
}

async function described(command: string, verb: Verb): Promise<Description> {
  const { aliases, summary, does, args, needs, examples, changes = false, permission = null } = verb;
  const names = verb.option ? undefined : await verb.names?.("");
  return {
    command,
    aliases,
    summary,
    description: does,
    arguments: args.map(({ name, about, value, optional, many }) => ({
      ...valueOf(value),
      name,
      about,
      ...optional && { optional },
      ...many && { repeatable: many },
    })),
    options: options(optionsOf(verb)),
    ...names && { fields: names },
    changes,
    permission,
    needs,
    exit_codes: exitCodes(verb),
    examples,
  };
}

function options(of: Options): DescribedOption[] {
  return Object.entries(of).filter(([, { hidden }]) => !hidden).map(([key, option]) => {
    const { about, short, value, standard, otherwise, many, bare } = option;
    return {
      flag: flagOf(key, option),
      ...short && { short: `-${short}` },
      about,
      ...value && { value: valueOf(value) },
      ...bare && { value_optional: bare },
      ...many && { repeatable: many },
      ...standard !== undefined && { default: standard },
      ...otherwise !== undefined && { default_in_words: otherwise },
    };
  });
}

function valueOf({ shown, schema, complete, after }: Value<unknown>): DescribedValue {
  const { type, enum: values } = schema;
  return {
    name: shown,
    type,
    ...values && { values },
    ...complete && { completes: complete },
    ...after && { values_after: after },
  };
}

/** Of a command that asks the platform, and of one that looks into the keychain; unless the command says it itself. */
const ONLINE = ["unauthenticated", "tenant", "forbidden", "not-found", "rejected", "rate-limited", "network", "server"];
const EVERYWHERE = ["ok", "failure", "usage", "config", "bug", "hangup", "interrupted", "pipe-closed", "terminated"];

function exitCodes({ needs: { before }, exits }: Verb): number[] {
  const guessed = [...before.includes("net") ? ONLINE : [], ...before.includes("run") ? ["keychain"] : []];
  const kinds = [...EVERYWHERE, ...exits ?? guessed];
  return EXITS.filter(({ kind }) => kinds.includes(kind)).map(({ code }) => code).toSorted((a, b) => a - b);
}

/** The tree again, as far as words are read along it and explained; nothing of it runs. */
export function treeOf({ nouns, commands }: Pick<Tree, "nouns" | "commands">): Noun[] {
  const verbs = (path: string) => {
    const alone = commands.find(({ command }) => command === path);
    if (alone) return verbOf(path.split(" ").at(-1)!, alone);
    return commands.filter(({ command }) => command.startsWith(`${path} `))
      .map((command) => verbOf(command.command.split(" ")[1]!, command));
  };
  return nouns.map((noun) =>
    "short_for" in noun
      ? { name: noun.name, summary: noun.short_for, hidden: true, verbs: () => Promise.resolve(verbs(noun.short_for)) }
      : {
        name: noun.name,
        summary: noun.summary,
        verbs: () => Promise.resolve(verbs(noun.name)),
        ...noun.finds && { find: () => Promise.resolve(undefined) },
      }
  );
}

function verbOf(name: string, { aliases, summary, description, examples, fields, ...command }: Description): Verb {
  const { arguments: args, options } = command;
  const value = ({ name, type, values, completes, values_after: after }: DescribedValue): Value<unknown> => ({
    shown: name,
    schema: { type, ...values && { enum: values } },
    parse: (text) => text,
    ...completes && { complete: completes },
    ...after && { after },
  });
  return {
    name,
    aliases,
    summary,
    does: description,
    needs: { before: [], after: [] },
    examples,
    documents: {},
    ...fields && { names: () => Promise.resolve(fields) },
    args: args.map(({ about, optional, repeatable, ...argument }) => ({
      name: argument.name,
      about,
      value: value(argument),
      ...optional && { optional },
      ...repeatable && { many: repeatable },
    })),
    options: Object.fromEntries(options.map((option) => [
      option.flag,
      {
        about: option.about,
        flag: option.flag,
        ...option.short && { short: option.short.slice(1) },
        ...option.value && { value: value(option.value) },
        ...option.default !== undefined && { standard: option.default },
        ...option.default_in_words !== undefined && { otherwise: option.default_in_words },
        ...option.value_optional && { bare: true as const },
        ...option.repeatable && { many: true as const },
      },
    ])),
    run: () => Promise.resolve(),
  };
}
