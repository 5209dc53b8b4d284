/**
 * A command line that cannot be understood: what is wrong with it, and the command that would have worked. Loaded when
 * there is one.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import type { Fault } from "./line.ts";
import { parse } from "./parse.ts";
import { shorten } from "./values.ts";
import { flagOf, type Options, shownArgument, type Verb } from "./verb.ts";

/** What people type who know other tools, or half of ours: the words that stand for a word. */
const HABITS = new Map(Object.entries({
  "order": "orders",
  "tenant": "tenants",
  "org": "tenants",
  "orgs": "tenants",
  "organizations": "tenants",
  "companies": "tenants",
  "switch": "tenants use",
  "select": "tenants use",
  "describe": "orders get",
  "log": "audit list",
  "logs": "audit list",
  "history": "audit list",
  "activity": "audit list",
  "signin": "auth login",
  "sign-in": "auth login",
  "authenticate": "auth login",
  "signout": "auth logout",
  "sign-out": "auth logout",
  "logoff": "auth logout",
  "me": "whoami",
  "profile": "whoami",
  "settings": "config list",
  "preferences": "config list",
  "env": "help environment",
  "environment": "help environment",
  "exit-codes": "help exit-codes",
  "permissions": "help permissions",
  "check": "doctor",
  "diagnose": "doctor",
  "man": "help",
  "gql": "graphql",
  "mutation": "graphql",
  "request": "api",
  "rest": "api",
  "curl": "api",
  "operations": "schema list",
  "introspect": "schema refresh",
  "invoke": "call",
  "exec": "call",
}));

/** The same for a verb of a noun, where the noun has the one that is meant. */
const VERBS = new Map(Object.entries({
  "describe": ["get"],
  "info": ["get", "status"],
  "find": ["list"],
  "search": ["list"],
  "all": ["list"],
  "index": ["list"],
  "switch": ["use"],
  "select": ["use"],
  "choose": ["use"],
  "delete": ["cancel", "unset"],
  "remove": ["cancel", "unset"],
  "rm": ["cancel", "unset"],
  "edit": ["update-status", "set"],
  "ship": ["update-status"],
  "add": ["create", "set"],
  "new": ["create"],
  "signin": ["login"],
  "signout": ["logout"],
  "renew": ["refresh"],
  "print": ["get"],
}));

/** An option of other tools, and the words that do the same here; without one of ours the advice. */
const FLAGS = new Map<string, { words: string } | { advice: string }>(Object.entries({
  "--json": { words: "-o json" },
  "--yaml": { words: "-o yaml" },
  "--csv": { words: "-o csv" },
  "--format": { words: "--output" },
  "--out": { words: "--output" },
  "--max": { words: "--limit" },
  "--count": { words: "--limit" },
  "--org": { words: "--tenant" },
  "--organization": { words: "--tenant" },
  "--account": { words: "--tenant" },
  "--url": { words: "--api-url" },
  "--host": { words: "--api-url" },
  "--server": { words: "--api-url" },
  "--no-color": { words: "--color never" },
  "--no-colour": { words: "--color never" },
  "--verbose": { words: "--debug" },
  "--silent": { words: "--quiet" },
  "--customer-id": { words: "--customer" },
  "--query": { words: "--search" },
  "--after": { words: "--from" },
  "--before": { words: "--to" },
  "--until": { words: "--to" },
  "--force": { words: "--yes" },
  "-y": { words: "--yes" },
  "-f": { words: "--yes" },
  "-n": { words: "--dry-run" },
  "-t": { words: "--tenant" },
  "-v": { words: "--version" },
  "-V": { words: "--version" },
  "--token": { advice: "set AUTOCOM_TOKEN, or: autocom auth login --token-stdin" },
  "--config": { advice: "set AUTOCOM_CONFIG to the path of the file" },
}));

/** The refusal of a word that names nothing, or of an option that is not known where it stands. */
export async function refusal(fault: Fault): Promise<AppError> {
  const word = fault.words[fault.at]!;
  return word.startsWith("-") && word !== "-" ? await unknownOption(fault) : await unknownCommand(fault);
}

/** The refusal of a word behind the last argument. */
export async function tooMany(fault: Fault, count: number): Promise<AppError> {
  const { args } = fault.verb!;
  const takes = args.length === 0 ? "no argument" : args.length === 1 ? "one argument" : `${args.length} arguments`;
  const name = `autocom ${fault.path.join(" ")}`;
  const { words, at, verb } = fault;
  // All of them, when they stand side by side: as one text. No name, id or status of ours holds a space.
  const extra = count - args.length;
  const text = words.slice(at, at + extra).join(" ");
  const meant = await works(fault, verb!.options.search ? [words.toSpliced(at, extra, "--search", text)] : []);
  return usage(
    `${name} takes ${takes}, ${count} ${count === 1 ? "was" : "were"} given`,
    meant && `did you mean: ${meant}`,
    fault.path,
  );
}

async function unknownCommand(fault: Fault): Promise<AppError> {
  const word = fault.words[fault.at]!;
  const meant = await works(fault, fault.path.length === 0 ? await nouns(fault) : await verbs(fault));
  const name = shorten([...fault.path, word].join(" "));
  return usage(`unknown command "${name}"`, meant && `did you mean: ${meant}`, fault.path);
}

