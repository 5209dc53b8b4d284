/**
 * `deno task build [--target TRIPLE | --all] [--release] [--mangle] [--out FOLDER] [--chunks FOLDER]`: source →
 * `dist/autocom-<target>` and `dist/SHA256SUMS`. Two builds of the same source are the same bytes, wherever they are made;
 * `--chunks` leaves the bundle, where the file and the column of a stack trace are looked up.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { documents } from "./documents.ts";
import { BuildError, pinnedDeno } from "./process.ts";
import { build, clientId } from "./program.ts";
import { trust } from "./release/place.ts";
import { writeSums } from "./sums.ts";
import { type Target, targetOf, TARGETS } from "./targets.ts";

const ROOT = resolve(import.meta.dirname!, "..");
const say = (line: string) => console.error(line);

async function main(args: string[]): Promise<void> {
  const options = parse(args);
  await pinnedDeno(ROOT);
  const stamps = { clientId: clientId(), ...await trust(ROOT) };
  const { version, programs, chunks } = await build({ root: ROOT, stamps, say, ...options });
  if (options.chunks) {
    await Deno.mkdir(options.chunks, { recursive: true });
    for (const [name, text] of chunks) await Deno.writeTextFile(join(options.chunks, name), text);
  }
  await Deno.writeTextFile(join(options.out, "autocom.1"), (await documents(ROOT, version))["autocom.1"]!);
  await writeSums(options.out);
  if (programs.some(({ runtime }) => runtime.development)) {
    say("FOR DEVELOPMENT ONLY, never publish: Deno's server was not reached, the runtime is from npm");
  }
}

function parse(
  args: string[],
): { targets: readonly Target[]; release: boolean; mangle: boolean; out: string; chunks?: string } {
  const { values } = parseArgs({
    args,
    options: {
      target: { type: "string", multiple: true, default: [Deno.build.target] },
      all: { type: "boolean", default: false },
      release: { type: "boolean", default: false },
      mangle: { type: "boolean", default: false },
      out: { type: "string", default: join(ROOT, "dist") },
      chunks: { type: "string" },
    },
  });
  const targets = values.all ? TARGETS : values.target.map(targetOf);
  if (targets.length > 1 && Deno.env.has("DENORT_BIN")) {
    throw new BuildError("DENORT_BIN names the runtime of one target: build one, or unset it");
  }
  return {
    targets,
    release: values.release,
    mangle: values.mangle,
    out: resolve(values.out),
    ...values.chunks && { chunks: values.chunks },
  };
}

try {
  await main(Deno.args);
} catch (error) {
  if (!(error instanceof BuildError || error instanceof TypeError && "code" in error)) throw error;
  say(`build: ${error.message}`);
  Deno.exit(1);
}
