/**
 * From the words of a command line to a verb, and from a verb to what explains it.
 *
 * @module
 */

import type { Style } from "../output/mod.ts";
import type { again as Again } from "./again.ts";
import type { describe as Describe, treeOf as TreeOf } from "./describe.ts";
import type { Line } from "./line.ts";
import type { Noun } from "./verb.ts";

export type { DescribedArgument, DescribedOption, Description, Tree } from "./describe.ts";
export { GLOBALS, ROOT } from "./globals.ts";
export type { Expected, Line } from "./line.ts";
export { apparent } from "./apparent.ts";
export { expected, parse } from "./parse.ts";
export { filter, known, likely, oneOf, shorten, text, whole } from "./values.ts";
export {
  type Argument,
  flagOf,
  type Given,
  LOCAL,
  LOCAL_CHANGE,
  type Named,
  NOTHING,
  type Noun,
  ONLINE,
  type Option,
  type Options,
  optionsOf,
  type Said,
  type Seek,
  shownArgument,
  type Sound,
  type Spec,
  STORE,
  type Value,
  type Verb,
  verb,
  type Words,
} from "./verb.ts";

/** The text of a help; see `help.ts`, which is loaded when something is explained. */
export async function explain(
  line: Extract<Line, { is: "explain" }>,
  tree: readonly Noun[],
  screen: { columns: number; style: Style },
): Promise<string> {
  return await (await import("./help.ts")).explain(line, tree, screen);
}

/** See `again.ts`, which is loaded when a line is to be typed again. */
export const again = async (...given: Parameters<typeof Again>): Promise<string[]> =>
  (await import("./again.ts")).again(...given);

/** See `describe.ts`, which is loaded when somebody wants to read the tree. */
export const describe: typeof Describe = async (tree) => (await import("./describe.ts")).describe(tree);

/** The tree of such descriptions. */
export const treeOf = async (...given: Parameters<typeof TreeOf>): Promise<Noun[]> =>
  (await import("./describe.ts")).treeOf(...given);
