/**
 * How a help looks: usage, one sentence, commands or options, then the options that every command has. Examples are
 * added below by whoever knows them.
 *
 * @module
 */

import type { Argument, CommandUnknownOpts, Help, HelpConfiguration, Option } from "@commander-js/extra-typings";

/** Beyond this a line is hard to read, however wide the terminal is. */
export const WIDEST = 100;

export const LAYOUT: HelpConfiguration = { minWidthToWrap: 20, formatHelp: page };

/** Shown below a help; a test runs every line. */
export function addExamples(command: CommandUnknownOpts, lines: readonly string[]): void {
  command.addHelpText("after", `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`);
}

type Item = [term: string, description: string];

function page(command: CommandUnknownOpts, helper: Help): string {
  const { parent } = command;
  const own = helper.visibleOptions(command).filter(({ long }) => parent === null || long !== "--help");
  const global = parent ? helper.visibleOptions(rootOf(command)).filter(({ long }) => long !== "--version") : [];
  const sections: [title: string, items: Item[]][] = [
    ["Commands", helper.visibleCommands(command).map((verb) => [call(verb), verb.summary()])],
    ["Arguments", command.registeredArguments.map((argument) => [named(argument), argument.description])],
    ["Options", own.map((option) => [option.flags, explained(option)])],
    ["Global options", global.map((option) => [option.flags, explained(option)])],
  ];
  const term = Math.max(...sections.flatMap(([, items]) => items.map(([term]) => term.length)));
  return [
    [`Usage: ${usage(command)}`, ...command.aliases().map((alias) => `   or: ${usage(command, alias)}`)].join("\n"),
    helper.boxWrap(command.description(), helper.helpWidth ?? 80),
    ...sections.filter(([, items]) => items.length > 0).map(([title, items]) =>
      [`${title}:`, ...items.map(([name, about]) => helper.formatItem(name, term, about, helper))].join("\n")
    ),
  ].join("\n\n") + "\n";
}

function usage(command: CommandUnknownOpts, name = command.name()): string {
  const words = [command.commands.length > 0 ? `${name} <command>` : call(command, name), "[options]"];
  for (let above = command.parent; above; above = above.parent) words.unshift(above.name());
  return words.join(" ");
}

/** `get <order>` */
export function call(command: CommandUnknownOpts, name = command.name()): string {
  return [name, ...command.registeredArguments.map(named)].join(" ");
}

function named(argument: Argument): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
}

/** `which: one, other (default: one)` */
function explained({ description, argChoices, defaultValue, defaultValueDescription }: Option): string {
  const choices = argChoices ? `: ${argChoices.join(", ")}` : "";
  const standard = defaultValueDescription ?? (typeof defaultValue === "boolean" ? undefined : defaultValue);
  return `${description}${choices}${standard === undefined ? "" : ` (default: ${standard})`}`;
}

function rootOf(command: CommandUnknownOpts): CommandUnknownOpts {
  return command.parent ? rootOf(command.parent) : command;
}
