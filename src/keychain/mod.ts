/**
 * Where secrets are kept: the system's keychain, entry by entry, and the credentials file, session by session.
 *
 * @module
 */

import type { System } from "../system/mod.ts";
import { SecretTool } from "./secret_tool.ts";
import type { Keychain } from "./store.ts";

export { changeSessions, credentialsPath, readSessions, type Sessions, type StoredSession } from "./file.ts";
export { type Keychain, keychainError, type Lookup, Unavailable } from "./store.ts";

/**
 * The keychain of this system; undefined where there is none yet. Opening asks nothing.
 *
 * @param waiting called when a person is being asked by the system to unlock the keychain, a second after the question;
 *   give it only when somebody sits at the terminal: without it nothing waits longer than three seconds
 */
export function openKeychain(
  system: Pick<System, "spawn" | "env" | "clock" | "host">,
  waiting?: () => void | Promise<void>,
): Keychain | undefined {
  return system.host.os === "linux" ? new SecretTool(system, waiting) : undefined;
}
