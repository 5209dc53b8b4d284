/**
 * `deno task build [--target TRIPLE | --all] [--release] [--out FOLDER] [--chunks FOLDER]`: source →
 * `dist/autocom-<target>` and `dist/SHA256SUMS`. Two builds of the same source are the same bytes, wherever they are made;
 * `--chunks` leaves the bundle, where the file and the column of a stack trace are looked up.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { describe } from "../src/cli/mod.ts";
import { NOUNS } from "../src/commands/mod.ts";
import { weigh } from "./budgets.ts";
import { bundle, mergeHot, seal, stamp } from "./bundle.ts";
import { documents } from "./documents.ts";
import { embed } from "./embed.ts";
import { BuildError, denoDir } from "./process.ts";
import { runtime } from "./runtime.ts";
import { writeSums } from "./sums.ts";
import { fileName, type Target, targetOf, TARGETS } from "./targets.ts";

const ROOT = resolve(import.meta.dirname!, "..");
const say = (line: string) => console.error(line);

async function main(args: string[]): Promise<void> {
  const options = parse(args);
  await requirePinnedDeno();
  const config = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  const stamps = {
    "@@AUTOCOM_VERSION@@": config.version,
    "@@AUTOCOM_CLIENT_ID@@": clientId(),
    "@@AUTOCOM_COMMANDS@@": await commands(),
  };
  const work = await Deno.makeTempDir();
  try {
    const chunks = join(work, "autocom");
    await bundle(ROOT, "main.ts", chunks);
    await mergeHot(chunks);
    await stamp(chunks, stamps);
    for (const { path, bytes, limit } of weigh(await seal(chunks))) {
      say(`autocom ${path} loads ${bytes} bytes (budget ${limit})`);
    }
    if (options.chunks) await copyChunks(chunks, options.chunks);
    const outside = {
      release: options.release,
      denoDir: await denoDir(ROOT),
      given: Deno.env.get("DENORT_BIN"),
      fetch,
    };
    let development = false;
    for (const target of options.targets) {
      const found = await runtime({ target, ...outside });
      development ||= found.development ?? false;
      const out = join(options.out, fileName(target));
      const program = { chunks, entry: "main.js", permissions: config.permissions };
      await embed({ ...program, target, env: found.env, out });
      say(out);
    }
    await Deno.writeTextFile(join(options.out, "autocom.1"), (await documents(ROOT, config.version))["autocom.1"]!);
    await writeSums(options.out);
    if (development) say("FOR DEVELOPMENT ONLY, never publish: Deno's server was not reached, the runtime is from npm");
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

async function copyChunks(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) await Deno.copyFile(join(from, name), join(to, name));
}

function parse(args: string[]): { targets: readonly Target[]; release: boolean; out: string; chunks?: string } {
  const { values } = parseArgs({
    args,
    options: {
      target: { type: "string", multiple: true, default: [Deno.build.target] },
      all: { type: "boolean", default: false },
      release: { type: "boolean", default: false },
      out: { type: "string", default: join(ROOT, "dist") },
      chunks: { type: "string" },
    },
  });
  const targets = values.all ? TARGETS : values.target.map(targetOf);
  if (targets.length > 1 && Deno.env.has("DENORT_BIN")) {
    throw new BuildError("DENORT_BIN names the runtime of one target: build one, or unset it");
  }
  return { targets, release: values.release, out: resolve(values.out), ...values.chunks && { chunks: values.chunks } };
}

/** The bundler and the runtime belong to one version of Deno: `.dvmrc` names it for everything that needs it. */
async function requirePinnedDeno(): Promise<void> {
  const pin = (await Deno.readTextFile(join(ROOT, ".dvmrc"))).trim();
  if (Deno.version.deno === pin) return;
  throw new BuildError(
    `this is Deno ${Deno.version.deno}, the build is pinned to ${pin}: npx -y deno@${pin} task build`,
  );
}

/** Every command as JSON, inside a string of the program: completion reads it and loads no command. */
async function commands(): Promise<string> {
  const { commands } = await describe(NOUNS);
  return JSON.stringify(JSON.stringify(commands)).slice(1, -1);
}

/** OAuth client id to build in, from `AUTOCOM_BUILD_CLIENT_ID`; a build without one works. */
function clientId(): string {
  const id = Deno.env.get("AUTOCOM_BUILD_CLIENT_ID") ?? "";
  if (id === "" || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return id;
  throw new BuildError(`AUTOCOM_BUILD_CLIENT_ID is not a UUID: "${id}"`);
}

try {
  await main(Deno.args);
} catch (error) {
  if (!(error instanceof BuildError || error instanceof TypeError && "code" in error)) throw error;
  say(`build: ${error.message}`);
  Deno.exit(1);
}
