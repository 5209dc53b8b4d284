import type { App } from "../../app.ts";
import { Elsewhere, type Found, pair, type Place, type Tokens } from "../../auth/mod.ts";
import { AppError } from "../../errors.ts";
import { Unavailable, Untold } from "../../keychain/mod.ts";
import { rooms } from "../../storage/mod.ts";
import type { Keeping } from "./end.ts";
import type { Person } from "./identify.ts";

/** Decides where the session will be kept, before the browser opens, and announces the file before it is written. */
export async function announcePlace(app: App, asked: Place | undefined): Promise<Place> {
  const { sessions, say } = app;
  const { origin } = await app.server();
  // What cannot take the session is no reason to approve first; the file is looked into first wherever it will be.
  await sessions.exclusive(() => sessions.inFile());
  if (asked === "file") {
    await checkFile(app);
    await say.note(`The session will be kept in the file ${sessions.file}, readable by you alone.`);
    return "file";
  }
  const why = await sessions.unavailable(origin);
  if (why === undefined) return "keychain";
  if (asked === "keychain") {
    throw new AppError("keychain", `the keychain cannot be used: ${why}`, { hint: "autocom auth login --store file" });
  }
  await checkFile(app);
  await announceFile(app, why);
  return "file";
}

async function checkFile({ sessions, system }: App): Promise<void> {
  await sessions.exclusive(async () => await (await rooms()).trial(system, sessions.file));
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

/** What a place has of an origin: its session, or another origin's under the same name. */
export interface Stored {
  found?: Found;
  other?: string;
}

/** What there is in the places that a login replaces or clears. `skip`: the keychain is not asked once more. */
async function storedNow(app: App, origin: string, place: Place, skip = false) {
  const stored: Stored[] = [];
  let unreachable = skip;
  for (const where of skip ? ["file"] as const : ["file", "keychain"] as const) {
    try {
      const found = await app.sessions.find(origin, where);
      if (found) stored.push({ found });
    } catch (error) {
      if (error instanceof Elsewhere && place === "keychain" && error.other) stored.push({ other: error.other });
      const why = error instanceof AppError ? error.kind : undefined;
      if (why === "unauthenticated") continue; // damaged: nothing to lose
      // A keychain that is locked or hung, or whose ledger is unreadable, is what the file was chosen for.
      if (place !== "file" || why !== "keychain" && !(error instanceof Untold)) throw error;
      unreachable = why === "keychain";
    }
  }
  return { stored, unreachable };
}

/** Without an e-mail the token alone tells whose it is: a name is what anybody calls themselves. */
function whose({ found, other }: Stored): string {
  return found ? found.access?.email || found.access?.access_token || "unknown" : other!;
}

/**
 * Stores the session; returns where, for people. `chosen`: the person named the place, so no other one will do. `keeping`
 * is told of the moment.
 *
 * Another account's session is not replaced unasked, in no place: an attacker's page could have logged you in as somebody
 * else. The lock is not held while a person is asked, so it is looked at again under it: another login may have been as fast.
 */
export async function keep(
  app: App,
  { kind, tokens, person, clientId }: Obtained,
  place: Place,
  { chosen, force, keeping }: { chosen: boolean; force: boolean; keeping: Keeping },
): Promise<string> {
  const { sessions, signal, system } = app;
  const { origin } = await app.server();
  const { name, email } = person;
  const session = pair(system.random, { origin, kind, clientId, tokens, name, email });
  const agreed = [email, tokens.access_token];
  const mayGo = (stored: Stored) => force || agreed.includes(whose(stored));
  for (;;) {
    signal.throwIfAborted();
    const before = await storedNow(app, origin, place);
    for (const stored of before.stored) {
      if (mayGo(stored)) continue;
      await (await import("./replace.ts")).replace(app, origin, person, stored);
      agreed.push(whose(stored));
    }
    try {
      const where = await sessions.exclusive(async ({ save, write }) => {
        const { stored } = await storedNow(app, origin, place, before.unreachable);
        // What cannot be looked at is not cleared, either.
        const put = before.unreachable ? write : save;
        return stored.every(mayGo) ? await keeping(() => put(session, place)) : undefined;
      });
      if (where !== undefined) return where;
    } catch (error) {
      // Found out only now: a keychain without a keyring, or a pair too large for it.
      if (!(error instanceof Unavailable) || chosen || place === "file") throw error;
      await announceFile(app, error.message);
      place = "file";
    }
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
    }, address === undefined ? "api_url" : undefined);
    for (const { key, value, changed } of saved) {
      if (changed) await say.note(`Saved ${key} = ${value} in ${settings.path()}.`);
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const failure = but(error);
    throw failure.hint || tenant === undefined
      ? failure
      : Object.assign(failure, { hint: `autocom tenants use ${tenant}` });
  }
  if (tenant !== undefined) return tenant;
  throw but(why!);
}
