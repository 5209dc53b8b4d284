import { AppError } from "../errors.ts";
import { lockOf, readPrivate, type Waiter, withLock, writePrivate, type Writer } from "../storage/mod.ts";
import { LIMIT } from "./file.ts";
import { editToml } from "./edit.ts";
import { parseToml } from "./toml.ts";

/** Milliseconds for another `config set` to end. */
const PATIENCE = 5_000;

/** How it is done. */
interface How {
  waiter?: Waiter | undefined;
  /** What the file must say still, as this run read it: the values are good with that. */
  seen?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Sets keys of the file, or removes those without a value, in place: all or, when it throws, none.
 *
 * @returns the keys of which the file did not say so already; without any it is not written
 * @throws {AppError} `config`: the file is broken, says something else than was seen, or a line cannot be changed without
 *   touching others
 */
export async function changeConfig(
  system: Writer,
  path: string,
  values: Readonly<Record<string, string | boolean | undefined>>,
  { waiter, seen = {} }: How,
): Promise<string[]> {
  let keys: string[] = [];
  const changed = async () => {
    let text = await readPrivate(system, path, { limit: LIMIT, secret: false }) ?? "";
    const said = parseToml(text, path);
    for (const [key, value] of Object.entries(seen)) {
      if ((said[key] || undefined) !== (value || undefined)) throw changedMeanwhile(path, key);
    }
    keys = [];
    for (const [key, value] of Object.entries(values)) {
      if (parseToml(text, path)[key] === value) continue;
      text = edited(text, key, value, path);
      keys.push(key);
    }
    return text;
  };
  return await withLock(system, await lockOf(system, path), async () => {
    const text = await changed();
    if (keys.length > 0) await writePrivate(system, path, text, { secret: false, again: changed });
    return keys;
  }, { timeout: PATIENCE, secret: false, waiter });
}

function edited(text: string, key: string, value: string | boolean | undefined, path: string): string {
  const literal = value === undefined ? undefined : JSON.stringify(value);
  const changed = editToml(text, key, literal);
  if (changed !== undefined) return changed;
  const way = Object.hasOwn(parseToml(text, path), key) ? "change its line" : "write it";
  throw new AppError("config", `cannot change ${key} in ${path} and leave the rest as it is`, {
    hint: literal === undefined ? "remove it by hand" : `${way} by hand: ${key} = ${literal}`,
  });
}

function changedMeanwhile(path: string, key: string): AppError {
  return new AppError("config", `nothing was saved in ${path}: another program changed ${key} meanwhile`, {
    hint: `look at it: autocom config get ${key}`,
  });
}
