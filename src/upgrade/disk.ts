/**
 * What upgrading does with files: all of it in the program's own folder, under a lock beside it.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { AppError, isSystemError } from "../errors.ts";
import { refusals, shellQuote } from "../storage/mod.ts";
import type { File, FileInfo, System } from "../system/mod.ts";
import { gone, type Program, unwritable } from "./place.ts";

export type Disk = Pick<System, "files" | "host" | "clock" | "random" | "ffi">;

/** Milliseconds to wait for another upgrade. */
const PATIENCE = 1_000;
const STEP = 25;

/** A new file beside the program, open. */
export interface Temporary {
  readonly path: string;
  readonly file: File;
}

/** `autocom.old` */
export function oldPath({ path }: Program): string {
  return `${path}.old`;
}

/** A name that the next {@link sweep} knows: `.autocom.0123456789abcdef.new` */
export function besidePath({ random }: Pick<System, "random">, { folder, name }: Program, kind: "new" | "old"): string {
  return join(folder, `.${name}.${random.bytes(8).toHex()}.${kind}`);
}

/**
 * Runs `work` while no other upgrade of this file does. The lock is the system's: a dead holder gives it back. What dead
 * ones left is removed, and the program is the one that was looked at.
 */
export async function exclusively<T>(disk: Disk, program: Program, work: () => Promise<T>): Promise<T> {
  const { files } = disk;
  const path = join(program.folder, `.${program.name}.lock`);
  const file = await openLock(disk, program, path);
  try {
    await acquire(disk, program, path, file);
    const now = await files.lstat(program.path).catch(() => undefined);
    if (!now || !isSame(now, program.info)) {
      throw new AppError("failure", `another program has just replaced ${program.path}`, {
        hint: "see what is there: autocom --version",
      });
    }
    await sweep(disk, program);
    return await work();
  } catch (error) {
    // Whatever the system refuses meanwhile: the program was moved away.
    throw codeOf(error) ? explained(disk, program, error) : error;
  } finally {
    file.close();
  }
}

/** The same file with the same content, as far as the system says. */
export function isSame(a: FileInfo, b: FileInfo): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtime?.getTime() === b.mtime?.getTime();
}

async function acquire({ clock, host }: Disk, program: Program, path: string, file: File): Promise<void> {
  const tried = () =>
    file.tryLock(true).catch(async (error: unknown) => {
      const why = (await refusals()).reasonOf(error);
      throw new AppError("config", `cannot lock ${path}${why && `: ${why}`}`, {
        hint: "the disk has no file locks: install it in a folder on another one",
      });
    });
  for (let waited = 0; !await tried(); waited += STEP) {
    if (waited >= PATIENCE) {
      throw new AppError("failure", `another autocom is upgrading ${program.path}`, {
        hint: host.os === "windows"
          ? "wait for it, then see what is there: autocom --version"
          : `wait for it, or see who holds it: fuser ${shellQuote(path)}`,
      });
    }
    await clock.sleep(STEP);
  }
}

/** Whoever may write into the folder may lock, and nobody else: a lock that is held stops every upgrade. */
async function openLock(disk: Disk, program: Program, path: string): Promise<File> {
  const { files } = disk;
  try {
    const there = await files.lstat(path).catch(() => undefined);
    if (there && !there.isFile) {
      throw new AppError("config", `cannot lock ${path}: it is not a plain file`, {
        hint: "look at it, and remove it",
      });
    }
    if (!there) {
      const others = ((await files.stat(program.folder)).mode ?? 0) & 0o022;
      return await files.open(path, { read: true, write: true, create: true, mode: 0o600 | others | others << 1 });
    }
    try {
      return await files.open(path, { read: true, write: true }); // NFS locks for a handle that writes alone
    } catch (error) {
      if (!isSystemError(error, "PermissionDenied")) throw error;
      return await files.open(path, { read: true });
    }
  } catch (error) {
    throw await explained(disk, program, error);
  }
}

