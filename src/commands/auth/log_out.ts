import type { App } from "../../app.ts";
import { Elsewhere, endsWithin, type Found, type Place, type Refresh, tokenVariable } from "../../auth/mod.ts";
import { AppError } from "../../errors.ts";
import { Unavailable, unfit, Unnamable, Untold } from "../../keychain/mod.ts";
import { view } from "../../fields/mod.ts";
import { detail, isMachine } from "../../output/mod.ts";
import { ENDED } from "./ended.ts";
import { endRest, endToken, failureOf, known } from "./revoke.ts";

/**
 * Ends what each place holds at the server, then deletes it. Nothing is deleted before all of it was looked at.
 * `evenPersonal`: a personal access token is revoked, too.
 */
export async function logOut(app: App, evenPersonal: boolean): Promise<void> {
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
  // What is typed once that is mended ends as much.
  const again = evenPersonal ? "autocom auth logout --revoke" : "autocom auth logout";
  let revoked = false;
  // A renewal under way would write the session back, with tokens that nobody has revoked.
  const leaving = sessions.exclusive(async ({ remove, keychain }) => {
    const seen = [await copyIn(app, origin, "file"), await copyIn(app, origin, "keychain")];
    const copies = seen.filter((one) => one instanceof Copy);
    // Said once all is deleted: where it cannot be said, that is no reason to keep it.
    const said: (() => Promise<void>)[] = [];
    const over: boolean[] = [];
    for (const copy of copies) over.push(await revoke(app, copy, evenPersonal, said));
    // Another origin's session is not deleted, and no more than a reason why there is none of this one.
    const unread = seen.filter((one) => one instanceof AppError).filter((error) =>
      copies.length === 0 || !isOthers(error)
    );
    revoked = copies.length > 0 && unread.length === 0 && over.every(Boolean);
    const isDamaged = ({ kind }: AppError) => kind === "unauthenticated";
    for (const failure of unread.filter(isDamaged)) said.push(() => mayLiveOn(app, failure));
    const removed = remove(origin).catch(async (error) => {
      // Of the keychain, and behind all that the file held.
      if (error instanceof Unnamable) return copies.map(({ found }) => found.where);
      throw await stillThere(error instanceof Untold ? untold(error, keychain, copies) : known(error), origin, again);
    });
    await removed.catch(() => {});
    for (const say of said) await say();
    await removed;
    // A place that could not be asked, and was cleared all the same.
    for (const failure of unread.filter((failure) => !isDamaged(failure))) await mayLiveOn(app, failure);
    return removed;
  });
  app.closing.push(leaving.then(() => {}, () => {}));
  const places = await leaving.catch((error) => {
    throw isReadOnly(error) ? new AppError(error.kind, error.message, { hint: `${READ_ONLY}; then: ${again}` }) : error;
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
}

/** A session as it stands in one place. */
class Copy {
  constructor(readonly found: Found, readonly refresh: Refresh | undefined | AppError) {}
}

/** What one place holds, as far as it can be read, or why that cannot be told; undefined when it holds nothing. */
async function copyIn({ sessions }: App, origin: string, place: Place): Promise<Copy | AppError | undefined> {
  try {
    const found = await sessions.find(origin, place);
    return found && new Copy(found, await sessions.refreshOf(origin, found).catch(known));
  } catch (error) {
    const failure = known(error);
    return failure instanceof Unnamable ? undefined : failure;
  }
}

function isOthers(error: AppError): boolean {
  return error instanceof Elsewhere && error.other !== undefined;
}

async function mayLiveOn({ say }: App, { message }: AppError): Promise<void> {
  await say.warn(`the session may live on at the server: ${message}`);
}

/** When it is read, the copy that could have ended it is gone. */
const STAYS = "The personal access token stays valid. End it in the web app, or log in with it once more, then";

/** True when the session is over at the server. A failure is a warning: what is kept here is deleted all the same. */
async function revoke(
  app: App,
  copy: Copy,
  evenPersonal: boolean,
  said: (() => Promise<void>)[],
): Promise<boolean> {
  if (copy.found.access?.kind === "pat" && !evenPersonal) {
    said.push(() => app.say.note(STAYS, "autocom auth logout --revoke"));
    return false;
  }
  const failure = await end(app, copy).catch(known);
  if (failure) said.push(() => mayLiveOn(app, failure));
  return !failure;
}

/** Ends the access token, then the rest. Returns why something may live on. */
async function end(app: App, { found, refresh }: Copy): Promise<AppError | undefined> {
  const { access } = found;
  const living = access && !endsWithin(access, 0, app.system.clock.now());
  const first = living ? await endToken(app, access.access_token) : "unknown";
  if (failureOf(first)?.kind === "network") return failureOf(first);
  if (refresh instanceof AppError) return failureOf(first) ?? refresh;
  return await endRest(app, { found, refresh }, first);
}

/** Another file of the sessions, as everywhere else, would only hide the one that is to go. */
const READ_ONLY = "make that disk writable, or end the session in the web app's list of sessions";

function isReadOnly(error: unknown): error is AppError {
  return error instanceof AppError && error.message.endsWith("(EROFS)");
}

/** Where a copy is, or may be, and how to go on. */
async function stillThere(error: AppError, origin: string, again: string): Promise<AppError> {
  const { kind, message, hint } = error;
  const { Damaged, forgotten } = await unfit();
  if (error instanceof Damaged) {
    return new AppError(kind, `not logged out of ${origin}: ${message}`, { hint: forgotten(error) });
  }
  const way = error instanceof Unavailable
    ? "open a session that reaches this keychain (the desktop's, say)"
    : kind === "keychain"
    ? "unlock it, or delete that entry by hand"
    : hint ?? "delete it by hand";
  return new AppError(kind, `not logged out of ${origin}: ${message}`, { hint: `${way}; then: ${again}` });
}

/** The file is cleared before the keychain is: what that was given, nobody can tell, and it may be a session that works. */
function untold({ kind, message, hint }: AppError, keychain: string, copies: Copy[]): AppError {
  const file = copies.find(({ found }) => found.place === "file")?.found.where;
  const [before, what] = file ? [`the copy in ${file} is deleted; `, "one"] : ["", "a session"];
  return new AppError(kind, `${before}whether ${keychain} holds ${what} cannot be told: ${message}`, { hint: hint! });
}
