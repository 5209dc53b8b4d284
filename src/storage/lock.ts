import { AppError } from "../errors.ts";
import type { File, System } from "../system/mod.ts";
import type { Disk } from "./look.ts";
import { ensureFolder, explain, locate, openPrivate, shellQuote } from "./trust.ts";

/** Milliseconds between two tries. */
const STEP = 25;

/**
 * Runs `work` while no other process, and nobody else in this one, holds the lock at `path`. The lock is the system's,
 * not the file's existence: a holder that dies gives it back, and the file stays. Not re-entrant.
 *
 * @param timeout milliseconds to wait for the holder
 * @param secret whether the lock is that of the sessions or that of the settings
 * @throws {AppError} `failure` when the holder does not end in time, `config` when the file cannot be used
 */
export async function withLock<T>(
  system: Disk & Pick<System, "clock">,
  path: string,
  work: () => Promise<T>,
  { timeout, secret = true }: { timeout: number; secret?: boolean },
): Promise<T> {
  let file: File | undefined;
  try {
    file = await openLock(system, path, secret);
    await acquire(system, file, path, timeout);
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

async function acquire({ clock }: Pick<System, "clock">, file: File, path: string, timeout: number): Promise<void> {
  for (let waited = 0; !(await file.tryLock(true)); waited += STEP) {
    if (waited >= timeout) {
      const message = `another autocom holds the lock ${path}, for more than ${timeout / 1_000} s`;
      throw new AppError("failure", message, { hint: `see who: fuser ${shellQuote(path)}` });
    }
    await clock.sleep(STEP);
  }
}
