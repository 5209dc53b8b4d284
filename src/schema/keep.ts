/**
 * Books that were read, into the cache: see `cache.ts`.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import { type Held, hold, holdFirmly } from "../storage/mod.ts";
import { type Edition, pathOf, type Place, sumOf, VERSION, type World } from "./cache.ts";

/**
 * Opens the file for {@link Held.write}, before the permission to do so is gone. `firmly`: that is what the run is for, so
 * what cannot be kept is `config`; else undefined.
 */
export async function openCache(system: World, place: Place, firmly: boolean): Promise<Held | undefined> {
  if (firmly) return await holdFirmly(system, pathFor(system, place));
  const path = pathOf(system, place);
  return path ? await hold(system, path) : undefined;
}

/** Throws `config` where nothing can be kept. */
export function pathFor(system: World, place: Place): string {
  const path = pathOf(system, place);
  if (path) return path;
  throw new AppError("config", "cannot keep the schema: there is no home folder", { hint: "set HOME" });
}

export async function written({ book, ...known }: Edition, { origin, tenant }: Place): Promise<string> {
  const text = String(book);
  return JSON.stringify({ v: VERSION, origin, tenant, ...known, sum: await sumOf(new TextEncoder().encode(text)) }) +
    text;
}
