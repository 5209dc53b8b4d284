import type { App } from "../../app.ts";
import { Elsewhere, pair, type Place, type Tokens } from "../../auth/mod.ts";
import { AppError } from "../../errors.ts";
import { Unavailable } from "../../keychain/mod.ts";
import type { Person } from "./identify.ts";

/** Decides where the session will be kept, before the browser opens, and announces the file before it is written. */
export async function announcePlace(app: App, asked: Place | undefined): Promise<Place> {
  const { sessions, say } = app;
  const { origin } = await app.server();
  await sessions.exclusive(async () => {}); // a home folder that cannot be written is no reason to approve first
  if (asked === "file") {
    await say.note(`The session will be kept in the file ${sessions.file}, readable by you alone.`);
    return "file";
  }
  const why = await sessions.unavailable(origin);
  if (why === undefined) return "keychain";
  if (asked === "keychain") {
    throw new AppError("keychain", `the keychain cannot be used: ${why}`, { hint: "autocom auth login --store file" });
  }
  await announceFile(app, why);
  return "file";
}

async function announceFile({ say, sessions }: App, why: string): Promise<void> {
  await say.warn(`no keychain (${why}): the session will be kept in the file ${sessions.file}, readable by you alone`);
}

/** What a login obtained. */
export interface Obtained {
  kind: "oauth" | "pat";
  tokens: Tokens;
  person: Person;
  clientId: string;
}

/** Another account's session is not replaced unasked: an attacker's page could have logged you in as somebody else. */
export async function mayReplace(
  app: App,
  { person, tokens }: Obtained,
  place: Place,
  force: boolean,
): Promise<void> {
  const { origin } = await app.server();
  let shared = false;
  const before = await app.sessions.find(origin).catch((error) => {
    shared = error instanceof Elsewhere && error.sibling && place === "keychain";
    // Damaged: nothing to lose. And a keychain that is locked or hung is what the file was chosen for.
    const why = error instanceof AppError ? error.kind : undefined;
    if (why === "unauthenticated" || (why === "keychain" && place === "file")) return undefined;
    throw error;
  });
  const { access_token, email } = before?.access ?? {};
  // Without an e-mail the token alone tells whose it is: a name is what anybody calls themselves.
  const same = email ? email === person.email : access_token === tokens.access_token;
  if (force || (before ? same : !shared)) return;
  await (await import("./replace.ts")).replace(app, origin, person, before);
}

/** Stores the session; returns where, for people. `chosen`: the person named the place, so no other one will do. */
export async function keep(
  app: App,
  { kind, tokens, person, clientId }: Obtained,
  place: Place,
  chosen: boolean,
): Promise<string> {
  const { origin } = await app.server();
  const { name, email } = person;
  const session = pair(app.system.random, { origin, kind, clientId, tokens, name, email });
  try {
    return await app.sessions.save(session, place);
  } catch (error) {
    // Found out only now: a keychain without a keyring, or a pair too large for it.
    if (!(error instanceof Unavailable) || chosen) throw error;
    await announceFile(app, error.message);
    return await app.sessions.save(session, "file");
  }
}

/**
 * Saves address, tenant and the client id that was given as the defaults of the next command. Throws when no tenant was
 * chosen.
 */
export async function remember(
  app: App,
  person: Person,
  where: string,
  clientId: string | undefined,
): Promise<string> {
  const { settings, say } = app;
  const { apiUrl } = await app.server();
  const { tenant, why } = person;
  // The built-in address is no choice to write down.
  const address = (await app.server()).isDefault ? undefined : apiUrl;
  const account = person.email ? ` as ${person.email}` : "";
  const but = (error: AppError) =>
    new AppError(error.kind, `logged in${account} (session kept in ${where}), but ${error.message}`, error);
  try {
    const saved = await settings.save({
      ...address !== undefined && { api_url: address },
      ...clientId !== undefined && { client_id: clientId },
      ...tenant !== undefined && { tenant },
    });
    for (const { key, value, changed } of saved) {
      if (changed) await say.note(`Saved ${key} = ${value} in ${settings.path()}.`);
    }
  } catch (error) {
    throw error instanceof AppError && error.kind === "config" ? but(error) : error;
  }
  if (tenant !== undefined) return tenant;
  throw but(why!);
}
