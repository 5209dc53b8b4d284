/**
 * Which release, and whether it may be taken: what the list says is held to what is signed and to what was seen before.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import { get, type Net } from "./download.ts";
import { offered, type Release, sameMinor } from "./list.ts";
import { listReleases } from "./listing.ts";
import { MANIFEST, type Manifest, MANIFEST_LIMIT, SIGNATURE } from "./manifest.ts";
import type { Own } from "./own.ts";
import { compareVersions, isPrerelease } from "./semver.ts";
import { SIGNATURE_LIMIT, verifyManifest } from "./verify.ts";

export interface Chosen {
  readonly release: Release;
  readonly manifest: Manifest;
}

/** What the list offers to this program; each is undefined when there is nothing. */
export interface Offer {
  /** The highest version. */
  readonly newest?: string;
  /** The highest of this program's own minor version. */
  readonly newestOfMinor?: string;
  /** The newest that is signed, when it is above this program, or `always`. */
  readonly chosen?: Chosen;
}

/**
 * Throws {@link AppError} `integrity` when the server went back behind this program or what was seen, when its newest has
 * expired, or nothing of it is signed.
 */
export async function newestRelease(
  net: Net & { own: Own },
  { seen, always, now, warn }: {
    seen?: string | undefined;
    always: boolean;
    now: number;
    warn: (text: string) => Promise<void>;
  },
): Promise<Offer> {
  const { own } = net;
  // It was in the list itself. From there on a list that is held back is noticed.
  const released = own.keys.length > 0 && !isPrerelease(own.version);
  const floor = released && compareVersions(own.version, seen ?? "0.0.0") > 0 ? own.version : seen;
  const halves = counted();
  for (const releases = offered(await listReleases(net));; releases.shift()) {
    const newest = releases[0]?.version;
    if (floor && compareVersions(newest ?? "0.0.0", floor) < 0) {
      throw new AppError(
        "integrity",
        `the list of releases went back: its newest is ${newest ?? "nothing"}, ${floor} was there before`,
        {
          hint: newest
            ? `was ${floor} withdrawn? then take it by its number: autocom upgrade --target ${newest}`
            : "try again later",
        },
      );
    }
    if (newest === undefined) return {};
    const newestOfMinor = releases.find(({ version }) => sameMinor(version, own.version))?.version;
    const found = { newest, ...newestOfMinor && { newestOfMinor } };
    const order = compareVersions(newest, own.version);
    if (order < 0 || (order === 0 && !released && !always)) return found;
    const manifest = await manifestOf(net, releases[0]!);
    if (!manifest) {
      halves();
      continue; // as if it were not there
    }
    await checkDates(manifest, order > 0, now, warn);
    return order === 0 && !always ? found : { ...found, chosen: { release: releases[0]!, manifest } };
  }
}

/** Half-published or badly signed entries that are looked at, one after the other: each is two requests. */
const HALVES = 20;

/** To be called for each that was found. Throws {@link AppError} `server` when there are too many. */
export function counted(
  what = "lack their manifest or its signature",
  hint = "try again later, or take one by its number: autocom upgrade --target VERSION",
): () => void {
  let count = 0;
  return () => {
    if (++count >= HALVES) throw new AppError("server", `${HALVES} releases of the list ${what}`, { hint });
  };
}

/** A release that a person has named. */
export interface Named extends Chosen {
  /** What is offered beside it, the newest first. */
  readonly beside: readonly Release[];
}

/** The release of exactly that version. Throws {@link AppError} `not-found`. */
export async function releaseOf(net: Net & { own: Own }, version: string): Promise<Named> {
  const releases = await listReleases(net);
  const halves = counted();
  for (const release of releases.filter((release) => release.version === version)) {
    const manifest = await manifestOf(net, release);
    if (manifest) return { release, manifest, beside: offered(releases) };
    halves();
  }
  throw new AppError("not-found", `there is no release ${version}`, {
    hint: "see what there is: autocom upgrade --check",
  });
}

/** Verified and of this version; undefined when it is not there. */
export async function manifestOf(net: Net & { own: Own }, release: Release): Promise<Manifest | undefined> {
  return (await signedOf(net, release))?.manifest;
}

/** The same, with the bytes that it was read from. */
export async function signedOf(net: Net & { own: Own }, release: Release): Promise<
  | { manifest: Manifest; files: readonly [manifest: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>] }
  | undefined
> {
  const { keys } = net.own;
  const fetched = async (name: string, limit: number) =>
    (await get(net, release.links.get(name)!, { what: `the ${name} of ${release.version}`, limit })).bytes;
  let files: [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>];
  try {
    files = await Promise.all([fetched(MANIFEST, MANIFEST_LIMIT), fetched(SIGNATURE, SIGNATURE_LIMIT)]);
  } catch (error) {
    if (error instanceof AppError && error.kind === "not-found") return undefined;
    throw error;
  }
  const manifest = await verifyManifest(...files, keys);
  if (manifest.version === release.version) return { manifest, files };
  throw new AppError("integrity", `what is offered as ${release.version} is signed as ${manifest.version}`, {
    hint: "nothing was changed; report it to security@autocom.wexron.io when it happens again",
  });
}

/** A clock that is a little slow is no reason to speak. */
const SKEW = 24 * 3_600_000;

async function checkDates(
  { version, released, expires }: Manifest,
  newer: boolean,
  now: number,
  warn: (text: string) => Promise<void>,
) {
  const clock = new Date(now).toISOString().slice(0, 19) + "Z";
  if (isExpired({ expires }, now)) {
    throw new AppError(
      "integrity",
      `release ${version} is offered no more: it expired at ${expires}, the clock here says ${clock}`,
      {
        hint: `check the clock; if it is right, the server holds newer releases back: ${
          newer
            ? `autocom upgrade --target ${version} takes it all the same`
            : "report it to security@autocom.wexron.io"
        }`,
      },
    );
  }
  if (Date.parse(released) > now + SKEW) {
    await warn(`release ${version} is of ${released}, and the clock here says ${clock}: is it right?`);
  }
}

export function isExpired({ expires }: Pick<Manifest, "expires">, now: number): boolean {
  return Date.parse(expires) <= now;
}
