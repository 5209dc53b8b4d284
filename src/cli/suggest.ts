/**
 * A command line that cannot be understood: what is wrong with it, and the command that would have worked. Loaded when
 * there is one.
 *
 * @module
 */

import type { AppError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import type { Missing } from "./arguments.ts";
import { DONE_TO, FORMATS, HABITS, VERBS } from "./habits.ts";
import type { Fault } from "./line.ts";
import { flagsOf, place, typed, usage, works } from "./meant.ts";
import { apart, choiceOf, fileOf, itemsOf, joined, neededOf } from "./stray.ts";
import { unknownOption } from "./unknown_option.ts";
import { shorten } from "./values.ts";
import type { Verb } from "./verb.ts";

/** The refusal of a word that names nothing, or of an option that is not known where it stands. */
export async function refusal(fault: Fault): Promise<AppError> {
  const word = fault.words[fault.at]!;
  const apart = inTwoWords(fault);
  if (apart) return apart;
  return word.startsWith("-") && word !== "-" ? await unknownOption(fault) : await unknownCommand(fault);
}

/** `call orders cancel`: a name in two words, whatever is wrong with the rest. */
function inTwoWords(fault: Fault): AppError | undefined {
  const { words, path, verb } = fault;
  const at = words.lastIndexOf(verb?.name ?? "", fault.at - 1) + 1;
  const name = at > 0 && verb?.beyond?.(words[at]!);
  if (!verb || !name) return undefined;
  const said = shorten(`${verb.name} ${words[at]!}`);
  const line = typed(words.toSpliced(at - 1, 2, name));
  return usage(`there is no command "${path[0]} ${said}"`, `did you mean: ${line}`, path);
}

/** The line as it was typed, with what it lacks. */
export async function completed({ message, args }: Missing, fault: Fault): Promise<AppError> {
  const { words, path, verb } = fault;
  const last = words.at(-1)!;
  // `config set output=json`
  const [, key, text] = /^(\w+)=(.+)$/s.exec(last) ?? [];
  const isKey = verb?.args.some(({ value }) => key !== undefined && value.schema.enum?.includes(key));
  const meant = isKey && await works(fault, [[...words.slice(0, -1), key!, text!]]);
  if (meant) return usage(message, `did you mean: ${meant}`, path);
  const needed = args.filter(({ optional }) => !optional).map(place);
  const { value } = args[0]!;
  const before = words.findLast((word) => Object.hasOwn(value.after ?? {}, word));
  const known = value.schema.enum ?? (before && value.after![before]);
  const which = Array.isArray(known) ? `; ${needed[0]} is one of ${known.join(", ")}` : "";
  return usage(message, `write: ${typed(words)} ${needed.join(" ")}${which}`, path);
}

/** A format of other tools: the line with what does the same here. */
export async function format(error: AppError, fault: Fault): Promise<AppError> {
  const { words } = fault;
  const at = words.findLastIndex((word) => /^(-[a-z]*o|--output=?)/.test(word));
  const flag = words[at] ?? "";
  const [, inside] = /^(?:-[a-z]*o=?|--output=)(.+)$/s.exec(flag) ?? [];
  // One dash before a long name.
  const whole = /^-output(=|$)/.test(flag) && await works(fault, [words.toSpliced(at, 1, `-${flag}`)]);
  if (whole) return usage(error.message, `did you mean: ${whole}`, fault.path);
  const asked = (inside ?? words[at + 1] ?? "").trim().toLowerCase();
  const by = FORMATS.find(([pattern]) => pattern.test(asked))?.[1].split(" ") ?? fileOf(inside ?? words[at + 1] ?? "");
  if (!by) return error;
  const meant = await works(fault, [words.toSpliced(at, inside === undefined ? 2 : 1, ...by)]);
  return meant ? usage(error.message, `did you mean: ${meant}`, fault.path) : error;
}

/** The refusal of a word behind the last argument; behind the command that is explained `count` is 0. */
export async function tooMany(fault: Fault, count: number): Promise<AppError> {
  const apart = count > 0 && inTwoWords(fault);
  if (apart) return apart;
  const { args } = fault.verb!;
  const isHelp = count === 0 || fault.verb!.name === "help";
  const takes = isHelp
    ? "a command or a topic"
    : args.length === 0
    ? "no argument"
    : args.length === 1
    ? "one argument"
    : `${args.length} arguments`;
  const { words, at, verb } = fault;
  const path = isHelp ? ["help"] : fault.path;
  // All of them, when they stand side by side: as one text. No name, id or status of ours holds a space.
  const extra = count - args.length;
  const all = words.slice(at, at + extra);
  const text = all.join(" ");
  const by = fileOf(text) ?? choiceOf(verb!.options, text) ?? itemsOf(all) ??
    neededOf(fault.known, words, text) ?? ["--search", text];
  const meant = await works(fault, [
    ...isHelp ? [words.filter((word, i) => i < at || word.startsWith("-"))] : [],
    ...joined(words),
    ...dashed(words),
    ...text === "help" || text === "/?" ? [words.toSpliced(at, 1, "--help")] : [],
    ...flagsOf(fault.known).includes(by[0]!) ? [words.toSpliced(at, extra, ...by)] : [],
  ]);
  return usage(
    `autocom ${path.join(" ")} takes ${takes}: "${shorten(words[at]!)}" is one too many`,
    meant && `did you mean: ${meant}`,
    path,
  );
}

/** Word processors and web pages make one long dash of two: `—status`, of three: `—-status`. */
function dashed(words: readonly string[]): string[][] {
  const typed = words.map((word) =>
    word.replace(/^(?!--?\w)[-\u2010-\u2015\u2212]{1,3}(?=(\w)(\w?))/, (_, _1, more) => more ? "--" : "-")
  );
  return typed.join() === words.join() ? [] : [typed];
}

/** An argument that is none of its kind: the line with its two words the other way round, else with one that is. */
export async function swapped(error: AppError, fault: Fault): Promise<AppError> {
  const { words } = fault;
  const isArgument = (at: number) => words[at] !== undefined && !words[at]!.startsWith("-");
  const turned = words.flatMap((word, at) =>
    isArgument(at) && isArgument(at + 1) ? [words.toSpliced(at, 2, words[at + 1]!, word)] : []
  );
  const meant = await works(fault, turned);
  if (meant) return usage(error.message, `did you mean: ${meant}`, fault.path);
  const [, like] = /^write, for example: (\S+)$/.exec(error.hint ?? "") ?? [];
  const right = like &&
    await works(fault, words.flatMap((_, at) => isArgument(at) ? [words.toSpliced(at, 1, like)] : []));
  return usage(error.message, right ? `write, for example: ${right}` : error.hint, fault.path);
}

async function unknownCommand(fault: Fault): Promise<AppError> {
  const word = fault.words[fault.at]!;
  const like = fault.path.length === 0 ? await nouns(fault) : await verbs(fault);
  const meant = await works(fault, [
    ...dashed(fault.words),
    ...apart(fault.words, fault.at),
    ...like,
  ]);
  const name = shorten([...fault.path, word].join(" "));
  return usage(`unknown command "${name}"`, meant && `did you mean: ${meant}`, fault.path);
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
  // `whoami me`; `update autocom`: what upgrade takes is for --verify alone.
  const behind = words.findIndex((one, index) => index > at && one.startsWith("-"));
  const alone = direct ? [[...words.slice(0, at), ...direct, ...behind < 0 ? [] : words.slice(behind)]] : [];
  const isWhole = direct?.[0] !== "upgrade" || words.includes("--verify");
  const candidates = direct ? isWhole ? [words.toSpliced(at, 1, ...direct)] : [...alone] : [];
  // `orders:list`, `Orders List`
  const lower = [...word.split(/[:./]/), ...words.slice(at + 1, at + 2)].map((one) => one.toLowerCase());
  if (!word.startsWith("-")) candidates.push(words.toSpliced(at, 2, ...lower));
  // `list orders`
  const next = nounOf(words[at + 1]);
  if (next) {
    const verbs = [word, ...(VERBS.get(word) ?? []).flatMap((one) => one.split(" ").slice(0, 1))];
    candidates.unshift(...verbs.map((verb) => words.toSpliced(at, 2, ...next, verb)));
  }
  // `tenant acme`, `order ORD-1`
  if (direct?.length === 1 && words.length > at + 1) {
    candidates.push(...["get", "use"].map((verb) => words.toSpliced(at, 1, ...direct, verb)));
  }
  for (const noun of shown) {
    const found = verbNamed(await noun.verbs(), word);
    if (found) candidates.push(words.toSpliced(at, 1, noun.name, found));
  }
  return [...candidates, ...alone];
}

/** The same for a word that should be one of a noun's verbs. */
async function verbs({ words, at, tree, path }: Fault): Promise<string[][]> {
  const word = words[at]!;
  const noun = tree.find(({ name }) => name === path[0])!;
  const own = await noun.verbs();
  const names = "run" in own ? [] : own.map(({ name }) => name);
  const found = verbNamed(own, word) ?? VERBS.get(word)?.find((one) => names.includes(one.split(" ")[0]!)) ??
    nearest(word, names) ?? (word.length > 2 ? names.find((one) => one.split("-").includes(word)) : undefined);
  const candidates = found ? [words.toSpliced(at, 1, ...found.split(" "))] : [];
  // `orders update ORD-1 --status shipped`
  if (found === "update-status") candidates.push(candidates[0]!.filter((one) => one !== "--status"));
  const before = words.indexOf(path[0]!);
  const habit = DONE_TO.has(word) ? undefined : HABITS.get(word);
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
