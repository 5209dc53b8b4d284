/**
 * Sessions in exactly one place: the file is asked first (one `stat`), then the keychain.
 *
 * @module
 */

import {
  credentialsPath,
  type Keychain,
  keychainError,
  mayHold,
  openKeychain,
  readSessions,
  Unavailable,
} from "../keychain/mod.ts";
import { exclusive as locked, type Waiter } from "../storage/mod.ts";
import type { System } from "../system/mod.ts";
import { type Access, account, parseAccess, parseRefresh, type Place, type Refresh, type Session } from "./session.ts";

type World = Pick<System, "files" | "host" | "env" | "spawn" | "ffi" | "clock" | "random" | "sockets">;

export interface Found {
  /** Undefined when only the refresh entry is there: a write that was cut off. */
  access?: Access;
  place: Place;
  /** For people: `Secret Service`, or the path of the file. */
  where: string;
}

/** What changes a session; {@link SessionStore.exclusive} gives it while no other process does the same. */
export interface Changes {
  /** For people: the name of the keychain. */
  readonly keychain: string;
  /** Writes a session to one place, and leaves what the other one holds: it may be another account's. Returns where it is now. */
  write(session: Session, place: Place): Promise<string>;
  /** As {@link Changes.write}, and removes what the other place holds for that origin. */
  save(session: Session, place: Place): Promise<string>;
  /**
   * Deletes every copy, and proves it by reading back; a place that refuses keeps no other from being cleared.
   * `only`: in that place alone. Returns where there was one.
   *
   * @throws {AppError} `config` or `keychain`: a copy is, or may be, still there
   */
  remove(origin: string, only?: Place): Promise<string[]>;
  /**
   * @param fully looks for all that can be seen to be in the way of the file of the sessions, not for a full disk alone
   * @throws {AppError} `config`: the file could not be replaced
   */
  room(fully: boolean): Promise<void>;
}

export interface SessionStore extends Omit<Changes, "room" | "keychain" | "write"> {
  /**
   * The session of an origin; undefined when there is none. A locked or hung keychain is an error, never "none".
   * `only`: looks nowhere else.
   */
  find(origin: string, only?: Place): Promise<Found | undefined>;
  /** The entry that a refresh needs, from where the session was found; undefined when it has none. */
  refreshOf(origin: string, found: Found): Promise<Refresh | undefined>;
  /** Why the keychain cannot be used, when it can't: `unavailable` only. A locked or hung one throws. */
  unavailable(origin: string): Promise<string | undefined>;
  /** Holds the lock of the sessions. `wait`: milliseconds for the process that holds it now. */
  exclusive<T>(work: (changes: Changes) => Promise<T>, wait?: number): Promise<T>;
  /** How many sessions the credentials file holds. @throws {AppError} `config`: as it is, it will not be used */
  inFile(): Promise<number>;
  /** @throws {AppError} `config`: what is noted of the keychain's sessions cannot be read */
  ledger(): Promise<unknown>;
  /** Path of the credentials file. */
  readonly file: string;
  /** Where a session is looked for, for people; a place that cannot be used says why. */
  places(origin: string): Promise<string>;
}

/** A refresh may take 30 s to its status line, as much to its end, and 5 s to be written. */
const WAIT = 65_000;
const ACTION = "look up the session";

/**
 * `waiting`: given when a person is there to unlock the keychain; told when that takes a while. `warn`: told what went
 * wrong and cost no session. `waiter`: waits for the lock of the sessions. `tell`: told each session that is written.
 */
export function sessionStore(
  system: World,
  waiting?: () => Promise<void>,
  warn?: (text: string) => Promise<void>,
  waiter?: Waiter,
  tell?: (session: Session) => void,
): SessionStore {
  const keychain = openKeychain(system, waiting);
  const exclusive: SessionStore["exclusive"] = async (work, wait = WAIT) => {
    const changing = async () => await work((await import("./keeping.ts")).changes(system, keychain, warn, tell));
    return await locked(system, changing, wait, waiter);
  };
  const lookUp = (entry: "access" | "refresh", origin: string) => entryOf(system, keychain, entry, origin);

  return {
    get file() {
      return credentialsPath(system);
    },
    places: async (origin) =>
      (await import("./said.ts")).places(
        keychain.name,
        await keychain.get(account(origin, "access")),
        credentialsPath(system),
      ),
    ledger: async () => await mayHold(system, ""),
    inFile: async () => Object.keys(await readSessions(system)).length,
    async find(origin, only) {
      const where = credentialsPath(system);
      const kept = only === "keychain" ? undefined : (await readSessions(system))[origin];
      if (kept) {
        return { ...kept.access && { access: parseAccess(kept.access, origin, where) }, place: "file", where };
      }
      if (only === "file") return undefined;
      const at = { place: "keychain", where: keychain.name } as const;
      const value = await lookUp("access", origin);
      if (value !== undefined) return { access: parseAccess(value, origin, keychain.name), ...at };
      return await lookUp("refresh", origin) === undefined ? undefined : at;
    },
    async refreshOf(origin, { place, where }) {
      const entry = place === "file" ? (await readSessions(system))[origin]?.refresh : await lookUp("refresh", origin);
      return entry === undefined ? undefined : parseRefresh(entry, origin, where);
    },
    async unavailable(origin) {
      const found = await keychain.get(account(origin, "access"));
      if (found.state === "unavailable") return found.why;
      if (found.state === "present" || found.state === "missing") return undefined;
      throw keychainError(keychain, found, ACTION);
    },
    exclusive,
    save: (session, place) => exclusive(({ save }) => save(session, place)),
    remove: (origin, only) => exclusive(({ remove }) => remove(origin, only)),
  };
}

/**
 * The entry's text, or undefined when there is none to be had; a locked or hung keychain is an error, and so is one that
 * is not there although it was given a session.
 */
async function entryOf(
  system: World,
  keychain: Keychain,
  entry: "access" | "refresh",
  origin: string,
): Promise<string | undefined> {
  const found = await keychain.get(account(origin, entry));
  if (found.state === "present") return found.value;
  if (found.state === "missing") return undefined;
  if (found.state !== "unavailable") throw keychainError(keychain, found, ACTION);
  if (!await mayHold(system, origin)) return undefined;
  throw new Unavailable(`${ACTION} for ${origin}, which was put into ${keychain.name}`, found.why);
}
