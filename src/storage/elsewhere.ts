/**
 * The lock of the sessions where the credentials file was named. Loaded where it was.
 *
 * @module
 */

import { basename, dirname } from "node:path";
import { type AppError, isSystemError } from "../errors.ts";
import type { System } from "../system/mod.ts";
import { beside } from "./beside.ts";
import { type Waiter, withLock } from "./lock.ts";
import { type Disk, mayBeThere } from "./look.ts";
import { openKept } from "./open.ts";
import { ensureFolder } from "./trust.ts";
import { findPath, PLACES, requirePath } from "./paths.ts";
import type { Writer } from "./write.ts";

type World = Disk & Pick<System, "env">;

/**
 * As `exclusive`, which says what these are. Others may have that file from another home, with a lock of its own there: so
 * the one beside the file is taken, too, where there can be one.
 */
export async function exclusively<T>(
  system: World & Pick<System, "clock">,
  work: () => Promise<T>,
  timeout: number,
  waiter?: Waiter,
): Promise<T> {
  const [first, second] = await locks(system, await lockPath(system), beside(system, "lock")!);
  const inner = second === undefined ? work : () => withLock(system, second, work, { timeout, waiter });
  return await withLock(system, first!, inner, { timeout, waiter });
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

/** The same as far as it is there: to ask where it would be makes it. Nothing that is made here stays. */
export async function lockThere(disk: World & Writer): Promise<string | undefined> {
  const own = findPath(disk, "lock");
  if (!own || await mayBeThere(disk, own)) return await lockPath(disk);
  const shared = beside(disk, "lock")!;
  return await mayBeThere(disk, shared) && !(await canBeMade(disk, own)) ? shared : undefined;
}

/** Whether {@link lockPath} would make it there. */
async function canBeMade(disk: World & Writer, path: string): Promise<boolean> {
  const folder = dirname(path);
  if (!(await isOurs(disk, dirname(folder)))) return false;
  const error = await (await import("./room.ts")).trial(disk, path).then(() => undefined, (error: AppError) => error);
  return !error || await mayBeThere(disk, folder) && !error.message.endsWith("(EROFS)");
}

/** Whether a home folder is this user's: `sudo -E` keeps that of who typed it. */
async function isOurs({ files, host }: Disk, home: string): Promise<boolean> {
  try {
    const { isDirectory, uid } = await files.stat(home);
    return isDirectory && (host.os === "windows" || uid === host.uid);
  } catch {
    return false;
  }
}

/**
 * Both locks, where `shared` is another one than `own` and can be taken: in an order that is the same from every home, or
 * two runs would wait for each other.
 */
async function locks(disk: Disk, own: string, shared: string): Promise<string[]> {
  const { files } = disk;
  try {
    // By whatever name: who waits for what they hold themselves waits for ever.
    const real = async (path: string) => `${await files.realPath(dirname(path))}/${basename(path)}`;
    const [here, there] = [await real(own), await real(shared)];
    if (here === there) return [own];
    await ensureFolder(disk, shared, true);
    // No `using`: the bundler leaves out the end of what is named once, and this lock would be held against ourselves.
    const file = await openKept(disk, shared).catch((error) => {
      if (!isSystemError(error, "AlreadyExists")) throw error;
      return openKept(disk, shared); // another run made it just now
    });
    await file.tryLock(true).finally(() => file.close());
    return here < there ? [own, shared] : [shared, own];
  } catch {
    return [own];
  }
}

/** Whether no lock can be there, for anybody of this user's. What else is wrong with it is said by who takes the lock. */
async function isReadOnly(disk: Disk, folder: string, path: string): Promise<boolean> {
  try {
    (await openKept(disk, path)).close();
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EROFS" || !(await mayBeThere(disk, folder));
  }
}
