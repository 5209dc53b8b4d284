import { basename, dirname, join } from "node:path";
import { explain, locate, openPrivate } from "./trust.ts";
import type { Writer } from "./write.ts";

/** Bytes; more than a file of sessions has. */
const ROOM = 65_536;

/**
 * Tries whether a private file can be replaced by another one, on a disk that may be full. What else stands in the way is
 * not looked for. The caller holds the lock of the file, as for {@link writePrivate}.
 *
 * @throws {AppError} `config`: there is no room
 */
export async function room(system: Writer, path: string): Promise<void> {
  try {
    await take(system, (await locate(system, path, true))?.path ?? path);
  } catch (error) {
    const isFull = error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
    if (isFull) throw await explain("write", path, error, true);
  }
}

async function take(system: Writer, target: string): Promise<void> {
  const { files, random } = system;
  const path = join(dirname(target), `.${basename(target)}.${random.bytes(8).toHex()}.tmp`);
  const file = await openPrivate(system, path, true);
  try {
    for (let left = ROOM; left > 0;) left -= await file.write(new Uint8Array(left));
  } finally {
    file.close();
    await files.remove(path).catch(() => {});
  }
}
