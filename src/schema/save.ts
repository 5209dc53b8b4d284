import { type Waiter, withLock, writePrivate } from "../storage/mod.ts";
import type { Edition, Place, World } from "./cache.ts";
import { pathFor, written } from "./keep.ts";

/** Replaces the file, for who may still do so. */
export async function save(system: World, place: Place, edition: Edition, waiter: Waiter): Promise<void> {
  const path = pathFor(system, place);
  const text = await written(edition, place);
  const write = () => writePrivate(system, path, text, { secret: true });
  await withLock(system, `${path}.lock`, write, { timeout: 5_000, waiter });
}
