import type { System } from "../system/mod.ts";

/** Puts the names in a folder on the disk: a file that took its name just now has it after a loss of power, too. */
export async function syncFolder({ files }: Pick<System, "files">, folder: string): Promise<void> {
  try {
    using handle = await files.open(folder, { read: true });
    await handle.sync();
  } catch { /* some file systems cannot, nor can Windows: the rename is done all the same */ }
}
