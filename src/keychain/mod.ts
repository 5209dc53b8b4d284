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

type World = Pick<System, "files" | "spawn" | "ffi" | "env" | "clock" | "host" | "dial">;

/**
 * The keychain of this system. Opening asks nothing; what is needed for asking is loaded when something is asked.
 *
 * @param waiting called when a person waits for the keychain, or is asked by the system to unlock it, a second after the
 *   question; give it only when somebody sits at the terminal: without it nothing waits longer than three seconds
 */
export function openKeychain(system: World, waiting?: () => void | Promise<void>): Keychain {
  const name = NAMES[system.host.os];
  let opened: Promise<Keychain> | undefined;
  const open = () => opened ??= way(system).then(({ open }) => open(name, system, waiting));
  return {
    name,
    get: async (account) => await (await open()).get(account),
    set: async (account, value) => await (await open()).set(account, value),
    delete: async (account) => await (await open()).delete(account),
  };
}

async function way({ host }: World) {
  if (host.os === "darwin") return await import("./macos.ts");
  if (host.os === "windows") return await import("./windows.ts");
  return await import("./linux.ts");
}
