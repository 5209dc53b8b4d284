import { basename, dirname, join } from "node:path";
import type { System } from "../system/mod.ts";
import { findPath, PLACES } from "./paths.ts";

/**
 * Where a file is that has no home to be in: beside the credentials file that was named, and by its name; undefined when
 * none was. Loaded where that is so.
 */
export function beside(system: Pick<System, "env" | "host">, place: "lock" | "ledger"): string | undefined {
  const credentials = findPath(system, "credentials");
  if (!credentials) return undefined;
  const suffix = place === "lock" ? "lock" : PLACES.ledger.name;
  return join(dirname(credentials), `.${basename(credentials)}.${suffix}`);
}
