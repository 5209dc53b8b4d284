/**
 * The bytecode of what starts load is made here and stands in the program, so that no start compiles it: that is 8 % of an
 * `orders list`. The code stays beside it, and is what runs where a runtime does not take the bytecode.
 *
 * V8 takes bytecode of its own version, flags and snapshot alone. So the runtime of the target makes it, which has to run
 * where the program is built; and only a platform that every build can run gets it, or two builds would differ.
 *
 * @module
 */

import { join } from "node:path";
import { BUDGETS, loadedBy } from "./budgets.ts";
import { embed } from "./embed.ts";
import type { Chunks } from "./merge.ts";
import { BuildError } from "./process.ts";
import type { Target } from "./targets.ts";

/** Bytes: to read the bytecode of less than this costs more than to compile it. */
const WORTH = 900;

/** Names of the chunks that get it. */
export function hot(chunks: Chunks): string[] {
  const paths = BUDGETS.filter(({ bytecode }) => bytecode);
  const loaded = new Set(paths.flatMap(({ loads }) => [...loadedBy(loads, chunks)]));
  return [...loaded].filter((name) => chunks.get(name)!.length >= WORTH);
}

export interface Wanted {
  /** The project's folder. */
  root: string;
  /** Name → code. */
  scripts: ReadonlyMap<string, string>;
  target: Target;
  /** What `runtime()` gave. */
  env: Record<string, string>;
}

/** Name → bytecode; {@link BuildError} where the target's runtime does not run here. */
export async function precompile(
  { root, scripts, target, env }: Wanted,
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const work = await Deno.makeTempDir();
  try {
    const [maker, folder] = [join(work, "maker"), join(work, "scripts")];
    await Deno.mkdir(maker);
    await Deno.mkdir(folder);
    await Deno.copyFile(join(root, "build", "bytecode_maker.js"), join(maker, "maker.js"));
    for (const [name, code] of scripts) await Deno.writeTextFile(join(folder, name), code);
    const permissions = { [target.permissions]: { read: true, write: true } };
    // First everything is compiled; then what came out is given the mark of the flags that the program has, and tried.
    for (const v8 of [["--no-lazy"], []]) {
      const out = join(work, `made${v8.length}`);
      await embed({ chunks: maker, entry: "maker.js", permissions, target, env, v8, out });
      await run(out, [...scripts.keys()], folder, target);
    }
    const made = [...scripts.keys()].map(async (name) =>
      [name, await Deno.readFile(join(folder, `${name}.bin`))] as const
    );
    return new Map(await Promise.all(made));
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

async function run(program: string, args: string[], cwd: string, { triple }: Target): Promise<void> {
  const said = await (async () => {
    const { success, stderr } = await new Deno.Command(program, { args, cwd, stdin: "null" }).output();
    return success ? undefined : new TextDecoder().decode(stderr);
  })().catch(String);
  if (said === undefined) return;
  throw new BuildError(
    `the bytecode of ${triple} is made by its own runtime, which has to run where it is built: ${said}`,
  );
}
