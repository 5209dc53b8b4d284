import { AppError } from "../errors.ts";
import { checkPlace, lockOf, readPrivate, type Waiter, withLock, writePrivate, type Writer } from "../storage/mod.ts";
import { LIMIT } from "./file.ts";
import { editToml } from "./edit.ts";
import { parseToml } from "./toml.ts";

/** Milliseconds for another `config set` to end. */
const PATIENCE = 5_000;

/**
 * Sets keys of the file, or removes those without a value, in place: all or, when it throws, none.
 *
 * @returns the keys of which the file did not say so already; without any it is not written
 * @throws {AppError} `config`: the file is broken, or a line cannot be changed without touching others
 */
export async function changeConfig(
  system: Writer,
  path: string,
  values: Readonly<Record<string, string | boolean | undefined>>,
  waiter?: Waiter,
): Promise<string[]> {
  await checkPlace(system, path);
  return await withLock(system, lockOf(path), async () => {
    const before = await readPrivate(system, path, { limit: LIMIT, secret: false }) ?? "";
    let text = before;
    const keys: string[] = [];
    for (const [key, value] of Object.entries(values)) {
      if (parseToml(text, path)[key] === value) continue;
      const literal = value === undefined ? undefined : JSON.stringify(value);
      const changed = editToml(text, key, literal);
      if (changed === undefined) {
        throw new AppError("config", `cannot change ${key} in ${path} and leave the rest as it is`, {
          hint: literal === undefined
            ? "remove it by hand"
            : `${
              Object.hasOwn(parseToml(text, path), key) ? "change its line" : "write it"
            } by hand: ${key} = ${literal}`,
        });
      }
      text = changed;
      keys.push(key);
    }
    if (keys.length > 0) await writePrivate(system, path, text, { secret: false });
    return keys;
  }, { timeout: PATIENCE, secret: false, waiter });
}
