/**
 * A copy of the project to build in, and whether this machine can compile at all.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { join, resolve } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { BuildError, deno, denoDir, pinnedDeno } from "../../../build/process.ts";
import { type Runtime, runtime } from "../../../build/runtime.ts";
import { type Target, targetOf } from "../../../build/targets.ts";

export const ROOT = resolve(import.meta.dirname!, "../../..");
export const HOST = targetOf(Deno.build.target);
export const CONFIG = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));

/** As in the workflow that releases: where there can be no compiled program to test, that is a failure. */
export const REQUIRED = Deno.env.get("AUTOCOM_TEST_COMPILED") === "required";

/** The runtime of this host; undefined, with one loud line, when it cannot be had here. */
export const RUNTIME = await hostRuntime();

async function hostRuntime(): Promise<Record<string, string> | undefined> {
  try {
    await pinnedDeno(ROOT);
    return (await found(HOST, Deno.env.get("DENORT_BIN"))).env;
  } catch (error) {
    if (!(error instanceof BuildError) || REQUIRED) throw error;
    console.error(`SKIPPED: tests that compile, no runtime for ${HOST.triple}: ${error.message}`);
    return undefined;
  }
}

/** The runtime that programs for a target stand on. */
export async function runtimeBytes(target: Target): Promise<Buffer> {
  return Buffer.from(await (await found(target)).bytes());
}

async function found(target: Target, given?: string): Promise<Runtime> {
  return await runtime({ target, release: false, denoDir: await denoDir(ROOT), ...given && { given }, fetch });
}

/** Bytes that an upgrade to this host's program may receive at most: its payload under brotli, and 10 KB. */
export async function barOf(program: Uint8Array): Promise<number> {
  return brotliCompressSync(program.subarray((await runtimeBytes(HOST)).length)).length + 10 * 1024;
}

/**
 * Copies what the build reads into `folder`, which is made. There this Deno is the one of development, whichever it is of
 * the two: what is built there is a rehearsal.
 */
export async function copyProject(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(join(folder, ".dvmrc"), `${Deno.version.deno}\n`);
  for (const name of ["CHANGELOG.md", "LICENSE", "README.md", "deno.json", "deno.lock", "main.ts"]) {
    await Deno.copyFile(join(ROOT, name), join(folder, name));
  }
  for (const name of ["build", "src"]) await copyFolder(join(ROOT, name), join(folder, name));
}

/** Copies the tests, too. */
export async function copyTests(folder: string): Promise<void> {
  await copyFolder(join(ROOT, "tests"), join(folder, "tests"));
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    // The Deno that a workflow installs is no part of the project; the platform in PHP has its packages beside it.
    if (name === "node_modules" || name === "laravel") continue;
    await (isDirectory ? copyFolder : Deno.copyFile)(join(from, name), join(to, name));
  }
}

/** `deno task build ARGS` in `folder`. */
export async function build(folder: string, args: string[], env: Record<string, string> = {}): Promise<void> {
  await deno(["task", "--quiet", "build", ...args], folder, env);
}

/** What `deno compile` wrote about the program into the file. */
export function metadataOf(bytes: Buffer): { code_cache_key: unknown; permissions: Record<string, unknown> } {
  const start = bytes.lastIndexOf('{"argv":[');
  const end = bytes.indexOf("}", bytes.indexOf('"vfs_case_sensitivity":', start));
  return JSON.parse(bytes.toString("utf8", start, end + 1));
}

/** True when the file holds the text, in UTF-8 or in UTF-16. */
export function holds(bytes: Buffer, text: string): boolean {
  return bytes.includes(text) || bytes.includes(text, 0, "utf16le");
}
