import { isSystemError } from "../errors.ts";
import type { FileInfo, Files, System } from "../system/mod.ts";

/** What every function of this folder needs: the files, and whose they should be. */
export type Disk = Pick<System, "files" | "host">;

/**
 * The same disk for who waits for it alone: a turn of the runtime's takes 0.1 ms, and the disk a tenth of it. Behind the first
 * look at a file of ours: a home that does not answer can still be interrupted there.
 */
export function atOnce({ files, host }: Disk): Disk {
  const now: Partial<Files> = {
    open: async (...given) => await files.openSync(...given),
    lstat: async (path) => await files.lstatSync(path),
    stat: async (path) => await files.statSync(path),
    chmod: async (path, mode) => await files.chmodSync(path, mode),
  };
  return { host, files: Object.assign(Object.create(files), now) };
}

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
