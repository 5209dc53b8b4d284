/**
 * Sessions in exactly one place: the file is asked first (one `stat`), then the keychain.
 *
 * @module
 */

import {
  changeSessions,
  credentialsPath,
  type Keychain,
  keychainError,
  openKeychain,
  readSessions,
  Unavailable,
} from "../keychain/mod.ts";
import { requirePath, withLock } from "../storage/mod.ts";
import type { System } from "../system/mod.ts";
import { type Access, account, parseAccess, type Place, type Session } from "./session.ts";

type World = Pick<System, "files" | "host" | "env" | "spawn" | "clock" | "random" | "io">;

export interface Found {
  access: Access;
  place: Place;
  /** For people: `Secret Service`, or the path of the file. */
  where: string;
}

export interface SessionStore {
  /** The session of an origin; undefined when there is none. A locked or hung keychain is an error, never "none". */
  find(origin: string): Promise<Found | undefined>;
  /** Why the keychain cannot be used, when it can't: `unavailable` only. A locked or hung one throws. */
  unavailable(origin: string): Promise<string | undefined>;
  /** Writes a session to one place and removes what the other one holds for that origin. Returns where it is now. */
  save(session: Session, place: Place): Promise<string>;
  /** Deletes every copy; true when there was one. Proves it by reading back. */
  remove(origin: string): Promise<boolean>;
  readonly file: string;
}

/** `waiting`: given when a person is there to unlock the keychain; told when that takes a while. */
export function sessionStore(system: World, waiting?: () => Promise<void>): SessionStore {
  const keychain = openKeychain(system, waiting);
  const lock = <T>(work: () => Promise<T>) =>
    withLock(system, requirePath(system, "session.lock"), work, { timeout: 35_000 });

  return {
    get file() {
      return credentialsPath(system);
    },
    async find(origin) {
      const where = credentialsPath(system);
      const kept = (await readSessions(system))[origin];
      if (kept?.access) return { access: parseAccess(kept.access, origin, where), place: "file", where };
      if (!keychain) return undefined;
      const value = await lookUp(keychain, origin);
      if (value === undefined) return undefined;
      return { access: parseAccess(value, origin, keychain.name), place: "keychain", where: keychain.name };
    },
    async unavailable(origin) {
      if (!keychain) return NONE;
      const found = await keychain.get(account(origin, "access"));
      if (found.state === "locked" || found.state === "hung") throw keychainError(keychain, found, ACTION);
      return found.state === "unavailable" ? found.why : undefined;
    },
    save: (session, place) =>
      lock(async () => {
        const { origin } = session.access;
        if (place === "file") {
          await changeSessions(system, (all) => ({ ...all, [origin]: session }));
          if (keychain) await forget(keychain, origin).catch(() => false);
          return credentialsPath(system);
        }
        if (!keychain) throw new Unavailable("keep the session", NONE);
        // Refresh first: a missing access entry only means "refresh", the other way round the session would be lost.
        if (session.refresh) await keychain.set(account(origin, "refresh"), JSON.stringify(session.refresh));
        await keychain.set(account(origin, "access"), JSON.stringify(session.access));
        if (!session.refresh) await keychain.delete(account(origin, "refresh"));
        await dropFromFile(system, origin);
        return keychain.name;
      }),
    remove: (origin) =>
      lock(async () => {
        const inFile = await dropFromFile(system, origin);
        const inKeychain = keychain ? await forget(keychain, origin) : false;
        return inFile || inKeychain;
      }),
  };
}

const ACTION = "look up the session";
const NONE = "this system has none that autocom knows";

/** The entry's text, or undefined when there is none to be had; a locked or hung keychain is an error. */
async function lookUp(keychain: Keychain, origin: string): Promise<string | undefined> {
  const found = await keychain.get(account(origin, "access"));
  if (found.state === "present") return found.value;
  if (found.state === "missing" || found.state === "unavailable") return undefined;
  throw keychainError(keychain, found, ACTION);
}

/** Deletes both entries; a keychain that is not there holds none. */
async function forget(keychain: Keychain, origin: string): Promise<boolean> {
  try {
    const refresh = await keychain.delete(account(origin, "refresh"));
    const access = await keychain.delete(account(origin, "access"));
    return refresh || access;
  } catch (error) {
    if (error instanceof Unavailable) return false;
    throw error;
  }
}

async function dropFromFile(system: World, origin: string): Promise<boolean> {
  if (!(origin in await readSessions(system))) return false;
  await changeSessions(system, ({ [origin]: _, ...others }) => others);
  return true;
}
