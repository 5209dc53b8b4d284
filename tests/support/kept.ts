/**
 * A session that is kept, looked at and changed behind the program's back; time that passes; a platform that answers as
 * it is told on one path.
 *
 * @module
 */

import { pair, sessionStore } from "../../src/auth/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import type { Fetch } from "../../src/system/mod.ts";
import type { SandboxOptions } from "../platform/sandbox/mod.ts";
import { systemOf, type User, type World, world } from "./world.ts";

export type Entries = Partial<Record<"access" | "refresh", Record<string, unknown> & { gen: string }>>;
export type Place = "keychain" | "file";

/**
 * A world with a session in that place, as a login (or a personal access token) leaves it, and acme as its tenant; at a
 * platform with these switches.
 */
export async function sessionIn(
  place: Place,
  { user = "owner", kind = "oauth", ...options }: Partial<SandboxOptions> & { user?: User; kind?: "oauth" | "pat" } =
    {},
): Promise<World> {
  const made = await world({ env: { AUTOCOM_TENANT: "acme" } });
  Object.assign(made.sandbox.options, options);
  made.env.AUTOCOM_CLIENT_ID = made.sandbox.clientId;
  await keepSession(made, place, user, kind);
  return made;
}

/** Keeps a new session of that user's, as a login does. */
export async function keepSession(of: World, place: Place, user: User, kind: "oauth" | "pat" = "oauth"): Promise<void> {
  const { origin, clientId } = of.sandbox;
  const { email } = of.sandbox.descriptor().users[user];
  const system = systemOf(of);
  const tokens = tokensOf(of.sandbox, user, kind);
  const session = pair(system.random, { origin, kind, clientId, tokens, name: "A Person", email });
  await sessionStore(system).save(session, place);
}

function tokensOf(sandbox: World["sandbox"], user: User, kind: "oauth" | "pat") {
  if (kind === "pat") return { access_token: sandbox.pat(user) };
  const { expires_in, ...tokens } = sandbox.signIn(user);
  return { ...tokens, expires_at: Math.floor(sandbox.options.now() / 1000) + expires_in };
}

export const PLACES: Place[] = ["keychain", "file"];
/** A command that needs the session, and what it prints. */
export const ORDERS = "orders list --per-page 1 -q";
export const LISTED = /^ORDER\t.*\nORD-/;

/** Seconds that a token lives. */
export const LIFE = 1_296_000;
/** The access token ends; its refresh token does not. */
export const expire = (of: World): void => later(of, LIFE + 60);
/** Requests for new tokens. */
export const renewals = (of: World): number => asked(of, "/oauth/token").length;

export const credentials = ({ home }: World): string => `${home}/.autocom/credentials`;

/** The two entries, from wherever they are; each is undefined when it is not there. */
export async function entries(of: World): Promise<Entries> {
  const text = await Deno.readTextFile(credentials(of)).catch(() => undefined);
  if (text !== undefined) return JSON.parse(text).sessions[of.sandbox.origin] ?? {};
  return Object.fromEntries(
    of.keychain.items.map(({ attributes, secret }) => [attributes.username!.split(":").at(-1), JSON.parse(secret)]),
  );
}

/** Merges `changes` into an entry; null removes it. */
export async function tamper(of: World, entry: "access" | "refresh", changes: Record<string, unknown> | null) {
  const text = await Deno.readTextFile(credentials(of)).catch(() => undefined);
  if (text !== undefined) {
    const data = JSON.parse(text);
    const session = data.sessions[of.sandbox.origin];
    session[entry] = changes ? { ...session[entry], ...changes } : undefined;
    return await Deno.writeTextFile(credentials(of), JSON.stringify(data));
  }
  const at = of.keychain.items.findIndex(({ attributes }) => attributes.username!.endsWith(`:${entry}`));
  const [item] = of.keychain.items.splice(at, 1);
  if (!changes) return;
  of.keychain.items.push({ ...item!, secret: JSON.stringify({ ...JSON.parse(item!.secret), ...changes }) });
}

/** Every byte that is kept, in both places. */
export async function bytesOf(of: World): Promise<string> {
  return JSON.stringify([of.keychain.items, await Deno.readTextFile(credentials(of)).catch(() => null)]);
}

/** Lets that many seconds pass, for the platform too unless only the machine's clock is set. */
export function later(of: World, seconds: number, where: "everywhere" | "here" = "everywhere"): void {
  const { clock } = denoSystem();
  const now = () => Date.now() + seconds * 1000;
  of.system = { ...of.system, clock: { ...clock, now } };
  if (where === "everywhere") of.sandbox.options.now = now;
}

/** Puts `answer` in front of the platform for the path that ends so; what it returns undefined for goes on. */
export function intercept(
  of: World,
  path: "/oauth/token" | "/graphql" | "/auth/logout" | "/auth/tenants",
  answer: (request: Request, next: Fetch) => Response | undefined | Promise<Response | undefined>,
): void {
  const next = of.fetch;
  of.fetch = async (request) => {
    const asked = new URL(request.url).pathname.endsWith(path);
    return asked && await answer(request, next) || await next(request);
  };
}

/** A wait of so many milliseconds is over at once. */
export function hasten(of: World, ms: number): void {
  const clock = of.system.clock ?? denoSystem().clock;
  const sleep: typeof clock.sleep = (wait, signal) => wait === ms ? Promise.resolve() : clock.sleep(wait, signal);
  of.system = { ...of.system, clock: { ...clock, sleep } };
}

/** The first answer on that path comes, with all that it changes at the platform, when that many seconds have passed. */
export function tarry(of: World, path: Parameters<typeof intercept>[1], seconds = 1): void {
  const passed = Promise.withResolvers<void>();
  let answered = false;
  const clock = of.system.clock ?? denoSystem().clock;
  const sleep: typeof clock.sleep = (ms, signal) =>
    ms === seconds * 1_000 && !answered ? passed.promise : clock.sleep(ms, signal);
  of.system = { ...of.system, clock: { ...clock, sleep } };
  intercept(of, path, async (request, next) => {
    const answer = await next(request);
    passed.resolve();
    await new Promise((turn) => setTimeout(turn));
    answered = true;
    request.signal.throwIfAborted();
    return answer;
  });
}

/** Gives every answer the time by the platform's clock. */
export function dated(of: World): void {
  const next = of.fetch;
  of.fetch = async (request) => {
    const answer = await next(request);
    const headers = new Headers(answer.headers);
    headers.set("Date", new Date(of.sandbox.options.now()).toUTCString());
    return new Response(answer.body, { status: answer.status, headers });
  };
}

/** The requests that reached the platform at that path. */
export function asked({ sandbox }: World, path: string) {
  return sandbox.log.filter(({ url }) => new URL(url).pathname.endsWith(path));
}
