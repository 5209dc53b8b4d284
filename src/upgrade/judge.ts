/**
 * `autocom upgrade --verify FILE…`: whether files that were downloaded are of a signed release.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import type { App } from "../app.ts";
import { AppError, isSystemError } from "../errors.ts";
import { refusals, shellQuote } from "../storage/mod.ts";
import { manifestOf } from "./choose.ts";
import { hashOf } from "./disk.ts";
import { listReleases, type Net } from "./download.ts";
import { MANIFEST, type Manifest, MANIFEST_LIMIT, SIGNATURE, SIZE_LIMIT } from "./manifest.ts";
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
  is: "binary" | "archive" | "pack" | "manifest" | null;
  sha256: string;
}

/**
 * One verdict for each file. The manifest is the one that lies beside the file, with its signature; else those of the
 * releases are asked for, the newest first.
 */
export async function judge(app: App, own: Own, files: readonly string[]): Promise<Verdict[]> {
  const { net } = await begin(app, own);
  const published = publishedBy(net);
  const verdicts: Verdict[] = [];
  for (const file of files) {
    const sha256 = await sumOf(app, file);
    verdicts.push({ file, sha256, ...await judgeOne(app, own, file, sha256, published) });
  }
  return verdicts;
}

type Found = Omit<Verdict, "file" | "sha256">;

const NONE: Found = { signed: false, version: null, target: null, is: null };

async function judgeOne(app: App, own: Own, file: string, sha256: string, published: Published): Promise<Found> {
  const beside = await manifestBeside(app, own, file);
  if (basename(file) === MANIFEST) {
    return beside ? { signed: true, version: beside.version, target: null, is: "manifest" } : NONE;
  }
  const found = beside && find(beside, sha256);
  if (found) return found;
  // A name says which release to ask first; it proves nothing.
  const named = /_(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+?)?)_/.exec(basename(file))?.[1];
  for await (const manifest of published(named)) {
    const found = find(manifest, sha256);
    if (found) return found;
  }
  return NONE;
}

function find(manifest: Manifest, sha256: string): Found | undefined {
  for (const [target, files] of Object.entries(manifest.files)) {
    for (const is of ["binary", "archive", "pack"] as const) {
      if (files[is].sha256 === sha256) return { signed: true, version: manifest.version, target, is };
    }
  }
  return undefined;
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

type Published = (named?: string) => AsyncGenerator<Manifest>;

/** The signed manifests of all releases, each asked for once; the named version first. */
function publishedBy(net: Net & { own: Own }): Published {
  const known = new Map<string, Manifest | undefined>();
  let list: ReturnType<typeof listReleases> | undefined;
  return async function* (named) {
    const releases = (await (list ??= listReleases(net))).toSorted((a, b) =>
      Number(b.version === named) - Number(a.version === named) || compareVersions(b.version, a.version)
    );
    for (const release of releases) {
      if (!known.has(release.version)) known.set(release.version, await signed(net, release));
      const manifest = known.get(release.version);
      if (manifest) yield manifest;
    }
  };
}

/** An older release may carry a key that was retired since: it counts as not signed. */
async function signed(
  net: Net & { own: Own },
  release: Parameters<typeof manifestOf>[1],
): Promise<Manifest | undefined> {
  try {
    return await manifestOf(net, release);
  } catch (error) {
    if (!(error instanceof AppError && error.kind === "integrity")) throw error;
    net.debug(error.message);
    return undefined;
  }
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
    const why = isSystemError(error, "NotFound") ? "there is no such file" : (await refusals()).reasonOf(error);
    throw unreadable(path, why && `: ${why}`);
  }
}

function unreadable(path: string, why = ""): AppError {
  return new AppError("config", `cannot read "${path}"${why}`, { hint: `look at it: ls -l ${shellQuote(path)}` });
}
