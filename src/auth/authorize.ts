import { AppError } from "../errors.ts";
import type { Fetch, System } from "../system/mod.ts";
import { open, type Opener, opener } from "./browser.ts";
import { type Callback, deaf, listen } from "./callback.ts";
import type { Tokens } from "./grant.ts";
import type { Keeper } from "./mod.ts";
import { judgePaste, lines } from "./paste.ts";
import { type Attempt, authorizeUrl, newAttempt } from "./pkce.ts";

type World = Pick<System, "io" | "env" | "files" | "clock" | "random" | "spawn" | "serve" | "host">;

/** What a login says while it waits. */
export interface Dialogue {
  /** The address to open; `expiresAt` in ms. `manual` says why no browser is opened, if none is. */
  show(url: string, expiresAt: number, manual: string | undefined): Promise<void>;
  /** A line that was pasted: how long it was, and why it was not accepted, if so. */
  pasted(characters: number | undefined, refused: string | undefined): Promise<void>;
  /** The browser came back with an error that does not prove to be ours: the login goes on. */
  stray(): void;
}

export interface Login {
  origin: string;
  clientId: string;
  /** Milliseconds that the person has. */
  lifetime: number;
  /** Why the person asked for no browser: then none is opened. */
  manual?: string;
  /** Whether an address may be read from the terminal. */
  paste: boolean;
  /** Goes to the token endpoint, within bounds. */
  fetch: Fetch;
  signal: AbortSignal;
  /** Told every secret of the attempt. */
  keeper?: Keeper;
}

/**
 * One login with PKCE: listens, sends the person to the approval page, takes the first valid answer from the browser
 * or from the terminal, exchanges its code. Nothing of it is kept; the port is free again whatever happens.
 */
export async function authorize(world: World, login: Login, dialogue: Dialogue): Promise<Tokens> {
  const attempt = await newAttempt(world.random);
  login.keeper?.add(attempt.verifier, attempt.state);
  const browser = login.manual ? { missing: login.manual } : await opener(world);
  const callback = listenFor(world, login, attempt, browser, dialogue);
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, login.signal]);
  let loggedIn = false;
  try {
    const url = authorizeUrl(login.origin, login.clientId, callback.redirectUri, attempt);
    const manual = await start(world, login, browser, url, dialogue);
    const code = await Promise.race([
      callback.code,
      ...(manual && login.paste ? [fromTerminal(world, callback, attempt, login.origin, signal, dialogue)] : []),
      tooLate(world, login.lifetime, signal),
    ]);
    login.keeper?.add(code);
    const tokens = await exchange(world, login, callback, attempt, code);
    login.keeper?.add(tokens.access_token, tokens.refresh_token);
    loggedIn = true;
    return tokens;
  } finally {
    over.abort(new AppError("failure", "the login is over"));
    await callback.close(loggedIn);
  }
}

/** On a machine that many people share the ports can all be taken; an address that is pasted needs none of them. */
function listenFor(world: World, login: Login, attempt: Attempt, browser: Opener, { stray }: Dialogue): Callback {
  try {
    return listen(world.serve, attempt, login.origin, stray);
  } catch (error) {
    if (error instanceof AppError && "missing" in browser && login.paste) return deaf();
    throw error;
  }
}

/** Shows the address, then opens it. Returns why a person has to do that, if so. */
async function start(
  world: World,
  login: Login,
  browser: Opener,
  url: string,
  dialogue: Dialogue,
): Promise<string | undefined> {
  const expiresAt = world.clock.now() + login.lifetime;
  if ("missing" in browser) {
    await dialogue.show(url, expiresAt, browser.missing);
    return browser.missing;
  }
  await dialogue.show(url, expiresAt, undefined);
  if (open(world, browser, url)) return undefined;
  const failed = `${browser.command} did not start`;
  await dialogue.show(url, expiresAt, failed);
  return failed;
}

/** The code from an address that the person pastes; never ends when there is nothing to read. */
async function fromTerminal(
  world: World,
  callback: Callback,
  attempt: Attempt,
  origin: string,
  signal: AbortSignal,
  dialogue: Dialogue,
): Promise<string> {
  const { stdin } = world.io;
  for await (const line of lines(stdin, signal)) {
    const verdict = line === undefined
      ? { ignored: "it is too long for a callback's address" }
      : judgePaste(line, callback.redirectUri, attempt, origin);
    await dialogue.pasted(line?.length, "ignored" in verdict ? verdict.ignored : undefined);
    if ("code" in verdict) return verdict.code;
    const why = "refused" in verdict ? verdict.refused : verdict.ignored;
    if ("refused" in verdict || !stdin.isTerminal) {
      throw new AppError("unauthenticated", `not logged in: ${why}`, { hint: "autocom auth login" });
    }
  }
  return await new Promise<never>(() => {});
}

async function tooLate(world: World, lifetime: number, signal: AbortSignal): Promise<never> {
  await world.clock.sleep(lifetime, signal);
  const time = lifetime >= 120_000 ? `${Math.round(lifetime / 60_000)} minutes` : `${lifetime / 1000} s`;
  throw new AppError(
    "unauthenticated",
    `not logged in: no answer from the browser within ${time} (an error page there means a wrong client id or ` +
      "redirect URI; a 403, that another login was open in a second tab; a page that stays after Authorize, that the " +
      "platform's form-action policy blocks the way back)",
    { hint: "close other login tabs, then: autocom auth login" },
  );
}

async function exchange(
  { clock }: World,
  { fetch, origin, clientId }: Login,
  { redirectUri }: Callback,
  { verifier }: Attempt,
  code: string,
): Promise<Tokens> {
  const { exchangeCode } = await import("./grant.ts");
  return await exchangeCode(fetch, clock.now, { origin, clientId, code, redirectUri, verifier });
}
