/**
 * Whether something can be kept, before it is there to be kept. Loaded by who asks.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { lstat } from "./look.ts";
import { ensureFolder, explain, locate, openPrivate, refusals } from "./trust.ts";
import type { Writer } from "./write.ts";

/** Bytes; more than a file of sessions has. */
const ROOM = 65_536;

/**
 * Tries whether a private file can be replaced by another one, on a disk that may be full. What else stands in the way is
 * not looked for. The caller holds the lock of the file, as for `writePrivate`.
 *
 * @throws {AppError} `config`: there is no room
 */
export async function room(system: Writer, path: string): Promise<void> {
  try {
    await take(system, (await locate(system, path, true))?.path ?? path, false);
  } catch (error) {
    const isFull = error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
    if (isFull) throw await explain(system, "write", path, error, true);
  }
}

/**
 * Tries whether a private file can be written, as large as one of sessions is, and leaves nothing, no folder either.
 *
 * @throws {AppError} `config`: why not, as `writePrivate` says it
 */
export async function trial(system: Writer, path: string): Promise<void> {
  try {
    await locate(system, path, true);
    if (!await lstat(system, dirname(path))) return await makeFolder(system, path);
    await ensureFolder(system, path, true);
    await take(system, path, true);
  } catch (error) {
    throw await explain(system, "write", path, error, true);
  }
}

/**
 * As {@link trial}, and of the file that is there: one that is mounted by itself, as containers do it, is written only in
 * place, and never replaced.
 */
export async function replaceable(system: Writer, path: string): Promise<void> {
  await trial(system, path);
  const [file, folder] = [await lstat(system, path), await lstat(system, dirname(path))];
  if (system.host.os === "windows" || !file || !folder || file.dev === folder.dev) return;
  throw await explain(system, "write", path, Object.assign(new Error(), { code: "EBUSY" }), true);
}

/** Under another name: another run may be about to use the folder itself. */
async function makeFolder(system: Writer, path: string): Promise<void> {
  const { files, random } = system;
  const { checkHome, unmade } = await refusals();
  await checkHome(system, path);
  const folder = `${dirname(path)}.${random.bytes(8).toHex()}.tmp`;
  try {
    await files.mkdir(folder, { mode: 0o700 });
  } catch (error) {
    throw await unmade(system, path, error, true);
  }
  await files.remove(folder);
}

/** `lasting`: until the disk has it; some say only then that they are full. */
async function take(system: Writer, target: string, lasting: boolean): Promise<void> {
  const { files, random } = system;
  // A name that nobody else's file has; a run that is cut off leaves what the next one that keeps a session removes.
  const path = join(dirname(target), `.${basename(target)}.${random.bytes(8).toHex()}.tmp`);
  const file = await openPrivate(system, path, true);
  try {
    for (let left = ROOM; left > 0;) left -= await file.write(new Uint8Array(left));
    if (lasting) await file.sync();
  } finally {
    file.close();
    await files.remove(path).catch(() => {});
  }
}
