import type { File } from "../system/mod.ts";
import { isSame } from "./read.ts";
import type { Disk } from "./look.ts";
import { checkTrust, ensureFolder, locate, openPrivate, refusals } from "./trust.ts";

/**
 * Opens a small file of ours for reading and writing, made when it is missing: before the permissions for it are gone.
 * Throws what the system says, or {@link AppError} `config` for what is no regular file, or not only this user's.
 */
export async function openKept(disk: Disk, path: string): Promise<File> {
  const there = await locate(disk, path, true);
  if (!there) {
    await ensureFolder(disk, path.replace(/[\\/][^\\/]*$/, ""), true); // node:path costs half a millisecond
    return await openPrivate(disk, path, true);
  }
  await checkTrust(disk, path, there.info, true);
  const file = await disk.files.open(path, { read: true, write: true });
  if (isSame(disk, there.info, file.statSync())) return file;
  file.close();
  throw (await refusals()).untrusted(path, "it keeps being replaced", "try again");
}
