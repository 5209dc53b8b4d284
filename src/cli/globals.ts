/**
 * The options that every command has.
 *
 * @module
 */

import { FORMATS } from "../settings.ts";
import { oneOf, text } from "./values.ts";
import type { Options } from "./verb.ts";

/** Understood wherever they stand. Of those with a value the last one counts, so that an alias of the shell can be overridden. */
export const GLOBALS = {
  output: {
    about: "output format",
    short: "o",
    value: oneOf("format", FORMATS),
    otherwise: "table on a terminal, tsv elsewhere",
  },
  tenant: { about: "tenant to work in", value: text("slug", "tenant"), otherwise: "the saved one" },
  apiUrl: { about: "address of the API", value: text("url"), otherwise: "the saved one" },
  timeZone: {
    about: "where a day begins: a name like Europe/Paris, or local",
    value: text("zone"),
    otherwise: "the saved one, else UTC",
  },
  input: { about: "never ask", off: true },
  color: { about: "colour", value: oneOf("when", ["auto", "always", "never"]), standard: "auto" },
  timeout: {
    about: "seconds to wait for an answer; renewing a session always waits at least 30",
    value: text("seconds"),
    otherwise: "30",
  },
  quiet: { about: "print only data, warnings and errors", short: "q" },
  debug: { about: "show each request and answer, without secrets" },
  help: { about: "explain a command", short: "h" },
} as const satisfies Options;

/** Known until a command is named. */
export const ROOT = { version: { about: "print the version" } } as const satisfies Options;