/** Removes what upgrades that died left: our own pattern only. */
export async function sweep({ files }: Disk, { folder, name }: Program): Promise<void> {
  try {
    for await (const entry of files.readDir(folder)) {
      const rest = entry.name.startsWith(`.${name}.`) ? entry.name.slice(name.length + 2) : "";
      // On Windows one that runs cannot be removed yet.
      if (entry.isFile && /^[0-9a-f]{16}\.(new|old)$/.test(rest)) {
        await files.remove(join(folder, entry.name)).catch(() => {});
      }
    }
  } catch { /* a folder that cannot be listed keeps what is in it */ }
}

/** A new file that only we have, and that nobody reads yet: it is `work`'s to install; what is left of it goes. */
export async function withTemporary<T>(
  disk: Disk,
  program: Program,
  work: (temporary: Temporary) => Promise<T>,
): Promise<T> {
  const { files } = disk;
  const path = besidePath(disk, program, "new");
  let file: File;
  try {
    file = await files.open(path, { read: true, write: true, createNew: true, mode: 0o755 });
  } catch (error) {
    throw await explained(disk, program, error);
  }
  try {
    return await work({ path, file });
  } finally {
    try {
      file.close();
    } catch { /* Windows replaces closed files alone */ }
    await files.remove(path).catch(() => {});
  }
}

/** Writes exactly these pieces, from the start, as far as the disk; gives the hash of what is in the file then. */
export async function fill(
  disk: Disk,
  program: Program,
  { file }: Temporary,
  pieces: AsyncIterable<Uint8Array>,
  size: number,
): Promise<string> {
  await file.truncate(0);
  await file.seek(0, 0);
  let left = size;
  for await (const piece of pieces) {
    if (piece.length > left) return "";
    left -= piece.length;
    await onDisk(disk, program, size, async () => {
      for (let rest = piece; rest.length > 0;) rest = rest.subarray(await file.write(rest));
    });
  }
  await onDisk(disk, program, size, () => file.sync());
  return left === 0 ? await hashOf(file) : "";
}

/** SHA-256 of all that is in the file, read through the handle that it was written by. */
export async function hashOf(file: File): Promise<string> {
  const hash = createHash("sha256");
  const buffer = new Uint8Array(1024 ** 2);
  await file.seek(0, 0);
  for (let count; (count = await file.read(buffer)) !== null;) hash.update(buffer.subarray(0, count));
  return hash.digest("hex");
}

async function onDisk(disk: Disk, program: Program, size: number, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw await explained(disk, program, error, size);
  }
}

const CODES: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "the system does not allow it",
  EROFS: "the file system is read-only",
  EIO: "the disk failed",
  ETXTBSY: "it is in use",
};

/** The system's own, such as `ENOSPC`; empty for another error. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  return /^E[A-Z0-9]+$/.test(code) ? code : "";
}

/** The system's refusal as an error of kind `config` with a way out. */
export function explained(disk: Disk, program: Program, error: unknown, size = program.info.size): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  const [code, text] = [codeOf(error), error.message];
  if (code === "ENOENT" || code === "ENOTDIR") return gone(program.path);
  if (code === "ENOSPC" || code === "EDQUOT" || /os error (28|122|112|39)\b/.test(text)) {
    const what = code === "EDQUOT" || /os error 122/.test(text) ? "the disk quota is used up" : "the disk is full";
    return new AppError("config", `cannot write the new program: ${what}`, {
      hint: `${program.folder} needs ${Math.ceil(size / 1e6)} MB free (${size} bytes)`,
    });
  }
  if (isSystemError(error, "NotCapable") || isSystemError(error, "TypeError")) return error;
  const why = CODES[code] ?? (/^([^(]{1,60}) \(os error/.exec(text)?.[1]?.toLowerCase() || code || "refused");
  return unwritable(disk, program, code && !why.includes(code) ? `${why}, ${code}` : why);
}
