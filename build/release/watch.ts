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
import { checkFolder, parseSums, PROOF, signedSums, SUMS } from "./check.ts";
import type { Entry, GitLab } from "./gitlab.ts";

export interface Place {
  gitlab: GitLab;
  /** Public keys that the program is stamped with: a release that its own program would not believe is not published. */
  keys: readonly string[];
  /** Public keys of earlier programs. An older release may be signed by one; nothing is published that is. */
  retired?: readonly string[];
  /** Milliseconds since the epoch. */
  now: number;
  /** Where the sums and cosign's signatures over them are kept, a folder for each version. */
  proofs?: string;
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
  return highestFirst(entries.filter(({ upcoming_release }) => !upcoming_release).map(versionOf)).find(isStable);
}

const isStable = (version: string) => !isPrerelease(version);

function highestFirst(versions: readonly (string | undefined)[]): string[] {
  return versions.filter((version) => version !== undefined).sort((a, b) => compareVersions(b, a));
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

/** All that is wrong with what is published, each in one line. */
export class Faults extends BuildError {
  constructor(readonly lines: readonly string[]) {
    super(lines.join("; "));
  }
}

/** Downloads a release as anybody does, and compares it with its manifest, its sums and its entry. */
export async function verify(version: string, place: Place): Promise<Manifest> {
  const { faults, waits, manifest } = await look(version, await place.gitlab.entries(), place);
  if (faults.length > 0 || waits || !manifest) throw new Faults([...faults, ...waits ? [waits] : []]);
  return manifest;
}

/** One without an entry may be in the making, so that its files are not there yet; `waits` says so. */
interface Look {
  faults: string[];
  waits?: string;
  manifest?: Manifest;
}

/** The files are those of the signed sums, which nobody needs an entry to download; then the entry is compared with them. */
async function look(version: string, entries: readonly Entry[] | undefined, place: Place): Promise<Look> {
  const found: Look = { faults: [] };
  const entry = entries?.find(({ tag_name }) => tag_name === tagOf(version));
  if (entries && !entry) {
    found.waits = `${tagOf(version)} has no entry: is that release still being made, or was it taken away?`;
    if (!await place.gitlab.file(version, MANIFEST)) return found;
  }
  const folder = await Deno.makeTempDir();
  const attempt = async (work: () => unknown) => {
    try {
      await work();
      return true;
    } catch (error) {
      found.faults.push(`${version}: ${(error as Error).message}`);
      return false;
    }
  };
  try {
    const leads = entry && await attempt(() => checkEntry(version, entry, place));
    await attempt(async () => {
      const names = await download(version, folder, place);
      const { manifest } = await ready(folder, place);
      if (!place.rehearsal && !names.includes(PROOF)) throw new BuildError(`"${PROOF}" is not there`);
      if (manifest.version !== version) {
        throw new BuildError(`the manifest is that of ${manifest.version}`);
      }
      found.manifest = manifest;
      if (leads) checkContent(entry, names, await Deno.readTextFile(join(folder, SUMS)));
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return found;
}

/** What programs and people are led to: the registry of the project and nothing else. */
function checkEntry(version: string, { assets: { links }, upcoming_release }: Entry, { gitlab }: Place): void {
  if (upcoming_release) throw new BuildError(`the entry is announced for later`);
  for (const { name, url } of links) {
    if (!isFileName(name)) throw new BuildError(`the entry has a link that is no file name: "${name}"`);
    if (links.filter((other) => other.name === name).length > 1) {
      throw new BuildError(`the entry has the link "${name}" twice`);
    }
    if (url !== gitlab.fileUrl(version, name)) throw new BuildError(`the link "${name}" leads elsewhere: ${url}`);
  }
}

function checkContent({ assets, description }: Entry, names: readonly string[], sums: string): void {
  const links = assets.links.map(({ name }) => name);
  const absent = names.find((name) => !links.includes(name));
  if (absent) throw new BuildError(`the entry has no link to "${absent}"`);
  const more = links.find((name) => !names.includes(name));
  if (more) throw new BuildError(`the entry has a link to "${more}", which is no file of it`);
  if (/```\n([^`]*)```/.exec(description)?.[1] !== sums) {
    throw new BuildError(`the entry has other sums in its text`);
  }
}

/** Every file by its name in the sums, once the manifest has signed those. Gives the names. */
async function download(version: string, folder: string, place: Place): Promise<string[]> {
  const kept: string[] = [];
  const keep = async (name: string) => {
    const bytes = await place.gitlab.file(version, name);
    if (!bytes && name !== PROOF) throw new BuildError(`"${name}" is not there`);
    if (!bytes) return new Uint8Array();
    await Deno.writeFile(join(folder, name), bytes);
    kept.push(name);
    return bytes;
  };
  const [manifest, signature, sums] = [await keep(MANIFEST), await keep(SIGNATURE), await keep(SUMS)];
  const names = await signedSums(await verifyManifest(manifest, signature, place.keys), sums);
  const proof = await keep(PROOF);
  if (place.proofs) {
    const to = join(place.proofs, version);
    await Deno.mkdir(to, { recursive: true });
    await Deno.writeFile(join(to, SUMS), sums);
    await Deno.writeFile(join(to, PROOF), proof);
  }
  for (const name of names.keys()) await keep(name);
  return kept;
}

/** What is older is in no README and in no job's file any more. */
const WATCHED = 20;
/** How long before its end a release is to be followed by another. */
const DAYS = 60;

/**
 * Verifies the releases of the highest `tags`, which are those of the repository that releases are made from: the list is
 * the server's, and an installer's address needs no entry in it. Throws {@link Faults} with everything that is wrong, what
 * may be no attack last.
 */
export async function watch(tags: readonly string[], place: Place): Promise<void> {
  const faults: string[] = [];
  const last: string[] = [];
  const entries = await place.gitlab.entries().catch(({ message }: Error) => {
    faults.push(message);
    return undefined;
  });
  const named = tags.filter((tag) => tag.startsWith("v"));
  const versions = highestFirst(named.map((tag_name) => versionOf({ tag_name })));
  for (const entry of entries ?? []) {
    const version = versionOf(entry);
    if (version && !named.includes(entry.tag_name)) faults.push(`the list has ${version}, which has no tag`);
  }
  const top = versions.find(isStable);
  for (const version of versions.slice(0, WATCHED)) {
    const keys = version === top ? place.keys : [...place.keys, ...place.retired ?? []];
    const found = await look(version, entries, { ...place, keys })
      .catch(({ message }: Error): Look => ({ faults: [`${version}: ${message}`] }));
    faults.push(...found.faults);
    if (found.waits) last.push(found.waits);
    if (found.faults.length === 0 && !found.waits) place.say(`${version} is as it was signed`);
    const days = found.manifest && Math.floor((Date.parse(found.manifest.expires) - place.now) / 86_400_000);
    if (version === top && days !== undefined && days < DAYS) {
      last.push(`the newest release, ${version}, expires in ${days} days: make one`);
    }
  }
  if (faults.length + last.length > 0) throw new Faults([...faults, ...last]);
  if (versions.length === 0) place.say("there is no release yet, and no tag of one");
}
