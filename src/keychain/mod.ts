/**
 * Where secrets are kept: the system's keychain, entry by entry, and the credentials file, session by session.
 *
 * @module
 */

import type { Host, System } from "../system/mod.ts";
import type { Keychain } from "./store.ts";

export { changeSessions, credentialsPath, readSessions, type Sessions, type StoredSession } from "./file.ts";
export { type Keychain, keychainError, type Lookup, type Problem, Unavailable } from "./store.ts";

const NAMES: Record<Host["os"], string> = {
  linux: "Secret Service",
  darwin: "Keychain",
  windows: "Credential Manager",
};

/**
 * The keychain of this system. Opening asks nothing; what is needed for asking is loaded when something is asked.
 *
 * @param waiting called when a person is being asked by the system to unlock the keychain, a second after the question;
 *   give it only when somebody sits at the terminal: without it nothing waits longer than three seconds
 */
export function openKeychain(
  system: Pick<System, "files" | "spawn" | "ffi" | "env" | "clock" | "host">,
  waiting?: () => void | Promise<void>,
): Keychain {
  const name = NAMES[system.host.os];
  let opened: Promise<Keychain> | undefined;
  const open = () => opened ??= ways[system.host.os]().then((way) => way.open(name, system, waiting));
  return {
    name,
    get: async (account) => await (await open()).get(account),
    set: async (account, value) => await (await open()).set(account, value),
    delete: async (account) => await (await open()).delete(account),
  };
}

const ways = {
  linux: () => import("./linux.ts"),
  darwin: () => import("./macos.ts"),
  windows: () => import("./windows.ts"),
};
