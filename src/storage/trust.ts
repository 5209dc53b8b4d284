import { AppError, isSystemError } from "../errors.ts";
import type { File, FileInfo } from "../system/mod.ts";
import { type Disk, lstat } from "./look.ts";
import { PLACES } from "./paths.ts";
import type { explain as Explain } from "./refusal.ts";

/**
 * Where a private file really is, and what is there; undefined when there is nothing.
 * Only regular files: opening a FIFO would block the event loop for good, and a device has no end.
 * A file without secrets may be a symlink, as dotfile managers make them: then it is the target that is read or replaced.
 */
export async function locate(
  disk: Disk,
  path: string,
  secret: boolean,
): Promise<{ path: string; info: FileInfo } | undefined> {
  let info = await lstat(disk, path);
  if (!info) return undefined;
  let real = path;
  if (info.isSymlink) {
    const hint = `remove the link: rm ${shellQuote(path)}`;
    if (secret) throw untrusted(path, "it is a symbolic link", hint);
    try {
      real = await disk.files.realPath(path);
    } catch (error) {
      if (!isSystemError(error, "NotFound")) throw error;
      throw untrusted(path, "it is a symbolic link to nothing", hint);
    }
    info = await disk.files.lstat(real);
  }
  if (info.isFile) return { path: real, info };
  const kind = info.isDirectory ? "a folder" : info.isFifo ? "a pipe" : info.isSocket ? "a socket" : "a device";
  throw untrusted(path, `it is ${kind}, not a regular file`, `look at it: ls -ld ${shellQuote(path)}`);
}

/** Refuses a file that somebody else can have written or, with `secret`, can read. Windows has no modes: its ACLs rule. */
export function checkTrust({ host }: Disk, path: string, info: FileInfo, secret: boolean): void {
  if (host.os === "windows") return;
  const mode = info.mode ?? 0;
  if (!ownedBy(host.uid, info.uid, secret)) {
    throw untrusted(path, `it belongs to another user (uid ${info.uid})`, owned(path, info, secret));
  }
  if (secret && mode & 0o077) {
    throw untrusted(path, `other users may read or change it (mode ${octal(mode)})`, `chmod 600 ${shellQuote(path)}`);
  }
  if (mode & 0o022) {
    throw untrusted(path, `other users may change it (mode ${octal(mode)})`, `chmod go-w ${shellQuote(path)}`);
  }
  if (secret && (info.nlink ?? 1) > 1) {
    const hint = `find the other names: find ~ -samefile ${shellQuote(path)}`;
    throw untrusted(path, "it has a second name (hard link)", hint);
  }
}

/** The way out where something is another user's: root's after a sudo, or nothing of ours. */
function owned(path: string, { uid }: FileInfo, secret: boolean | undefined): string {
  if (uid === 0) return `after a sudo: sudo chown ${secret === undefined ? "-R " : ""}"$(id -un)" ${shellQuote(path)}`;
  return secret === undefined
    ? `look at it: ls -ld ${shellQuote(path)}`
    : `name a file of yours in ${variableOf(secret)}`;
}

export function variableOf(secret: boolean): string {
  return PLACES[secret ? "credentials" : "config"].variable;
}

/** Secrets and folders must be one's own; what root wrote without secrets (a system-wide configuration) is trusted. */
function ownedBy(user: number | null, owner: number | null, secret: boolean): boolean {
  return owner === user || (!secret && owner === 0);
}

/** Makes the folder as 0700 when it is missing, its parents never; an existing one must be safe from others. */
export async function ensureFolder(disk: Disk, folder: string): Promise<void> {
  const { files, host } = disk;
  try {
    await files.mkdir(folder, { mode: 0o700 });
    // The umask may have taken bits away.
    if (host.os !== "windows") await files.chmod(folder, 0o700);
    return;
  } catch (error) {
    if (!isSystemError(error, "AlreadyExists")) throw error;
  }
  const info = await files.stat(folder);
  if (!info.isDirectory) throw untrusted(folder, "it is not a folder", `look at it: ls -ld ${shellQuote(folder)}`);
  if (host.os === "windows") return;
  if (info.uid !== host.uid) {
    const hint = owned(folder, info, undefined);
    throw untrusted(folder, `the folder belongs to another user (uid ${info.uid})`, hint);
  }
  const mode = info.mode ?? 0;
  if (mode & 0o022) {
    const why = `other users may change the folder (mode ${octal(mode)})`;
    throw untrusted(folder, why, `chmod 700 ${shellQuote(folder)}`);
  }
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

export function untrusted(path: string, why: string, hint: string): AppError {
  return new AppError("config", `refusing to use ${path}: ${why}`, { hint });
}

/** See `refusal.ts`, loaded when something was refused. */
export async function explain(...given: Parameters<typeof Explain>): Promise<unknown> {
  return (await import("./refusal.ts")).explain(...given);
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}

/** A path as it can be typed into a POSIX shell. */
export function shellQuote(path: string): string {
  return /^[\w./@%+:,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
