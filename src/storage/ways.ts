/**
 * What mends a refusal: a command to type, or a variable to set. A part of `refusal.ts`.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import type { FileInfo } from "../system/mod.ts";
import type { Disk } from "./look.ts";
import { PLACES } from "./paths.ts";
import { shellQuote, variableOf } from "./trust.ts";

/** The name of our own folder. */
export const FOLDER = ".autocom";

export const HOME = "set HOME to a folder of yours";

/** What is typed next, by the system's code. Our own folder stands for what is in it. */
export async function wayOut(disk: Disk, action: string, at: string, code: string, secret: boolean): Promise<string> {
  const variable = variableOf(secret);
  const path = basename(at) === FOLDER ? join(at, PLACES[secret ? "credentials" : "config"].name) : at;
  const folder = dirname(path);
  const way = code === "EACCES" || code === "EPERM" ? await barrier(disk, path, secret) : undefined;
  if (way) return way;
  if (action === "look beside" && code === "EACCES") {
    return isOurs(folder) ? `chmod 700 ${shellQuote(folder)}` : `look at it: ls -ld ${shellQuote(folder)}`;
  }
  if (code === "EACCES" || code === "EPERM") {
    const after = isOurs(folder) ? afterSudo(folder) : "";
    // In a folder that takes files it stays where it is, whatever is set.
    if (after && basename(path) === PLACES.lock.name) return after;
    const other = isFixed(path) ? HOME : `name a file of yours in ${variable}`;
    return after ? `${other}, or ${after}` : other;
  }
  if (code === "ENOTDIR" || code === "ENOENT") {
    if (basename(folder) === FOLDER) return instead(path, secret, "set HOME to your home folder");
    return code === "ENOENT" ? `make its folder: mkdir -p -m 700 ${shellQuote(folder)}` : inVariable(secret);
  }
  if (code === "EROFS") {
    return `set ${
      isFixed(path) ? "HOME to a folder" : `${variable} to the full path of a file`
    } on a disk that can be written`;
  }
  if (code === "EBUSY" && disk.host.os !== "windows") {
    return `mount the folder ${shellQuote(folder)} instead of the file`;
  }
  if (code === "EMFILE") return "ulimit -n 1024";
  if (code === "ENFILE") return "close other programs, then try again";
  if (code === "ENOSPC" || code === "EDQUOT") return "make room on the disk";
  if (action === "lock") return `keep it on a disk that has file locks: set ${secret ? "HOME" : variable}`;
  return "check the path, its owner and the disk";
}

/** Our own folder, or what is in it: all else that is root's is so for a reason, and nobody is told to take it. */
export function isOurs(path: string): boolean {
  return basename(path) === FOLDER || basename(dirname(path)) === FOLDER;
}

/** The way out where `path`, or its folder, is another user's: root's after a sudo, or nothing of ours. */
export async function owned(
  disk: Disk,
  path: string,
  { isDirectory, uid }: FileInfo,
  secret: boolean,
): Promise<string> {
  const folder = dirname(path);
  if (basename(folder) === FOLDER) {
    const [inside, home] = [await look(disk, folder), await look(disk, dirname(folder))];
    // Root's own folder is nobody's to take.
    if (![inside, home].some((place) => place?.uid === disk.host.uid)) return instead(path, secret);
    if (uid === 0) return afterSudo(folder);
    if (!isDirectory && (isFixed(path) || path.endsWith(".lock"))) return `remove it: rm ${shellQuote(path)}`;
  }
  return isFixed(path) ? HOME : `name a file of yours in ${variableOf(secret)}`;
}

function afterSudo(folder: string): string {
  return `after a sudo: sudo chown -R "$(id -un)" ${shellQuote(folder)}`;
}

/** What keeps this user from `path`, as far as it can be seen, and how it is undone: the modes of what is ours first. */
export async function barrier(disk: Disk, path: string, secret: boolean): Promise<string | undefined> {
  if (disk.host.os === "windows") return undefined;
  const folder = dirname(path);
  const inside = await look(disk, folder);
  if (!inside) {
    const home = await look(disk, dirname(folder));
    if (home?.uid === disk.host.uid) return unlocked(disk, dirname(folder), home);
    return basename(folder) === FOLDER ? instead(path, secret) : undefined;
  }
  for (const [place, info] of [[folder, inside], [path, await look(disk, path)]] as const) {
    if (info && info.uid !== disk.host.uid) return await owned(disk, path, info, secret);
    const way = info && unlocked(disk, place, info);
    if (way) return way;
  }
  return undefined;
}

/** How what is ours is opened to ourselves; undefined when it is. Nothing is closed to root. */
export function unlocked({ host }: Disk, path: string, { isDirectory, mode }: FileInfo): string | undefined {
  const wanted = isDirectory ? 0o700 : 0o600;
  if (host.os === "windows" || host.uid === 0 || (mode! & wanted) === wanted) return undefined;
  const change = !isDirectory ? "600" : basename(path) === FOLDER ? "700" : "u+rwx";
  return `chmod ${change} ${shellQuote(path)}`;
}

async function look({ files }: Disk, path: string): Promise<FileInfo | undefined> {
  return await files.stat(path).catch(() => undefined);
}

/** What no variable moves: the caches and the ledger, where the home folder is. */
function isFixed(path: string): boolean {
  const { credentials: _, config: __, lock: ___, ...fixed } = PLACES;
  const name = basename(path);
  return isOurs(dirname(path)) && Object.values(fixed).some((place) => name.startsWith(place.name));
}

/** Where else it can be. */
export function instead(path: string, secret: boolean, home = HOME): string {
  if (basename(dirname(path)) !== FOLDER) return inVariable(secret);
  return isFixed(path) ? home : `${home}, or ${variableOf(secret)} to the full path of a file`;
}

/** For what a variable put where it is. */
export function inVariable(secret: boolean): string {
  return `set ${variableOf(secret)} to the full path of a file, or unset it`;
}
