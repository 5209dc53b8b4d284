/**
 * `autocom … --help` of the built program: what is explained stands in the tree that the build made, so that no command
 * is loaded.
 *
 * @module
 */

import { apparent, explain, parse, treeOf } from "./cli/mod.ts";
import { built, withCalls } from "./completion/mod.ts";
import { style, wantsColor } from "./output/mod.ts";
import type { System } from "./system/mod.ts";

/** False when there is nothing to explain, or not all of it is known here: then the long way knows what to say. */
export async function explaining(args: readonly string[], system: System): Promise<boolean> {
  const { env, io } = system;
  const tree = built();
  if (!tree) return false;
  const nouns = withCalls(await treeOf(tree), async (word) => {
    const { calls } = await import("./remembered.ts");
    const kept = await calls(system, apparent(args));
    return kept?.isYoung(system.clock.now()) ? await kept.verb(word) : undefined;
  });
  const line = await parse(args, nouns, { suggest: false, open: () => Promise.reject(new Error("nothing is opened")) });
  if (line.is !== "explain") return false;
  const { stdout } = io;
  const paint = style(wantsColor(line.globals.color, env, stdout.isTerminal));
  const text = await explain(line, nouns, { columns: stdout.columns(), style: paint });
  return await stdout.write(text).then(() => true, () => false);
}
