import type { File, System } from "../system/mod.ts";
import type { Disk } from "./look.ts";
import { ensureFolder, explain, locate, openPrivate } from "./trust.ts";

/** Who may have to wait for a lock. */
export interface Waiter {
  /** Ends the wait with its reason. */
  signal: AbortSignal;
  /** What shows what is waited for while `work` runs, where somebody sees that. */
  patience?: () => ((what: string, work: () => Promise<void>) => Promise<void>) | undefined;
}

/**
 * Runs `work` while no other process, and nobody else in this one, holds the lock at `path`. The lock is the system's,
 * not the file's existence: a holder that dies gives it back, and the file stays. Not re-entrant.
 *
 * @param timeout milliseconds to wait for the holder
 * @param secret whether the lock is that of the sessions or that of the settings
 * @param waiter without one nothing ends the wait before its time
 * @throws {AppError} `failure` when the holder does not end in time, `config` when the file cannot be used
 */
export async function withLock<T>(
  system: Disk & Pick<System, "clock">,
  path: string,
  work: () => Promise<T>,
  { timeout, secret = true, waiter }: { timeout: number; secret?: boolean; waiter?: Waiter | undefined },
): Promise<T> {
  let file: File | undefined;
  try {
    file = await openLock(system, path, secret);
    // Mostly nobody holds it.
    if (!(await file.tryLock(true))) await (await import("./turn.ts")).turn(system, file, path, timeout, waiter);
  } catch (error) {
    file?.close();
    throw await explain(system, "lock", path, error, secret);
  }
  try {
    return await work();
  } finally {
    // Closing releases it; an explicit unlock can fail on Windows (error 33).
    file.close();
  }
}

async function openLock(disk: Disk, path: string, secret: boolean): Promise<File> {
  await ensureFolder(disk, path, secret);
  await locate(disk, path, true);
  return await openPrivate(disk, path, false);
}
