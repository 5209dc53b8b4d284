/**
 * The command tree as a manual page, in the macros of man(7). Made by the build; nothing of it is in the program.
 *
 * @module
 */

import type { DescribedArgument, DescribedOption, Description } from "./cli/mod.ts";
import { type Place, PLACES } from "./storage/mod.ts";

/** What the page is made of; `date` as `2026-05-31`. */
export interface Manual {
  commands: readonly Description[];
  global: readonly DescribedOption[];
  /** Those of the program without a command. */
  root: readonly DescribedOption[];
  exits: readonly { code: number; kind: string; when: string }[];
  variables: readonly (readonly [name: string, meaning: string])[];
  version: string;
  date: string;
}

const FILES: Record<Place, string> = {
  config: "the settings that autocom config changes",
  credentials: "sessions, where there is no keychain",
  ledger: "servers whose session the keychain was given; no secret",
  lock: "held while a session is changed",
  schema: "the operations of each tenant's server",
  tenants: "the slugs of your tenants, for completion",
  upgrade: "what the check for a newer version remembers",
};

export function man({ commands, global, root, exits, variables, version, date }: Manual): string {
  return [
    `.TH AUTOCOM 1 "${date}" ${quoted(`autocom ${version}`)} "User Commands"`,
    ".SH NAME",
    "autocom \\- the AutoCom platform from your terminal",
    ".SH SYNOPSIS",
    ".B autocom",
    ".I command",
    "[\\fIoptions\\fR]",
    ...root.flatMap(({ flag }) => [".br", `.B autocom ${escaped(flag)}`]),
    ".SH DESCRIPTION",
    line(
      "Logs in to an AutoCom server, works with what a tenant has there, and prints it for people and for programs.",
    ),
    line("Every request passes the server's three gates (token, tenant, permission); each refusal has an exit code."),
    ".SH COMMANDS",
    ...commands.flatMap(command),
    ".SH GLOBAL OPTIONS",
    ...global.flatMap(option),
    ...root.flatMap((one) => option({ ...one, about: `without a command: ${one.about}` })),
    ".SH EXIT STATUS",
    ...exits.flatMap(({ code, kind, when }) => item(`\\fB${code}\\fR`, `${kind}: ${when}`)),
    ".SH ENVIRONMENT",
    ...variables.flatMap(([name, meaning]) => item(bold(name), meaning)),
    ".SH FILES",
    ...Object.entries(FILES).flatMap(([place, meaning]) => file(place as Place, meaning)),
  ].join("\n") + "\n";
}

function command({ command, aliases, description, arguments: args, options, examples }: Description): string[] {
  const words = [bold(`autocom ${command}`), ...args.map(shown), "[\\fIoptions\\fR]"];
  const noun = command.split(" ").slice(0, -1);
  const also = aliases.map((alias) => ["autocom", ...noun, alias].join(" ")).join(", ");
  return [
    `.SS ${quoted(`autocom ${command}`)}`,
    words.join(" "),
    ".PP",
    line(`${description}${also && ` Also: ${also}.`}`),
    ...args.flatMap((argument) => item(shown(argument), aboutOf({ ...argument, value: argument }))),
    ...options.flatMap(option),
    ".PP",
    ".nf",
    ...examples.map((example) => `  ${escaped(example)}`),
    ".fi",
  ];
}

function file(place: Place, meaning: string): string[] {
  const { name, variable } = PLACES[place];
  const more = place === "schema" ? "-..." : "";
  return item(
    `\\fI${escaped(`~/.autocom/${name}${more}`)}\\fR`,
    meaning + (variable ? ` (elsewhere: ${variable})` : ""),
  );
}

function shown({ name, optional, repeatable }: DescribedArgument): string {
  const word = `\\fI${escaped(name)}\\fR${repeatable ? " ..." : ""}`;
  return optional ? `[${word}]` : word;
}

function option(of: DescribedOption): string[] {
  const { flag, short, value, value_optional } = of;
  const word = value ? ` ${value_optional ? "[" : ""}\\fI${escaped(value.name)}\\fR${value_optional ? "]" : ""}` : "";
  return item(`${[short, flag].flatMap((name) => name ? [bold(name)] : []).join(", ")}${word}`, aboutOf(of));
}

function aboutOf(
  { about, value, repeatable, default_in_words, ...of }:
    & Pick<DescribedOption, "about" | "repeatable" | "default" | "default_in_words">
    & { value?: { values?: readonly string[] } },
): string {
  const values = value?.values ? `: ${value.values.join(", ")}` : "";
  const standard = default_in_words ?? of.default;
  const again = repeatable ? " (may be given again)" : "";
  return `${about}${values}${again}${standard === undefined ? "" : ` (default: ${standard})`}`;
}

/** A tagged paragraph. */
function item(term: string, about: string): string[] {
  return [".TP", term, line(about)];
}

function bold(text: string): string {
  return `\\fB${escaped(text)}\\fR`;
}

/** A line of text: one that begins like a request of the formatter's begins with a character of no width. */
function line(text: string): string {
  return escaped(text).replace(/^(?=[.'])/, "\\&");
}

/** `-` and `\` mean themselves; a quote that is typed is not a typographic one. */
function escaped(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("'", "\\(aq").replaceAll("`", "\\(ga")
    .replaceAll("^", "\\(ha").replaceAll("~", "\\(ti").replaceAll(/[\r\n]+/g, " ");
}

/** An argument of a macro. */
function quoted(text: string): string {
  return `"${escaped(text).replaceAll('"', '""')}"`;
}
