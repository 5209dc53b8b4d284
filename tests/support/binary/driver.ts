/**
 * The compiled program, and what its tests need of this machine. A test gets a room of its own (`room.ts`).
 *
 * @module
 */

import { join } from "node:path";
import { deno, LOCKED } from "../../../build/process.ts";
import { fileName } from "../../../build/targets.ts";
import { build, HOST, REQUIRED, ROOT, RUNTIME } from "../build/tree.ts";
import { missing } from "../programs.ts";
import { enter, type Room, whyNoRooms } from "./room.ts";

const READY = await isReady();
const binary = join(ROOT, "dist", fileName(HOST));
let prepared: Promise<void> | undefined;

/**
 * Defines a test against the compiled program. It counts as ignored where there can be no such program, no room, or not
 * all of the `programs` that it uses: one loud line says which.
 */
export function binaryTest(name: string, body: (room: Room) => Promise<void>, programs: string[] = []): void {
  Deno.test({
    name,
    ignore: !READY || !areInstalled(programs),
    async fn() {
      await (prepared ??= prepare());
      await using room = await enter(binary);
      await body(room);
    },
  });
}

/** Builds what is older than its sources, once for all test files; they run at the same time. */
async function prepare(): Promise<void> {
  using file = await Deno.open(join(ROOT, "deno.json"));
  await file.lock(true);
  const built = await Deno.stat(binary).then(({ mtime }) => mtime!.getTime(), () => 0);
  if (built < await newest([".dvmrc", "deno.json", "deno.lock", "main.ts", "build", "src"])) await build(ROOT, []);
  const inside = ["inside.ts", "browser.ts"].map((name) => join(import.meta.dirname!, name));
  await deno(["cache", "--quiet", ...LOCKED, ...inside], ROOT); // in a room nothing can be fetched
}

/** The latest change among these files and folders, in ms; a file that went away changed its folder. */
async function newest(names: string[], folder = ROOT): Promise<number> {
  const times = names.map(async (name) => {
    const path = join(folder, name);
    const { mtime, isDirectory } = await Deno.stat(path);
    const inside = isDirectory ? await Array.fromAsync(Deno.readDir(path), (entry) => entry.name) : [];
    return Math.max(mtime!.getTime(), await newest(inside, path));
  });
  return Math.max(0, ...await Promise.all(times));
}

async function isReady(): Promise<boolean> {
  if (!RUNTIME) return false; // said already
  const why = await whyNoRooms();
  if (why && REQUIRED) {
    throw new Error(`tests of the compiled program are required, and there are no namespaces: ${why}`);
  }
  if (why) console.error(`SKIPPED: tests of the compiled program, no namespaces here (${why})`);
  return !why;
}

const told = new Set<string>();

/** Says once for each set of programs that they are missing. */
function areInstalled(programs: string[]): boolean {
  const absent = missing(programs).join(", ");
  if (absent && READY && !told.has(absent)) {
    told.add(absent);
    console.error(`SKIPPED: tests of the compiled program that need ${absent}: not installed`);
  }
  return absent === "";
}
