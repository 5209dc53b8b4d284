/**
 * What may be typed next: all of it is decided here, and the scripts of the shells only show it. Completion asks neither
 * the network nor the keychain, and says nothing when something is wrong.
 *
 * @module
 */

import {
  apparent,
  type Description,
  type Expected,
  expected,
  flagOf,
  type Tree,
  treeOf,
  type Value,
  type Verb,
} from "../cli/mod.ts";
import type { Globals } from "../app.ts";
import { readWord } from "./line.ts";
import { CALL, withCalls } from "./tree.ts";

export { script, type Shell, SHELLS } from "./scripts.ts";
export { built, withCalls } from "./tree.ts";

/** What completion knows of the world. */
export interface Known {
  nouns: Tree["nouns"];
  commands: readonly Description[];
  /** Slugs of tenants, from the config and the last list. */
  tenants: () => Promise<readonly string[]>;
  /** The operations of the tenant that such a line is for, as far as they are kept; undefined when none are. */
  calls: (globals: Globals) => Promise<Calls | undefined>;
}

/** What `call` may be followed by. */
export interface Calls {
  /** Of those that begin so; `all`: also of types, and of what cannot be called. */
  names(begins: string, all?: boolean): readonly { name: string; about: string }[];
  verb(word: string): Promise<Verb | undefined>;
}

interface Candidate {
  value: string;
  about: string;
}

/** Stands alone on the output where the name of a file is meant: the shell completes it. */
const FILES = ":files";
/** What is kept of the schema is meant. */
const KEPT = ":kept";

/** What is offered may be run as it stands, so it holds nothing that a shell would expand or split at. */
const PLAIN = /^[\w.@%+=:,/-]+$/;

/**
 * The lines that a shell's script reads: `value`, TAB, what it is. `args` begin with the shell's name:
 * `bash LINE WORDBREAKS` (the line up to the cursor, as it is typed), or `zsh|fish|powershell WORD… CURRENT`, each behind
 * a `=` for PowerShell: Windows' own gives a program no empty argument.
 */
export async function complete(args: readonly string[], known: Known): Promise<string> {
  const [shell = "", ...given] = args;
  const rest = shell === "powershell" ? given.map((word) => word.replace(/^=/, "")) : given;
  const bash = shell === "bash" ? readWord(rest[0] ?? "", rest[1] ?? "") : undefined;
  const words = bash ? bash.words : rest.slice(1, -1);
  const current = bash ? bash.current : unquoted(rest.at(-1) ?? "");
  const found = bash?.redirected ? FILES : await candidates(words, current, known);
  if (found === FILES) return `${FILES}\n`;
  const offered = found.filter(({ value }) => value.startsWith(current) && PLAIN.test(value));
  return offered.map(({ value, about }) => {
    // Readline puts it behind the last character that breaks words, and no space inside quotes.
    const shown = bash ? value.slice(bash.kept) + (bash.quoted ? "" : " ") : value;
    return `${shown}\t${oneLine(about)}\n`;
  }).join("");
}

async function candidates(
  words: readonly string[],
  current: string,
  known: Known,
): Promise<Candidate[] | typeof FILES> {
  const find = async (word: string) => (await known.calls(apparent(words)))?.verb(word);
  const tree = withCalls(await treeOf(known), find);
  const at = await expected(words, tree);
  if (at.lost) return [];
  const calls = async (all?: boolean) => {
    const kept = await known.calls(apparent(words));
    return kept?.names(current, all).map(({ name, about }) => ({ value: name, about })) ?? [];
  };
  const { value, bare } = at.waiting ?? {};
  // One that may be left out never begins with `-`.
  if (value && !(bare && current.startsWith("-"))) return await valuesOf(value, "", current, at, known);
  const begun = begunIn(current, at);
  if (begun) return await valuesOf(begun.value, begun.before, current, at, known);
  // Behind `--` there are none.
  if (current.startsWith("-") && Object.keys(at.known).length > 0) return flags(at, current);
  if (at.noun?.name === CALL && !at.verb) return await calls();
  const named = await operands(at, known);
  return named === KEPT ? await calls(true) : named;
}

