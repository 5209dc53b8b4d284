/**
 * The moment of an upgrade: the new program takes the name of the old one, which is kept. On Unix there is no moment
 * without a program; a file that runs is never written, only renamed (macOS kills a program whose file was changed).
 *
 * @module
 */

import { AppError } from "../errors.ts";
import { syncFolder } from "../storage/mod.ts";
import type { File, FileInfo } from "../system/mod.ts";
import { besidePath, type Disk, explained, isSame, oldPath, type Temporary } from "./disk.ts";
import { damaged } from "./download.ts";
import type { Program } from "./place.ts";
import { exchangeOnWindows, swapOnWindows } from "./windows.ts";

type Log = (line: string) => void;

/** Installs the file whose hash was just taken. Throws {@link AppError}; then the old program is in its place. */
export async function swap(disk: Disk, program: Program, temporary: Temporary, debug: Log): Promise<void> {
  try {
    const hashed = await temporary.file.stat();
    await dress(disk, program, temporary);
    if (disk.host.os === "windows") {
      temporary.file.close();
      return await swapOnWindows(disk, program, temporary.path, debug);
    }
    using opened = await disk.files.open(temporary.path, { read: true });
    if (!isSame(await opened.stat(), hashed)) throw exchanged();
    temporary.file.close(); // nobody can start a file that somebody has open for writing
    await requireSame(disk, temporary.path, hashed);
    const old = await setAside(disk, program, debug);
    try {
      await disk.files.rename(temporary.path, program.path);
      await confirm(disk, program, opened, hashed);
      await old.keep();
    } catch (error) {
      await old.back();
      throw error;
    }
    await syncFolder(disk, program.folder);
  } catch (error) {
    throw explained(disk, program, error);
  }
}

/** Mode, group and owner of the old one, as far as this user may give them. Capabilities, ACLs and labels are not kept. */
async function dress({ files, host }: Disk, { info }: Program, { path, file }: Temporary): Promise<void> {
  if (host.os === "windows") return;
  await files.chmod(path, ((info.mode ?? 0o755) & 0o777) | 0o500);
  const now = await file.stat();
  if (now.uid === info.uid && now.gid === info.gid) return;
  if (host.uid === 0) await files.chown(path, info.uid, info.gid);
  else await files.chown(path, null, info.gid).catch(() => {}); // of a group that the user is in
}

/** What has the name is what was hashed. */
async function requireSame({ files }: Disk, path: string, hashed: FileInfo): Promise<void> {
  const now = await files.lstat(path).catch(() => undefined);
  if (!now?.isFile || !isSame(now, hashed)) throw exchanged();
}

function exchanged(): AppError {
  return damaged("the new program", "another program changed the file while it was installed");
}

/** The old program while the new one takes its name. What was kept before stays kept until that is done. */
interface Old {
  /** The new one did not get the name, or is not the right one: as it was. */
  back(): Promise<void>;
  /** The old one is what is kept from now on. */
  keep(): Promise<void>;
}

/** A second name for the program, at once; where the disk has no hard links the program itself is moved aside. */
async function setAside(disk: Disk, program: Program, debug: Log): Promise<Old> {
  const { files } = disk;
  const { path } = program;
  const [aside, old] = [besidePath(disk, program, "old"), oldPath(program)];
  try {
    await files.link(path, aside);
  } catch (error) {
    debug(`no hard link here (${(error as Error).name}): the old program is moved aside`);
    return await moveAside(disk, program, aside);
  }
  return {
    async back() {
      const now = await files.lstat(path).catch(() => undefined);
      if (!now || !isSame(now, program.info)) await files.rename(aside, path);
      await files.remove(aside).catch(() => {});
    },
    async keep() {
      await files.rename(aside, old);
      await files.remove(aside).catch(() => {}); // it is there still when both are one file
    },
  };
}

/** The name of the kept one is for the program meanwhile: who finds no program finds it there. */
async function moveAside({ files }: Disk, program: Program, aside: string): Promise<Old> {
  const [{ path }, old] = [program, oldPath(program)];
  const before = await files.rename(old, aside).then(() => true, () => false);
  const back = async (first: () => Promise<void>) => {
    await first();
    if (before) await files.rename(aside, old);
  };
  await files.rename(path, old).catch(async (error) => {
    await back(() => Promise.resolve());
    throw error;
  });
  return {
    back: () => back(() => files.rename(old, path)),
    keep: () => files.remove(aside).catch(() => {}),
  };
}

/** The name leads to what was hashed, and nobody wrote to it since. */
async function confirm({ files }: Disk, { path }: Program, opened: File, hashed: FileInfo): Promise<void> {
  const named = await files.lstat(path).catch(() => undefined);
  if (!named || !isSame(named, hashed) || !isSame(await opened.stat(), hashed)) throw exchanged();
}

/** Puts the kept program back, and keeps the present one in its place. */
export async function swapBack(disk: Disk, program: Program, debug: Log): Promise<void> {
  const { files, host } = disk;
  const old = oldPath(program);
  const info = await files.lstat(old).catch(() => undefined);
  const same = info && host.os !== "windows" && info.dev === program.info.dev && info.ino === program.info.ino;
  if (!info?.isFile || same || info.size === 0) throw notKept(`there is no earlier program at ${old}`);
  if (host.os !== "windows" && (info.uid !== program.info.uid || (info.mode ?? 0) & 0o6022 && host.uid === 0)) {
    throw new AppError("config", `refusing to start ${old}: somebody else may have written it`, {
      hint: "take a version by its number: autocom upgrade --target VERSION",
    });
  }
  try {
    if (!await isProgram(disk, program, old, info.mode ?? 0)) throw notKept(`what is at ${old} is not a program`);
    const aside = besidePath(disk, program, "new");
    if (host.os === "windows") {
      return await exchangeOnWindows(disk, program, old, aside, debug);
    }
    let linked = true;
    try {
      await files.link(program.path, aside);
    } catch {
      debug("no hard link here: the program is moved aside");
      await files.rename(program.path, aside);
      linked = false;
    }
    try {
      await files.rename(old, program.path);
    } catch (error) {
      await (linked ? files.remove(aside) : files.rename(aside, program.path));
      throw error;
    }
    await files.rename(aside, old);
    await syncFolder(disk, program.folder);
  } catch (error) {
    throw explained(disk, program, error);
  }
}

function notKept(why: string): AppError {
  return new AppError("not-found", why, { hint: "take a version by its number: autocom upgrade --target VERSION" });
}

/** Its owner may run it, and it begins as the program that runs does: whatever else is there would be the end of both. */
async function isProgram({ files, host }: Disk, { path }: Program, old: string, mode: number): Promise<boolean> {
  if (host.os !== "windows" && !(mode & 0o100)) return false;
  const [kept, present] = await Promise.all([old, path].map(async (path) => {
    using file = await files.open(path, { read: true });
    // `\x7fELF`, a magic number of Mach-O's, `MZ`: what follows there is the linker's choice.
    const start = new Uint8Array(host.os === "windows" ? 2 : 4);
    return `${await file.read(start)} ${start}`;
  }));
  return kept === present;
}
