/**
 * Source → chunks: one entry and what it imports on demand, stamped, with a fixed time.
 *
 * @module
 */

import { join } from "node:path";
import { find, GRAPHQL } from "./budgets.ts";
import { pinEsbuild } from "./esbuild.ts";
import { type Chunks, merge, mergeStarts } from "./merge.ts";
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
  const hidden = ([name, text]: [string, string]) => `${name}\n${text}`.replaceAll(hash, ".js");
  const chunks = [...await readChunks(folder)];
  const named = chunks.toSorted((a, b) => hidden(a) < hidden(b) ? -1 : 1)
    .map(([name, text], index) => ({ name, text, to: name.replace(hash, `-${index}.js`) }));
  for (const { name, text, to } of named) {
    await Deno.remove(join(folder, name));
    await Deno.writeTextFile(join(folder, to), named.reduce((text, { name, to }) => text.replaceAll(name, to), text));
  }
}

/**
 * Puts together what is loaded together: with every start, and then for commands, a Tab and a help.
 * An entry has a number in its name that changes with what it holds, so it is looked for.
 */
export async function mergeHot(folder: string): Promise<void> {
  const chunks = await readChunks(folder);
  const [starts, others] = [STARTS, OTHERS].map((all) => all.map((names) => names.map((name) => find(chunks, name))));
  let merged = mergeStarts(chunks, "main.js", starts!, others);
  for (const { entry, apart } of NEXT) {
    merged = merge(merged, find(merged, entry), apart.map((load) => find(merged, load)));
  }
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
/** What is loaded on top of a start, each with what is loaded with it alone. */
const NEXT = [
  { entry: "check", apart: ["execute", "read", "store"] },
  { entry: "operation", apart: ["execute", "remembered", "describe", GRAPHQL] },
  { entry: "called", apart: ["execute", "operation", "source", "remembered", GRAPHQL] },
];

/** Replaces each placeholder, which must stand exactly once in all chunks together. */
export async function stamp(folder: string, values: Readonly<Record<string, string>>): Promise<void> {
  const chunks = await readChunks(folder);
  for (const [placeholder, value] of Object.entries(values)) {
    const pieces = [...chunks.values()].reduce((count, text) => count + text.split(placeholder).length - 1, 0);
    if (pieces !== 1) {
      throw new BuildError(`placeholder "${placeholder}" stands ${pieces} times in the bundle, not once`);
    }
    for (const [name, text] of chunks) chunks.set(name, text.replace(placeholder, () => value));
  }
  for (const [name, text] of chunks) await Deno.writeTextFile(join(folder, name), text);
}

/** Sets the time of every file of the folder; gives the texts in it. */
export async function seal(folder: string): Promise<Chunks> {
  for await (const { name } of Deno.readDir(folder)) await Deno.utime(join(folder, name), TIME, TIME);
  return await readChunks(folder);
}

/** Name → text, of all chunks in the folder. */
export async function readChunks(folder: string): Promise<Chunks> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  const texts = names.filter((name) => name.endsWith(".js")).sort();
  return new Map(
    await Promise.all(texts.map(async (name) => [name, await Deno.readTextFile(join(folder, name))] as const)),
  );
}
