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
import { BUDGETS, find } from "./budgets.ts";
import { embed } from "./embed.ts";
import { type Chunks, loadedWith } from "./merge.ts";
import { readIfThere } from "./pinned.ts";
import { BuildError } from "./process.ts";
import { asScript, bytecodeName, scriptName } from "./scripts.ts";
import type { Target } from "./targets.ts";

/** Bytes: to open one more file costs more than to compile less than this. */
const WORTH = 900;

/** What starts load, of those that are worth it; the entry first. */
export function hot(chunks: Chunks): string[] {
  const paths = BUDGETS.filter(({ bytecode }) => bytecode);
  const loads = new Set(["main.js", ...paths.flatMap(({ loads }) => loads.map((load) => find(chunks, load)))]);
  const loaded = new Set<string>();
  for (const name of loads) loadedWith(name, chunks, loaded);
  return [...loaded].filter((name) => chunks.get(name)!.length >= WORTH);
}

/** Puts a module and a script where each of those chunks of the folder is; the first is loaded by all. */
export async function script(folder: string, chunks: readonly string[]): Promise<void> {
  for (const name of chunks) {
    const { module, script } = asScript(name, await Deno.readTextFile(join(folder, name)), chunks[0]!);
    await Deno.writeTextFile(join(folder, name), module);
    await Deno.writeTextFile(join(folder, scriptName(name)), script);
  }
}

/** Makes one file of each script and its bytecode, if it has any. */
export async function oneFileEach(folder: string, chunks: readonly string[]): Promise<void> {
  for (const name of chunks.map(scriptName)) {
    const [code, made] = [join(folder, name), join(folder, bytecodeName(name))];
    const both = new Blob([await Deno.readFile(code), await readIfThere(made) ?? new Uint8Array()]);
    await Deno.writeFile(made, await both.bytes());
    await Deno.remove(code);
  }
}

export interface Wanted {
  /** The project's folder. */
  root: string;
  /** Folder of the scripts. */
  folder: string;
  /** What {@link script} was given. */
  chunks: readonly string[];
  target: Target;
  /** What `runtime()` gave. */
  env: Record<string, string>;
}

/** Makes the bytecode of the scripts; {@link BuildError} where the target's runtime does not run here. */
export async function precompile({ root, folder, chunks, target, env }: Wanted): Promise<void> {
  const work = await Deno.makeTempDir();
  try {
    const maker = join(work, "maker");
    await Deno.mkdir(maker);
    await Deno.copyFile(join(root, "build", "bytecode_maker.js"), join(maker, "maker.js"));
    const permissions = { [target.permissions]: { read: true, write: true } };
    // First everything is compiled; then what came out is given the mark of the flags that the program has, and tried.
    for (const v8 of [["--no-lazy"], []]) {
      const out = join(work, `made${v8.length}`);
      await embed({ chunks: maker, entry: "maker.js", permissions, target, env, v8, out });
      await run(out, chunks.map(scriptName), folder, target);
    }
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
