import { basename, dirname, join } from "node:path";
import { AppError } from "../errors.ts";
import { type Disk, readPrivate, withLock, writePrivate, type Writer } from "../storage/mod.ts";
import type { Data } from "./toml.ts";

const LIMIT = 1 << 20;
/** Milliseconds for another `config set` to end. */
const PATIENCE = 5_000;

/** What the file says; nothing when there is none. @throws {AppError} `config` */
export async function readConfig(disk: Disk, path: string): Promise<Data> {
  const text = await readPrivate(disk, path, { limit: LIMIT, secret: false });
  if (text === undefined) return {};
  // The parser costs start-up: only a run that has a file loads it.
  const { parseToml } = await import("./toml.ts");
  return parseToml(text, path);
}

/**
 * Sets one key of the file, or removes it, in place.
 *
 * @returns false when the file said so already: then it is not written
 * @throws {AppError} `config`: the file is broken, or the line cannot be changed without touching others
 */
export async function changeConfig(
  system: Writer,
  path: string,
  key: string,
  value: string | boolean | undefined,
): Promise<boolean> {
  const { editToml, parseToml } = await import("./toml.ts");
  const lock = join(dirname(path), `.${basename(path)}.lock`);
  return await withLock(system, lock, async () => {
    const text = await readPrivate(system, path, { limit: LIMIT, secret: false }) ?? "";
    if (parseToml(text, path)[key] === value) return false;
    const literal = value === undefined ? undefined : JSON.stringify(value);
    const changed = editToml(text, key, literal);
    if (changed === undefined) {
      throw new AppError("config", `cannot change ${key} in ${path} and leave the rest as it is`, {
        hint: literal === undefined ? "remove it by hand" : `write it by hand: ${key} = ${literal}`,
      });
    }
    await writePrivate(system, path, changed, { secret: false });
    return true;
  }, { timeout: PATIENCE });
}
