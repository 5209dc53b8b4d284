/**
 * The token of a stored session. Loaded where there is one: a token of the environment needs none of it.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import type { System } from "../system/mod.ts";
import type { Credential, Wanted } from "./credential.ts";
import { type Access, endsWithin, lifeOf } from "./session.ts";
import type { Disk } from "./state.ts";
import type { Found } from "./store.ts";

/** The session's token, renewed when it ends soon. */
export async function stored(
  system: Disk & Pick<System, "clock" | "random">,
  wanted: Wanted,
  found: Found,
): Promise<Credential> {
  const { sessions, margin } = wanted;
  const renewed = async (found: Found, alive: boolean): Promise<Credential> => {
    const { renew } = await import("./refresh.ts");
    const { access, own, unsaved } = await renew(system, sessions, { ...wanted, found, alive });
    if (unsaved) await wanted.unsaved(unsaved);
    // A pair of one's own that is refused is the end. Another process's may be outdated again by a third.
    return own ? bearer(access, found) : renewable(access, found);
  };

  const renewable = (access: Access, found: Found): Credential => ({
    ...bearer(access, found),
    // A personal access token has nothing to renew it with.
    ...access.kind === "oauth" && { renew: (alive = false) => renewed({ ...found, access }, alive) },
  });

  const { access } = found;
  if (!access) return await renewed(found, true);
  const kept = renewable(access, found);
  if (!endsWithin(access, bounded(margin, access), system.clock.now())) return kept;
  try {
    return await renewed(found, true);
  } catch (error) {
    // What still lives is good enough while the server is too busy to renew it, or there is nothing to renew it with.
    if (!isPassing(error) || endsWithin(access, 0, system.clock.now())) throw error;
    if (error.kind === "config") await wanted.warn((await import("./said.ts")).unrenewed(error));
    return kept;
  }
}

/**
 * At most half of a token's life: else where that is shorter than the margin each run would renew what is seconds old, and
 * end the token that the run before it uses.
 */
function bounded(margin: number, access: Access): number {
  const life = lifeOf(access);
  return life > 0 && life < 2 * margin ? life / 2 : margin;
}

function bearer(access: Access, { where }: Found): Credential {
  return { token: access.access_token, access, where };
}

/** Whether it says nothing of the access token. */
function isPassing(error: unknown): error is AppError {
  return error instanceof AppError && (error.kind !== "unauthenticated" || "unrenewable" in error);
}
