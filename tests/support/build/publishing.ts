/**
 * Releases of a few bytes at a local GitLab, as the workflow publishes them.
 *
 * @module
 */

import { join } from "node:path";
import { gitlab } from "../../../build/release/gitlab.ts";
import { entry, upload } from "../../../build/release/publish.ts";
import type { Place } from "../../../build/release/watch.ts";
import { type ReleaseServer, releaseServer } from "../../platform/releases/server.ts";
import { smallRelease, testKey } from "./small_release.ts";

export const NOW = Date.parse("2026-06-01T00:00:00Z");
export const TOKEN = "write-token";
export const key = await testKey();

export async function inFolder(body: (server: ReleaseServer, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  await using server = releaseServer({ token: TOKEN });
  try {
    await body(server, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

export const placeOf = (server: ReleaseServer, more: Partial<Place> = {}): Place => ({
  ...{ gitlab: gitlab(server.project, TOKEN), keys: [key.public], now: NOW, rehearsal: true, say: () => {} },
  ...more,
});

/** A signed release in a folder of its own, with its tag at GitLab. */
export async function release(server: ReleaseServer, folder: string, version = "2.0.0", signer = key): Promise<string> {
  const out = join(folder, version);
  await smallRelease({ folder: out, version, key: signer, project: server.project });
  server.tags.add(`v${version}`);
  return out;
}

export async function publish(
  server: ReleaseServer,
  folder: string,
  version: string,
  place = placeOf(server),
  signer = key,
): Promise<string> {
  const out = await release(server, folder, version, signer);
  await upload(out, place);
  await entry(out, place);
  return out;
}
