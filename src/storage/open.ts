import { dirname } from "node:path";
import type { File } from "../system/mod.ts";
import { checkTrust, type Disk, ensureFolder, locate, openPrivate } from "./trust.ts";

/**
 * Opens a small file of ours for reading and writing, made when it is missing: before the permissions for it are gone.
 * Throws what the system says, or {@link AppError} `config` for what is no regular file, or not only this user's.
 */
export async function openKept(disk: Disk, path: string): Promise<File> {
  await ensureFolder(disk, dirname(path));
  const there = await locate(disk, path, true);
  if (there) checkTrust(disk, path, there.info, true);
  return await openPrivate(disk, path, !there);
}
