import type { App } from "../../app.ts";
import { endsWithin, type Found, lastToken, tokenVariable } from "../../auth/mod.ts";
import { AppError } from "../../errors.ts";
import { ONLINE, STORE, verb } from "../../cli/mod.ts";
import { Unavailable } from "../../keychain/mod.ts";
import { fields, view } from "../../fields/mod.ts";
import { detail, isMachine } from "../../output/mod.ts";

export const logout = verb({
  name: "logout",
  needs: { before: ONLINE.before, after: STORE },
  examples: ["autocom auth logout", "autocom auth logout --revoke"],
  summary: "end the session, at the server and on this machine",
  does: "End the session: revoke it at the server, then delete every copy on this machine. " +
    "A personal access token is only deleted here, because it may be in use elsewhere.",
  options: { revoke: { about: "revoke a personal access token too: it ends wherever it is used" } },
  async run(app, options) {
    const { sessions, say, system } = app;
    const { origin } = await app.server();
    const destination = await app.destination();
    const variable = tokenVariable(system);
    if (variable) {
      const where = variable === "AUTOCOM_TOKEN" ? "in that variable" : "in its file";
      throw new AppError("usage", `cannot log out of ${variable}: the token is only ${where}`, {
        hint: `unset ${variable}`,
      });
    }
    let revoked = false;
    // A renewal under way would write the session back, with tokens that nobody has revoked.
    const places = await sessions.exclusive(async ({ remove }) => {
      const found = await look(app, origin);
      if (found) revoked = await revoke(app, origin, found, options.revoke);
      return await remove(origin).catch((error) => {
        throw stillThere(known(error), origin);
      });
    });
    const deleted = places.length > 0;
    await say.note(
      deleted
        ? `Logged out of ${origin}: the session is deleted from ${places.join(" and ")}.`
        : `Nothing to log out of: there is no session for ${origin}.`,
    );
    if (isMachine(destination.format)) {
      await detail(destination, view(ENDED), { origin, deleted, revoked });
    }
  },
});

/** What is left of the session: nothing, when both are true. */
const ENDED = fields({
  origin: { is: "text", column: "ORIGIN" },
  deleted: { is: "switch", column: "DELETED", about: "a copy was on this machine" },
  revoked: { is: "switch", column: "REVOKED", about: "the server ended it, or no longer knows it" },
});

/** The session, as far as it can be read. What cannot be read is deleted all the same, or says why not. */
async function look({ sessions, say }: App, origin: string): Promise<Found | undefined> {
  try {
    return await sessions.find(origin);
  } catch (error) {
    const { kind, message } = known(error);
    if (kind === "unauthenticated") await say.warn(`the session may live on at the server: ${message}`);
    return undefined;
  }
}

/** True when the session is over at the server. A failure is a warning: what is kept here is deleted all the same. */
async function revoke(app: App, origin: string, found: Found, evenPersonal: boolean): Promise<boolean> {
  if (found.access?.kind === "pat" && !evenPersonal) {
    await app.say.note("The personal access token stays valid: only autocom auth logout --revoke ends it.");
    return false;
  }
  const failure = await end(app, origin, found).catch(known);
  if (failure) await app.say.warn(`the session may live on at the server: ${failure.message}`);
  return !failure;
}

/**
 * Ends the access token, then sees whether the refresh token is dead, too: a server that ends the access token alone
 * renews the session once more. That last pair is ended likewise, and nobody ever has its refresh token.
 * Returns why something may live on.
 */
async function end(app: App, origin: string, found: Found): Promise<AppError | undefined> {
  const { access } = found;
  const living = access && !endsWithin(access, 0, app.system.clock.now());
  const first = living ? await endToken(app, access.access_token) : "unknown";
  if (failureOf(first)?.kind === "network") return failureOf(first);
  const last = await lastToken(app.system, app.sessions, { origin, found, fetch: await app.tokenEndpoint() })
    .catch(known);
  if (last instanceof AppError) return first === "ended" ? undefined : failureOf(first) ?? last;
  return failureOf(last === undefined ? first : await endToken(app, last));
}

type Outcome = "ended" | "unknown" | AppError;

/** `unknown`: to the server, that is; it opens nothing any more. */
async function endToken(app: App, token: string): Promise<Outcome> {
  try {
    await (await app.apiWith(token)).rest("POST", "/auth/logout", "revoke the session", { tenant: false });
    return "ended";
  } catch (error) {
    const failure = known(error);
    return failure.kind === "unauthenticated" ? "unknown" : failure;
  }
}

function failureOf(outcome: Outcome): AppError | undefined {
  return outcome instanceof AppError ? outcome : undefined;
}

/** Where a copy is, or may be, and how to go on. */
function stillThere(error: AppError, origin: string): AppError {
  const { kind, message, hint } = error;
  const way = error instanceof Unavailable
    ? "open a session that reaches this keychain (the desktop's, say)"
    : kind === "keychain"
    ? "unlock it, or delete that entry by hand"
    : hint ?? "delete it by hand";
  return new AppError(kind, `not logged out of ${origin}: ${message}`, { hint: `${way}; then: autocom auth logout` });
}

/** A failure of what was tried; a defect, and the person's Ctrl-C, end the command. */
function known(error: unknown): AppError {
  if (error instanceof AppError && !["interrupted", "hangup", "terminated"].includes(error.kind)) return error;
  throw error;
}
