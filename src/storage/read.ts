import { AppError, isSystemError } from "../errors.ts";
import type { File, FileInfo } from "../system/mod.ts";
import { checkPath } from "./paths.ts";
import type { Disk } from "./look.ts";
import { checkTrust, explain, locate, refusals, shellQuote } from "./trust.ts";

/** Another autocom may replace the file between the look and the opening; this often it is looked at again. */
const TRIES = 20;

/**
 * The text of a private file, a byte order mark included; undefined when there is none.
 *
 * @param limit largest size in bytes
 * @param secret nobody else may read it, and it may not be a symlink or have a second name
 * @throws {AppError} `config`: not a regular file, not trustworthy, too large, not UTF-8, or unreadable
 */
export async function readPrivate(disk: Disk, path: string, wanted: Wanted): Promise<string | undefined> {
  const bytes = await readPrivateBytes(disk, path, wanted);
  try {
    return bytes && new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const hint = `save it as UTF-8, or move it away: mv ${shellQuote(path)} ${shellQuote(`${path}.old`)}`;
    throw new AppError("config", `cannot read ${path}: it is damaged (not UTF-8 text)`, { hint });
  }
}

interface Wanted {
  limit: number;
  secret: boolean;
}

/** The same of any bytes. */
export async function readPrivateBytes(
  disk: Disk,
  path: string,
  { limit, secret }: Wanted,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return await readChecked(disk, path, limit, secret, (info) => checkTrust(disk, path, info, secret), true);
}

/**
 * The text of a file that the person named in a variable, whoever it belongs to and whatever its mode is: containers
 * mount secrets as links to files of root's. Bytes that are not UTF-8 come as U+FFFD. A byte order mark is left out.
 *
 * @throws {AppError} `usage`: the variable holds no path; `config`: not a regular file, too large, missing or unreadable
 */
export async function readGiven(disk: Disk, variable: string, path: string, limit: number): Promise<string> {
  const hint = `check ${variable}, or unset it`;
  let bytes: Uint8Array | undefined;
  try {
    bytes = await readChecked(disk, checkPath(variable, path, disk.host), limit, false, async () => {});
  } catch (error) {
    // What is the way out for a file of ours is none for this one: it has another variable, and may be a system's link.
    throw error instanceof AppError && error.kind === "config"
      ? new AppError("config", error.message, { hint })
      : error;
  }
  if (bytes) return new TextDecoder().decode(bytes);
  throw new AppError("config", `cannot read ${path}: there is no such file`, { hint });
}

/** Undefined when there is nothing at `path`. `check` throws when what is there may not be read. */
async function readChecked(
  disk: Disk,
  path: string,
  limit: number,
  secret: boolean,
  check: (info: FileInfo) => Promise<void>,
  nothing = false,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  let bytes: Uint8Array<ArrayBuffer> | undefined;
  try {
    bytes = await read(disk, path, limit, secret, check, nothing);
  } catch (error) {
    throw await explain(disk, "read", path, error, secret);
  }
  if (!bytes || bytes.length <= limit) return bytes;
  throw new AppError("config", `cannot read ${path}: it is larger than ${limit} bytes`, {
    hint: `look at it: ls -l ${shellQuote(path)}`,
  });
}

async function read(
  disk: Disk,
  path: string,
  limit: number,
  secret: boolean,
  check: (info: FileInfo) => Promise<void>,
  nothing = false,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    const place = await locate(disk, path, secret, nothing);
    if (!place) return undefined;
    await check(place.info);
    const file = await openFound(disk, place.path);
    if (!file) continue;
    try {
      const info = file.statSync();
      if (isSame(disk, place.info, info)) return await readUpTo(file, limit + 1, info.size);
    } finally {
      file.close();
    }
  }
  throw (await refusals()).untrusted(path, "it keeps being replaced", "try again");
}

async function openFound({ files }: Disk, path: string): Promise<File | undefined> {
  try {
    return await files.open(path, { read: true });
  } catch (error) {
    if (isSystemError(error, "NotFound")) return undefined;
    throw error;
  }
}

/** What was opened is what was checked. Windows gives no inode. */
export function isSame({ host }: Disk, checked: FileInfo, opened: FileInfo): boolean {
  return host.os === "windows" || (checked.dev === opened.dev && checked.ino === opened.ino);
}

/**
 * A file that tells its size gives it without waiting, and a turn of the runtime's takes 0.1 ms; one that says 0 may be
 * the kernel's, and keep its reader waiting for good.
 */
async function readUpTo(file: File, limit: number, told: number): Promise<Uint8Array<ArrayBuffer>> {
  let buffer = new Uint8Array(Math.min(limit, told + 1));
  let size = 0;
  while (size < limit) {
    const room = buffer.subarray(size);
    const count = told > 0 ? file.readSync(room) : await file.read(room);
    if (count === null) break;
    size += count;
    if (size < buffer.length || size === limit) continue;
    const larger = new Uint8Array(Math.min(limit, 2 * size));
    larger.set(buffer);
    buffer = larger;
  }
  return buffer.subarray(0, size);
}
