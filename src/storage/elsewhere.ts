/**
 * The lock of the sessions where the credentials file was named. Loaded where it was.
 *
 * @module
 */

import { dirname } from "node:path";
import type { System } from "../system/mod.ts";
import { beside } from "./beside.ts";
import { withLock } from "./lock.ts";
import { type Disk, mayBeThere } from "./look.ts";
import { findPath, PLACES, requirePath } from "./paths.ts";

type World = Disk & Pick<System, "env">;

/** As `exclusive`, which says what these are. */
export async function exclusively<T>(
  system: World & Pick<System, "clock">,
  work: () => Promise<T>,
  timeout: number,
): Promise<T> {
  return await withLock(system, await lockPath(system), work, { timeout });
}

/** In the home; beside the credentials file where there is none of this user's, or one that takes no file, as in containers. */
export async function lockPath(disk: World): Promise<string> {
  requirePath(disk, "credentials");
  const path = findPath(disk, "lock");
  if (path) {
    const folder = dirname(path);
    if (!disk.env[PLACES.credentials.variable]) return path;
    if (await isOurs(disk, dirname(folder)) && !(await isReadOnly(disk, folder, path))) return path;
  }
  return beside(disk, "lock")!;
}

async function isOurs({ files, host }: Disk, home: string): Promise<boolean> {
  try {
    const { isDirectory, uid } = await files.stat(home);
    return isDirectory && (host.os === "windows" || uid === host.uid);
  } catch {
    return false;
  }
}

/** Whether no lock can be there, for anybody of this user's. What else is wrong with it is said by who takes the lock. */
async function isReadOnly(disk: Disk, folder: string, path: string): Promise<boolean> {
  try {
    (await (await import("./open.ts")).openKept(disk, path)).close();
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EROFS" || !(await mayBeThere(disk, folder));
  }
}
