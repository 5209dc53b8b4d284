import { isSystemError } from "../errors.ts";
import type { File } from "../system/mod.ts";
import type { holdFirmly as Firmly } from "./firmly.ts";
import { atOnce, type Disk } from "./look.ts";
import { checkTrust, ensureFolder, locate, openPrivate } from "./trust.ts";

/** A private file that was opened while that was allowed, to be written when it is not any more. */
export interface Held {
  /** Replaces what is in it; false when another program is doing so. A reader meanwhile finds a beginning. */
  write(text: string): Promise<boolean>;
  close(): void;
}

/**
 * Opens a private file, or makes it, for what is found out after the permissions are gone: nothing can be renamed then, so
 * the text must say itself whether it is whole. Undefined where that cannot be done: it is a cache.
 */
export async function hold(disk: Disk, path: string): Promise<Held | undefined> {
  return await openHeld(disk, path).then(held, () => undefined); // why not is nobody's to know, so it is not loaded
}

/** See `firmly.ts`, loaded by who was told to keep it. */
export async function holdFirmly(...given: Parameters<typeof Firmly>): Promise<Held> {
  return await (await import("./firmly.ts")).holdFirmly(...given);
}

/** Mostly it is there: then nothing else is looked at. */
export async function openHeld(slow: Disk, path: string): Promise<File> {
  const disk = atOnce(slow);
  const found = await locate(disk, path, true);
  if (found) await checkTrust(disk, path, found.info, true);
  try {
    return await disk.files.open(path, { read: true, write: true });
  } catch (error) {
    if (!isSystemError(error, "NotFound")) throw error;
    await ensureFolder(disk, path, true);
    try {
      return await openPrivate(disk, path, true);
    } catch (error) {
      if (!isSystemError(error, "AlreadyExists")) throw error;
      return await disk.files.open(path, { read: true, write: true }); // another autocom was quicker
    }
  }
}

export function held(file: File): Held {
  return {
    async write(text) {
      if (!(await file.tryLock(true))) return false;
      const bytes = new TextEncoder().encode(text);
      await file.truncate(0); // so that what is left of a run that ends here is a beginning, and no mixture
      await file.seek(0, 0);
      for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await file.write(rest));
      await file.unlock().catch(() => {}); // it is written, and closing does it, too (Windows: error 33)
      return true;
    },
    close: () => file.close(),
  };
}
