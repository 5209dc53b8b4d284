/**
 * The program at a platform: the whole command line in process, or one document through its API.
 *
 * @module
 */

import { connect } from "../../src/api/mod.ts";
import { AppError } from "../../src/errors.ts";
import { denoSystem } from "../../src/system/deno.ts";
import { walkAuthorize } from "../platform/browser.ts";
import type { UserName } from "../platform/sandbox/mod.ts";
import { execute, type World, world } from "../support/harness.ts";
import type { Scene } from "./scene.ts";

/** Longer than a retry's pause, shorter than any limit of time, in milliseconds. */
const PAUSE = 5_000;

/** A world whose platform is the scene's, reached over the network. A pause before a retry costs no time. */
export async function visitor({ platform }: Scene, changes: Partial<World> = {}): Promise<World> {
  const { url, client_id } = platform.descriptor;
  const { clock } = denoSystem();
  return await world({
    apiUrl: `${url}/api/v1`,
    fetch: (request) => fetch(request),
    system: { clock: { ...clock, sleep: (ms, signal) => clock.sleep(ms < PAUSE ? 0 : ms, signal) } },
    ...changes,
    env: { AUTOCOM_API_URL: `${url}/api/v1`, AUTOCOM_CLIENT_ID: client_id, ...changes.env },
  });
}

/** With a personal access token in the environment. */
export function tokenHolder(scene: Scene, user: UserName, tenant = "acme"): Promise<World> {
  return visitor(scene, { env: { AUTOCOM_TOKEN: scene.pat(user), AUTOCOM_TENANT: tenant } });
}

/** A browser that signs in as that user and presses Authorize or Cancel, then follows the redirect. */
export function browserAs(scene: Scene, user: UserName, decision: "approve" | "deny" = "approve") {
  return async (url: string): Promise<void> => {
    const person = scene.platform.descriptor.users[user];
    const callback = await walkAuthorize((request) => fetch(request), url, person, decision);
    await (await fetch(callback)).body?.cancel();
  };
}

/** Logged in through the browser, with acme as its tenant. */
export async function loggedInAt(scene: Scene, user: UserName = "owner"): Promise<World> {
  const made = await visitor(scene, { browser: browserAs(scene, user), env: { DISPLAY: ":0" } });
  const { code, err } = await execute("auth login --tenant acme", made);
  if (code !== 0) throw new Error(`auth login: ${err}`);
  return made;
}

export interface Outcome {
  /** The exit code that the program would end with. */
  exit: number;
  data?: Record<string, unknown>;
  error?: AppError;
}

/** Sends a document as the program's commands do, and gives the exit code that the answer means. */
export async function outcome(
  { platform }: Scene,
  { token, tenant, document, variables }: {
    token: string;
    tenant: string;
    document: string;
    variables?: Record<string, unknown>;
  },
): Promise<Outcome> {
  const api = connect({
    system: { ...denoSystem(), fetch: (request) => fetch(request) },
    apiUrl: `${platform.descriptor.url}/api/v1`,
    credential: { token },
    tenant,
    timeout: 60_000,
    userAgent: "autocom/test (linux; x86_64)",
    signal: new AbortController().signal,
    debug: () => {},
    note: () => Promise.resolve(),
    answered: () => {},
  });
  try {
    return { exit: 0, data: await api.query(document, variables ?? {}, "do what the test wants") };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { exit: error.exit, error };
  }
}

/** The session that is kept in the world's keychain. */
export function kept(of: World): Partial<Record<"access" | "refresh", Record<string, unknown>>> {
  return Object.fromEntries(
    of.keychain.items.map(({ attributes, secret }) => [attributes.username!.split(":").at(-1), JSON.parse(secret)]),
  );
}

/** Changes an entry of it behind the program's back. */
export function tamper(of: World, entry: "access" | "refresh", changes: Record<string, unknown>): void {
  const item = of.keychain.items.find(({ attributes }) => attributes.username!.endsWith(`:${entry}`))!;
  item.secret = JSON.stringify({ ...JSON.parse(item.secret), ...changes });
}
