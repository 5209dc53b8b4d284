/**
 * Where this program is installed, who manages it, and whether it may be replaced there.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { AppError, isSystemError } from "../errors.ts";
import { shellQuote } from "../storage/mod.ts";
import type { FileInfo, System } from "../system/mod.ts";

export interface Program {
  /** Every link is resolved. */
  readonly path: string;
  readonly folder: string;
  readonly name: string;
  readonly info: FileInfo;
}

/** Who installed it and how it is upgraded then. */
export interface Manager {
  readonly name: string;
  /** What is to be typed. */
  readonly command: string;
  /** What that needs first, said before it. */
  readonly first?: string;
}

type Disk = Pick<System, "files" | "host" | "installed">;

/** A file with the command to type, one line, that a package lays beside the program. */
export const MARKER = "autocom.managed";

/** A part of the resolved path, in lower case with forward slashes, that only this manager's folders have. */
const MANAGERS: readonly (readonly [part: RegExp, name: string, command: string])[] = [
  [/\/(cellar|caskroom|homebrew|\.linuxbrew)\//, "Homebrew", "brew upgrade autocom"],
  [/^\/nix\/store\//, "Nix", "nix profile upgrade autocom"],
  [/\/mise\/(installs|shims)\//, "mise", "mise upgrade autocom"],
  [/\/\.?asdf\/(installs|shims)\//, "asdf", "asdf install autocom latest"],
  [/\/scoop\/(apps|shims)\//, "Scoop", "scoop update autocom"],
  [/\/winget\/(packages|links)\//, "WinGet", "winget upgrade autocom"],
  [/\/chocolatey\/(lib|bin)\//, "Chocolatey", "choco upgrade autocom"],
  [/\/node_modules\//, "npm", "npm update --global autocom"],
  [/^\/(var\/lib\/)?snap\//, "Snap", "snap refresh autocom"],
];

export const HOMEBREW = "Homebrew";
/** A tap that somebody keeps has it by then; in one of a person's own it has to be put there. */
const NEW_FORMULA = "with the new autocom.rb in your tap";

/** Throws {@link AppError} `config` when the file is gone, or is none that can be replaced. */
export async function ownProgram({ files, installed }: Disk): Promise<Program> {
  const started = installed.program();
  try {
    const path = await files.realPath(started);
    const info = await files.lstat(path);
    if (info.isFile) return { path, folder: dirname(path), name: basename(path), info };
  } catch (error) {
    if (!isSystemError(error, "NotFound") && !isSystemError(error, "NotADirectory")) {
      throw new AppError("config", `cannot look at ${started}`, { hint: `ls -l ${shellQuote(started)}` });
    }
  }
  throw gone(started);
}

/** The program has not the name any more by which it was started. */
export function gone(path: string): AppError {
  return new AppError("config", `cannot find this program's own file: ${path} is gone`, {
    hint: "it was moved or removed while it runs: start it again from where it is now",
  });
}

/** Undefined when nobody but its owner does. The path says who it is, a marker what is to be typed. */
export async function managerOf(disk: Pick<Disk, "files" | "host">, program: Program): Promise<Manager | undefined> {
  const known = managerAt(program.path);
  const marked = await marker(disk, program);
  if (marked === undefined) return known;
  const { name, command, ...first } = known ??
    { name: "a package manager", command: "ask whoever installed it on this machine" };
  return { name, command: marked || command, ...first };
}

/** Whose folders a resolved path leads through. */
export function managerAt(path: string): Manager | undefined {
  const plain = path.replaceAll("\\", "/").toLowerCase();
  const found = MANAGERS.find(([part]) => part.test(plain));
  if (!found) return undefined;
  const [, name, command] = found;
  return { name, command, ...name === HOMEBREW && { first: NEW_FORMULA } };
}

/**
 * Its first line; empty when it is there and says nothing that can be typed, undefined when somebody else may have written
 * it: what it says is typed by a person.
 */
async function marker({ files, host }: Pick<Disk, "files" | "host">, program: Program): Promise<string | undefined> {
  const path = join(program.folder, MARKER);
  const strange = (info: FileInfo) => host.os !== "windows" && isOthers(info, program.info);
  try {
    const there = await files.lstat(path);
    if (strange(there)) return undefined;
    if (!there.isFile || there.size > 4_096) return "";
    using file = await files.open(path, { read: true });
    if (strange(await file.stat())) return undefined; // exchanged meanwhile
    const bytes = new Uint8Array(4_096);
    const count = await file.read(bytes) ?? 0;
    const line = new TextDecoder().decode(bytes.subarray(0, count)).split("\n", 1)[0]!.trim();
    return /^[\x20-\x7e]{1,200}$/.test(line) ? line : "";
  } catch (error) {
    return isSystemError(error, "NotFound") ? undefined : "";
  }
}

/** Neither root's nor the program's owner's, or one that more people can write. */
function isOthers({ uid, gid, mode, isSymlink }: FileInfo, program: FileInfo): boolean {
  if (uid !== 0 && uid !== program.uid) return true;
  return !isSymlink && ((mode ?? 0) & (gid === program.gid ? 0o002 : 0o022)) !== 0;
}

/** Refuses what must not be replaced, or not by this user. Throws {@link AppError} `config`. Windows: the system's ACLs rule. */
export async function checkPlace(disk: Pick<Disk, "files" | "host">, program: Program): Promise<void> {
  const { host } = disk;
  const { path, info } = program;
  if (host.os === "windows") return;
  if ((info.mode ?? 0) & 0o6000) {
    throw refused(path, "it runs with its owner's rights (setuid or setgid)", `chmod ug-s ${shellQuote(path)}`);
  }
  if (host.uid === 0) return await checkForRoot(disk, program);
  if (info.uid !== host.uid) throw refused(path, `it belongs to another user (uid ${info.uid})`, asOwner(info));
}

/** What root starts must be what root put there: nobody else may write its folder, or one above it. */
async function checkForRoot({ files }: Pick<Disk, "files">, { path, folder }: Program): Promise<void> {
  for (let at = folder, below: FileInfo | undefined;; at = dirname(at)) {
    const info = await files.stat(at);
    const writable = (info.mode ?? 0) & (info.gid === 0 ? 0o002 : 0o022);
    // In a sticky folder (/tmp) nobody renames what is root's.
    const sticky = below?.uid === 0 && (info.mode ?? 0) & 0o1000;
    if (info.uid !== 0) {
      throw refused(path, `root would start it from ${at}, which is another user's (uid ${info.uid})`, AS_USER);
    }
    if (writable && !sticky) {
      throw refused(path, `root would start it from ${at}, which others can write`, `chmod go-w ${shellQuote(at)}`);
    }
    if (dirname(at) === at) return;
    below = info;
  }
}

const AS_USER = "upgrade it as the user that owns it, or install it for root in /usr/local/bin";

function asOwner({ uid }: FileInfo): string {
  return uid === 0 ? SUDO : "upgrade it as the user that owns it, or install your own in ~/.local/bin";
}

const SUDO = "install your own in ~/.local/bin, or: sudo autocom upgrade";

/** The system lets nothing be made or renamed there. */
export function unwritable({ host }: Pick<System, "host">, { folder, path }: Program, why: string): AppError {
  const hint = host.os === "windows" ? "open a terminal as administrator, or install it in a folder of yours" : SUDO;
  return refused(path, `${folder} cannot be written (${why})`, hint);
}

function refused(path: string, why: string, hint: string): AppError {
  return new AppError("config", `cannot replace ${path}: ${why}`, { hint });
}
