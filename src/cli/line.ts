/**
 * What a command line is, and what is asked about one. Types alone.
 *
 * @module
 */

import type { App, Globals } from "../app.ts";
import type { AppError } from "../errors.ts";
import type { Argument, Noun, Option, Options, Verb } from "./verb.ts";

/** What a command line is. */
export type Line =
  | { is: "run"; path: readonly string[]; globals: Globals; verb: Verb; given: Values; words: readonly unknown[] }
  /** A help: the verb's, else the noun's, else the program's. */
  | { is: "explain"; path: readonly string[]; globals: Globals; noun?: Noun; verb?: Verb }
  | { is: "version"; globals: Globals }
  /** Not understood. The globals are those that are sound: the refusal obeys `--output` and `--color`. */
  | { is: "refused"; globals: Globals; error: AppError; missing?: readonly Argument[] };

type Values = Readonly<Record<string, unknown>>;

/** What a message about a word has to know. */
export interface Fault {
  words: readonly string[];
  /** Index of the word that is not understood. */
  at: number;
  /** The names that were understood before it. */
  path: readonly string[];
  tree: readonly Noun[];
  /** The options that were known there. */
  known: Options;
  verb?: Verb | undefined;
}

/** How a line is read. */
export interface Reading {
  /** False: a refusal does not look for what was meant. */
  suggest?: boolean;
  /** What verbs are found with. Without it whatever a noun may find counts as the one that stands for them all. */
  open?: (globals: Globals) => Promise<App>;
}

/** What may stand behind these words, for completion. */
export interface Expected {
  /** Behind the word `help`. */
  explain: boolean;
  noun?: Noun | undefined;
  verbs: readonly Verb[];
  verb?: Verb | undefined;
  /** The options that are known there; none behind `--`. */
  known: Options;
  /** The keys of those that were given. */
  given: ReadonlySet<string>;
  /** The arguments that were given. */
  operands: readonly string[];
  /** The last word is an option, and its value, if it takes one, is still to come. */
  waiting?: Option | undefined;
  /** A word before names nothing. */
  lost: boolean;
}
