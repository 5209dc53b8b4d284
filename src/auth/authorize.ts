import { AppError } from "../errors.ts";
import type { Fetch, System } from "../system/mod.ts";
import { launchBrowser, type Opener } from "./browser.ts";
import { type Callback, deaf, listen } from "./callback.ts";
import type { Tokens } from "./grant.ts";
import type { Keeper } from "./mod.ts";
import { judgePaste, lines } from "./paste.ts";
import { type Attempt, authorizeUrl, newAttempt } from "./pkce.ts";
import { unattended } from "./unattended.ts";
import { unhurried } from "./unhurried.ts";

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
  /** What opens the address, or why nothing does. */
  browser: Opener;
  /** Whether an address may be read from stdin. */
  paste: boolean;
  /** A program drives the login: it may send the browser's answer to the listener from anywhere. */
  driven: boolean;
  /** Goes to the token endpoint, within bounds, until that aborts. */
  tokenEndpoint: (until: AbortSignal) => Promise<Fetch>;
  signal: AbortSignal;
  /** Told every secret of the attempt. */
  keeper?: Keeper;
}

/** How long an opener may take to fail, in milliseconds. */
const OPENING = 2_000;

const AGAIN = "Still waiting for your approval. The redirected address can be pasted here (it is not shown).";

/** What the parts of one login share. */
interface Attempted {
  world: World;
  login: Login;
  dialogue: Dialogue;
  attempt: Attempt;
  callback: Callback;
  url: string;
  /** Aborts when the login is over, or the person interrupts. */
  signal: AbortSignal;
}

/**
 * One login with PKCE: listens, sends the person to the approval page, takes the first valid answer from the browser
 * or from stdin, exchanges its code. Nothing of it is kept; the port is free again whatever happens.
 */
export async function authorize(world: World, login: Login, dialogue: Dialogue): Promise<Tokens> {
  const attempt = await newAttempt(world.random);
  login.keeper?.add(attempt.verifier, attempt.state);
  const callback = listenFor(world, login, attempt, dialogue);
  const over = new AbortController();
  const { signal } = over;
  const interrupt = () => over.abort(login.signal.reason);
  login.signal.addEventListener("abort", interrupt);
  if (login.signal.aborted) interrupt();
  let loggedIn = false;
  let reading: Promise<string> | undefined;
  try {
    const url = authorizeUrl(login.origin, login.clientId, callback.redirectUri, attempt);
    const attempted = { world, login, dialogue, attempt, callback, url, signal };
    const expiresAt = world.clock.now() + login.lifetime;
    const show = (why?: string) => dialogue.show(url, expiresAt, why);
    const { promise: shown, resolve } = Promise.withResolvers<void>();
    const first = () => show("missing" in login.browser ? login.browser.missing : undefined).then(resolve);
    const read = (first: () => Promise<void>) => reading ??= fromStdin(attempted, first);
    // From a pipe only where there is no browser: what is in it may be meant for somebody else.
    const atOnce = login.paste && ("missing" in login.browser || (world.io.stdin.isTerminal && !login.driven));
    if (!atOnce) await first();
    const code = await Promise.race([
      callback.code,
      ...(atOnce ? [read(first)] : []),
      shown.then(() => notOpened(attempted)).then(async (why) => {
        if (!login.paste || reading) await show(why);
        return await (login.paste ? read(() => show(why)) : forever());
      }),
      tooLate(attempted),
    ]);
    signal.throwIfAborted();
    login.keeper?.add(code);
    const tokens = await exchange(attempted, code);
    login.keeper?.add(tokens.access_token, tokens.refresh_token);
    loggedIn = true;
    return tokens;
  } finally {
    login.signal.removeEventListener("abort", interrupt);
    over.abort(new AppError("failure", "the login is over"));
    await callback.close(loggedIn);
    await reading?.catch(() => {}); // until the terminal is as it was
  }
}

/** On a machine that many people share the ports can all be taken; an address that is pasted needs none of them. */
function listenFor(world: World, login: Login, attempt: Attempt, { stray }: Dialogue): Callback {
  try {
    return listen(world.serve, attempt, login.origin, stray);
  } catch (error) {
    if (error instanceof AppError && "missing" in login.browser && login.paste) return deaf();
    throw error;
  }
}

/** Opens the address. Ends with the reason when a person has to do it after all. */
async function notOpened({ world, login, url, signal }: Attempted): Promise<string> {
  const { browser } = login;
  if ("missing" in browser) return await forever();
  const ended = launchBrowser(world, browser, url);
  const code = ended && await Promise.race([ended, world.clock.sleep(OPENING, signal).then(() => 0, () => 0)]);
  if (code === 0 || signal.aborted) return await forever();
  const why = `${browser.command} ${code === false ? "did not start" : `ended with ${code}`}`;
  if (!login.paste && !login.driven) throw unattended(`no browser can be opened (${why}), and nothing may be asked`);
  return why;
}

/** The code from an address that is pasted. Rejects when the person refused, or nobody can approve any more. */
async function fromStdin(
  { world, login, dialogue, attempt, callback, signal }: Attempted,
  first: () => Promise<void>,
): Promise<string> {
  const { isTerminal } = world.io.stdin;
  for await (const line of lines(world.io, { first, again: AGAIN }, signal)) {
    const verdict = line === undefined
      ? { ignored: "it is too long for a callback's address" }
      : judgePaste(line, callback.redirectUri, attempt, login.origin);
    await dialogue.pasted(line?.length, "ignored" in verdict ? verdict.ignored : undefined);
    if ("code" in verdict) return verdict.code;
    const why = "refused" in verdict ? verdict.refused : verdict.ignored;
    if ("refused" in verdict || !isTerminal) {
      throw new AppError("unauthenticated", `not logged in: ${why}`, { hint: "autocom auth login" });
    }
  }
  if (login.driven && !signal.aborted) await new Promise((over) => signal.addEventListener("abort", over));
  signal.throwIfAborted();
  throw unattended("no browser can be opened, and stdin ended without an address");
}

function forever(): Promise<never> {
  return new Promise(() => {});
}

async function tooLate({ world, login: { lifetime, paste }, signal }: Attempted): Promise<never> {
  await world.clock.sleep(lifetime, signal);
  throw (await import("./late.ts")).late(lifetime, world.io.stdin.isTerminal && paste);
}

async function exchange({ world, login, callback, attempt }: Attempted, code: string): Promise<Tokens> {
  return await unhurried(world.clock, login.signal, async (until) => {
    const { exchangeCode } = await import("./grant.ts");
    const { origin, clientId } = login;
    const { redirectUri } = callback;
    const fetch = await login.tokenEndpoint(until);
    return await exchangeCode(fetch, world.clock.now, {
      origin,
      clientId,
      code,
      redirectUri,
      verifier: attempt.verifier,
    });
  });
}
