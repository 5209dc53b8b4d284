/**
 * Chunks → executable.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { deno } from "./process.ts";
import type { Target } from "./targets.ts";

export interface Program {
  /** Folder of the chunks; everything in it is embedded. Its parent gets a deno.json. */
  chunks: string;
  /** File name of the entry in it. */
  entry: string;
  target: Target;
  /** The permission sets of deno.json. */
  permissions: unknown;
  /** What `runtime()` gave. */
  env: Record<string, string>;
  /** Path of the executable. */
  out: string;
  /** Of V8, beside those that every program has. */
  v8?: readonly string[];
}

/**
 * Compiles a program with the permission set of its target. It asks nobody for more, and keeps no code cache of
 * the runtime's, which would be a file with a predictable name in /tmp.
 */
export async function embed({ chunks, entry, target, permissions, env, out, v8 = [] }: Program): Promise<void> {
  const home = dirname(chunks);
  const folder = basename(chunks);
  await Deno.writeTextFile(join(home, "deno.json"), JSON.stringify({ permissions }));
  await Deno.mkdir(dirname(out), { recursive: true });
  const flags = ["--quiet", "--no-check", "--no-lock", "--no-prompt", "--no-code-cache", `-P=${target.permissions}`];
  flags.push("--unstable-raw-imports"); // of the code and bytecode of a start: see library.ts
  // A command lives for some 20 ms, and half of that is compilation: bytecode that is neither compiled again on the way
  // up nor optimised for registers spares 2 ms. A long list is optimised in the middle (Maglev), in a first heap that
  // neither grows nor has to: of what was measured the smallest in memory, and it starts as fast. Its pages are garbage
  // soon, and what is kept is small: looking for it before there are 32 MB leaves more behind than it finds. Threads that
  // collect beside it take more than they give; one that compiles spares a list of 100,000 rows 7 % of its time, and takes
  // the 5 MiB that a first heap of 2 MB spares (measured on two processors, in turns; a start is as long, or shorter).
  const heap = "--min-semi-space-size=2,--max-semi-space-size=2,--initial-old-space-size=32";
  flags.push(`--v8-flags=${[heap, "--no-sparkplug", "--no-ignition-reo", "--single-threaded-gc", ...v8].join()}`);
  const what = ["--target", target.triple, "--include", folder, "--output", out, join(folder, entry)];
  await deno(["compile", ...flags, ...what], home, env);
}
