/**
 * What must hold of the files of a release, wherever they lie: in the folder of a build, or downloaded again.
 *
 * @module
 */

import { join } from "node:path";
import { MANIFEST, type Manifest, parseManifest, SIGNATURE, SUMS } from "../../src/upgrade/manifest.ts";
import { sha256 } from "../pinned.ts";
import { BuildError } from "../process.ts";
import { fileName, targetOf } from "../targets.ts";

export { SUMS };
/** Cosign's signature over the sums. */
export const PROOF = `${SUMS}.sigstore.json`;

/** What proves the others, and so cannot be in the sums. */
export const UNSUMMED: readonly string[] = [SUMS, PROOF, MANIFEST, SIGNATURE];

/** Sums as `sha256sum` writes them: name → hash. Throws {@link BuildError} for a line that is none. */
export function parseSums(text: string): Map<string, string> {
  const sums = new Map<string, string>();
  for (const line of text.replace(/\n$/, "").split("\n")) {
    const [, hash, name] = /^([0-9a-f]{64}) {2}([A-Za-z0-9_][A-Za-z0-9._-]*)$/.exec(line) ?? [];
    if (!hash || !name || sums.has(name)) {
      throw new BuildError(`${SUMS} has a line that is none: "${line.slice(0, 80)}"`);
    }
    sums.set(name, hash);
  }
  return sums;
}

/** The sums, once they are those that the manifest names. */
export async function signedSums(
  { sums }: Pick<Manifest, "sums">,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Map<string, string>> {
  if (sums?.sha256 !== await sha256(bytes)) throw new BuildError(`${SUMS} has another sum in ${MANIFEST}`);
  return parseSums(new TextDecoder().decode(bytes));
}

/** Every file is in the sums with its own, every sum has its file, and the manifest says the same; of the sums, too. */
export async function checkFolder(folder: string): Promise<Manifest> {
  const names = (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).filter((name) =>
    !UNSUMMED.includes(name)
  );
  const manifest = parseManifest(await Deno.readFile(join(folder, MANIFEST)));
  const sums = await signedSums(manifest, await Deno.readFile(join(folder, SUMS)));
  for (const name of names) {
    if (!sums.has(name)) throw new BuildError(`"${name}" is not in ${SUMS}: take it out of ${folder}`);
    const actual = await sha256(await Deno.readFile(join(folder, name)));
    if (sums.get(name) !== actual) {
      throw new BuildError(`"${name}" has SHA-256 ${actual}, ${SUMS} says ${sums.get(name)}`);
    }
  }
  for (const name of sums.keys()) if (!names.includes(name)) throw new BuildError(`"${name}" of ${SUMS} is not there`);
  for (const [triple, { binary, archive, pack }] of Object.entries(manifest.files)) {
    for (const { name, size, sha256 } of [{ ...binary, name: fileName(targetOf(triple)) }, archive, pack]) {
      if (sums.get(name) !== sha256) throw new BuildError(`"${name}" has another sum in ${MANIFEST} than in ${SUMS}`);
      const actual = (await Deno.stat(join(folder, name))).size;
      if (actual !== size) throw new BuildError(`"${name}" has ${actual} bytes, ${MANIFEST} says ${size}`);
    }
  }
  return manifest;
}
