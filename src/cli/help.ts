/**
 * How a help looks: usage, what it does, examples, then commands, arguments and options; the global options in one line
 * that says where they are explained. Loaded when something is explained.
 *
 * @module
 */

import { type Style, wrapper } from "../output/mod.ts";
import { GLOBALS, ROOT } from "./globals.ts";
import type { Line } from "./line.ts";
import {
  type Argument,
  flagOf,
  type Noun,
  type Option,
  type Options,
  optionsOf,
  shownArgument,
  type Verb,
} from "./verb.ts";

/** Beyond this a line is hard to read, however wide the terminal is. */
const WIDEST = 100;
/** Cells that an explanation has at least; on a narrower screen it stands below its term. */
const NARROW = 24;

/** How it is shown. */
export interface Screen {
  /** Cells in a line. */
  columns: number;
  style: Style;
}

type Item = readonly [term: string, about: string];

/** What a line asks to be explained. */
export async function explain(
  { path, noun, verb }: Extract<Line, { is: "explain" }>,
  tree: readonly Noun[],
  screen: Screen,
): Promise<string> {
  if (verb) return explainVerb(path.slice(0, -1), verb, screen);
  if (!noun) return explainProgram(tree, screen);
  const verbs = await noun.verbs();
  return "run" in verbs ? explainVerb([], verbs, screen) : explainNoun(noun, verbs, screen);
}

/** The help of the program: its commands, and the options that all of them have. */
function explainProgram(tree: readonly Noun[], screen: Screen): Promise<string> {
  return page(screen, {
    usage: ["autocom <command> [options]"],
    does: "The AutoCom platform from your terminal. Start with: autocom auth login",
    examples: [
      "autocom auth login --tenant acme",
      "autocom orders list --status pending",
      "autocom help exit-codes",
    ],
    sections: [
      ["Commands", tree.filter(({ hidden }) => !hidden).map(({ name, summary }) => [name, summary])],
      ["Options", itemsOf({ ...GLOBALS, ...ROOT })],
    ],
  });
}

/** The help of a group of verbs. */
function explainNoun({ name, summary }: Noun, verbs: readonly Verb[], screen: Screen): Promise<string> {
  // A verb that stands for all that can be found says how those work.
  const found = verbs[0]!.name.startsWith("<") ? verbs[0] : undefined;
  const examples = verbs.length === 1 ? verbs[0]!.examples : verbs.map(({ examples }) => examples[0]!);
  return page(screen, {
    usage: [`autocom ${name} ${found ? found.name : "<command>"} [options]`],
    does: found ? found.does : `${summary[0]!.toUpperCase()}${summary.slice(1)}.`,
    examples: examples.slice(0, 3),
    sections: [[found ? "Arguments" : "Commands", verbs.map((verb) => [call(verb), verb.summary])]],
    more: `Options of every command: ${brief(GLOBALS)}. See: autocom --help`,
  });
}

/** The help of a verb; `before` is the noun's name, if it has one. */
function explainVerb(before: readonly string[], verb: Verb, screen: Screen): Promise<string> {
  const usage = [verb.name, ...verb.aliases].map((name) =>
    ["autocom", ...before, call(verb, name), "[options]"].join(" ")
  );
  return page(screen, {
    usage,
    does: verb.does,
    examples: verb.examples,
    sections: [
      ["Arguments", verb.args.map((argument) => [shownArgument(argument), explained(argument)])],
      ["Options", itemsOf(optionsOf(verb))],
    ],
    more: `Options of every command: ${brief(GLOBALS)}. See: autocom --help`,
  });
}

/** `get <order>` */
function call({ name, args }: Verb, called = name): string {
  return [called, ...args.map(shownArgument)].join(" ");
}

interface Page {
  usage: string[];
  does: string;
  examples: readonly string[];
  sections: readonly (readonly [title: string, items: readonly Item[]])[];
  /** The last line. */
  more?: string;
}

async function page({ columns, style }: Screen, shown: Page): Promise<string> {
  const { usage, does, examples, sections, more } = shown;
  const wrap = await wrapper(JSON.stringify(shown));
  const width = Math.min(columns, WIDEST);
  const filled = sections.filter(([, items]) => items.length > 0);
  const term = Math.max(0, ...filled.flatMap(([, items]) => items.map(([term]) => term.length)));
  const item = ([name, about]: Item) => {
    const beside = width - term - 4 >= NARROW;
    const lines = wrap(about, Math.max(10, beside ? width - term - 4 : width - 6));
    if (beside) {
      return lines.map((line, at) => `  ${(at === 0 ? name : "").padEnd(term)}  ${line}`.trimEnd()).join("\n");
    }
    return [`  ${name}`, ...lines.map((line) => `      ${line}`)].join("\n");
  };
  const title = (text: string) => style.bold(`${text}:`);
  return [
    usage.map((line, at) => `${at === 0 ? title("Usage") : "   or:"} ${line}`).join("\n"),
    wrap(does, width).join("\n"),
    [title("Examples"), ...examples.map((line) => `  ${line}`)].join("\n"),
    ...filled.map(([name, items]) => [title(name), ...items.map(item)].join("\n")),
    ...more ? [wrap(more, width).join("\n")] : [],
  ].join("\n\n") + "\n";
}

function itemsOf(options: Options): Item[] {
  return Object.entries(options).filter(([, { hidden }]) => !hidden).map(([key, option]) => [
    flags(key, option),
    explained(option),
  ]);
}

/** `-o, --output <format>` */
function flags(key: string, option: Option): string {
  const { short, value, bare } = option;
  const shown = value ? bare ? ` [${value.shown}]` : ` <${value.shown}>` : "";
  return `${short ? `-${short}, ` : ""}${flagOf(key, option)}${shown}`;
}

/** `which: one, other (default: one)` */
function explained({ about, value, standard, otherwise, many }: Option & Partial<Argument>): string {
  const choices = value?.schema.enum ? `: ${value.schema.enum.join(", ")}` : "";
  const default_ = otherwise ?? standard;
  const again = many ? " (may be given again)" : "";
  return `${about}${choices}${again}${default_ === undefined ? "" : ` (default: ${default_})`}`;
}

function brief(options: Options): string {
  return Object.entries(options).map(([key, option]) => option.short ? `-${option.short}` : flagOf(key, option)).join(
    " ",
  );
}
