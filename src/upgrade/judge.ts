/**
 * `autocom upgrade --verify FILE…`: whether files that were downloaded are of a signed release.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import type { App } from "../app.ts";
import { AppError, isSystemError } from "../errors.ts";
import { refusals, shellQuote } from "../storage/mod.ts";
import { counted, type manifestOf, signedOf } from "./choose.ts";
import { hashOf } from "./disk.ts";
import { get, type Net, WAITS, within } from "./download.ts";
import { listReleases } from "./listing.ts";
import { MANIFEST, type Manifest, MANIFEST_LIMIT, SIGNATURE, SIZE_LIMIT, SUMS } from "./manifest.ts";
import type { Own } from "./own.ts";
import { begin } from "./perform.ts";
import { compareVersions } from "./semver.ts";
import { SIGNATURE_LIMIT, verifyManifest } from "./verify.ts";

export interface Verdict {
  file: string;
  signed: boolean;
  /** Of the release that it belongs to; null when it belongs to none. */
  version: string | null;
  target: string | null;
  is: "binary" | "archive" | "pack" | "manifest" | "signature" | "sums" | "other" | null;
  sha256: string;
  /** Of a manifest, or a signature, that no release of the list has: what has to lie beside it to tell. */
  without?: string;
}

/**
 * One verdict for each file. The manifest is the one that lies beside the file, with its signature; else those of the
 * releases are asked for, the newest first.
 */
export async function judge(app: App, own: Own, files: readonly string[]): Promise<Verdict[]> {
  const { net } = await begin(app, own);
  const sums: string[] = [];
  for (const file of files) sums.push(await sumOf(app, file));
  return await within(net, WAITS * net.timeout, "what the releases have signed", async (limited) => {
    const published = publishedBy({ ...limited, own });
    const verdicts: Verdict[] = [];
    for (const [at, file] of files.entries()) {
      const sha256 = sums[at]!;
      verdicts.push({ file, sha256, ...await judgeOne(app, own, file, sha256, published) });
    }
    return verdicts;
  });
}

/** Bytes: a release has some twenty files. */
const SUMS_LIMIT = 64 * 1024;

type Found = Omit<Verdict, "file" | "sha256">;

const NONE: Found = { signed: false, version: null, target: null, is: null };

async function judgeOne(app: App, own: Own, file: string, sha256: string, published: Published): Promise<Found> {
  const beside = await manifestBeside(app, own, file);
  const name = basename(file);
  if (name === MANIFEST || name === SIGNATURE) {
    const is = name === MANIFEST ? "manifest" : "signature";
    if (beside) return { signed: true, version: beside.version, target: null, is };
  }
  const lying = () => small(app.system, join(dirname(file), SUMS), SUMS_LIMIT);
  const found = beside && await find(beside, sha256, lying);
  if (found) return found;
  // A name says which release to ask first; it proves nothing.
  const named = /_(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+?)?)_/.exec(name)?.[1];
  for await (const { manifest, sums, own } of published(named)) {
    const is = own.get(sha256);
    if (is) return { signed: true, version: manifest.version, target: null, is };
    const found = await find(manifest, sha256, sums);
    if (found) return found;
  }
  const pair = name === MANIFEST ? SIGNATURE : name === SIGNATURE ? MANIFEST : undefined;
  return { ...NONE, ...pair && { without: pair } };
}

type Bytes = Uint8Array<ArrayBuffer>;

async function hex(bytes: Bytes): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** `listed` gets the sums, which nobody believes before their own sum is the signed one. */
async function find(
  manifest: Manifest,
  sha256: string,
  listed: () => Promise<Bytes | undefined>,
): Promise<Found | undefined> {
  const { version, sums } = manifest;
  for (const [target, files] of Object.entries(manifest.files)) {
    for (const is of ["binary", "archive", "pack"] as const) {
      if (files[is].sha256 === sha256) return { signed: true, version, target, is };
    }
  }
  if (!sums) return undefined;
  if (sums.sha256 === sha256) return { signed: true, version, target: null, is: "sums" };
  const bytes = await listed();
  if (!bytes || sums.sha256 !== await hex(bytes)) return undefined;
  const hashes = new TextDecoder().decode(bytes).split("\n").map((line) => line.split(" ", 1)[0]);
  return hashes.includes(sha256) ? { signed: true, version, target: null, is: "other" } : undefined;
}

