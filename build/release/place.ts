/**
 * Where releases are published, and whose signature they carry. Host, owner and project stand here and nowhere else;
 * the README marks what is assumed.
 *
 * @module
 */

import { join } from "node:path";
import { publicKey } from "../../src/upgrade/verify.ts";
import { BuildError } from "../process.ts";

/** The project at GitLab whose release entries programs look for. Assumed: the host. */
export const GITLAB = { host: "https://gitlab.com", project: "autocommerce/cli" } as const;

/** The repository whose workflow builds and signs: the identity in every Sigstore certificate. Assumed: owner and name. */
export const GITHUB = { host: "https://github.com", repository: "autocommerce/cli" } as const;

/** Name of the package in GitLab's generic registry. */
export const PACKAGE = "autocom";

/** GitLab's API address of a project, as the program is stamped with it. */
export function releasesOf({ host, project }: { host: string; project: string } = GITLAB): string {
  return `${host}/api/v4/projects/${encodeURIComponent(project)}`;
}

/** Address of one published file. */
export function fileUrl(version: string, name: string, releases = releasesOf()): string {
  return `${releases}/packages/generic/${PACKAGE}/${version}/${name}`;
}

/** What a build stamps, from the constants above; a test's build names its own in the environment. */
export async function trust(root: string): Promise<{ releases: string; keys: string[] }> {
  const releases = Deno.env.get("AUTOCOM_BUILD_RELEASES") || releasesOf();
  if (!/^(https:\/\/[^/?#\s]+|http:\/\/127\.0\.0\.1:\d+)\/[^?#\s]*[^/?#\s]$/.test(releases)) {
    throw new BuildError(`AUTOCOM_BUILD_RELEASES is not an API address of GitLab's: "${releases}"`);
  }
  const given = Deno.env.get("AUTOCOM_BUILD_RELEASE_KEYS");
  const keys = given ? given.split(" ").filter(Boolean) : await keptKeys(root, ["current.pub", "next.pub"]);
  for (const key of keys) publicKey(key);
  if (keys.length > 2) throw new BuildError(`a program has two release keys, not ${keys.length}`);
  return { releases, keys };
}

/** Of earlier programs: older releases are signed by them, and nothing that is published now. Stamped into nothing. */
export async function retiredKeys(root: string): Promise<string[]> {
  try {
    const folder = join(root, "build", "release", "keys", "retired");
    const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => join("retired", name));
    return await keptKeys(root, names.filter((name) => name.endsWith(".pub")));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** The second lines of files in `build/release/keys/`; none where the owner has not put them there yet. */
async function keptKeys(root: string, names: readonly string[]): Promise<string[]> {
  const keys: string[] = [];
  for (const name of names) {
    try {
      const text = await Deno.readTextFile(join(root, "build", "release", "keys", name));
      keys.push(text.split("\n")[1]?.trim() ?? "");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return keys;
}
