/**
 * The command tree, as much of it as a command line needs: every noun by name, the verbs of the one that was named.
 *
 * @module
 */

import { Command, CommanderError, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { VERSION } from "../build_info.ts";
import { AppError } from "../errors.ts";
import { type Noun, NOUNS } from "./mod.ts";
import type { Start } from "./verb.ts";

/** Options that take a value: the word after one is no noun. */
const VALUED = ["-o", "--output", "--tenant", "--api-url", "--color", "--timeout"];

const TOPICS = ["exit-codes", "environment", "permissions"];

export interface Program {
  /** Parses and runs; resolves when the verb is done. Text of a help or of `--version` goes to `print`. */
  parse(): Promise<void>;
  /** The global options as they were given. */
  globals(): Record<string, unknown>;
}

export function program(
  words: readonly string[],
  start: Start,
  { columns, print }: { columns: number; print: (text: string) => void },
): Program {
  const args = rewrite(words);
  const [named] = operands(args);
  const root = globalOptions();
  root.exitOverride();
  root.configureOutput({
    writeOut: print,
    writeErr: print,
    outputError() {},
    getOutHelpWidth: () => Math.min(columns, 100),
    getErrHelpWidth: () => Math.min(columns, 100),
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  });
  root.configureHelp({ showGlobalOptions: true });
  for (const noun of NOUNS) {
    const command = noun.name === named ? filled(noun, start, root) : new Command(noun.name);
    root.addCommand(command.summary(noun.summary), { hidden: noun.hidden ?? false });
  }
  return {
    globals: () => root.opts(),
    async parse() {
      try {
        await root.parseAsync(args, { from: "user" });
      } catch (error) {
        if (!(error instanceof CommanderError)) throw error;
        if (error.exitCode !== 0 && error.code !== "commander.help") throw usage(error, args);
      }
    },
  };
}

function globalOptions(): Command {
  return new Command("autocom")
    .description("The AutoCom platform from your terminal. Start with: autocom auth login")
    .usage("<command> [options]")
    .addOption(
      new Option("-o, --output <format>", "output format (default: a table on a terminal, TSV elsewhere)")
        .choices(["table", "tsv", "json", "yaml"]),
    )
    .option("--tenant <slug>", "tenant to work in")
    .option("--api-url <url>", "address of the API")
    .option("--no-input", "never ask")
    .addOption(new Option("--color <when>", "colour").choices(["auto", "always", "never"]).default("auto"))
    .option("--timeout <seconds>", "longest wait for an answer (default: 30)")
    .option("-q, --quiet", "say nothing but data, warnings and errors")
    .option("--debug", "say what is sent and answered, without secrets")
    .version(`autocom ${VERSION}`, "--version", "print the version")
    .helpOption("-h, --help", "explain a command")
    .helpCommand(false) as unknown as Command;
}

function filled(noun: Noun, start: Start, root: Command): CommandUnknownOpts {
  const inherit = (command: CommandUnknownOpts) => command.copyInheritedSettings(root as unknown as CommandUnknownOpts);
  if ("command" in noun.verbs) return inherit(noun.verbs.command(start)).name(noun.name);
  const command = inherit(new Command(noun.name) as unknown as CommandUnknownOpts).description(`${noun.summary}.`);
  command.usage("<command> [options]").helpCommand(false);
  for (const verb of noun.verbs) command.addCommand(inherit(verb.command(start)));
  return command;
}

/** `help orders list` is `orders list --help`; the topics are a command of their own. */
function rewrite(words: readonly string[]): string[] {
  const [first, second] = operands(words);
  if (first !== "help" || (second !== undefined && TOPICS.includes(second))) return [...words];
  return [...words.filter((word, at) => at !== words.indexOf("help")), "--help"];
}

/** The words that are neither options nor their values. */
export function operands(args: readonly string[]): string[] {
  const found: string[] = [];
  for (let at = 0; at < args.length && args[at] !== "--"; at++) {
    const word = args[at]!;
    if (VALUED.includes(word)) at++;
    else if (!word.startsWith("-")) found.push(word);
  }
  return found;
}

/** What people type who know other tools. */
const HABITS: [pattern: RegExp, instead: string][] = [
  [/option '--json/, "-o json"],
  [/option '--format/, "-o json, -o yaml or -o tsv"],
  [/option '--limit/, "--per-page NUMBER"],
  [/option '--org|option '--account/, "--tenant SLUG"],
  [/command 'switch'/, "autocom tenants use SLUG"],
  [/command 'describe'/, "autocom orders get ORDER"],
  [/command 'order'/, "autocom orders"],
  [/command 'tenant'/, "autocom tenants"],
  [/command 'signin'|command 'sign-in'/, "autocom auth login"],
];

/** The framework's refusal in our form: its text becomes a message, its suggestion a hint. */
function usage(error: CommanderError, args: readonly string[]): AppError {
  const [text = "", ...more] = error.message.replace(/^error: /, "").split("\n");
  const habit = HABITS.find(([pattern]) => pattern.test(text));
  const suggestion = /Did you mean (one of )?(.*)\?/.exec(more.join(" "))?.[2];
  const command = operands(args).slice(0, 2).filter((word) => /^[a-z-]+$/.test(word) && !text.includes(`'${word}'`));
  const hint = habit
    ? `did you mean ${habit[1]}?`
    : suggestion
    ? `did you mean ${suggestion}?`
    : `see: autocom ${[...command, "--help"].join(" ")}`;
  return new AppError("usage", text, { hint });
}
