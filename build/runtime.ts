/**
 * `denort`, the runtime that `deno compile` puts under the program. In this order:
 * the file that `DENORT_BIN` names; Deno's own download; npm, for the Deno of development. A release takes Deno's own and
 * nothing else.
 *
 * @module
 */

import { join } from "node:path";
import { withoutPayload } from "./payload.ts";
import { npmFile, pinned, readIfThere, sha256, writeWhole } from "./pinned.ts";
import { BuildError } from "./process.ts";
import { unzipOnly } from "./release/zip.ts";
import type { Target } from "./targets.ts";

export interface Wanted {
  target: Target;
  release: boolean;
  /** Deno's cache folder. */
  denoDir: string;
  /** `HASH  v2.9.6/denort-TRIPLE.zip`, line by line: what of Deno's own downloads is pinned. */
  pins?: string;
  /** Value of `DENORT_BIN`. */
  given?: string;
  fetch: typeof fetch;
}

export interface Runtime {
  /** What to set for `deno compile`: nothing when Deno finds the runtime in its own cache. */
  env: Record<string, string>;
  /** SHA-256 of the runtime. */
  id: () => Promise<string>;
  bytes: () => Promise<Uint8Array<ArrayBuffer>>;
  /** From npm: good for development, never published. */
  development?: true;
}

/** Finds or fetches the runtime of a target. Throws {@link BuildError} when there is none, or one that was tampered with. */
export async function runtime(wanted: Wanted): Promise<Runtime> {
  const { target, release, denoDir, given } = wanted;
  if (given && release) throw new BuildError("a release takes Deno's own runtime: unset DENORT_BIN");
  if (given) return { env: { DENORT_BIN: given }, ...read(() => Deno.readFile(given)) };
  const archive = await official(wanted);
  if (archive) return { env: {}, ...read(async () => unzipOnly(await Deno.readFile(archive))) };
  if (release || Deno.version.deno !== NPM_DENO) {
    throw new BuildError(`cannot download the runtime of ${target.triple} from Deno's server`);
  }
  const path = join(denoDir, "dl", `denort-npm-${Deno.version.deno}`, target.triple);
  await pinned(path, target.npmRuntime, () => fromNpm(target));
  return { env: { DENORT_BIN: path }, ...read(() => Deno.readFile(path)), development: true };
}

function read(bytes: Runtime["bytes"]): Pick<Runtime, "id" | "bytes"> {
  return { bytes, id: async () => await sha256(await bytes()) };
}

/**
 * Puts Deno's own runtime where `deno compile` looks for it, and gives the path; undefined when the server cannot be
 * reached.
 * It must have the hash that the Deno project published beside its release, which stands on another server.
 */
async function official({ target, release, denoDir, pins = "", fetch }: Wanted): Promise<string | undefined> {
  const version = `v${Deno.version.deno}`;
  const name = `denort-${target.triple}.zip`;
  const path = join(denoDir, "dl", "release", version, name);
  const cached = await readIfThere(path);
  if (cached && !release) return path;
  const zip = cached ?? await download(`https://dl.deno.land/release/${version}/${name}`, fetch);
  const sums = zip &&
    await download(`https://github.com/denoland/deno/releases/download/${version}/${name}.sha256sum`, fetch);
  if (!zip || !sums) return undefined;
  // `sha256sum` writes "hash  name", PowerShell's Get-FileHash a list with "Hash : HASH".
  const published = new TextDecoder().decode(sums).match(/\b[0-9a-f]{64}\b/i)?.[0].toLowerCase();
  const actual = await sha256(zip);
  if (actual !== published) throw new BuildError(`${name} has SHA-256 ${actual}, published is ${published}`);
  const pin = pins.split("\n").find((line) => line.endsWith(`  ${version}/${name}`))?.slice(0, 64);
  if (pin && actual !== pin) throw new BuildError(`${name} has SHA-256 ${actual}, pinned is ${pin}`);
  if (!cached) await writeWhole(path, zip);
  return path;
}

/** The answer's bytes; undefined when it has not begun within 10 s, has not ended within 10 min, or is not 200. */
async function download(url: string, fetch: Wanted["fetch"]): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), 10_000);
  try {
    const signal = AbortSignal.any([waiting.signal, AbortSignal.timeout(600_000)]);
    const response = await fetch(url, { signal });
    clearTimeout(timer);
    if (response.ok) return await response.bytes();
    await response.body?.cancel();
    return undefined;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** What the program on npm was compiled with, and the hashes in targets.ts are of. */
export const NPM_DENO = "2.7.11";

/**
 * @stdy/cli (MIT) is a program that was itself compiled with that version of Deno and is published on npm for each
 * target. Without its own payload it is a runtime again.
 */
async function fromNpm(target: Target): Promise<Uint8Array<ArrayBuffer>> {
  const exe = target.permissions === "windows" ? ".exe" : "";
  const program = await npmFile(`@stdy/cli-${target.npm}`, "0.22.2", `bin/steady${exe}`);
  return withoutPayload(program);
}
