/**
 * A command line that cannot be understood: what is wrong with it, in our words, and what was probably meant.
 *
 * @module
 */

import type { CommanderError, CommandUnknownOpts } from "@commander-js/extra-typings";
import { AppError } from "../errors.ts";
import { call } from "./help_page.ts";

/** What people type who know other tools, or half of ours. */
const HABITS = new Map([
  ["--json", "-o json"],
  ["--format", "-o json, -o yaml or -o tsv"],
  ["--limit", "--per-page NUMBER"],
  ["--org", "--tenant SLUG"],
  ["--account", "--tenant SLUG"],
  ["--url", "--api-url URL"],
  ["--host", "--api-url URL"],
  ["--token", "AUTOCOM_TOKEN, or: autocom auth login --token-stdin"],
  ["--no-color", "--color never"],
  ["--verbose", "--debug"],
  ["-v", "--version"],
  ["-V", "--version"],
  ["order", "autocom orders"],
  ["tenant", "autocom tenants"],
  ["switch", "autocom tenants use SLUG"],
  ["describe", "autocom orders get ORDER"],
  ["signin", "autocom auth login"],
  ["sign-in", "autocom auth login"],
  ["signout", "autocom auth logout"],
  ["me", "autocom whoami"],
  ["profile", "autocom whoami"],
  ["settings", "autocom config list"],
  ["env", "autocom help environment"],
  ["environment", "autocom help environment"],
  ["exit-codes", "autocom help exit-codes"],
  ["permissions", "autocom help permissions"],
]);

/** Longer words are not repeated: a token may have been pasted in the wrong place. */
const LONGEST_WORD = 30;

/**
 * The framework's refusal as an error of kind `usage`. `known` is the way down the tree as far as it was understood,
 * the program first.
 */
export function refusal(error: CommanderError, known: readonly CommandUnknownOpts[]): AppError {
  const command = known.at(-1)!;
  const path = known.map((one) => one.name()).join(" ");
  const text = error.message.replace(/^error: /, "");
  const help = `see: ${path} --help`;
  const refuse = (message: string, hint = help) => new AppError("usage", message, { hint });
  switch (error.code) {
    case "commander.unknownCommand": {
      const word = quoted(text, /^unknown command '(.*?)'(?:\n|$)/s);
      const alike = /\(Did you mean (?:one of )?([\w-]+)/.exec(text)?.[1];
      const meant = HABITS.get(word) ?? (alike && `${path} ${alike}`);
      return refuse(
        `unknown command "${shorten([...known.slice(1).map((one) => one.name()), word].join(" "))}"`,
        meant && `did you mean: ${meant}`,
      );
    }
    case "commander.unknownOption": {
      // `--token=SECRET`: what follows the sign is not repeated.
      const word = quoted(text, /^unknown option '(.*?)'(?:\n|$)/s).split("=", 1)[0]!;
      const alike = /\(Did you mean (?:one of )?(--[\w-]+)/.exec(text)?.[1];
      const meant = HABITS.get(word) ?? alike;
      return refuse(`unknown option "${shorten(word)}"`, meant && `did you mean: ${meant}`);
    }
    case "commander.excessArguments": {
      const [, most = "0", given = "more"] = /Expected (\d+) .* got (\d+):/s.exec(text) ?? [];
      const takes = most === "0" ? "no argument" : most === "1" ? "one argument" : `${most} arguments`;
      return refuse(
        `${path} takes ${takes}, ${given} ${given === "1" ? "was" : "were"} given`,
        `put a value with spaces in quotes, or ${help}`,
      );
    }
    case "commander.missingArgument":
      return refuse(
        `<${quoted(text, /'(.*?)'$/s)}> is missing`,
        `write: ${[...known.slice(0, -1).map((one) => one.name()), call(command)].join(" ")}`,
      );
    case "commander.optionMissingArgument":
      return refuse(`the option ${quoted(text, /^option '(?:-\w, )?(.*?)'/s)} is missing its value`);
    case "commander.invalidArgument": {
      const [, flag, value, choices] =
        /^option '(?:-\w, )?(--[\w-]+).*?' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/s.exec(text) ?? [];
      const [, given = "", name = "", known = ""] =
        /^command-argument value '(.*)' is invalid for argument '(.*?)'\. Allowed choices are (.*)\.$/s.exec(text) ??
          [];
      const what = flag ?? `<${name}>`;
      return refuse(`cannot use ${what} "${shorten(value ?? given)}": it is none of ${choices ?? known}`);
    }
    default:
      return refuse("the command line cannot be understood");
  }
}

function quoted(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[1] ?? "";
}

function shorten(word: string): string {
  return word.length > LONGEST_WORD ? `${word.slice(0, 4)}…` : word;
}
