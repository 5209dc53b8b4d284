/**
 * The opt-in build that mangles: our own property names become meaningless, too. Cosmetic: what a program does can be read
 * out of any program. A trace of such a build leads nowhere, so it has no symbols.
 *
 * @module
 */

import { join } from "node:path";
import { esbuildPath, pinEsbuild } from "./esbuild.ts";
import { BuildError, denoDir } from "./process.ts";

/**
 * Names of the program alone: none is the runtime's, a package's, a wire format's, a flag's or an export's, and none is
 * said as a string. A test sees that each is used, and gone.
 */
export const MANGLED: readonly string[] =
  `afterwards apiWith brokeOff capacity complaint decide inFile isDefault keeper life noRoute ofEither pasted
   patience prose refreshOf somebody stray took trustSystem unlocked unsaved unsent withFlags`.split(/\s+/);

/** Mangles every chunk in the folder, with the pinned esbuild: one name is the same in all of them. */
export async function mangle(root: string, folder: string): Promise<void> {
  const cache = await denoDir(root);
  await pinEsbuild(cache);
  const work = await Deno.makeTempDir();
  try {
    const names = Object.fromEntries(MANGLED.map((name, index) => [name, `_${index.toString(36)}`]));
    const list = join(work, "names.json");
    for await (const { name } of Deno.readDir(folder)) {
      await Deno.writeTextFile(list, JSON.stringify(names));
      const out = join(work, name);
      const options = [`--mangle-props=^(${MANGLED.join("|")})$`, `--mangle-cache=${list}`, `--outfile=${out}`];
      const format = [
        "--minify",
        "--format=esm",
        "--platform=neutral",
        "--target=esnext",
        "--charset=utf8",
        "--log-level=error",
      ];
      const run = new Deno.Command(esbuildPath(cache), {
        args: [join(folder, name), ...format, ...options],
        stdin: "null",
      });
      const { success, stderr } = await run.output();
      if (!success) throw new BuildError(`cannot mangle "${name}":\n${new TextDecoder().decode(stderr)}`);
      await Deno.copyFile(out, join(folder, name));
    }
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}
