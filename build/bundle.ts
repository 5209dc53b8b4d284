/**
 * Source → chunks: one entry and what it imports on demand, stamped, with a fixed time.
 *
 * @module
 */

import { join } from "node:path";
import { pinEsbuild } from "./esbuild.ts";
import { type Chunks, mergeStarts } from "./merge.ts";
import { BuildError, deno, denoDir, LOCKED } from "./process.ts";

/** `deno compile` embeds the time of a file. One for all, so that the same source gives the same bytes everywhere. */
const TIME = new Date("2020-01-01T00:00:00Z");

/** Bundles `entry` (a path in the project `root`) into the folder `out`, which is new; `x.ts` becomes `x.js`. */
export async function bundle(root: string, entry: string, out: string): Promise<void> {
  await pinEsbuild(await denoDir(root));
  // Not --keep-names: it calls a function for each function of the program, which costs a start 2 % of its time. A trace
  // still names file and column, and a build of the same commit has them.
  const options = [...LOCKED, "--minify", "--code-splitting", "--outdir", out];
  await deno(["bundle", "--quiet", ...options, entry], root);
  await rename(out);
}

/**
 * esbuild's hash in the name of a chunk changes with the folder that the packages lie in. A number does not, when the
 * chunks are counted in the order of what they hold.
 */
async function rename(folder: string): Promise<void> {
  const hash = /-[0-9A-Z]{8}\.js/g;
  const hidden = ({ name, text }: { name: string; text: string }) => `${name}\n${text}`.replaceAll(hash, ".js");
  const chunks = await readChunks(folder);
  const named = chunks.toSorted((a, b) => hidden(a) < hidden(b) ? -1 : 1)
    .map((chunk, index) => ({ ...chunk, to: chunk.name.replace(hash, `-${index}.js`) }));
  for (const { path, text, to } of named) {
    await Deno.remove(path);
    await Deno.writeTextFile(join(folder, to), named.reduce((text, { name, to }) => text.replaceAll(name, to), text));
  }
}

/**
 * Puts together what is loaded together: with every start, and then for commands, a Tab and a help.
 * An entry has a number in its name that changes with what it holds, so it is looked for.
 */
export async function mergeHot(folder: string): Promise<void> {
  const chunks = new Map((await readChunks(folder)).map(({ name, text }) => [name, text]));
  const [starts, others] = [STARTS, OTHERS].map((all) => all.map((names) => names.map((name) => find(chunks, name))));
  const merged = mergeStarts(chunks, "main.js", starts!, others);
  for (const name of chunks.keys()) await Deno.remove(join(folder, name));
  for (const [name, text] of merged) await Deno.writeTextFile(join(folder, name), text);
}

/** What a start loads beside `main.js`, in every case; and what some of them load. */
const STARTS = [
  ["execute"],
  ["completing", "describe"],
  ["explaining", "describe", "help"],
];
const OTHERS = [["remembered"], ["operation"], ["width"]];

function find(chunks: Chunks, entry: string): string {
  const found = [...chunks.keys()].find((name) => new RegExp(`^${entry}-\\d+\\.js$`).test(name));
  if (found) return found;
  throw new BuildError(`the bundle has no chunk "${entry}"`);
}

/** Replaces each placeholder, which must stand exactly once in all chunks together. */
export async function stamp(folder: string, values: Readonly<Record<string, string>>): Promise<void> {
  const chunks = await readChunks(folder);
  for (const [placeholder, value] of Object.entries(values)) {
    const pieces = chunks.reduce((count, chunk) => count + chunk.text.split(placeholder).length - 1, 0);
    if (pieces !== 1) {
      throw new BuildError(`placeholder "${placeholder}" stands ${pieces} times in the bundle, not once`);
    }
    for (const chunk of chunks) chunk.text = chunk.text.replace(placeholder, () => value);
  }
  for (const chunk of chunks) await Deno.writeTextFile(chunk.path, chunk.text);
}

/** Sets the time of every chunk; gives their texts. */
export async function seal(folder: string): Promise<Chunks> {
  const chunks = await readChunks(folder);
  for (const { path } of chunks) await Deno.utime(path, TIME, TIME);
  return new Map(chunks.map(({ name, text }) => [name, text]));
}

async function readChunks(folder: string): Promise<{ name: string; path: string; text: string }[]> {
  const names = (await Array.fromAsync(Deno.readDir(folder), (entry) => entry.name)).sort();
  return await Promise.all(names.map(async (name) => {
    const path = join(folder, name);
    return { name, path, text: await Deno.readTextFile(path) };
  }));
}
