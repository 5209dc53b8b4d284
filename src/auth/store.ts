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
  mayHold,
  note,
  openKeychain,
  readSessions,
  Unavailable,
} from "../keychain/mod.ts";
import { exclusive as locked, removeLeftovers, shellQuote } from "../storage/mod.ts";
import type { System } from "../system/mod.ts";
import {
  type Access,
  account,
  isOthers,
  parseAccess,
  parseRefresh,
  type Place,
  type Refresh,
  type Session,
} from "./session.ts";

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
  /** Writes a session to one place and removes what the other one holds for that origin. Returns where it is now. */
  save(session: Session, place: Place): Promise<string>;
  /**
   * Deletes every copy, and proves it by reading back; a place that refuses keeps no other from being cleared.
   * Returns where there was one.
   *
   * @throws {AppError} `config` or `keychain`: a copy is, or may be, still there
   */
  remove(origin: string): Promise<string[]>;
  /** @throws {AppError} `config`: the disk is full on which the file of the sessions is */
  room(): Promise<void>;
}

export interface SessionStore extends Omit<Changes, "room"> {
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
 * wrong and cost no session.
 */
export function sessionStore(
  system: World,
  waiting?: () => Promise<void>,
  warn?: (text: string) => Promise<void>,
): SessionStore {
  const keychain = openKeychain(system, waiting);

  const changes: Changes = {
    async save(session, place) {
      const { origin } = session.access;
      if (place === "file") {
        await changeSessions(system, (all) => ({ ...all, [origin]: session }));
        // What a locked keychain still holds is never looked at: the file goes first.
        await clear([inKeychain(system, keychain, origin)]).catch(() => {});
        return credentialsPath(system);
      }
      // The pair that it replaces may be over already: what cannot be noted is kept all the same.
      let unnoted: unknown;
      await note(system, origin, true).catch((error) => unnoted = error);
      // Refresh first: a missing access entry only means "refresh", the other way round the session would be lost.
      if (session.refresh) await keychain.set(account(origin, "refresh"), JSON.stringify(session.refresh));
      await keychain.set(account(origin, "access"), JSON.stringify(session.access));
      if (!session.refresh) await keychain.delete(account(origin, "refresh"));
      if (unnoted) await warn?.((await import("./said.ts")).unnoted(unnoted, keychain.name));
      await dropFromFile(system, origin).catch(async (error) => {
        // What is left there of a session would be found first; of a run that died, it takes nothing from this one.
        if (origin in await readSessions(system)) throw error;
      });
      return keychain.name;
    },
    remove: (origin) =>
      clear([
        [() => credentialsPath(system), () => dropFromFile(system, origin)],
        inKeychain(system, keychain, origin),
      ]),
    room: async () => await (await import("./room.ts")).room(system, credentialsPath(system)),
  };
  const exclusive: SessionStore["exclusive"] = async (work, wait = WAIT) =>
    await locked(system, () => work(changes), wait);
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
    remove: (origin) => exclusive(({ remove }) => remove(origin)),
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

/** A place that may hold a copy: its name, and what deletes it there; true when there was one. */
type Copy = [where: () => string, drop: () => Promise<boolean>];

/** Clears each place, whatever the others say; then throws the first refusal. Gives the names of those that held one. */
async function clear(copies: Copy[]): Promise<string[]> {
  const cleared = new Set<string>();
  const refusals: unknown[] = [];
  for (const [where, drop] of copies) {
    try {
      if (await drop()) cleared.add(where());
    } catch (error) {
      refusals.push(error);
    }
  }
  if (refusals.length > 0) throw refusals[0];
  return [...cleared];
}

/** Both entries of a session; a keychain that is not there, and was never given one, holds none. */
function inKeychain(system: World, keychain: Keychain, origin: string): Copy {
  const drop = async () => {
    try {
      const entries = ["refresh", "access"] as const;
      const spared = (value: string) => isOthers(value, origin);
      const drop = (entry: "refresh" | "access") => keychain.delete(account(origin, entry), spared);
      const cleared = await clear(entries.map((entry) => [() => entry, () => drop(entry)]));
      await note(system, origin, false);
      return cleared.length > 0;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      if (!await mayHold(system, origin)) return false;
      throw new Unavailable(`remove the session from ${keychain.name}`, error.why);
    }
  };
  return [() => keychain.name, drop];
}

async function dropFromFile(system: World, origin: string): Promise<boolean> {
  if (!(origin in await readSessions(system))) {
    // A login that was killed while it wrote left its tokens beside the file.
    await removeLeftovers(system, credentialsPath(system));
    return false;
  }
  await changeSessions(system, ({ [origin]: _, ...others }) => others);
  if (!(origin in await readSessions(system))) return true;
  const path = credentialsPath(system);
  throw (await import("./said.ts")).stillThere(path, shellQuote(path));
}
