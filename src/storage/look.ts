import { isSystemError } from "../errors.ts";
import type { FileInfo, System } from "../system/mod.ts";

/** What every function of this folder needs: the files, and whose they should be. */
export type Disk = Pick<System, "files" | "host">;

/** `lstat`, or undefined when there is nothing at `path`. */
export async function lstat({ files }: Disk, path: string): Promise<FileInfo | undefined> {
  try {
    return await files.lstat(path);
  } catch (error) {
    // Nothing is below what is no folder: HOME=/dev/null means "no home".
    if (isSystemError(error, "NotFound") || isSystemError(error, "NotADirectory")) return undefined;
    throw error;
  }
}

/** False where there is certainly nothing. Who reads a file is loaded when there is one: most runs have none. */
export async function mayBeThere(disk: Disk, path: string): Promise<boolean> {
  return await lstat(disk, path).then((info) => info !== undefined, () => true); // who reads it says what is wrong
}
