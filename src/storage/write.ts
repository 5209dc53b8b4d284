import { isSystemError } from "../errors.ts";
import type { File, System } from "../system/mod.ts";
import type { Disk } from "./look.ts";
import { ensureFolder, explain, locate, openPrivate } from "./trust.ts";

export type Writer = Disk & Pick<System, "clock" | "random">;

/** Half a millisecond, for who changes a file. */
const paths = () => import("node:path");

/** How often something is tried that another program may be in the way of. */
const TRIES = 20;

/**
 * Replaces a private file, or makes it, with mode 0600: through a new file in the same folder, so that a reader, and
 * whoever comes after a crash or a full disk, finds the old text or the new one. The caller holds a lock: what stands
 * beside the file was left by a run that died, and goes.
 *
 * @param secret the path may not be a symlink; otherwise the link's target is replaced, in its own folder. What is replaced
 *   so is lost when it is not found again: its name is on the disk, too
 * @param again makes the text of what is in the file by then, where another run was found to write it, too
 * @throws {AppError} `config`: the folder or what stands at `path` is not trustworthy, or the system refused
 */
export async function writePrivate(
  system: Writer,
  path: string,
  text: string,
  { secret, again = () => Promise.resolve(text) }: { secret: boolean; again?: () => Promise<string> },
): Promise<void> {
  try {
    const target = (await locate(system, path, secret))?.path ?? path;
    await ensureFolder(system, target, secret);
    await removeLeftovers(system, target).catch(() => {}); // no reason to lose what is to be written
    await replace(system, target, text, again);
    if (secret) await (await import("./sync.ts")).syncFolder(system, (await paths()).dirname(target));
  } catch (error) {
    throw await explain(system, "write", path, error, secret);
  }
}

/** Removes a private file; false when there was none. A symlink is removed, never its target. The caller holds a lock. */
export async function removePrivate(disk: Disk, path: string): Promise<boolean> {
  let removed = true;
  try {
    await disk.files.remove(path);
  } catch (error) {
    if (!isSystemError(error, "NotFound")) throw await explain(disk, "remove", path, error, true);
    removed = false;
  }
  await removeLeftovers(disk, path);
  return removed;
}

async function replace(system: Writer, target: string, text: string, again: () => Promise<string>): Promise<void> {
  for (let tries = 1;; tries++) {
    try {
      return await replaceOnce(system, target, new TextEncoder().encode(tries === 1 ? text : await again()));
    } catch (error) {
      // A run that found the file by another path has another lock: it took the new file for a dead run's.
      if (!isSystemError(error, "NotFound") || tries === TRIES) throw error;
    }
  }
}

async function replaceOnce(system: Writer, target: string, bytes: Uint8Array): Promise<void> {
  const { files, random } = system;
  const { basename, dirname, join } = await paths();
  const temporary = join(dirname(target), `.${basename(target)}.${hex(random.bytes(8))}.tmp`);
  const file = await openPrivate(system, temporary, true);
  try {
    try {
      await writeAll(file, bytes);
      await file.sync();
    } finally {
      file.close();
    }
    await rename(system, temporary, target);
  } catch (error) {
    await files.remove(temporary).catch(() => {});
    throw error;
  }
}

async function writeAll(file: File, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await file.write(rest));
}

/** On Windows a scanner that holds the file for a moment makes the rename fail. */
async function rename({ files, host, clock }: Writer, from: string, to: string): Promise<void> {
  for (let tries = 1;; tries++) {
    try {
      return await files.rename(from, to);
    } catch (error) {
      if (host.os !== "windows" || isSystemError(error, "NotFound") || tries === TRIES) throw error;
      await clock.sleep(50);
    }
  }
}

/**
 * Removes the temporary files of `target` that dead runs left: our own pattern only. They hold what the file holds,
 * secrets too. The caller holds a lock.
 *
 * @throws {AppError} `config`: nobody can tell whether there are any
 */
export async function removeLeftovers(disk: Disk, target: string): Promise<void> {
  const { basename, dirname, join } = await paths();
  const folder = dirname(target);
  const prefix = `.${basename(target)}.`;
  try {
    for await (const { name, isFile } of disk.files.readDir(folder)) {
      if (!isFile || !name.startsWith(prefix) || !/^[0-9a-f]{16}\.tmp$/.test(name.slice(prefix.length))) continue;
      await disk.files.remove(join(folder, name)).catch(() => {}); // somebody else did, or may: the file does not depend on it
    }
  } catch (error) {
    if (isSystemError(error, "NotFound") || isSystemError(error, "NotADirectory")) return;
    throw await explain(disk, "look beside", target, error, true);
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
