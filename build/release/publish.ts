/**
 * What the release workflow calls; it holds the order, and nothing is announced before its end.
 *
 *   publish.ts check FOLDER     what a program checks of a release, by the keys that it is stamped with: no network
 *   publish.ts kept FOLDER      takes the signature over the sums that a run which was cut off has published, if one has
 *   publish.ts upload FOLDER    signed files → GitLab's package registry, the manifest last; downloads them and compares
 *   publish.ts entry FOLDER     the entry that programs look for, with links and sums, in one request
 *   publish.ts verify VERSION   downloads a release and compares: no token
 *   publish.ts watch FOLDER     the same for the highest of the repository's tags, which are the lines of stdin; into FOLDER
 *                               go the sums of each release, and cosign's signature over them
 *   publish.ts latest VERSION   prints true when no published version is newer
 *
 * The token, of the scope `api`, is the first line of stdin.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { AppError } from "../../src/errors.ts";
import { type Manifest } from "../../src/upgrade/manifest.ts";
import { compareVersions, isPrerelease, isVersion } from "../../src/upgrade/semver.ts";
import { sha256 } from "../pinned.ts";
import { BuildError } from "../process.ts";
import { checkFolder, PROOF, SUMS, UNSUMMED } from "./check.ts";
import { type Entry, gitlab } from "./gitlab.ts";
import { retiredKeys, trust } from "./place.ts";
import { Faults, newest, type Place, ready, tagOf, verify, versionOf, watch } from "./watch.ts";

/** Keyless signatures over the same bytes differ, and what is published stays: so a run that goes on keeps the one that is there. */
export async function kept(folder: string, { gitlab, say }: Pick<Place, "gitlab" | "say">): Promise<void> {
  const { version } = await checkFolder(folder);
  const there = await gitlab.file(version, PROOF);
  if (!there) return;
  await Deno.writeFile(join(folder, PROOF), there);
  say(`there is ${PROOF}`);
}

/** Days that a release is to be offered for at least: it is built for a year, and a review takes a month at most. */
const OFFERED = 300;
const DAY = 86_400_000;

/** Refuses what the program that is released would not believe; without `now` whatever its dates are. */
export async function check(
  folder: string,
  place: Pick<Place, "keys" | "rehearsal" | "say"> & { now?: number | undefined },
): Promise<void> {
  const { version, names, manifest } = await ready(folder, place);
  const { now } = place;
  if (now !== undefined) {
    const [released, expires] = [manifest.released, manifest.expires];
    const mend = "tag a commit of today";
    if (Date.parse(released) > now + DAY) {
      throw new BuildError(`${version} is released at ${released}, not yet: ${mend}`);
    }
    if (Date.parse(expires) < now + OFFERED * DAY) {
      throw new BuildError(`${version} expires at ${expires}, in less than ${OFFERED} days: ${mend}`);
    }
  }
  place.say(`${names.length} files of ${version} are as a program with these keys wants them`);
}

/**
 * Uploads every file, and compares what the server has then. A run that was cut off can be repeated. GitLab makes no
 * entry without the tag, so that is asked for before anything is sent.
 */
export async function upload(folder: string, place: Place): Promise<void> {
  const { version, names } = await ready(folder, place);
  if (!await place.gitlab.hasTag(tagOf(version))) {
    const push = `git push ${place.gitlab.repository} ${tagOf(version)}`;
    throw new BuildError(`GitLab has no tag ${tagOf(version)}, nothing was uploaded; start this again after: ${push}`);
  }
  const read = (name: string) => Deno.readFile(join(folder, name));
  for (const name of names) {
    const bytes = await read(name);
    const there = await place.gitlab.file(version, name);
    if (!there) await place.gitlab.upload(version, name, bytes);
    else if (await sha256(there) !== await sha256(bytes)) {
      throw new BuildError(`"${name}" of ${version} is published already, with other bytes: take another version`);
    }
    place.say(`${there ? "there is" : "uploaded"} ${name}`);
  }
  await compare(folder, version, names, place);
}

