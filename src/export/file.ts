/**
 * A file that stands under its name whole or not at all: written beside it under a name of its own, moved when it is
 * done. Neither a link nor anything that is no file is followed, opened or replaced.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { AppError, isSystemError } from "../errors.ts";
import { refusals, shellQuote } from "../storage/mod.ts";
import type { File, FileInfo, System } from "../system/mod.ts";

type Disk = Pick<System, "files" | "host">;
export type Writer = Disk & Pick<System, "random">;

/** Data of customers: nobody else reads it, whatever the umask is. */
const MODE = 0o600;
/** Characters of the name in that of the unfinished file: four bytes each at most, in 255 that a name may have. */
const PART = 50;
/** Bytes that are written at once. */
const ROOM = 1 << 16;
/** Tries to begin beside others who sweep. */
const TRIES = 5;

/**
 * What stands at that name: a regular file, or undefined for nothing. Throws `usage` for what is no name, `config` for
 * what is no file.
 */
export async function standing({ files, host }: Disk, path: string): Promise<FileInfo | undefined> {
  // deno-lint-ignore no-control-regex
  if (path === "" || /[\x00-\x1f\x7f-\x9f]/.test(path)) {
    const what = path === "" ? "names no file" : "has a control character in the name of the file";
    throw new AppError("usage", `--output-file ${what}`, {
      hint: "write: --output-file FILE, or leave it out for stdout",
    });
  }
  const strange = host.os === "windows" && onWindows(path);
  if (strange) throw unfit(path, strange);
  let found: FileInfo;
  try {
    found = await files.lstat(path);
  } catch (error) {
    if (!isSystemError(error, "NotFound")) throw await refused(path, error);
    // A folder that is missing is said by whoever writes into it; a name that ends like one is no file's.
    if (/[/\\]$/.test(path)) throw unfit(path, "it is the name of a folder", true);
    return undefined;
  }
  if (found.isFile && /[/\\]$/.test(path)) throw unfit(path, "it ends with a slash, and is a file");
  if (found.isSymlink) throw unfit(path, "it is a symbolic link, and those are not followed");
  if (found.isFile) return found;
  if (found.isDirectory) throw unfit(path, "it is a folder", true);
  throw unfit(path, found.isFifo ? "it is a pipe" : "it is not a regular file");
}

/** What Windows makes of a name that is no file's: a device, or a hidden stream of the file before the colon. */
function onWindows(path: string): string | undefined {
  const parts = path.replace(/^[\\/]{2}\?[\\/]/, "").replace(/^[A-Za-z]:/, "").split(/[\\/]/);
  const sign = /[<>:"|?*]/.exec(parts.join(""))?.[0];
  if (sign) return `Windows has no files with "${sign}" in their name`;
  const device = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\xb9\xb2\xb3]) *(\.|$)/i.exec(parts.at(-1)!)?.[1];
  return device && `"${device}" is the name of a device on Windows, with any ending`;
}

function unfit(path: string, why: string, isFolder = false): AppError {
  return new AppError("config", `cannot write "${path}": ${why}`, {
    hint: isFolder
      ? `name a file in it: --output-file ${shellQuote(join(path, "FILE"))}`
      : "name a file, or leave --output-file out and send stdout there: > FILE",
  });
}

/** A file that is not finished. */
export interface Draft {
  readonly bytes: number;
  write(bytes: Uint8Array): Promise<void>;
  /** Puts it under its name. Throws `config`, also when a file has come there meanwhile that is not to be replaced. */
  place(): Promise<void>;
  /** Takes it away, unless it was placed. */
  close(): Promise<void>;
}

/**
 * Begins the file at `path`; `replaced` is what it may take the place of, whose mode it gets. What runs that were killed
 * left of it is removed.
 */
