/**
 * Whether published releases are as they were signed, for whoever downloads them. Nothing of the server's is believed, not
 * even a name: what it says becomes a path only when it is a plain file name.
 *
 * @module
 */

import { join } from "node:path";
import { isFileName, MANIFEST, type Manifest, parseManifest, SIGNATURE } from "../../src/upgrade/manifest.ts";
import { compareVersions, isPrerelease, isVersion } from "../../src/upgrade/semver.ts";
import { verifyManifest } from "../../src/upgrade/verify.ts";
import { BuildError } from "../process.ts";
import { checkFolder, parseSums, PROOF, SUMS } from "./check.ts";
import type { Entry, GitLab } from "./gitlab.ts";

export interface Place {
  gitlab: GitLab;
  /** Public keys that the program is stamped with: a release that its own program would not believe is not published. */
  keys: readonly string[];
  /** Public keys of earlier programs. An older release may be signed by one; nothing is published that is. */
  retired?: readonly string[];
  /** Milliseconds since the epoch. */
  now: number;
  /** A rehearsal on loopback may publish a build for development. */
  rehearsal: boolean;
  say: (line: string) => void;
}

export const tagOf = (version: string) => `v${version}`;

/** Undefined when the tag is no version's. */
export function versionOf({ tag_name }: Pick<Entry, "tag_name">): string | undefined {
  const version = tag_name.replace(/^v/, "");
  return isVersion(version) ? version : undefined;
}

/** The highest version that is neither a pre-release nor announced for later. */
export function newest(entries: readonly Entry[]): string | undefined {
  return stable(entries.filter(({ upcoming_release }) => !upcoming_release))[0]?.version;
}

/** Those that are no pre-releases, the highest version first. */
function stable<T extends Pick<Entry, "tag_name">>(entries: readonly T[]): { version: string; entry: T }[] {
  return entries.flatMap((entry) => {
    const version = versionOf(entry);
    return version && !isPrerelease(version) ? [{ version, entry }] : [];
  }).sort((a, b) => compareVersions(b.version, a.version));
}

/** Reads a folder, and refuses it unless all of it is signed by one of the keys. */
export async function ready(
  folder: string,
  { keys, rehearsal }: Pick<Place, "keys" | "rehearsal">,
): Promise<{ version: string; names: string[]; manifest: Manifest }> {
  const { version, development } = await checkFolder(folder);
  const bytes = (name: string) => Deno.readFile(join(folder, name));
  await verifyManifest(await bytes(MANIFEST), await bytes(SIGNATURE), keys);
  if (development && !rehearsal) throw new BuildError("a build for development is not published");
  const sums = parseSums(await Deno.readTextFile(join(folder, SUMS)));
  const proofs = [SUMS, PROOF, SIGNATURE];
  const there = await Promise.all(proofs.map((name) => Deno.stat(join(folder, name)).then(() => [name], () => [])));
  return {
    version,
    names: [...sums.keys(), ...there.flat(), MANIFEST],
    manifest: parseManifest(await bytes(MANIFEST)),
  };
}

/** Downloads a release as anybody does, and compares it with its manifest, its sums and its entry. */
export async function verify(version: string, place: Place): Promise<Manifest> {
  const entry = (await place.gitlab.entries()).find(({ tag_name }) => tag_name === tagOf(version));
  if (!entry) throw new BuildError(`${tagOf(version)} has no entry`);
  return await verifyEntry(version, entry, place);
}

/** A release has some thirty files. */
const LINKS = 100;

async function verifyEntry(
  version: string,
  { assets: { links }, description }: Entry,
  place: Place,
): Promise<Manifest> {
  if (links.length > LINKS) throw new BuildError(`the entry of ${version} has ${links.length} links`);
  for (const { name, url } of links) {
    if (!isFileName(name)) throw new BuildError(`the entry of ${version} has a link that is no file name: "${name}"`);
    if (links.filter((other) => other.name === name).length > 1) {
      throw new BuildError(`the entry of ${version} has the link "${name}" twice`);
    }
    if (url !== place.gitlab.fileUrl(version, name)) throw new BuildError(`the link "${name}" leads elsewhere: ${url}`);
  }
  for (const name of [MANIFEST, SIGNATURE, SUMS]) {
    if (!links.some((link) => link.name === name)) {
      throw new BuildError(`the entry of ${version} has no link to "${name}"`);
    }
  }
  const folder = await Deno.makeTempDir();
  try {
    for (const { name } of links) {
      const bytes = await place.gitlab.file(version, name);
      if (!bytes) throw new BuildError(`"${name}" of ${version} is not there`);
      await Deno.writeFile(join(folder, name), bytes);
    }
    const { manifest, names } = await ready(folder, place);
    if (!place.rehearsal && !names.includes(PROOF)) throw new BuildError(`"${PROOF}" of ${version} is not there`);
    if (manifest.version !== version) throw new BuildError(`the manifest of ${version} is that of ${manifest.version}`);
    const said = /```\n([^`]*)```/.exec(description)?.[1];
    if (said !== await Deno.readTextFile(join(folder, SUMS))) {
      throw new BuildError(`the entry of ${version} has other sums in its text`);
    }
    return manifest;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What is older is in no README and in no job's file any more. */
const WATCHED = 20;
/** How long before its end a release is to be followed by another. */
const DAYS = 60;

/**
 * Verifies every release of the list. The list is the server's: what it must begin with is the highest of `tags`, those of
 * the repository that releases are made from.
 */
export async function watch(tags: readonly string[], place: Place): Promise<void> {
  const entries = await place.gitlab.entries();
  const tagged = stable(tags.filter((tag) => tag.startsWith("v")).map((tag_name) => ({ tag_name })))[0]?.version;
  const top = newest(entries);
  if (!tagged && !top) return place.say("there is no release yet, and no tag of one");
  if (tagged !== top) {
    throw new BuildError(
      tagged
        ? `the newest tag is ${tagOf(tagged)}, and the list of releases begins with ${top ?? "nothing"}: ` +
          "is that release still being made, or was it taken away?"
        : `the list of releases begins with ${top}, which has no tag`,
    );
  }
  for (const { version, entry } of stable(entries).slice(0, WATCHED)) {
    const keys = version === top ? place.keys : [...place.keys, ...place.retired ?? []];
    const { expires } = await verifyEntry(version, entry, { ...place, keys });
    place.say(`${version} is as it was signed`);
    const days = Math.floor((Date.parse(expires) - place.now) / 86_400_000);
    if (version === top && days < DAYS) {
      throw new BuildError(`the newest release, ${version}, expires in ${days} days: make one`);
    }
  }
}
