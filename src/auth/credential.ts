import { isToken } from "../api/mod.ts";
import { AppError } from "../errors.ts";
import type { Fetch, System } from "../system/mod.ts";
import type { Renewed } from "./refresh.ts";
import { type Access, endsWithin } from "./session.ts";
import type { Found, SessionStore } from "./store.ts";

/** The token to send, and where it came from. */
export interface Credential {
  token: string;
  /** `AUTOCOM_TOKEN` when it came from there. */
  variable?: "AUTOCOM_TOKEN";
  /** The stored session, when it came from one. */
  access?: Access;
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
  /** Told when a new pair could not be kept: the command goes on, and fails at its end. */
  unsaved: (error: AppError) => void;
}

/**
 * `AUTOCOM_TOKEN` as it is, else the stored session, renewed when it ends soon.
 * Throws `unauthenticated` when there is none that works, `keychain` when nobody can tell.
 */
export async function credential(
  system: Pick<System, "env" | "clock" | "random">,
  wanted: Wanted,
): Promise<Credential> {
  const token = system.env.AUTOCOM_TOKEN?.trim();
  if (token) return { token: checked(token), variable: "AUTOCOM_TOKEN" };
  const { origin, sessions, margin } = wanted;
  const found = await stored(sessions, origin);
  const { access } = found;
  if (access && !isToken(access.access_token)) throw damaged(origin, found.where);
  const again = async (before: Found, refused: boolean): Promise<Renewed> => {
    const { renew } = await import("./refresh.ts");
    const renewed = await renew(system, sessions, { ...wanted, found: before, refused });
    if (renewed.unsaved) wanted.unsaved(renewed.unsaved);
    return renewed;
  };
  if (!access || endsWithin(access, margin, system.clock.now())) {
    const renewed = await again(found, false);
    return { token: renewed.access.access_token, access: renewed.access };
  }
  return {
    token: access.access_token,
    access,
    ...access.kind === "oauth" && {
      renew: async () => {
        const renewed = await again(found, true);
        return { token: renewed.access.access_token, access: renewed.access };
      },
    },
  };
}

/** The session as it is kept, living or not. Throws `unauthenticated` when there is none. */
export async function stored(sessions: SessionStore, origin: string): Promise<Found> {
  const found = await sessions.find(origin);
  if (found) return found;
  throw new AppError("unauthenticated", `not logged in to ${origin}`, {
    hint: "autocom auth login, or set AUTOCOM_TOKEN",
  });
}

function checked(token: string): string {
  if (isToken(token)) return token;
  throw new AppError("usage", "AUTOCOM_TOKEN holds characters that no token has", {
    hint: "set it to the token alone, without quotes or line breaks",
  });
}

function damaged(origin: string, where: string): AppError {
  return new AppError("unauthenticated", `the session for ${origin} in ${where} is damaged`, {
    hint: "autocom auth login replaces it",
  });
}
