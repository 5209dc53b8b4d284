/**
 * `deno task release --out FOLDER [--target TRIPLE] [--mangle]`: everything that is published, but for the signatures,
 * into FOLDER, which is new or empty. The same commit gives the same bytes, wherever and whenever it is built.
 *
 * With the Deno of `build/release/deno.txt` this is a release: Deno's own runtime, the keys of `build/release/keys`.
 * With the Deno of `.dvmrc` it is a build for development, and the manifest says so.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { AppError } from "../../src/errors.ts";
import { type Files, MANIFEST, type NamedSum, parseManifest } from "../../src/upgrade/manifest.ts";
import { programName } from "../../src/upgrade/targets.ts";
import { isTestKey, publicKey } from "../../src/upgrade/verify.ts";
import { documents } from "../documents.ts";
import { sha256 } from "../pinned.ts";
import { BuildError, pinnedDeno } from "../process.ts";
import { build, clientId, type Program } from "../program.ts";
import { type Target, targetOf, TARGETS } from "../targets.ts";
import { checkFolder, SUMS } from "./check.ts";
import { installers } from "./installers.ts";
import { makePack } from "./pack.ts";
import { fileUrl, releasesOf, trust } from "./place.ts";
import { sbom } from "./sbom.ts";
import { originals, packagesIn, symbolsOf } from "./symbols.ts";
import { type Entry, gzip, tar } from "./tar.ts";
import { zip } from "./zip.ts";

/** From then on a release is offered no more: a server that is stuck, or held, is noticed. */
const DAYS = 365;

/** The oldest systems; a test compares glibc's with what the runtimes ask for. */
const NEEDS = { linux: "glibc 2.27", darwin: "macOS 11", windows: "Windows 10" } as const;

export interface Release {
  /** The project's folder. */
  root: string;
  targets: readonly Target[];
  out: string;
  mangle: boolean;
  /** Seconds since the epoch: the time of the commit. */
  released: number;
  say: (line: string) => void;
}

export async function release({ root, targets, out, mangle, released, say }: Release): Promise<void> {
  await Deno.mkdir(out, { recursive: true });
  if ((await Array.fromAsync(Deno.readDir(out))).length > 0) throw new BuildError(`"${out}" is not empty`);
  const forRelease = await pinnedDeno(root) === "release";
  const { releases, keys } = await trust(root);
  const stamps = { clientId: clientId(), releases, keys };
  if (forRelease) requireReal(stamps);
  const built = await build({ root, targets, release: forRelease, stamps, out, say, mangle, same: true });
  const { version, programs, chunks } = built;
  const beside = await besides(root, version);

  const files: Record<string, Files> = {};
  const runtimes: Record<string, string> = {};
  for (const program of programs) {
    files[program.target.triple] = await publishOne(program, version, beside, out);
    runtimes[program.target.triple] = await program.runtime.id();
    say(`${program.target.label}: archive and pack`);
  }
  const found = await originals(root, "main.ts");
  const write = (name: string, text: string) => Deno.writeTextFile(join(out, name), text);
  const runtime = { version: Deno.version.deno, hashes: runtimes };
  const inventory = { version, packages: packagesIn(found), runtime, clientId: stamps.clientId };
  await write(`autocom_${version}_sbom.cdx.json`, await sbom(root, inventory));
  if (!mangle) await write(`autocom_${version}_symbols.json`, JSON.stringify(symbolsOf(version, found, chunks)) + "\n");

  const manifest = {
    v: 1,
    product: "autocom",
    version,
    released: instant(released),
    expires: instant(released + DAYS * 86_400),
    ...!forRelease && { development: true },
    runtime: runtimes,
    needs: Object.fromEntries(targets.map(({ triple, os }) => [triple, NEEDS[os]])),
    files,
  };
  const base = fileUrl(version, "", releases).replace(/\/$/, "");
  const scripts = await installers(parseManifest(new TextEncoder().encode(JSON.stringify(manifest))), base);
  for (const [name, script] of Object.entries(scripts)) await write(name, script);
  const names = (await Array.fromAsync(Deno.readDir(out), ({ name }) => name)).sort();
  let sums = "";
  for (const name of names) sums += `${await sha256(await Deno.readFile(join(out, name)))}  ${name}\n`;
  await write(SUMS, sums);
  const signed = { ...manifest, sums: { size: sums.length, sha256: await sha256(new TextEncoder().encode(sums)) } };
  await write(MANIFEST, JSON.stringify(signed) + "\n"); // on one line: every upgrade downloads it
  for (const name of [...names, SUMS, MANIFEST]) {
    await Deno.chmod(join(out, name), name.startsWith("autocom-") || name.endsWith(".sh") ? 0o755 : 0o644);
  }
  await checkFolder(out);
  if (!forRelease) say(`FOR DEVELOPMENT ONLY: ${MANIFEST} says so, and a test key alone can sign it`);
}