export async function begin(system: Writer, path: string, replaced: FileInfo | undefined): Promise<Draft> {
  await sweep(system, path);
  const mode = replaced?.mode == null ? MODE : replaced.mode & 0o777;
  for (let tries = 1;; tries++) {
    const temporary = join(dirname(path), `${prefixOf(path)}${hex(system.random.bytes(8))}.part`);
    let file: File | undefined;
    try {
      file = await system.files.open(temporary, { read: true, write: true, createNew: true, mode: MODE });
      // Held for as long as the run lives: so others know what they may sweep. One may have been quicker.
      if (await file.tryLock(true).catch(() => true) && await isAt(system, file, temporary)) {
        if (system.host.os !== "windows") await system.files.chmod(temporary, mode);
        return draft(system, { path, temporary, file, replaces: replaced !== undefined });
      }
      file.close();
      file = undefined;
      if (tries === TRIES) throw new AppError("config", `cannot write "${path}": another program removes it`);
    } catch (error) {
      if (file) await system.files.remove(temporary).catch(() => {});
      file?.close();
      throw await refused(path, error);
    }
  }
}

interface Names {
  path: string;
  temporary: string;
  file: File;
  replaces: boolean;
}

function draft(system: Writer, { path, temporary, file, replaces }: Names): Draft {
  const { files } = system;
  const room = new Uint8Array(ROOM);
  let bytes = 0, held = 0, isThere = true;
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      throw await refused(path, error);
    }
  };
  const flush = async () => {
    for (let rest = room.subarray(0, held); rest.length > 0;) rest = rest.subarray(await file.write(rest));
    held = 0;
  };
  return {
    get bytes() {
      return bytes;
    },
    write: (part) =>
      attempt(async () => {
        bytes += part.length;
        for (let rest = part; rest.length > 0;) {
          const fits = rest.subarray(0, ROOM - held);
          room.set(fits, held);
          held += fits.length;
          rest = rest.subarray(fits.length);
          if (held === ROOM) await flush();
        }
      }),
    place: () =>
      attempt(async () => {
        await flush();
        await file.sync();
        if (replaces || !await linked(system, temporary, path)) {
          await files.rename(temporary, path);
          isThere = false;
        }
        if (await isAt(system, file, path)) return;
        // Another export that replaces what is there was later.
        if (replaces && await files.lstat(path).then(({ isFile }) => isFile, () => false)) return;
        throw new AppError("config", `cannot write "${path}": it was exchanged`, { hint: "run it again" });
      }),
    async close() {
      if (isThere) await files.remove(temporary).catch(() => {});
      isThere = false;
      file.close();
    },
  };
}

/** Gives the file its name, never that of another; false where there are no such links and nothing stands there. */
async function linked({ files }: Disk, temporary: string, path: string): Promise<boolean> {
  try {
    await files.link(temporary, path);
    return true;
  } catch (error) {
    const isTaken = isSystemError(error, "AlreadyExists") || await files.lstat(path).then(() => true, () => false);
    if (!isTaken) return false;
    throw new AppError("config", `cannot write "${path}": a file has come there meanwhile`, {
      hint: "name another one, or replace it: --force",
    });
  }
}

/** Removes unfinished files of that name whose runs are dead. What cannot be looked at is left. */
async function sweep({ files }: Disk, path: string): Promise<void> {
  const [folder, prefix] = [dirname(path), prefixOf(path)];
  try {
    for await (const { name, isFile } of files.readDir(folder)) {
      if (!isFile || !name.startsWith(prefix) || !/^[0-9a-f]{16}\.part$/.test(name.slice(prefix.length))) continue;
      const left = join(folder, name);
      using file = await files.open(left, { read: true, write: true });
      if (await file.tryLock(true)) await files.remove(left);
    }
  } catch { /* the export does not depend on it */ }
}

function prefixOf(path: string): string {
  return `.${[...basename(path)].slice(0, PART).join("")}.`;
}

/** Whether that name leads to that file. Windows gives no inode. */
async function isAt({ files, host }: Disk, file: File, path: string): Promise<boolean> {
  const [opened, named] = [await file.stat(), await files.lstat(path).catch(() => undefined)];
  return named !== undefined && (host.os === "windows" || (opened.dev === named.dev && opened.ino === named.ino));
}

async function refused(path: string, error: unknown): Promise<unknown> {
  const why = (await refusals()).reasonOf(error);
  return why === undefined ? error : new AppError("config", `cannot write "${path}": ${why}`, {
    hint: "nothing was written; check the folder and the disk, or name another file",
  });
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
