/**
 * Source → programs: one bundle, stamped for each target, and put on its runtime.
 *
 * @module
 */

import { join } from "node:path";
import { describe } from "../src/cli/mod.ts";
import { NOUNS } from "../src/commands/mod.ts";
import { weigh } from "./budgets.ts";
import { bundle, mergeHot, readChunks, seal, stamp } from "./bundle.ts";
import { hot, precompile } from "./bytecode.ts";
import { direct } from "./direct.ts";
import { embed } from "./embed.ts";
import { ENTRY, filesOf, withLoader, writeLibrary } from "./library.ts";
import { mangle } from "./mangle.ts";
import type { Chunks } from "./merge.ts";
import { PERMISSIONS } from "./permissions.ts";
import { readIfThere } from "./pinned.ts";
import { BuildError, denoDir } from "./process.ts";
import { type Runtime, runtime } from "./runtime.ts";
import { asScripts } from "./scripts.ts";
import { fileName, type Target } from "./targets.ts";

/** What a build writes into the program beside its version: see src/build_info.ts. */
export interface Stamps {
  clientId: string;
  releases: string;
  /** minisign public keys, the current one and the next. */
  keys: readonly string[];
}

export interface Wanted {
  /** The project's folder. */
  root: string;
  targets: readonly Target[];
  release: boolean;
  stamps: Stamps;
  /** Folder of the programs. */
  out: string;
  /** Mangles our own property names, too: see build/mangle.ts. */
  mangle?: boolean;
  /** The same bytes as everywhere, or nothing. */
  same?: boolean;
  say: (line: string) => void;
}

export interface Program {
  target: Target;
  path: string;
  runtime: Runtime;
}

export interface Built {
  version: string;
  programs: Program[];
  /** What is embedded for the first target; for another the hash of its runtime differs. */
  chunks: Chunks;
}

/** Builds the program for each target into `out`. */
export async function build(
  { root, targets, release, stamps, out, mangle: mangled, same, say }: Wanted,
): Promise<Built> {
  const { version } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  // Absent as long as Deno's server cannot be reached from where its version is pinned: then the sum that the Deno project
  // publishes beside its release, on another server, is what counts.
  const pins = new TextDecoder().decode(await readIfThere(join(root, "build", "release", "denort.sha256")));
  const outside = { release, denoDir: await denoDir(root), pins, given: Deno.env.get("DENORT_BIN"), fetch };
  const work = await Deno.makeTempDir();
  try {
    const shared = join(work, "shared");
    await bundle(await direct(root, join(work, "source")), "main.ts", shared);
    await mergeHot(shared);
    await stamp(shared, {
      "@@AUTOCOM_VERSION@@": version,
      "@@AUTOCOM_CLIENT_ID@@": stamps.clientId,
      "@@AUTOCOM_COMMANDS@@": await commands(),
      "@@AUTOCOM_RELEASES@@": stamps.releases,
      "@@AUTOCOM_RELEASE_KEYS@@": stamps.keys.join(" "),
    });
    if (mangled) await mangle(root, shared);
    const programs: Program[] = [];
    let embedded: Chunks | undefined;
    for (const target of targets) {
      const found = await runtime({ target, ...outside });
      const stamped = join(work, target.triple, "stamped");
      await copyChunks(shared, stamped);
      await stamp(stamped, { "@@AUTOCOM_RUNTIME@@": await found.id() });
      const chunks = await readChunks(stamped);
      const files = filesOf(chunks);
      const scripts = await withLoader(asScripts(chunks), files);
      const code = new Map(hot(chunks).map((name) => [name, scripts.get(name)!.code]));
      const bytecode = await (target.bytecode && precompile({ root, scripts: code, target, env: found.env }))
        ?.catch((error) => {
          if (same || !(error instanceof BuildError)) throw error;
          say(`without bytecode, so that it starts slower and has other bytes than a release: ${error.message}`);
        });
      if (!embedded) {
        for (const { path, bytes, limit } of weigh(chunks)) {
          say(`autocom ${path} loads ${bytes} bytes (budget ${limit})`);
        }
      }
      embedded ??= new Map([...scripts].map(([name, { code }]) => [name, code]));
      const library = join(work, target.triple, "autocom");
      await writeLibrary(library, scripts, bytecode ?? new Map(), files);
      await seal(library);
      const path = join(out, fileName(target));
      await embed({ chunks: library, entry: ENTRY, permissions: PERMISSIONS, target, env: found.env, out: path });
      say(path);
      programs.push({ target, path, runtime: found });
    }
    return { version, programs, chunks: embedded ?? new Map() };
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

async function copyChunks(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) await Deno.copyFile(join(from, name), join(to, name));
}

/** Every command as JSON, inside a string of the program: completion reads it and loads no command. */
async function commands(): Promise<string> {
  const { nouns, commands } = await describe(NOUNS);
  // What neither completion nor help shows: a kilobyte costs 40 µs at each Tab.
  const table = [...new Set(commands.flatMap(({ options }) => options.map((one) => JSON.stringify(one))))];
  const fields = [...new Set(commands.map((one) => one.fields?.join() ?? ""))];
  const read = commands.map(({ needs: _n, exit_codes: _e, changes: _c, permission: _p, options, ...rest }) => ({
    ...rest,
    // Many commands have the same ones.
    options: options.map((one) => table.indexOf(JSON.stringify(one))),
    fields: fields.indexOf(rest.fields?.join() ?? ""),
  }));
  const options = table.map((one) => JSON.parse(one));
  return JSON.stringify(JSON.stringify({ nouns, commands: read, options, fields })).slice(1, -1);
}

/** OAuth client id to build in, from `AUTOCOM_BUILD_CLIENT_ID`; a build without one works. */
export function clientId(): string {
  const id = Deno.env.get("AUTOCOM_BUILD_CLIENT_ID") ?? "";
  if (id === "" || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return id;
  throw new BuildError(`AUTOCOM_BUILD_CLIENT_ID is not a UUID: "${id}"`);
}
