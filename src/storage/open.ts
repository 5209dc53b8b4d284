import type { File } from "../system/mod.ts";
import { isSame } from "./read.ts";
import { atOnce, type Disk } from "./look.ts";
import { isOurs } from "./paths.ts";
import { checkTrust, ensureFolder, locate, openPrivate, refusals } from "./trust.ts";

/**
 * Opens a small file of ours for reading and writing, made when it is missing: before the permissions for it are gone.
 * Throws what the system says, or {@link AppError} `config` for what is no regular file, or not only this user's, or would
 * be made in a home folder that is not this user's.
 */
export async function openKept(slow: Disk, path: string): Promise<File> {
  const disk = atOnce(slow);
  const there = await locate(disk, path, true);
  if (!there) {
    const folder = above(path);
    await ensureFolder(disk, folder, true, async () => {
      // What is made in another user's home is in that user's way.
      if (!await isOurs(disk, above(folder))) throw (await refusals()).foreign(path);
    });
    return await openPrivate(disk, path, true);
  }
  await checkTrust(disk, path, there.info, true);
  const file = await disk.files.open(path, { read: true, write: true });
  if (isSame(disk, there.info, file.statSync())) return file;
  file.close();
  throw (await refusals()).untrusted(path, "it keeps being replaced", "try again");
}

/** `node:path` costs half a millisecond. */
const above = (path: string) => path.replace(/[\\/][^\\/]*$/, "");
