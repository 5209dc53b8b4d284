/**
 * Ending what a server gave, at the server.
 *
 * @module
 */

import type { App } from "../../app.ts";
import { type Found, lastToken, type Refresh, unhurried } from "../../auth/mod.ts";
import { AppError } from "../../errors.ts";

/** `unknown`: to the server, that is; it opens nothing any more. */
export type Outcome = "ended" | "unknown" | AppError;

/** Ends an access token. `until`: instead of the person's interruption. */
export async function endToken(app: App, token: string, until?: AbortSignal): Promise<Outcome> {
  try {
    const api = await app.apiWith(token, undefined, until);
    await api.rest("POST", "/auth/logout", "revoke the session", { tenant: false });
    return "ended";
  } catch (error) {
    const failure = known(error);
    return failure.kind === "unauthenticated" ? "unknown" : failure;
  }
}

/**
 * Sees whether the refresh token is dead, too, once the access token was ended with that outcome: a server that ends the
 * access token alone renews the session once more. That last pair is ended likewise, and nobody ever has its refresh token.
 * Returns why something may live on. Without `until` the person's interruption is waited out for a moment.
 */
export async function endRest(
  app: App,
  { found, refresh }: { found: Found; refresh: Refresh | undefined },
  first: Outcome,
  until?: AbortSignal,
): Promise<AppError | undefined> {
  if (!refresh) return failureOf(first);
  const { clock } = app.system;
  const work = async (until: AbortSignal) => {
    const [{ origin }, fetch] = [await app.server(), await app.tokenEndpoint(until)];
    const kept = { refreshOf: () => Promise.resolve(refresh) };
    const last = await lastToken(app.system, kept, { origin, found, fetch }).catch(known);
    if (last instanceof AppError) return failureOf(first) ?? last;
    if (last !== undefined) return failureOf(await endToken(app, last, until));
    // What was renewed by somebody else is refused likewise, and nobody has seen its end.
    return first === "unknown" ? REFUSED : failureOf(first);
  };
  if (until) return await work(until);
  app.signal.throwIfAborted();
  // A pair that is given to somebody who no longer listens would live on.
  return await unhurried(clock, app.signal, work);
}

const REFUSED = new AppError(
  "unauthenticated",
  "its refresh token was refused (expired, revoked, or renewed by a run that was cut off)",
);

export function failureOf(outcome: Outcome): AppError | undefined {
  return outcome instanceof AppError ? outcome : undefined;
}

/** A failure of what was tried; a defect, and the person's Ctrl-C, end the command. */
export function known(error: unknown): AppError {
  if (error instanceof AppError && !["interrupted", "hangup", "terminated"].includes(error.kind)) return error;
  throw error;
}
