/**
 * Renewing a session. The server kills the old pair at once, and lets two simultaneous refreshes both win now and
 * then, so one process does it while the others wait and read again.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import type { Fetch, System } from "../system/mod.ts";
import { type Access, endsWithin, pair, type Refresh, type Session } from "./session.ts";
import type { Found, SessionStore } from "./store.ts";

export interface Renewal {
  origin: string;
  /** The session as this process read it. */
  found: Found;
  /** Seconds of life that the caller needs. */
  margin: number;
  /** The server refused that access token: another one is needed even if it seems to live. */
  refused: boolean;
  /** Goes to the token endpoint, within bounds. */
  fetch: Fetch;
}

export interface Renewed {
  access: Access;
  /** The new pair lives in this process only: it could not be written. */
  unsaved?: AppError;
}

/**
 * A living access token for a session. Throws `unauthenticated` when the session is dead, and then it is gone from the
 * store; any other failure (429, 503, no network, a locked keychain) leaves everything as it is.
 */
export async function renew(
  system: Pick<System, "clock" | "random">,
  sessions: SessionStore,
  renewal: Renewal,
): Promise<Renewed> {
  const { origin, found } = renewal;
  return await sessions.exclusive(async ({ save, remove }) => {
    const now = await sessions.find(origin);
    if (!now) throw ended(origin, "was ended by another autocom");
    if (isFresh(now, renewal, system.clock.now())) return { access: now.access };
    const refresh = now.access?.kind === "pat" ? undefined : await sessions.refreshOf(origin, now);
    if (!refresh) throw ended(origin, now.access ? "has expired" : "is damaged");
    const session = await refreshed(system, renewal, refresh, now.access ?? found.access).catch(async (error) => {
      if (!(error instanceof AppError) || error.kind !== "unauthenticated") throw error;
      // A program that knows no lock may have been faster: what it wrote is the session now.
      const later = await sessions.find(origin);
      if (later && isFresh(later, { ...renewal, found: now, refused: true }, system.clock.now())) return later.access;
      await remove(origin);
      throw ended(origin, "was ended by the server");
    });
    if (!("access" in session)) return { access: session };
    try {
      await save(session, now.place);
      return { access: session.access };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { access: session.access, unsaved: lost(error, now.where) };
    }
  });
}

/** Another process may have renewed it while this one waited for the lock. */
function isFresh(now: Found, { found, margin, refused }: Renewal, ms: number): now is Found & { access: Access } {
  if (!now.access || endsWithin(now.access, margin, ms)) return false;
  return !refused || now.access.gen !== found.access?.gen;
}

async function refreshed(
  { clock, random }: Pick<System, "clock" | "random">,
  { origin, fetch }: Renewal,
  old: Refresh,
  before: Access | undefined,
): Promise<Session> {
  const { refreshTokens } = await import("./grant.ts");
  const tokens = await refreshTokens(fetch, clock.now, origin, old.client_id, old.refresh_token);
  return pair(random, {
    origin,
    kind: "oauth",
    clientId: old.client_id,
    // Passport with rotation switched off gives no new one: the old one stays good.
    tokens: { ...tokens, refresh_token: tokens.refresh_token ?? old.refresh_token },
    name: before?.name ?? null,
    email: before?.email ?? null,
  });
}

function ended(origin: string, how: string): AppError {
  return new AppError("unauthenticated", `the session for ${origin} ${how}`, { hint: "autocom auth login" });
}

function lost(error: AppError, where: string): AppError {
  return new AppError(
    "failure",
    `the session was renewed, but could not be kept in ${where}: ${error.message}; the next command will have to log in`,
    { hint: error.hint ?? "autocom auth login" },
  );
}
