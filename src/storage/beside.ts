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
  const [folder, name] = [dirname(credentials), basename(credentials)];
  // Of another home: who has that one looks there, whatever its variables say.
  if (basename(folder) === ".autocom" && name === PLACES.credentials.name) return join(folder, PLACES[place].name);
  return join(folder, `.${name}.${place === "lock" ? "lock" : PLACES.ledger.name}`);
}
