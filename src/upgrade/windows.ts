/**
 * The same on Windows, where a program that runs may be renamed, not written or removed, and where a scanner may hold a
 * file for seconds after it was written. Whatever goes wrong, the program has its own name in the end.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import type { System } from "../system/mod.ts";
import { besidePath, codeOf, type Disk, oldPath } from "./disk.ts";
import type { Program } from "./place.ts";

type Log = (line: string) => void;

/** Milliseconds that a scanner may hold a file, for all that one upgrade tries; and between two attempts. */
const PATIENCE = 10_000, STEP = 250;
/** What of it is kept for two renames, where `ReplaceFileW` does not work. */
const FOR_RENAMES = 5_000;

/** Counted in steps: on a busy machine both are slow. */
interface Patience {
  left: number;
}

/** Installs the file at `path`; the program is kept. Throws {@link AppError}, or the system's refusal. */
export async function swapOnWindows(disk: Disk, program: Program, path: string, debug: Log): Promise<void> {
  const { files } = disk;
  const [old, patience] = [oldPath(program), { left: PATIENCE }];
  const away = besidePath(disk, program, "old");
  if (await isThere(disk, old)) {
    await patiently(disk, patience, () => files.rename(old, away)).catch(async (error) => {
      throw await held(disk, program, path, error);
    });
  }
  try {
    await replace(disk, program, path, old, patience, debug);
  } catch (error) {
    if (!await isThere(disk, old)) await files.rename(away, old).catch(() => {});
    throw error;
  }
  await files.remove(away).catch(() => {}); // one that runs may be renamed, not removed: a later upgrade sweeps it
}

/** The program and the kept one change places, by way of the name `aside`. */
export async function exchangeOnWindows(
  disk: Disk,
  program: Program,
  old: string,
  aside: string,
  debug: Log,
): Promise<void> {
  const patience = { left: PATIENCE };
  await replace(disk, program, old, aside, patience, debug);
  await patiently(disk, patience, () => disk.files.rename(aside, old)).catch(() => {
    throw new AppError("config", `the program was put back, but ${aside} cannot get the name ${old}`, {
      hint: "another program holds it: rename it, or the next upgrade removes it",
    });
  });
}

/** `program` becomes `by`, and what it was becomes `kept`: in one call of the system's, else by two renames. */
async function replace(
  disk: Disk,
  program: Program,
  by: string,
  kept: string,
  patience: Patience,
  debug: Log,
): Promise<void> {
  const { files, ffi } = disk;
  const { path } = program;
  /** Neither way leaves the program under the other name when it fails: see {@link putBack}. */
  const orPutBack = async (work: () => Promise<void> | void) => {
    try {
      await work();
    } catch (error) {
      await putBack(disk, program, kept);
      throw error;
    }
  };
  try {
    return await patiently(disk, patience, () => orPutBack(() => replaceFile(ffi, path, by, kept)), FOR_RENAMES);
  } catch (error) {
    if (error instanceof AppError) throw error;
    debug(`ReplaceFileW did not work (${(error as Error).message}): two renames instead`);
  }
  try {
    await patiently(disk, patience, () =>
      orPutBack(async () => {
        await files.rename(path, kept);
        await files.rename(by, path);
      }));
  } catch (error) {
    throw await held(disk, program, by, error);
  }
}

/**
 * The program gets its own name back: `ReplaceFileW` may leave it under the other one (ERROR_UNABLE_TO_MOVE_REPLACEMENT_2,
 * 1177). The error's number can be gone before it is asked for, so the names are looked at.
 */
async function putBack(disk: Disk, { path, name }: Program, kept: string): Promise<void> {
  const { files } = disk;
  if (await isThere(disk, path) || !await isThere(disk, kept)) return;
  try {
    // Longer than the rest: without it there is no program.
    await patiently(disk, { left: PATIENCE }, () => files.rename(kept, path));
  } catch {
    throw new AppError("config", `cannot put the program back: another program holds it, and it is ${kept} now`, {
      hint: `when that one is done, rename it to ${name}`,
    });
  }
}

/** The folder can be written, for the new file was made there: another program is in the way. */
async function held(disk: Disk, { path }: Program, by: string, error: unknown): Promise<unknown> {
  if (codeOf(error) === "" || !await isThere(disk, path)) return error;
  if (!await isThere(disk, by)) {
    return new AppError(
      "config",
      `cannot replace ${path}: the new program was taken away, by a virus scanner perhaps`,
      {
        hint: "nothing was changed; allow it there, and repeat this",
      },
    );
  }
  const why = `another program, a virus scanner perhaps, holds it or a file beside it (${codeOf(error)})`;
  return new AppError("config", `cannot replace ${path}: ${why}`, {
    hint: "nothing was changed; wait a minute, and repeat this",
  });
}

async function isThere({ files }: Disk, path: string): Promise<boolean> {
  return await files.lstat(path).then(() => true, () => false);
}

/** Tries it until it works, or no more than `rest` of the patience is left. */
async function patiently(
  { clock }: Pick<System, "clock">,
  patience: Patience,
  work: () => Promise<void> | void,
  rest = 0,
): Promise<void> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (patience.left <= rest || error instanceof AppError) throw error;
      patience.left -= STEP;
      await clock.sleep(STEP);
    }
  }
}

/** The full path: a library of that name beside the program is not the system's. */
const LIBRARY = "C:\\Windows\\System32\\kernel32.dll";

const SYMBOLS = {
  ReplaceFileW: { parameters: ["buffer", "buffer", "buffer", "u32", "pointer", "pointer"], result: "i32" },
} as const;

/**
 * `path` becomes `by`, and what it was becomes `kept`, also while it runs. Throws when the system refuses.
 * https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-replacefilew
 */
function replaceFile(ffi: System["ffi"], path: string, by: string, kept: string): void {
  const library = ffi.dlopen(LIBRARY, SYMBOLS);
  try {
    const [to, from, backup] = [wide(path), wide(by), wide(kept)];
    if (library.symbols.ReplaceFileW(to, from, backup, 0, null, null) === 0) throw new Error("the system refused");
  } finally {
    library.close();
  }
}

/** UTF-16 with a NUL at its end. */
function wide(text: string): Uint8Array<ArrayBuffer> {
  const units = new Uint16Array(text.length + 1);
  for (let at = 0; at < text.length; at++) units[at] = text.charCodeAt(at);
  return new Uint8Array(units.buffer);
}