/** Archive and pack of one program; the program itself lies there already. */
async function publishOne(program: Program, version: string, beside: Entry[], out: string): Promise<Files> {
  const { target, path, runtime } = program;
  const bytes = await Deno.readFile(path);
  const entries = [{ name: programName(target), bytes, mode: 0o755 }, ...beside];
  const stem = `autocom_${version}_${target.label}`;
  const named = async (name: string, bytes: Uint8Array<ArrayBuffer>): Promise<NamedSum> => {
    await Deno.writeFile(join(out, name), bytes);
    return { name, size: bytes.length, sha256: await sha256(bytes) };
  };
  return {
    binary: { size: bytes.length, sha256: await sha256(bytes) },
    archive: target.os === "windows"
      ? await named(`${stem}.zip`, zip(entries))
      : await named(`${stem}.tar.gz`, gzip(tar(entries))),
    pack: await named(`${stem}.pack`, new Uint8Array(makePack(bytes, await runtime.bytes()))),
  };
}

/** What lies beside the program in an archive. */
async function besides(root: string, version: string): Promise<Entry[]> {
  const { "autocom.1": page, ...completions } = await documents(root, version);
  const texts = {
    LICENSE: await Deno.readTextFile(join(root, "LICENSE")),
    "README.md": await Deno.readTextFile(join(root, "README.md")),
    "autocom.1": page!,
    ...Object.fromEntries(Object.entries(completions).sort().map(([name, text]) => [`completions/${name}`, text])),
  };
  return Object.entries(texts).map(([name, text]) => ({ name, bytes: new TextEncoder().encode(text), mode: 0o644 }));
}

/** Refuses keys and an address that a program in the field should not believe, and one that nobody can log in with. */
export function requireReal(
  { clientId, keys, releases }: { clientId: string; keys: readonly string[]; releases: string },
): void {
  if (clientId === "") throw new BuildError("a release needs the OAuth client id, in AUTOCOM_BUILD_CLIENT_ID");
  if (keys.length !== 2) throw new BuildError("a release needs build/release/keys/current.pub and next.pub");
  const read = keys.map(publicKey);
  const test = read.find(isTestKey);
  if (test) throw new BuildError(`a release cannot trust the test key ${test.id}`);
  if (new Set(read.map(({ id }) => id)).size < read.length) {
    throw new BuildError(
      `current.pub and next.pub are one key, ${read[0]!.id}: whoever loses it reaches no program any more`,
    );
  }
  if (releases !== releasesOf()) {
    throw new BuildError("a release is stamped with the address of build/release/place.ts");
  }
}

function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

/** `SOURCE_DATE_EPOCH` (https://reproducible-builds.org/specs/source-date-epoch/), else the time of the commit. */
async function releasedAt(root: string): Promise<number> {
  const given = Deno.env.get("SOURCE_DATE_EPOCH");
  if (given) return wholeSeconds(given, "SOURCE_DATE_EPOCH");
  const git = new Deno.Command("git", { args: ["log", "-1", "--format=%ct"], cwd: root, stderr: "null" });
  const { success, stdout } = await git.output();
  if (!success) throw new BuildError("this is no checkout of git: set SOURCE_DATE_EPOCH to the time of the commit");
  return wholeSeconds(new TextDecoder().decode(stdout).trim(), "the time of the commit");
}

function wholeSeconds(text: string, what: string): number {
  if (!/^[0-9]{9,11}$/.test(text)) throw new BuildError(`${what} is no number of seconds: "${text}"`);
  return Number(text);
}

if (import.meta.main) {
  const root = resolve(import.meta.dirname!, "../..");
  try {
    const { values } = parseArgs({
      options: {
        out: { type: "string" },
        target: { type: "string", multiple: true },
        mangle: { type: "boolean", default: false },
      },
    });
    if (!values.out) throw new BuildError("use: deno task release --out FOLDER");
    const targets = values.target?.map(targetOf) ?? TARGETS;
    const say = (line: string) => console.error(line);
    const released = await releasedAt(root);
    await release({ root, targets, out: resolve(values.out), mangle: values.mangle, released, say });
  } catch (error) {
    if (!(error instanceof BuildError || error instanceof AppError || error instanceof TypeError && "code" in error)) {
      throw error;
    }
    console.error(`release: ${error.message}`);
    Deno.exit(1);
  }
}
