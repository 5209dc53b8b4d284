import { basename, dirname } from "node:path";
import { AppError } from "../errors.ts";
import type { FileInfo } from "../system/mod.ts";
import type { Disk } from "./look.ts";
import { shellQuote } from "./trust.ts";
import { barrier, FOLDER, HOME, instead, inVariable, isOurs, owned, wayOut } from "./ways.ts";

/** The runtime opens nothing to write in /dev, /proc and /sys. */
const KEPT = "it is a path that the runtime keeps to itself";

const REASONS: Record<string, string> = {
  EACCES: "permission denied",
  EBUSY: "it is in use, or mounted by itself",
  EDQUOT: "the disk quota is used up",
  EINVAL: "it does not accept that",
  EIO: "the disk failed",
  EISDIR: "it is a folder",
  EMFILE: "this process has too many open files",
  ELOOP: "too many symbolic links",
  ENAMETOOLONG: "the name is too long",
  ENFILE: "this machine has too many open files",
  ENOENT: "there is no such folder",
  ENOSPC: "no space left on the disk",
  ENOTDIR: "a part of the path is not a folder",
  ENOTSUP: "the file system does not support that",
  EPERM: "operation not permitted",
  EROFS: "the file system is read-only",
};

/**
 * The system's refusal in words, without the paths of its own text. What is no error of the system's is returned as it is.
 *
 * @param secret whether the file is that of the sessions or that of the settings: the hint names its variable
 */
export async function explain(
  disk: Disk,
  action: string,
  path: string,
  error: unknown,
  secret: boolean,
): Promise<unknown> {
  const why = reasonOf(error);
  if (!why) return error;
  return new AppError("config", `cannot ${action} ${path}: ${why}`, {
    hint: why === KEPT ? inVariable(secret) : await wayOut(disk, action, path, codeOf(error), secret),
  });
}

/** Why the system refused, in words; undefined for what is no error of the system's. */
export function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || error instanceof AppError) return undefined;
  const code = codeOf(error);
  return REASONS[code] ? `${REASONS[code]} (${code})` : code || unnamed(error);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** What stands at `path` is not used. */
export function untrusted(path: string, why: string, hint: string): AppError {
  return new AppError("config", `refusing to use ${path}: ${why}`, { hint });
}

/**
 * Before `~/.autocom` is made: what is made in another user's home is in that user's way, as after `sudo -E`. A home that is
 * root's is a container's, or `/tmp`.
 */
export async function checkHome(disk: Disk, path: string): Promise<void> {
  const folder = dirname(path);
  if (basename(folder) !== FOLDER || !(await isOthers(disk, dirname(folder)))) return;
  throw untrusted(path, "the home folder is another user's", HOME);
}

/** What a user namespace shows of who has no number in it, as root outside of a container: /proc/sys/kernel/overflowuid. */
const NOBODY = 65_534;

/** Whether a home folder is another user's, in whose way would be what is made there. */
export async function isOthers({ files, host }: Disk, home: string | undefined): Promise<boolean> {
  const info = home && host.os !== "windows" ? await files.stat(home).catch(() => undefined) : undefined;
  return info?.isDirectory === true && ![host.uid, 0, NOBODY].includes(info.uid);
}

/** A link of the system's (`/dev/stdin`, `/etc/mtab`) is not ours to remove: a variable named it. */
export function linked(path: string, to: string, secret: boolean): AppError {
  const hint = isOurs(path) ? `remove the link: rm ${shellQuote(path)}` : inVariable(secret);
  return untrusted(path, `it is a symbolic link${to}`, hint);
}

/** A link whose target has no name: there is none, or it is a pipe that the shell made (`<(…)`, `/dev/stdin`). */
export async function unnamedTarget({ files }: Disk, path: string, secret: boolean): Promise<AppError> {
  const info = await files.stat(path).catch(() => undefined);
  return info && !info.isFile ? irregular(path, info, secret) : linked(path, " to nothing", secret);
}

/** What is no file. */
export function irregular(path: string, info: FileInfo, secret: boolean): AppError {
  const kind = info.isDirectory ? "a folder" : info.isFifo ? "a pipe" : info.isSocket ? "a socket" : "a device";
  return untrusted(
    path,
    `it is ${kind}, not a regular file`,
    kind === "a device" ? inVariable(secret) : `look at it: ls -ld ${shellQuote(path)}`,
  );
}

/** A file that is another's (`isOwn`: it is not), or that others may read or change. */
export async function distrusted(
  disk: Disk,
  path: string,
  info: FileInfo,
  secret: boolean,
  isOwn: boolean,
): Promise<AppError> {
  const mode = info.mode ?? 0;
  if (!isOwn) {
    return untrusted(path, `it belongs to another user (uid ${info.uid})`, await owned(disk, path, info, secret));
  }
  if (secret && mode & 0o077) {
    return untrusted(path, `other users may read or change it (mode ${octal(mode)})`, `chmod 600 ${shellQuote(path)}`);
  }
  if (mode & 0o022) {
    return untrusted(path, `other users may change it (mode ${octal(mode)})`, `chmod go-w ${shellQuote(path)}`);
  }
  const hint = `find the other names: find ~ -samefile ${shellQuote(path)}`;
  return untrusted(path, "it has a second name (hard link)", hint);
}

/** The folder of `path` is none, is another's, or others may change it. */
export async function unsafeFolder(
  disk: Disk,
  path: string,
  info: FileInfo,
  secret: boolean,
  isOwn: boolean,
): Promise<AppError> {
  const folder = dirname(path);
  if (!info.isDirectory) return untrusted(folder, "it is not a folder", `look at it: ls -ld ${shellQuote(folder)}`);
  if (!isOwn) {
    const why = `the folder belongs to another user (uid ${info.uid})`;
    return untrusted(folder, why, isOurs(folder) ? await owned(disk, path, info, secret) : inVariable(secret));
  }
  const why = `other users may change the folder (mode ${octal(info.mode ?? 0)})`;
  // One like /tmp is everybody's on purpose.
  return untrusted(folder, why, info.mode! & 0o1000 ? inVariable(secret) : `chmod 700 ${shellQuote(folder)}`);
}

/** The folder of `path` is not there and may not be made: its home is another's, or read-only. Other errors are as they were. */
export async function unmade(disk: Disk, path: string, error: unknown, secret: boolean): Promise<unknown> {
  const code = codeOf(error);
  if (!["EACCES", "EPERM", "EROFS"].includes(code)) return error;
  // No mode, and no owner, opens a disk that is read-only.
  const hint = code === "EROFS"
    ? await wayOut(disk, "make", path, code, secret)
    : await barrier(disk, path, secret) ?? instead(path, secret);
  return new AppError("config", `cannot make the folder ${dirname(path)}: ${reasonOf(error)}`, { hint });
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}

/** The runtime names no code where it has no class of its own, and keeps some of the system's paths to itself. */
function unnamed({ name, message }: Error): string | undefined {
  if (name === "NotCapable") return KEPT;
  const [, words, number] = /^([^(]{1,100}) \(os error (\d+)\)/.exec(message) ?? [];
  return words && `${words.toLowerCase()} (error ${number})`;
}
