/**
 * Books that were read, into the cache: see `cache.ts`.
 *
 * @module
 */

import { type Held, hold } from "../storage/mod.ts";
import { type Edition, pathOf, type Place, sumOf, VERSION, type World } from "./cache.ts";

/** Opens the file for {@link Held.write}, before the permission to do so is gone. */
export async function open(system: World, place: Place): Promise<Held | undefined> {
  const path = pathOf(system, place);
  return path ? await hold(system, path) : undefined;
}

export async function written({ book, ...known }: Edition, { origin, tenant }: Place): Promise<string> {
  const text = String(book);
  return JSON.stringify({ v: VERSION, origin, tenant, ...known, sum: await sumOf(text) }) + text;
}
