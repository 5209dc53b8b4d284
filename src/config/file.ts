import { type Disk, mayBeThere, reading } from "../storage/mod.ts";
import type { Data } from "./toml.ts";

/** In bytes. */
export const LIMIT = 1 << 20;

/** What the file says; nothing when there is none. @throws {AppError} `config` */
export async function readConfig(disk: Disk, path: string): Promise<Data> {
  if (!await mayBeThere(disk, path)) return {};
  // The parser costs start-up: only a run that has a file loads it.
  const [{ readPrivate }, { parseToml }] = await Promise.all([reading(), import("./toml.ts")]);
  const text = await readPrivate(disk, path, { limit: LIMIT, secret: false });
  return text === undefined ? {} : parseToml(text, path);
}
