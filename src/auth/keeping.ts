/**
 * What keeps and removes a session. Loaded under its lock: most runs only look.
 *
 * @module
 */

import {
  changeSessions,
  credentialsPath,
  type Keychain,
  mayHold,
  note,
  readSessions,
  Unavailable,
  Untold,
} from "../keychain/mod.ts";
import { removeLeftovers, rooms, shellQuote } from "../storage/mod.ts";
import type { System } from "../system/mod.ts";
import { account, isOthers, type Place, type Session } from "./session.ts";
import type { Changes } from "./store.ts";

type World = Pick<System, "files" | "host" | "env" | "clock" | "random">;

/** The caller holds the lock. `warn`: told what went wrong and cost no session; `tell`: each session, before it is written. */
export function changes(
  system: World,
  keychain: Keychain,
  warn?: (text: string) => Promise<void>,
  tell?: (session: Session) => void,
): Changes {
  const unnoted = async (error: unknown, kept = false) =>
    void await warn?.((await import("./said.ts")).unnoted(error, keychain.name, kept));
  const write: Changes["write"] = async (session, place) => {
    tell?.(session);
    const { origin } = session.access;
    if (place === "file") {
      await changeSessions(system, (all) => ({ ...all, [origin]: session }));
      return credentialsPath(system);
    }
    // The pair that it replaces may be over already: what cannot be noted is kept all the same.
    let failure: unknown;
    await note(system, origin, true).catch((error) => failure = error);
    // Refresh first: a missing access entry only means "refresh", the other way round the session would be lost.
    if (session.refresh) await keychain.set(account(origin, "refresh"), JSON.stringify(session.refresh));
    await keychain.set(account(origin, "access"), JSON.stringify(session.access));
    if (!session.refresh) await keychain.delete(account(origin, "refresh"));
    if (failure) await unnoted(failure, true);
    return keychain.name;
  };
  return {
    keychain: keychain.name,
    write,
    async save(session, place) {
      const { origin } = session.access;
      const where = await write(session, place);
      if (place === "file") {
        // What a locked keychain still holds is never looked at: the file goes first.
        await clear([inKeychain(system, keychain, origin, unnoted)]).catch(async (error) => {
          if (error instanceof Untold) await unnoted(error);
        });
      } else {
        await dropFromFile(system, origin).catch(async (error) => {
          // What is left there of a session would be found first; of a run that died, it takes nothing from this one.
          if (origin in await readSessions(system)) throw error;
        });
      }
      return where;
    },
    async remove(origin, only) {
      const copies: Record<Place, Copy> = {
        file: [() => credentialsPath(system), () => dropFromFile(system, origin)],
        keychain: inKeychain(system, keychain, origin, unnoted),
      };
      return await clear(only ? [copies[only]] : [copies.file, copies.keychain]);
    },
    async room(fully) {
      const { replaceable, room } = await rooms();
      await (fully ? replaceable : room)(system, credentialsPath(system));
    },
  };
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

/**
 * Both entries of a session; a keychain that is not there, and was never given one, holds none. `unnoted`: told why it could
 * not be noted that they are gone.
 */
function inKeychain(
  system: World,
  keychain: Keychain,
  origin: string,
  unnoted: (error: unknown) => Promise<void>,
): Copy {
  const drop = async () => {
    try {
      const entries = ["refresh", "access"] as const;
      const spared = (value: string) => isOthers(value, origin);
      const drop = (entry: "refresh" | "access") => keychain.delete(account(origin, entry), spared);
      const cleared = await clear(entries.map((entry) => [() => entry, () => drop(entry)]));
      await note(system, origin, false).catch(unnoted);
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
