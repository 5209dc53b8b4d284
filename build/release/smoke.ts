/**
 * `smoke.ts FILE [VERSION]`: a built program does what a first user asks of it, on the system that it is for; the same
 * list for every target. `--version` alone loads nothing but the program's entry. With VERSION it is a release, which has
 * a client id built in; else the version is that of deno.json.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { load } from "js-yaml";
import { BuildError } from "../process.ts";

interface Call {
  words: readonly string[];
  exit: number;
  /** Whether stdout is what it should be. */
  says: (out: string, version: string) => boolean;
}

const isList = (read: unknown, key: string, least: number) =>
  Array.isArray(read) && read.length >= least && read.every((row) => typeof row === "object" && row && key in row);

/** Nobody is logged in to an address where nothing listens: refused before anything is sent. */
const NOWHERE = ["--api-url", "http://127.0.0.1:9/api/v1", "--tenant", "acme"];

export const CALLS: readonly Call[] = [
  { words: ["--version"], exit: 0, says: (out, version) => out === `autocom ${version}\n` },
  { words: ["help"], exit: 0, says: (out) => out.startsWith("Usage: autocom ") },
  { words: ["commands", "-o", "json"], exit: 0, says: (out) => isList(JSON.parse(out), "command", 30) },
  { words: ["help", "exit-codes", "-o", "yaml"], exit: 0, says: (out) => isList(load(out), "code", 10) },
  { words: ["orders", "list", ...NOWHERE], exit: 4, says: (out) => out === "" },
];

/** Of a release alone: without it nobody can log in. */
export const OF_RELEASE: Call = {
  words: ["config", "get", "client_id"],
  exit: 0,
  says: (out) => /^[0-9a-f-]{36}\n$/i.test(out),
};

/** Throws {@link BuildError} with what the first call that went wrong has said. */
export async function smoke(program: string, version: string, released: boolean): Promise<void> {
  const own = Object.fromEntries(
    Object.entries(Deno.env.toObject()).filter(([name]) => !name.startsWith("AUTOCOM_")),
  );
  const env = { ...own, NO_COLOR: "1", AUTOCOM_NO_UPGRADE_CHECK: "1" };
  for (const { words, exit, says } of released ? [...CALLS, OF_RELEASE] : CALLS) {
    const ended = await new Deno.Command(program, { args: [...words], env, clearEnv: true, stdin: "null" }).output();
    const [out, err] = [ended.stdout, ended.stderr].map((bytes) => new TextDecoder().decode(bytes)) as [string, string];
    const fault = ended.code !== exit ? `ended with ${ended.code}, not ${exit}` : judged(says, out, version);
    if (fault) {
      throw new BuildError(`"autocom ${words.join(" ")}" ${fault}:\n${out.slice(0, 500)}${err.slice(0, 2_000)}`);
    }
  }
}

function judged(says: Call["says"], out: string, version: string): string | undefined {
  try {
    return says(out, version) ? undefined : "said something else";
  } catch (error) {
    return `said what cannot be read (${(error as Error).message})`;
  }
}

if (import.meta.main) {
  const [program, version] = Deno.args;
  const config = join(import.meta.dirname!, "../../deno.json");
  try {
    if (!program) throw new BuildError("use: smoke.ts FILE [VERSION]");
    const own = version ?? JSON.parse(await Deno.readTextFile(config)).version;
    await smoke(resolve(program), own, version !== undefined);
    console.log(`${program} does all of the list`);
  } catch (error) {
    if (!(error instanceof BuildError || error instanceof Deno.errors.NotFound)) throw error;
    console.error(`smoke: ${error.message}`);
    Deno.exit(1);
  }
}
