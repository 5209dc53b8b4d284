/**
 * The command tree, as much of it as a command line needs: the noun and the verb that it names, or all of them by name.
 *
 * @module
 */

import { Command, CommanderError, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { VERSION } from "../build_info.ts";
import { addExamples, LAYOUT, WIDEST } from "./help_page.ts";
import type { Start, Verb } from "./verb.ts";
import { look, TOPICS } from "./words.ts";

export interface Noun {
  name: string;
  summary: string;
  /** A group of verbs, or one verb that stands at the root. */
  verbs(): Promise<readonly Verb[] | Verb>;
  /** An alias, not in the list of the help. */
  hidden?: true;
}

/** Where the text of a help or of `--version` goes. */
export interface Screen {
  /** Cells in a line. */
  columns: () => number;
  print: (text: string) => void;
}

export interface Program {
  /** Parses and runs; resolves when the verb is done. */
  parse(): Promise<void>;
  /** The global options as they were given. */
  globals(): Record<string, unknown>;
}

export async function program(
  nouns: readonly Noun[],
  words: readonly string[],
  start: Start,
  { columns, print }: Screen,
): Promise<Program> {
  const { args, operands, help } = rewrite(words);
  const [named, verb] = operands;
  const listed = help || operands.length === 0;
  const root = globalOptions();
  root.exitOverride();
  root.configureHelp(LAYOUT);
  root.configureOutput({
    writeOut: print,
    writeErr: print,
    outputError() {},
    getOutHelpWidth: () => Math.min(columns(), WIDEST),
    getErrHelpWidth: () => Math.min(columns(), WIDEST),
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  });
  for (const noun of listed ? nouns : meant(nouns, named)) {
    // A list of them needs their names alone.
    const command = listed && noun.name !== named
      ? new Command(noun.name).copyInheritedSettings(root as unknown as CommandUnknownOpts)
      : filled(noun, await noun.verbs(), listed ? undefined : verb, start, root);
    root.addCommand(command.summary(noun.summary), { hidden: noun.hidden ?? false });
  }
  const known = understood(root as unknown as CommandUnknownOpts, operands);
  // The framework would explain the part that it knows, and end well.
  const lost = help && known.at(-1)!.commands.length > 0 && operands.length >= known.length;
  return {
    globals: () => root.opts(),
    async parse() {
      try {
        await root.parseAsync(lost ? operands : args, { from: "user" });
      } catch (error) {
        if (!(error instanceof CommanderError)) throw error;
        if (error.exitCode === 0 || error.code === "commander.help") return;
        throw (await import("./usage.ts")).refusal(error, known);
      }
    },
  };
}

function globalOptions(): Command {
  const root = new Command("autocom")
    .description("The AutoCom platform from your terminal. Start with: autocom auth login")
    .addOption(
      new Option("-o, --output <format>", "how to print data")
        .choices(["table", "tsv", "csv", "json", "jsonl", "yaml"]).default(
          undefined,
          "table on a terminal, tsv elsewhere",
        ),
    )
    .addOption(new Option("--tenant <slug>", "tenant to work in").default(undefined, "the saved one"))
    .addOption(
      new Option("--api-url <url>", "address of the API").default(undefined, "the saved one"),
    )
    .option("--no-input", "never ask")
    .addOption(new Option("--color <when>", "colour").choices(["auto", "always", "never"]).default("auto"))
    .addOption(new Option("--timeout <seconds>", "longest wait for an answer").default(undefined, "30"))
    .option("-q, --quiet", "say nothing but data, warnings and errors")
    .option("--debug", "say what is sent and answered, without secrets")
    .version(`autocom ${VERSION}`, "--version", "print the version")
    .helpOption("-h, --help", "explain a command")
    .helpCommand(false) as unknown as Command;
  addExamples(root as unknown as CommandUnknownOpts, [
    "autocom auth login --tenant acme",
    "autocom orders list --status pending",
    "autocom help exit-codes",
  ]);
  return root;
}

/** The noun with the verb that `word` means. */
function filled(
  { name, summary }: Noun,
  verbs: readonly Verb[] | Verb,
  word: string | undefined,
  start: Start,
  root: Command,
): CommandUnknownOpts {
  const inherit = (command: CommandUnknownOpts) => command.copyInheritedSettings(root as unknown as CommandUnknownOpts);
  if ("command" in verbs) return inherit(verbs.command(start));
  const command = inherit(new Command(name) as unknown as CommandUnknownOpts).helpCommand(false);
  command.description(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`);
  for (const verb of meant(verbs, word)) command.addCommand(inherit(verb.command(start)));
  const examples = verbs.length === 1 ? verbs[0]!.examples : verbs.map(({ examples }) => examples[0]!);
  addExamples(command, examples.slice(0, 2));
  return command;
}

/** What the word names. A word that names nothing needs all of them: one may be suggested. */
function meant<T extends { name: string; aliases?: readonly string[] }>(all: readonly T[], word = ""): readonly T[] {
  const named = all.filter(({ name, aliases }) => name === word || aliases?.includes(word));
  return named.length > 0 ? named : all;
}

/**
 * What the framework parses: `help orders list` is `orders list --help`, the topics are a command of their own, and
 * `version` is the option. Beside an explanation nothing counts but what is to be explained.
 */
function rewrite(words: readonly string[]): { args: readonly string[]; operands: string[]; help: boolean } {
  const { operands, help } = look(words);
  const [first, second] = operands;
  const isTopic = second === undefined ? help : (TOPICS as readonly string[]).includes(second);
  if (first === "help" && !isTopic) return rewrite([...operands.slice(1), "--help"]);
  if (first === "version") return { args: ["--version"], operands: [], help: false };
  return { args: help ? [...operands, "--help"] : words, operands, help };
}

/** The way down the tree as far as the words lead, the root first. */
function understood(root: CommandUnknownOpts, words: readonly string[]): CommandUnknownOpts[] {
  const way = [root];
  for (const word of words) {
    const next = way.at(-1)!.commands.find((command) => command.name() === word || command.aliases().includes(word));
    if (!next) break;
    way.push(next);
  }
  return way;
}
