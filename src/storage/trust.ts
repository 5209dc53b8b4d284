import { isSystemError } from "../errors.ts";
import type { File, FileInfo } from "../system/mod.ts";
import { type Disk, lstat } from "./look.ts";
import { PLACES } from "./paths.ts";
import type { explain as Explain } from "./refusal.ts";

/**
 * Where a private file really is, and what is there; undefined when there is nothing.
 * Only regular files: opening a FIFO would block the event loop for good, and a device has no end. `nothing`: the one that is
 * a way to say "no file" counts as none, for who only reads.
 * A file without secrets may be a symlink, as dotfile managers make them: then it is the target that is read or replaced.
 */
export async function locate(
  disk: Disk,
  path: string,
  secret: boolean,
  nothing = false,
): Promise<{ path: string; info: FileInfo } | undefined> {
  let info = await lstat(disk, path);
  if (!info) return undefined;
  let real = path;
  if (info.isSymlink) {
    if (secret) throw (await refusals()).linked(path, "", secret);
    real = await disk.files.realPath(path).catch(async (error) => {
      throw isSystemError(error, "NotFound") ? await (await refusals()).unnamedTarget(disk, path, secret) : error;
    });
    info = await disk.files.lstat(real);
  }
  if (info.isFile) return { path: real, info };
  if (nothing && !secret && (await import("node:path")).normalize(real) === "/dev/null") return undefined;
  throw (await refusals()).irregular(path, info, secret);
}

/** Refuses a file that somebody else can have written or, with `secret`, can read. Windows has no modes: its ACLs rule. */
export async function checkTrust(disk: Disk, path: string, info: FileInfo, secret: boolean): Promise<void> {
  const { host } = disk;
  const { mode, nlink, uid } = info;
  // What root wrote without secrets (a system-wide configuration) is trusted.
  const isOwn = uid === host.uid || !secret && uid === 0;
  if (host.os === "windows" || isOwn && !(mode! & (secret ? 0o077 : 0o022)) && !(secret && nlink! > 1)) return;
  throw await (await refusals()).distrusted(disk, path, info, secret, isOwn);
}

export function variableOf(secret: boolean): string {
  return PLACES[secret ? "credentials" : "config"].variable;
}

/** Makes the folder of `path` as 0700 when it is missing, its parents never; an existing one must be safe from others. */
export async function ensureFolder(disk: Disk, path: string, secret: boolean): Promise<void> {
  const { files, host } = disk;
  const folder = above(path, host);
  let info = await files.stat(folder).catch(() => undefined); // it is there, most of the time
  if (!info) {
    await (await refusals()).checkHome(disk, path);
    try {
      await files.mkdir(folder, { mode: 0o700 });
      // The umask may have taken bits away.
      if (host.os !== "windows") await files.chmod(folder, 0o700);
      return;
    } catch (error) {
      if (!isSystemError(error, "AlreadyExists")) throw await (await refusals()).unmade(disk, path, error, secret);
    }
    info = await files.stat(folder).catch(async (error) => {
      throw isSystemError(error, "NotFound") ? (await refusals()).linked(folder, " to nothing", secret) : error;
    });
  }
  const isOwn = info.uid === host.uid;
  if (info.isDirectory && (host.os === "windows" || isOwn && !(info.mode! & 0o022))) return;
  throw await (await refusals()).unsafeFolder(disk, path, info, secret, isOwn);
}

/** The folder that something is in. `node:path` costs half a millisecond. */
function above(path: string, { os }: Disk["host"]): string {
  const isEnd = (at: number) => path[at - 1] === "/" || os === "windows" && path[at - 1] === "\\";
  let end = path.length;
  while (isEnd(end)) end--;
  while (end > 0 && !isEnd(end)) end--;
  while (isEnd(end)) end--;
  return path.slice(0, end) || "/";
}

/** Opens a file for writing, or makes it, as 0600 whatever the umask is (opening alone leaves 0000 under 777). */
export async function openPrivate({ files, host }: Disk, path: string, createNew: boolean): Promise<File> {
  const file = await files.open(path, { read: true, write: true, create: !createNew, createNew, mode: 0o600 });
  try {
    if (host.os !== "windows") await files.chmod(path, 0o600);
    return file;
  } catch (error) {
    file.close();
    if (createNew) await files.remove(path).catch(() => {});
    throw error;
  }
}

/** The words of every refusal, loaded when there is one. */
export const refusals = () => import("./refusal.ts");

/** See `refusal.ts`, loaded when something was refused. */
export async function explain(...given: Parameters<typeof Explain>): Promise<unknown> {
  return (await refusals()).explain(...given);
}

/** A path as it can be typed into a POSIX shell. */
export function shellQuote(path: string): string {
  return /^[\w./@%+:,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
