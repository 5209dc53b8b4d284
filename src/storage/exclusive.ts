import type { System } from "../system/mod.ts";
import { type Waiter, withLock } from "./lock.ts";
import type { Disk } from "./look.ts";
import { findPath, PLACES, requirePath } from "./paths.ts";

/**
 * Runs `work` while no other process changes a session: under the lock in `~/.autocom`, because the keychain's sessions
 * need it, too.
 *
 * @param timeout milliseconds to wait for the one that does now
 */
export async function exclusive<T>(
  system: Disk & Pick<System, "clock" | "env">,
  work: () => Promise<T>,
  timeout: number,
  waiter?: Waiter,
): Promise<T> {
  requirePath(system, "credentials");
  if (system.env[PLACES.credentials.variable]) {
    return await (await import("./elsewhere.ts")).exclusively(system, work, timeout, waiter);
  }
  return await withLock(system, findPath(system, "lock")!, work, { timeout, waiter });
}
