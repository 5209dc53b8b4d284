import { AppError } from "../errors.ts";
import type { Fetch, System } from "../system/mod.ts";
import { type Access, endsWithin } from "./session.ts";
import { type Disk, state, type TokenVariable } from "./state.ts";
import type { Found, SessionStore } from "./store.ts";

/** The token to send, and where it came from. */
export interface Credential {
  token: string;
  /** The variable that it came from, or that names its file. */
  variable?: TokenVariable;
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
 * The token of the environment as it is, else the stored session, renewed when it ends soon.
 * Throws `unauthenticated` when there is none that works, `keychain` when nobody can tell.
 */
export async function credential(
  system: Disk & Pick<System, "clock" | "random">,
  wanted: Wanted,
): Promise<Credential> {
  const { origin, sessions, margin } = wanted;
  const now = await state(system, sessions, origin);
  if (now.is === "given") return { token: now.token, variable: now.variable };
  if (now.is === "none") throw await now.error();

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

  const { found } = now;
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

function bearer(access: Access, { where }: Found): Credential {
  return { token: access.access_token, access, where };
}

function isDead(error: unknown): boolean {
  return !(error instanceof AppError) || error.kind === "unauthenticated";
}
