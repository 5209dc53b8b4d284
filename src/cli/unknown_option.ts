/**
 * An option that is not known where it stands: ours under another name, another tool's, or one of another command.
 *
 * @module
 */

import type { AppError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { DATA, FLAGS } from "./habits.ts";
import type { Fault } from "./line.ts";
import { flagsOf, usage, works } from "./meant.ts";
import { apart, dataOf } from "./stray.ts";
import { shorten } from "./values.ts";
import type { Options } from "./verb.ts";

export async function unknownOption(fault: Fault): Promise<AppError> {
  const { words, at, known } = fault;
  // `--token=SECRET`: what follows the sign is not repeated.
  const [flag = "", value] = words[at]!.split(/=(.*)/s);
  const name = `unknown option "${shorten(flag)}"`;
  if (DATA.test(flag) && flagsOf(known).includes("--input")) return usage(name, await sent(fault, value), fault.path);
  const habit = habitOf(flag, known);
  const near = nearestOf(flag, known);
  const replaced = (by: string) =>
    words.toSpliced(at, 1, ...by.split(" ").map((one, index) => index === 0 && value ? `${one}=${value}` : one));
  if (habit && "advice" in habit) return usage(name, habit.advice, fault.path);
  if (habit && "around" in habit) {
    const command = await works(fault, [words.toSpliced(at, 1)]);
    return usage(name, command && `did you mean: ${habit.around(command)}`, fault.path);
  }
  const after = fault.verb
    ? []
    : [1, 2].map((count) => [...words.toSpliced(at, count), ...words.slice(at, at + count)]);
  const habits = habit ? [habit.words].flat() : [];
  // `--filter status=pending`
  const [, key, text] = (flag === "--filter" ? value ?? words[at + 1] ?? "" : "").match(/^([\w-]+)=(.+)$/s) ?? [];
  const meant = await works(fault, [
    ...after,
    ...apart(words, at),
    // `orders get -1`
    ...fault.verb && /^-\d/.test(flag) && !words.includes("--") ? [[...words.toSpliced(at, 1), "--", words[at]!]] : [],
    ...key && text ? [words.toSpliced(at, value ? 1 : 2, `--${key.replaceAll("_", "-")}`, text)] : [],
    ...habits.map(replaced),
    ...near ? [replaced(near)] : [],
    ...asArgument(fault, flag, value),
    // `orders --status pending`
    ...fault.verb ? [] : [words.toSpliced(at, 0, "list")],
  ]);
  const alone = near ?? habits.find((one) => flagsOf(known).includes(one.split(" ")[0]!));
  return usage(name, meant ? `did you mean: ${meant}` : alone && `did you mean: ${alone}`, fault.path);
}

/** Also behind one dash: `-limit`. One letter is like every other. */
function nearestOf(flag: string, known: Options): string | undefined {
  const long = flag.replace(/^-(?=[a-z]{2})/i, "--");
  const all = flagsOf(known).filter((one) => one.startsWith("--"));
  return long.startsWith("--") ? all.find((one) => one === long) ?? nearest(long, all) : undefined;
}

function habitOf(flag: string, known: Options) {
  const habit = FLAGS.get(flag);
  const of = habit && "of" in habit ? habit.of : undefined;
  return of && !flagsOf(known).includes(of) ? FLAGS.get(of) : habit;
}

/** What curl sends with `-d`: a text of its own, or a file's. */
async function sent(fault: Fault, value: string | undefined): Promise<string> {
  const { words, at, known } = fault;
  const by = dataOf(value ?? words[at + 1] ?? "", fault.path[0] === "graphql");
  const meant = by && (by[0]?.startsWith("-") !== true || flagsOf(known).includes(by[0])) &&
    await works(fault, [words.toSpliced(at, value === undefined ? 2 : 1, ...by)]);
  return meant ? `did you mean: ${meant}` : "--input takes a file; - is stdin";
}

/** `update-status ORD-1 --status shipped`, `get --id ORD-1`: the argument as an option, in its place or behind the others. */
function asArgument({ words, at, verb }: Fault, flag: string, value = words[at + 1]): string[][] {
  const isOne = verb?.args.some(({ name }) => flag === `--${name}`) || /^--(id|number|sku|email)$/.test(flag);
  if (!verb?.args.length || !isOne || !value) return [];
  const count = words[at]!.includes("=") ? 1 : 2;
  return [words.toSpliced(at, count, value), [...words.toSpliced(at, count), value]];
}
