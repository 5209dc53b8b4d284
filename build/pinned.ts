/**
 * Files from outside that the build depends on: each has a pinned SHA-256 and is refused when it differs.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { BuildError, deno } from "./process.ts";

/** SHA-256 in lower-case hexadecimal. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return digest.toHex();
}

/** Makes the file at `path` when it is absent, and in any case refuses it when its hash is not `expected`. */
export async function pinned(
  path: string,
  expected: string,
  make: () => Promise<Uint8Array<ArrayBuffer>>,
): Promise<void> {
  const cached = await readIfThere(path);
  const bytes = cached ?? await make();
  const actual = await sha256(bytes);
  if (actual !== expected) {
    const action = cached ? `delete "${path}" and build again` : "the package is not the one that was pinned";
    throw new BuildError(`"${path}" has SHA-256 ${actual}, pinned is ${expected}: ${action}`);
  }
  if (!cached) await writeWhole(path, bytes);
}

/** A file's bytes, or undefined when there is no such file. */
export async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Writes an executable file so that another build at the same time never sees half of it. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const partial = await Deno.makeTempFile({ dir: dirname(path) });
  await Deno.writeFile(partial, bytes);
  if (Deno.build.os !== "windows") await Deno.chmod(partial, 0o755);
  await Deno.rename(partial, path);
}

/** One file of an npm package, fetched by Deno's own npm client from the registry that `.npmrc` names. */
export async function npmFile(name: string, version: string, path: string): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(join(folder, "deno.json"), `{"nodeModulesDir":"auto","lock":false}`);
    await Deno.writeTextFile(join(folder, "package.json"), JSON.stringify({ dependencies: { [name]: version } }));
    await deno(["install", "--quiet"], folder, { DENO_DIR: join(folder, "cache") });
    return await Deno.readFile(join(folder, "node_modules", name, path));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
