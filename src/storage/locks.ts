/**
 * The locks of who changes a session or a setting, as they stand. Loaded by who only looks.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import type { System } from "../system/mod.ts";
import type { Disk } from "./look.ts";
import { findPath, PLACES } from "./paths.ts";
import { explain, locate, refusals } from "./trust.ts";
import type { Writer } from "./write.ts";

/**
 * The lock of a file that has one of its own: beside it, and by its name; of a link beside what it leads to, or each name of
 * a file would have another lock.
 *
 * @throws {AppError} `config`: no file of ours can be there
 */
export async function lockOf(disk: Disk, path: string): Promise<string> {
  try {
    const real = (await locate(disk, path, false))?.path ?? path;
    return join(dirname(real), `.${basename(real)}.lock`);
  } catch (error) {
    throw await explain(disk, "use", path, error, false);
  }
}

/** The lock of the sessions that is taken now; undefined where there is no place for one, or none is there yet. */
export async function sessionLock(system: Writer & Pick<System, "env">): Promise<string | undefined> {
  if (!findPath(system, "credentials")) return undefined;
  const own = findPath(system, "lock");
  if (own && !system.env[PLACES.credentials.variable]) return own;
  return await (await import("./elsewhere.ts")).lockThere(system);
}

/**
 * Whether a lock could be taken; makes nothing. Gives whether it is there.
 *
 * @throws {AppError} `config`: why not, as who takes it says it
 */
export async function checkLock(disk: Disk, path: string, secret: boolean): Promise<boolean> {
  try {
    const there = await locate(disk, path, true);
    if (!there) return false;
    const { os, uid } = disk.host;
    // Its mode is set by who takes it, and only its owner and root may.
    if (os !== "windows" && uid !== 0 && there.info.uid !== uid) {
      throw await (await refusals()).distrusted(disk, path, there.info, secret, false);
    }
    (await disk.files.open(path, { read: true, write: true })).close();
    return true;
  } catch (error) {
    throw await explain(disk, "lock", path, error, secret);
  }
}
