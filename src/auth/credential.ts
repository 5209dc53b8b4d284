import { isToken } from "../api/mod.ts";
import { AppError } from "../errors.ts";
import type { Fetch, System } from "../system/mod.ts";
import { type Access, endsWithin } from "./session.ts";
import type { Found, SessionStore } from "./store.ts";

/** The token to send, and where it came from. */
export interface Credential {
  token: string;
  /** `AUTOCOM_TOKEN` when it came from there. */
  variable?: "AUTOCOM_TOKEN";
  /** The stored session, when it came from one, and where it is kept, for people. */
  access?: Access;
  where?: string;
  /** Obtains another token once the server refused this one; absent when that cannot be done, or was done. */
  renew?: () => Promise<Credential>;
}

export interface Wanted {
  origin: string;
  sessions: SessionStore;
  /** Seconds of life that the command needs: it may not be able to renew the session later. */
  margin: number;
  /** Goes to the token endpoint, within bounds. */
  fetch: Fetch;
  /** Milliseconds that another process may take to renew the session. */
  wait: number;
  /** Told when a new pair could not be kept: the command goes on, and fails at its end. */
  unsaved: (error: AppError) => Promise<void>;
}

/**
 * `AUTOCOM_TOKEN` as it is, else the stored session, renewed when it ends soon.
 * Throws `unauthenticated` when there is none that works, `keychain` when nobody can tell.
 */
export async function credential(
  system: Pick<System, "env" | "clock" | "random">,
  wanted: Wanted,
): Promise<Credential> {
  const token = system.env.AUTOCOM_TOKEN;
  if (token) return { token: checked(token.trim()), variable: "AUTOCOM_TOKEN" };
  const { origin, sessions, margin } = wanted;

  const renewed = async (found: Found): Promise<Credential> => {
    const { renew } = await import("./refresh.ts");
    const { access, own, unsaved } = await renew(system, sessions, { ...wanted, found });
    if (unsaved) await wanted.unsaved(unsaved);
    // A pair of one's own that is refused is the end. Another process's may be outdated again by a third.
    return own ? bearer(access, found) : renewable(access, found);
  };

  const renewable = (access: Access, found: Found): Credential => ({
    ...bearer(access, found),
    // A personal access token has nothing to renew it with.
    ...access.kind === "oauth" && { renew: () => renewed({ ...found, access }) },
  });

  const found = await stored(sessions, origin);
  const { access } = found;
  if (!access) return await renewed(found);
  const kept = renewable(access, found);
  if (!endsWithin(access, margin, system.clock.now())) return kept;
  try {
    return await renewed(found);
  } catch (error) {
    // What still lives is good enough while the server is too busy to renew it.
    if (isDead(error) || endsWithin(access, 0, system.clock.now())) throw error;
    return kept;
  }
}

/** The session as it is kept, living or not. Throws `unauthenticated` when there is none. */
export async function stored(sessions: SessionStore, origin: string): Promise<Found> {
  const found = await sessions.find(origin);
  if (found) return found;
  throw new AppError(
    "unauthenticated",
    `not logged in to ${origin}: there is no session in ${await sessions.places(origin)}`,
    {
      hint: "autocom auth login, or set AUTOCOM_TOKEN",
    },
  );
}

function bearer(access: Access, { where }: Found): Credential {
  return { token: access.access_token, access, where };
}

function isDead(error: unknown): boolean {
  return !(error instanceof AppError) || error.kind === "unauthenticated";
}

function checked(token: string): string {
  if (isToken(token)) return token;
  throw new AppError("usage", "AUTOCOM_TOKEN holds characters that no token has", {
    hint: "set it to the token alone, without quotes or line breaks, or: unset AUTOCOM_TOKEN",
  });
}
