/**
 * Renewing a session. The server kills the old pair at once, and lets two simultaneous refreshes both win now and
 * then, so one process does it while the others wait and read again.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import type { Fetch, System } from "../system/mod.ts";
import { type Access, endsWithin, pair, type Refresh, type Session } from "./session.ts";
import type { Tokens } from "./grant.ts";
import type { Found, SessionStore } from "./store.ts";
import { unhurried } from "./unhurried.ts";

export interface Renewal {
  origin: string;
  /** The session as this process read it: its access token ends soon, or was refused. */
  found: Found;
  /** The server has not refused its access token. */
  alive: boolean;
  run: Running;
  /** Milliseconds to wait for a status line, as the person wants it. */
  timeout: number;
}

/** What a renewal needs of the run that it is a part of. */
export interface Running {
  /** Goes to the token endpoint, within bounds, until that aborts. */
  tokenEndpoint: (until: AbortSignal, timeout: number) => Promise<Fetch>;
  /** Aborts when the person interrupts. */
  signal: AbortSignal;
  /** What the end of the process waits for, after an interruption too. */
  closing: Promise<void>[];
}

/**
 * Milliseconds to the status line that a renewal has at least, however little the person allows: the old pair is dead by
 * then, so a new one whose answer comes too late is lost.
 */
const LEAST = 30_000;

/** Milliseconds that another process may take to write a renewed session; before that it waited for the server. */
const WRITING = 5_000;

export interface Renewed {
  access: Access;
  /** False when another process had renewed it already. */
  own: boolean;
  /** The new pair lives in this process only: it could not be written. */
  unsaved?: AppError;
}

/**
 * Another access token for a session. Throws `unauthenticated` when the session is dead, and then it is gone from the
 * store; any other failure (429, 503, no network, a locked keychain, a full disk) leaves everything as it is.
 */
export async function renew(
  system: Pick<System, "clock" | "random">,
  sessions: SessionStore,
  { origin, found, alive, run: { tokenEndpoint, signal, closing }, timeout }: Renewal,
): Promise<Renewed> {
  const limit = Math.max(timeout, LEAST);
  return await sessions.exclusive(async ({ write, remove, room }) => {
    for (let refused: string | undefined;;) {
      const now = await sessions.find(origin);
      // What comes to light behind it, in the other place, may be another account's.
      if (!now || now.place !== found.place && now.access?.email !== found.access?.email) {
        throw ended(origin, found, "was ended by another autocom");
      }
      const { access } = now;
      // However short its life is: else all that wait here would renew in turn, and each end the one before.
      if (access && access.gen !== found.access?.gen && !endsWithin(access, 0, system.clock.now())) {
        return { access, own: false };
      }
      const refresh = await sessions.refreshOf(origin, now).catch((error) => {
        throw error instanceof AppError && error.kind === "unauthenticated" ? unrenewable(error) : error;
      });
      if (!refresh) throw unrenewable(ended(origin, now, "cannot be renewed: it has no refresh token"));
      if (refresh.refresh_token === refused) {
        // What cannot be removed now is refused again by the next command.
        await remove(origin, now.place).catch(() => {});
        throw ended(origin, now, "was refused by the server (expired, revoked, or renewed by a run that was cut off)");
      }
      // A full disk is found out before the server ends the old pair, not when the new one is to be written; and all that
      // would be in its way, while the old pair can still be used.
      if (now.place === "file") await room(alive && access !== undefined && !endsWithin(access, 0, system.clock.now()));
      signal.throwIfAborted();
      const renewed = unhurried(system.clock, signal, async (until) => {
        const session = await refreshed(system, await tokenEndpoint(until, limit), refresh, [access, found.access]);
        const unsaved = await write(session, now.place).then(() => undefined, (error) => lost(error, now.where));
        return { access: session.access, own: true, ...unsaved && { unsaved } };
      });
      closing.push(renewed.then(() => {}, () => {}));
      try {
        return await renewed;
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== "unauthenticated") throw error;
        // A program that knows no lock may have been faster: what it wrote is the session now.
        refused = refresh.refresh_token;
      }
    }
  }, 2 * limit + WRITING);
}

/**
 * A last access token for a session that is about to be ended: nothing is kept, so nobody ever has its refresh token.
 * Undefined when the server renews the session no more, or never did. The caller holds the lock of the sessions.
 */
export async function lastToken(
  system: Pick<System, "clock">,
  sessions: Pick<SessionStore, "refreshOf">,
  { origin, found, fetch }: Pick<Renewal, "origin" | "found"> & { fetch: Fetch },
): Promise<string | undefined> {
  try {
    const refresh = await sessions.refreshOf(origin, found);
    return refresh && (await exchange(system, fetch, refresh)).access_token;
  } catch (error) {
    if (error instanceof AppError && error.kind === "unauthenticated") return undefined;
    throw error;
  }
}

async function refreshed(
  system: Pick<System, "clock" | "random">,
  fetch: Fetch,
  old: Refresh,
  before: (Access | undefined)[],
): Promise<Session> {
  const tokens = await exchange(system, fetch, old);
  // Of another login, whose write was cut off, when the two entries are no pair.
  const { name = null, email = null } = before.find((access) => access?.gen === old.gen) ?? {};
  return pair(system.random, {
    origin: old.origin,
    kind: "oauth",
    clientId: old.client_id,
    // Passport with rotation switched off gives no new one: the old one stays good.
    tokens: { ...tokens, refresh_token: tokens.refresh_token ?? old.refresh_token },
    name,
    email,
  });
}

async function exchange({ clock }: Pick<System, "clock">, fetch: Fetch, old: Refresh): Promise<Tokens> {
  const { refreshTokens } = await import("./grant.ts");
  return await refreshTokens(fetch, clock.now, old.origin, old.client_id, old.refresh_token);
}

/** Nothing is there to renew the session with, which says nothing of its access token: see `stored.ts`. */
function unrenewable({ kind, message, hint }: AppError): AppError {
  return Object.assign(new AppError(kind, message, { hint: hint! }), { unrenewable: true });
}

function ended(origin: string, { where }: Found, how: string): AppError {
  return new AppError("unauthenticated", `the session for ${origin} in ${where} ${how}`, {
    hint: "autocom auth login",
  });
}

function lost(error: unknown, where: string): AppError {
  if (!(error instanceof AppError)) throw error;
  const message = `the session was renewed, but could not be kept in ${where} (${error.message}): ` +
    "the next command may have to log in";
  return new AppError("failure", message, { hint: `${error.hint ? `${error.hint}; ` : ""}then: autocom auth login` });
}
