import { type Disk, readPrivate } from "../storage/mod.ts";
import type { Data } from "./toml.ts";

/** In bytes. */
export const LIMIT = 1 << 20;

/** What the file says; nothing when there is none. @throws {AppError} `config` */
export async function readConfig(disk: Disk, path: string): Promise<Data> {
  const text = await readPrivate(disk, path, { limit: LIMIT, secret: false });
  if (text === undefined) return {};
  // The parser costs start-up: only a run that has a file loads it.
  const { parseToml } = await import("./toml.ts");
  return parseToml(text, path);
}
