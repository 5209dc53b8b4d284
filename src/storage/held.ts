import { isSystemError } from "../errors.ts";
import type { File } from "../system/mod.ts";
import type { Disk } from "./look.ts";
import { ensureFolder, locate, openPrivate } from "./trust.ts";

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
  try {
    return held(await open(disk, path));
  } catch {
    return undefined;
  }
}

/** Mostly it is there: then nothing else is looked at. */
async function open(disk: Disk, path: string): Promise<File> {
  await locate(disk, path, true);
  try {
    return await disk.files.open(path, { read: true, write: true });
  } catch (error) {
    if (!isSystemError(error, "NotFound")) throw error;
    await ensureFolder(disk, (await import("node:path")).dirname(path), true);
    return await openPrivate(disk, path, true);
  }
}

function held(file: File): Held {
  return {
    async write(text) {
      if (!(await file.tryLock(true))) return false;
      const bytes = new TextEncoder().encode(text);
      await file.truncate(0); // so that what is left of a run that ends here is a beginning, and no mixture
      await file.seek(0, 0);
      for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await file.write(rest));
      await file.unlock();
      return true;
    },
    close: () => file.close(),
  };
}