async function unknownOption(fault: Fault): Promise<AppError> {
  const { words, at, known } = fault;
  // `--token=SECRET`: what follows the sign is not repeated.
  const [flag = "", value] = words[at]!.split(/=(.*)/s);
  const habit = FLAGS.get(flag);
  const near = nearest(flag, flagsOf(known).filter((one) => one.startsWith("--") === flag.startsWith("--")));
  const replaced = (by: string) =>
    words.toSpliced(at, 1, ...by.split(" ").map((one, index) => index === 0 && value ? `${one}=${value}` : one));
  const name = `unknown option "${shorten(flag)}"`;
  if (habit && "advice" in habit) return usage(name, habit.advice, fault.path);
  const after = fault.verb
    ? []
    : [1, 2].map((count) => [...words.toSpliced(at, count), ...words.slice(at, at + count)]);
  const meant = await works(fault, [
    ...after,
    // `orders get -1`
    ...fault.verb && /^-\d/.test(flag) && !words.includes("--") ? [[...words.toSpliced(at, 1), "--", words[at]!]] : [],
    ...habit ? [replaced(habit.words)] : [],
    ...near ? [replaced(near)] : [],
  ]);
  const alone = near ?? (habit && flagsOf(known).includes(habit.words.split(" ")[0]!) ? habit.words : undefined);
  return usage(name, meant ? `did you mean: ${meant}` : alone && `did you mean: ${alone}`, fault.path);
}

/** Command lines that may have been meant by a word that should be a noun. */
async function nouns({ words, at, tree }: Fault): Promise<string[][]> {
  const word = words[at]!;
  const shown = tree.filter(({ hidden }) => !hidden);
  const nounOf = (text = "") => {
    const found = tree.find(({ name }) => name === text)?.name ?? HABITS.get(text) ??
      nearest(text, shown.map((n) => n.name));
    return found?.split(" ");
  };
  const direct = nounOf(word);
  const candidates = direct ? [words.toSpliced(at, 1, ...direct)] : [];
  // `list orders`
  const next = nounOf(words[at + 1]);
  if (next) candidates.unshift(words.toSpliced(at, 2, ...next, word));
  for (const noun of shown) {
    const found = verbNamed(await noun.verbs(), word);
    if (found) candidates.push(words.toSpliced(at, 1, noun.name, found));
  }
  return candidates;
}

/** The same for a word that should be one of a noun's verbs. */
async function verbs({ words, at, tree, path }: Fault): Promise<string[][]> {
  const word = words[at]!;
  const noun = tree.find(({ name }) => name === path[0])!;
  const own = await noun.verbs();
  const names = "run" in own ? [] : own.map(({ name }) => name);
  const found = verbNamed(own, word) ?? VERBS.get(word)?.find((one) => names.includes(one)) ??
    nearest(word, names) ?? (word.length > 2 ? names.find((one) => one.split("-").includes(word)) : undefined);
  const candidates = found ? [words.toSpliced(at, 1, found)] : [];
  const before = words.indexOf(path[0]!);
  const habit = HABITS.get(word);
  if (word === "help") candidates.push(["help", path[0]!, ...words.slice(at + 1)]);
  // `auth whoami`
  if (tree.some(({ name }) => name === word)) candidates.push(words.toSpliced(before, at - before));
  // `auth switch acme`
  if (habit) candidates.push(words.toSpliced(before, at - before + 1, ...habit.split(" ")));
  // `orders ORD-1`
  if (names.includes("get") && /\d/.test(word)) candidates.push(words.toSpliced(at, 0, "get"));
  return candidates;
}

function verbNamed(verbs: readonly Verb[] | Verb, word: string): string | undefined {
  return "run" in verbs ? undefined : verbs.find(({ name, aliases }) => name === word || aliases?.includes(word))?.name;
}

/** The first of these that leads to a command, as it can be typed; what it still needs stands behind it. */
async function works({ tree }: Fault, candidates: string[][]): Promise<string | undefined> {
  for (const words of candidates) {
    const line = await parse(words, tree, { suggest: false });
    if (line.is !== "refused") return typed(words);
    if (line.missing) return [typed(words), ...line.missing.map(shownArgument)].join(" ");
  }
  return undefined;
}

/** Long words may be secrets: then only the names are repeated. */
function typed(words: readonly string[]): string {
  const whole = words.every((word) => shorten(word) === word || /^[\w ]*$/.test(word) && word.includes(" ")) &&
    words.join(" ").length <= 100;
  const shown = whole ? words : [...words.filter((word) => /^[a-z][a-z-]*$/.test(word)).slice(0, 2), "…"];
  return ["autocom", ...shown.map(quote)].join(" ");
}

function quote(word: string): string {
  return /^[\w./@%+:,=…<>[\]-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function flagsOf(known: Options): string[] {
  const shown = Object.entries(known).filter(([, { hidden }]) => !hidden);
  return shown.flatMap(([key, option]) => [flagOf(key, option), ...option.short ? [`-${option.short}`] : []]);
}

function usage(message: string, hint: string | undefined, path: readonly string[]): AppError {
  return new AppError("usage", message, { hint: hint ?? `see: ${["autocom", ...path].join(" ")} --help` });
}