/** The value that begins within a word, and what stands before it there: `--output=j`, `-oj`, `-qo=j`. */
function begunIn(word: string, at: Expected): { value: Value<unknown>; before: string } | undefined {
  const [sign, long] = /^(--[\w.-]+)=/.exec(word) ?? [];
  const value = long && optionOf(at, long)?.value;
  if (value) return { value, before: sign! };
  for (let end = 2; /^-[a-z]/i.test(word) && end <= word.length; end++) {
    const option = optionOf(at, `-${word[end - 1]}`);
    if (option?.value) return { value: option.value, before: word.slice(0, word[end] === "=" ? end + 1 : end) };
    if (!option) return undefined;
  }
  return undefined;
}

function optionOf({ known, verb }: Expected, flag: string) {
  const [, option] =
    Object.entries(known).find(([key, option]) =>
      flag.startsWith("--") ? flagOf(key, option) === flag : option.short === flag.slice(1)
    ) ?? verb?.option?.(flag) ?? [];
  return option;
}

async function valuesOf(
  { schema, complete }: Value<unknown>,
  before: string,
  current: string,
  { verb }: Expected,
  { tenants }: Known,
): Promise<Candidate[] | typeof FILES> {
  if (complete === "file" && /^$|=$/.test(before)) return FILES;
  if (complete === "fields") return await namesOf(verb, before, current);
  const values = complete === "tenant" ? await tenants() : schema.enum ?? [];
  return values.map((value) => ({ value: `${before}${value}`, about: "" }));
}

/** The last of the names in a list, of those that are not in it: `id,cust` → `id,customer.email`. */
async function namesOf(verb: Verb | undefined, before: string, current: string): Promise<Candidate[]> {
  const said = before + current.slice(before.length, current.lastIndexOf(",") + 1);
  const given = said.slice(before.length).split(",");
  const names = await verb?.names?.(current.slice(said.length)) ?? [];
  return names.filter((name) => !given.includes(name)).map((name) => ({ value: said + name, about: "" }));
}

/** Options that may still be given. */
function flags({ known, given, verb }: Expected, current?: string): Candidate[] {
  return Object.entries({ ...known, ...verb?.more?.(current) })
    .filter(([key, option]) => !given.has(key) || option.many)
    .map(([key, option]) => ({ value: flagOf(key, option), about: option.about }));
}

async function operands(at: Expected, known: Known): Promise<Candidate[] | typeof FILES | typeof KEPT> {
  const { verb, verbs, noun, explain, operands } = at;
  if (!noun) {
    const nouns = firsts(known.commands);
    if (!explain) return nouns;
    const help = known.commands.find(({ command }) => command === "help");
    return [...nouns, ...help?.arguments[0]?.values?.map((value) => ({ value, about: "a topic" })) ?? []];
  }
  if (!verb) return verbs.map(({ name, summary }) => ({ value: name, about: summary }));
  if (explain) return [];
  const argument = verb.args[operands.length] ?? (verb.args.at(-1)?.many ? verb.args.at(-1) : undefined);
  if (argument?.value.complete === "kept") return KEPT;
  if (!argument) return flags(at);
  const { schema, complete, after } = argument.value;
  const words = after?.[operands.at(-1) ?? ""];
  const value = { schema: words ? { enum: words } : schema, complete: words === "tenant" ? words : complete };
  return await valuesOf(value as Value<unknown>, "", "", at, known);
}

/** The first words of the commands: a group says what is in it. */
function firsts(commands: readonly Description[]): Candidate[] {
  const found = new Map<string, string[]>();
  for (const { command, summary } of commands) {
    const [noun = "", verb] = command.split(" ");
    found.set(noun, [...found.get(noun) ?? [], verb ?? summary]);
  }
  return [...found].map(([value, verbs]) => ({ value, about: verbs.join(", ") }));
}

/** A word that the shell gives as it was typed, its quote still open, also that of an option's value. */
function unquoted(word: string): string {
  return word.replace(/^(--[\w.-]+=)?["']/, "$1");
}

/** No control character, so that one candidate is one line. */
function oneLine(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/[\x00-\x1f\x7f-\x9f]+/g, " ");
}
