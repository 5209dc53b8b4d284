import type { AppError } from "../errors.ts";
import type { System } from "../system/mod.ts";
import type { Running } from "./refresh.ts";
import type { Access } from "./session.ts";
import { type Disk, state, type TokenVariable } from "./state.ts";
import type { SessionStore } from "./store.ts";

/** The token to send, and where it came from. */
export interface Credential {
  token: string;
  /** The variable that it came from, or that names its file. */
  variable?: TokenVariable;
  /** The stored session, when it came from one, and where it is kept, for people. */
  access?: Access;
  where?: string;
  /** Obtains another token once the server refused this one (`alive`: it did not); absent when that cannot be done, or was done. */
  renew?: (alive?: boolean) => Promise<Credential>;
}

export interface Wanted {
  origin: string;
  sessions: SessionStore;
  /** Seconds of life that the command needs: it may not be able to renew the session later. */
  margin: number;
  /** What a renewal needs. */
  run: Running;
  /** Milliseconds to wait for a status line. */
  timeout: number;
  /** Told when a new pair could not be kept: the command goes on, and fails at its end. */
  unsaved: (error: AppError) => Promise<void>;
  /** Told what went wrong and cost nothing. */
  warn: (text: string) => Promise<void>;
}

/**
 * The token of the environment as it is, else the stored session, renewed when it ends soon.
 * Throws `unauthenticated` when there is none that works, `keychain` when nobody can tell.
 */
export async function credential(
  system: Disk & Pick<System, "clock" | "random">,
  wanted: Wanted,
): Promise<Credential> {
  const { origin, sessions } = wanted;
  const now = await state(system, sessions, origin);
  if (now.is === "given") return { token: now.token, variable: now.variable };
  if (now.is === "none") throw await now.error();

  return await (await import("./stored.ts")).stored(system, wanted, now.found);
}