/** Makes the entry. A backport is dated before the newest, so that a list by date has no older version on top. */
export async function entry(folder: string, place: Place): Promise<void> {
  const { version, names, manifest } = await ready(folder, place);
  await compare(folder, version, names, place);
  const entries = await place.gitlab.entries();
  if (entries.some(({ tag_name }) => tag_name === tagOf(version))) {
    throw new BuildError(`${tagOf(version)} has an entry already`);
  }
  const sums = await Deno.readTextFile(join(folder, SUMS));
  const { released_at, backport } = dateOf(manifest, entries, place.now);
  await place.gitlab.create({
    tag_name: tagOf(version),
    name: `autocom ${version}`,
    description: `SHA-256 of every file, as in \`${SUMS}\`:\n\n\`\`\`\n${sums}\`\`\`\n`,
    released_at,
    assets: {
      links: names.map((name) => ({
        name,
        url: place.gitlab.fileUrl(version, name),
        link_type: UNSUMMED.includes(name) ? "other" : "package",
        direct_asset_path: `/${name}`,
      })),
    },
  });
  place.say(`published ${version}${backport ? `, dated ${released_at}: a newer version is there` : ""}`);
}

async function compare(
  folder: string,
  version: string,
  names: readonly string[],
  { gitlab, say }: Place,
): Promise<void> {
  for (const name of names) {
    const there = await gitlab.file(version, name);
    const [mine, its] = [await sha256(await Deno.readFile(join(folder, name))), there && await sha256(there)];
    if (mine !== its) throw new BuildError(`"${name}" came back with SHA-256 ${its ?? "of nothing"}, not ${mine}`);
  }
  say(`${names.length} files came back as they are`);
}

function dateOf(
  { version }: Manifest,
  entries: readonly Entry[],
  now: number,
): { released_at: string; backport: boolean } {
  // As in {@link newest}: a pre-release is never on top of what programs are offered, whatever its date.
  const newer = entries.filter((entry) => {
    const other = versionOf(entry);
    return other && !isPrerelease(other) && compareVersions(other, version) > 0;
  });
  const earliest = Math.min(...newer.map(({ released_at }) => Date.parse(released_at)));
  const time = newer.length > 0 ? Math.min(earliest - 1000, now) : now;
  return { released_at: new Date(time).toISOString(), backport: newer.length > 0 };
}

async function main([command, given]: string[]): Promise<void> {
  const root = resolve(import.meta.dirname!, "../..");
  const { releases, keys } = await trust(root);
  const writes = command === "upload" || command === "entry";
  const token = writes ? (await stdin()).split("\n")[0]!.trim() : "";
  if (writes && token === "") throw new BuildError("the token is missing: its line comes on stdin");
  const place: Place = {
    gitlab: gitlab(releases, token),
    keys,
    now: Date.now(),
    rehearsal: releases.startsWith("http://127.0.0.1:"),
    say: (line) => console.error(plain(line)),
  };
  if (command === "check" && given) {
    await check(resolve(given), { ...place, now: place.rehearsal ? undefined : place.now });
  } else if (command === "kept" && given) await kept(resolve(given), place);
  else if (command === "upload" && given) await upload(resolve(given), place);
  else if (command === "entry" && given) await entry(resolve(given), place);
  else if (command === "verify" && given && isVersion(given)) {
    await verify(given, place);
    console.log(`${given} is as it was signed`);
  } else if (command === "watch" && given) {
    const more = { retired: await retiredKeys(root), proofs: resolve(given) };
    await watch((await stdin()).split("\n"), { ...place, ...more });
  } else if (command === "latest" && given && isVersion(given)) {
    const other = newest(await place.gitlab.entries());
    console.log(!isPrerelease(given) && (!other || compareVersions(other, given) <= 0));
  } else throw new BuildError("use: publish.ts check|kept|upload|entry|watch FOLDER, verify|latest VERSION");
}

const stdin = () => new Response(Deno.stdin.readable).text();

/** What a server said is one line of a log: in a workflow's, a line can be a command. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
}

if (import.meta.main) {
  try {
    await main(Deno.args);
  } catch (error) {
    if (!(error instanceof BuildError || error instanceof AppError || error instanceof Deno.errors.NotFound)) {
      throw error;
    }
    for (const line of error instanceof Faults ? error.lines : [error.message]) {
      console.error(`publish: ${plain(line)}`);
    }
    Deno.exit(1);
  }
}
