/**
 * Ending what a server gave, at the server.
 *
 * @module
 */

import { LEAST } from "../../api/mod.ts";
import type { App } from "../../app.ts";
import { type Found, lastToken, type Refresh } from "../../auth/mod.ts";
import { AppError } from "../../errors.ts";

/** `unknown`: to the server, that is; it opens nothing any more. */
export type Outcome = "ended" | "unknown" | AppError;

/** Ends an access token. `until`: instead of the person's interruption. */
export async function endToken(app: App, token: string, until?: AbortSignal): Promise<Outcome> {
  try {
    const api = await app.apiWith(token, undefined, until, Math.max(await app.timeout(), LEAST));
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
 * Returns why something may live on.
 */
export async function endRest(
  app: App,
  { found, refresh }: { found: Found; refresh: Refresh | undefined },
  first: Outcome,
  until?: AbortSignal,
): Promise<AppError | undefined> {
  const [{ origin }, fetch] = [await app.server(), await app.tokenEndpoint(until)];
  const kept = { refreshOf: () => Promise.resolve(refresh) };
  const last = await lastToken(app.system, kept, { origin, found, fetch }).catch(known);
  if (last instanceof AppError) return failureOf(first) ?? last;
  return failureOf(last === undefined ? first : await endToken(app, last, until));
}

export function failureOf(outcome: Outcome): AppError | undefined {
  return outcome instanceof AppError ? outcome : undefined;
}

/** A failure of what was tried; a defect, and the person's Ctrl-C, end the command. */
export function known(error: unknown): AppError {
  if (error instanceof AppError && !["interrupted", "hangup", "terminated"].includes(error.kind)) return error;
  throw error;
}