/** Undefined when none lies there. One that is not signed is refused: somebody has put it there. */
async function manifestBeside({ system }: App, own: Own, file: string): Promise<Manifest | undefined> {
  const [manifest, signature] = await Promise.all([
    small(system, join(dirname(file), MANIFEST), MANIFEST_LIMIT),
    small(system, join(dirname(file), SIGNATURE), SIGNATURE_LIMIT),
  ]);
  return manifest && signature && await verifyManifest(manifest, signature, own.keys);
}

async function small(
  { files }: App["system"],
  path: string,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    if (!(await files.stat(path)).isFile) return undefined;
    using file = await files.open(path, { read: true });
    const bytes = new Uint8Array(limit + 1);
    let size = 0;
    for (let count; size <= limit && (count = await file.read(bytes.subarray(size))) !== null;) size += count;
    return bytes.subarray(0, size);
  } catch (error) {
    if (isSystemError(error, "NotFound") || isSystemError(error, "NotADirectory")) return undefined;
    throw unreadable(path);
  }
}

interface Offered {
  manifest: Manifest;
  sums: () => Promise<Bytes | undefined>;
  /** By SHA-256: the two files that the manifest itself was verified from. */
  own: ReadonlyMap<string, "manifest" | "signature">;
}
type Published = (named?: string) => AsyncGenerator<Offered>;

/** The signed manifests of all releases, each asked for once; the named version first. */
function publishedBy(net: Net & { own: Own }): Published {
  const known = new Map<string, Offered | undefined>();
  let list: ReturnType<typeof listReleases> | undefined;
  return async function* (named) {
    const releases = (await (list ??= listReleases(net))).toSorted((a, b) =>
      Number(b.version === named) - Number(a.version === named) || compareVersions(b.version, a.version)
    );
    const halves = counted(
      "lack their manifest, or are not signed by a key of this program",
      `put that release's ${MANIFEST} and ${SIGNATURE} beside the file, and try again`,
    );
    for (const release of releases) {
      if (!known.has(release.version)) known.set(release.version, await signed(net, release, halves));
      const offered = known.get(release.version);
      if (offered) yield offered;
    }
  };
}

/** An older release may carry a key that was retired since: it counts as not signed. */
async function signed(
  net: Net & { own: Own },
  release: Parameters<typeof manifestOf>[1],
  halves: () => void,
): Promise<Offered | undefined> {
  let got: Promise<Bytes | undefined> | undefined;
  const sums = () => got ??= sumsOf(net, release);
  try {
    const found = await signedOf(net, release);
    if (!found) return void halves();
    const [manifest, signature] = await Promise.all(found.files.map(hex));
    return { manifest: found.manifest, sums, own: new Map([[manifest!, "manifest"], [signature!, "signature"]]) };
  } catch (error) {
    if (!(error instanceof AppError && error.kind === "integrity")) throw error;
    net.debug(error.message);
    return void halves();
  }
}

/** Undefined when there are none. */
async function sumsOf(net: Net, { version, links }: Parameters<typeof manifestOf>[1]): Promise<Bytes | undefined> {
  const url = links.get(SUMS);
  const what = `the ${SUMS} of ${version}`;
  return url === undefined ? undefined : (await get(net, url, { what, limit: SUMS_LIMIT })).bytes;
}

async function sumOf({ system: { files } }: App, path: string): Promise<string> {
  try {
    const { isFile, isDirectory, size } = await files.stat(path);
    if (!isFile) throw unreadable(path, isDirectory ? ": it is a folder" : ": it is not a regular file");
    if (size > SIZE_LIMIT) {
      throw new AppError("integrity", `"${path}" is of no signed release: it is larger than any file of one`, {
        hint: "do not use it",
      });
    }
    using file = await files.open(path, { read: true });
    return await hashOf(file);
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (isSystemError(error, "NotFound")) throw unreadable(path, ": there is no such file", "check the path");
    const why = (await refusals()).reasonOf(error);
    throw unreadable(path, why && `: ${why}`);
  }
}

function unreadable(path: string, why = "", hint = `look at it: ls -l ${shellQuote(path)}`): AppError {
  return new AppError("config", `cannot read "${path}"${why}`, { hint });
}
