import type { File } from "../system/mod.ts";
import { isSame } from "./read.ts";
import { atOnce, type Disk } from "./look.ts";
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
    await ensureFolder(disk, path, true);
    return await openPrivate(disk, path, true);
  }
  await checkTrust(disk, path, there.info, true);
  const file = await disk.files.open(path, { read: true, write: true });
  if (isSame(disk, there.info, file.statSync())) return file;
  file.close();
  throw (await refusals()).untrusted(path, "it keeps being replaced", "try again");
}
