/**
 * Where secrets are kept: the system's keychain, entry by entry, and the credentials file, session by session.
 *
 * @module
 */

import type { Host, System } from "../system/mod.ts";
import type { Backend } from "./backend.ts";
import { Patience } from "./patience.ts";
import type { Keychain } from "./answers.ts";
import { Verified } from "./verified.ts";

export { changeSessions, credentialsPath, readSessions, type Sessions, type StoredSession, unfit } from "./file.ts";
export { mayHold, note, Untold } from "./ledger.ts";
export { type Keychain, keychainError, type Lookup, type Problem, Unavailable, Unnamable } from "./answers.ts";
/** For the ways below: what they share comes from here, which is loaded already. A chunk more costs half a millisecond. */
export { FILE_HINT, present, SECRET_TOOL, SERVICE } from "./answers.ts";
export { NO_BUS } from "./secret_service.ts";

const NAMES: Record<Host["os"], string> = {
  linux: "Secret Service",
  darwin: "Keychain",
  windows: "Credential Manager",
};

type World = Pick<System, "files" | "spawn" | "ffi" | "env" | "clock" | "host" | "sockets">;

/**
 * The keychain of this system. Opening asks nothing; what is needed for asking is loaded when something is asked.
 *
 * @param waiting called when a person waits for the keychain, or is asked by the system to unlock it, a second after the
 *   question; give it only when somebody sits at the terminal: without it nothing waits longer than three seconds
 */
export function openKeychain(system: World, waiting?: () => void | Promise<void>): Keychain {
  const { clock, env, host } = system;
  // Elsewhere the system says at once where it can show no dialog.
  const screen = host.os !== "linux" || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
  const patience = new Patience(clock, waiting, screen);
  // On Windows nobody is asked, on macOS at the first question.
  return new Verified(NAMES[host.os], () => way(system, patience), host.os === "linux" && patience.somebody);
}

async function way(system: World, patience: Patience): Promise<Backend> {
  switch (system.host.os) {
    case "darwin":
      return (await import("./macos.ts")).backend(system, patience);
    case "windows":
      return (await import("./windows.ts")).backend(system);
    case "linux":
      return (await import("./linux.ts")).backend(system, patience);
  }
}
