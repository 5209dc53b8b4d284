import { withLock, writePrivate } from "../storage/mod.ts";
import { type Edition, pathOf, type Place, type World } from "./cache.ts";
import { written } from "./keep.ts";

/** Replaces the file, for who may still do so. */
export async function save(system: World, place: Place, edition: Edition): Promise<boolean> {
  const path = pathOf(system, place);
  if (!path) return false;
  const text = await written(edition, place);
  const write = () => writePrivate(system, path, text, { secret: true });
  await withLock(system, `${path}.lock`, write, { timeout: 5_000 });
  return true;
}
