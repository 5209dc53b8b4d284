/**
 * `deno task bench [--rounds N] [--streams N]`: is the compiled program as fast as it has to be? Exits 1 when a bar is
 * missed.
 *
 * @module
 */

import { join } from "node:path";
import { parseArgs } from "node:util";
import { readIfThere } from "../pinned.ts";
import { BuildError } from "../process.ts";
import { fileName } from "../targets.ts";
import { calls } from "./calls.ts";
import { copied, COPIES, emptyProgram, floorProgram, ghApi, HOST, keyringWith, ROOT, sandbox } from "./equipment.ts";
import { streams } from "./streams.ts";
import { added, race, type Run } from "./times.ts";

const AUTOCOM = join(ROOT, "dist", fileName(HOST));

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { rounds: { type: "string", default: "40" }, streams: { type: "string", default: "5" } },
  });
  const [rounds, long] = [Number(values.rounds), Number(values.streams)];
  if (!(rounds >= 1 && long >= 0)) throw new BuildError("--rounds and --streams are numbers");
  if (!await readIfThere(AUTOCOM)) throw new BuildError(`"${AUTOCOM}" is not there: deno task build`);
  const work = await Deno.makeTempDir();
  try {
    const met = await all(work, rounds, long);
    return met.every(Boolean) ? 0 : 1;
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

async function all(work: string, rounds: number, long: number): Promise<boolean[]> {
  const copies = await copied(work, AUTOCOM, COPIES);
  const [program] = copies as [string];
  const run = (...args: string[]): Run => ({ name: `autocom ${args[0]}`, program, copies, args });
  const empty = await emptyProgram(work);
  const met = [
    await race(1.05, run("--version"), empty, rounds),
    await race(1.20, { ...run("orders", "list", "--help"), name: "autocom orders list --help" }, empty, rounds),
    await race(1.25, run("__complete", "bash", "autocom orders li", " "), run("--version"), rounds),
  ];
  {
    await using platform = await sandbox(work);
    const list: Run = { ...run("orders", "list"), name: "autocom orders list", env: { ...platform.env, HOME: work } };
    const gh = await ghApi(list, platform.url, work);
    if (gh) met.push(await race(0.97, list, gh, rounds));
    else console.log("orders list: not compared with gh, which is not installed");
    met.push(await race(1.28, list, await floorProgram(work, list), rounds));
    await using keyring = await keyringWith(list, work);
    const given = keyring && { ...list, env: { ...keyring.stored.env, ...list.env }, name: "AUTOCOM_TOKEN" };
    if (given) met.push(await added(7, keyring.stored, given, rounds));
    else console.log("keychain: not measured, no session could be put into one of gnome-keyring-daemon");
  }
  met.push(await calls(program, work, rounds));
  if (long > 0) met.push(await streams(program, empty, work, long));
  return met;
}

try {
  Deno.exit(await main());
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(`bench: ${error.message}`);
  Deno.exit(1);
}
