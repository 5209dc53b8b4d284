/**
 * What is said of the places of sessions. Loaded when it is said.
 *
 * @module
 */

import { AppError, defect } from "../errors.ts";
import type { Lookup } from "../keychain/mod.ts";

/** Where no session was found: in the keychain of that name, which answered so, and in the file. */
export function places(keychain: string, found: Lookup, file: string): string {
  return found.state === "unavailable"
    ? `${keychain} cannot be used (${found.why}), and there is no session in ${file}`
    : `no session in ${keychain}, and none in ${file}`;
}

/** What the keychain was given, or gave up, and cannot be noted; `kept`: it has a session now. */
export function unnoted(error: unknown, keychain: string, kept: boolean): string {
  const { message, hint } = error instanceof AppError ? error : defect();
  return (kept
    ? `${keychain} keeps the session, but that cannot be noted (${message}): ` +
      "a command that cannot reach it will not know of it"
    : `what is noted of ${keychain} cannot be used (${message}): ` +
      "a command that cannot reach it will not know what it holds") + `; ${hint}`;
}

/** A session that still lives was not renewed, because the new pair could not be kept. */
export function unrenewed({ message, hint }: AppError): string {
  return `the session is used until it ends: ${message}; ${hint}`;
}

/** What stands in the file although it was removed. */
export function stillThere(path: string, quoted: string): AppError {
  return new AppError("config", `cannot remove the session from ${path}: it is still there`, {
    hint: `remove the file: rm ${quoted}`,
  });
}
