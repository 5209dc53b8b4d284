/**
 * `SHA256SUMS`, in the format of `sha256sum`.
 *
 * @module
 */

import { join } from "node:path";
import { sha256 } from "./pinned.ts";

/** Writes the sums of every `autocom-*` file in `folder`, by name, and returns the text. */
export async function writeSums(folder: string): Promise<string> {
  const entries = await Array.fromAsync(Deno.readDir(folder), (entry) => entry.name);
  let text = "";
  for (const name of entries.filter((name) => name.startsWith("autocom-")).sort()) {
    text += `${await sha256(await Deno.readFile(join(folder, name)))}  ${name}\n`;
  }
  await Deno.writeTextFile(join(folder, "SHA256SUMS"), text);
  return text;
}
