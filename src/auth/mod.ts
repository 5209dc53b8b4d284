/**
 * Sessions: how one is obtained (browser, paste, token), where it is kept, and what it holds.
 *
 * @module
 */

import { requirePath } from "../storage/mod.ts";
import type { authorize as Authorize } from "./authorize.ts";
import type { opener as FindOpener } from "./browser.ts";
import type { lines as Lines } from "./paste.ts";
import type { lastToken as LastToken } from "./refresh.ts";
import type { Session } from "./session.ts";
import type { unhurried as Unhurried } from "./unhurried.ts";
import type { SessionStore, sessionStore as Open } from "./store.ts";

export type { Dialogue } from "./authorize.ts";
export { type Credential, credential } from "./credential.ts";
export type { Opener } from "./browser.ts";
export type { Tokens } from "./grant.ts";
export { type Access, Elsewhere, endsWithin, pair, type Place, type Refresh, type Session } from "./session.ts";
export { expired, isRenewable, type Life, type State, state, tokenVariable } from "./state.ts";
export type { Found, SessionStore } from "./store.ts";
export { unattended } from "./unattended.ts";

/** A login through the browser: see `authorize.ts`, which is loaded here, because few commands log in. */
export const authorize: typeof Authorize = async (...given) =>
  await (await import("./authorize.ts")).authorize(...given);

/** See `refresh.ts`, loaded when it is needed: few commands renew a session. */
export const lastToken: typeof LastToken = async (...given) => await (await import("./refresh.ts")).lastToken(...given);

/** See `unhurried.ts`. */
export const unhurried: typeof Unhurried = async (...given) => (await import("./unhurried.ts")).unhurried(...given);

/** The lines that a person pastes: see `paste.ts`. */
export async function* lines(...given: Parameters<typeof Lines>): AsyncIterable<string | undefined> {
  yield* (await import("./paste.ts")).lines(...given);
}

/** What opens an address here, or why nothing does. */
export const opener: typeof FindOpener = async (system) => await (await import("./browser.ts")).opener(system);

/** Where the secrets of a run are told, so that no message shows them. */
export interface Keeper {
  add(...secrets: (string | undefined)[]): void;
}

/**
 * The sessions of this machine: see `store.ts`, which is loaded when one is asked for. A token of the environment needs none of it.
 * `keeper` is told every token that is read and written, `warn` what went wrong and cost no session.
 */
export function sessionStore(
  system: Parameters<typeof Open>[0],
  waiting?: Parameters<typeof Open>[1],
  keeper?: Keeper,
  warn?: Parameters<typeof Open>[2],
  waiter?: Parameters<typeof Open>[3],
): SessionStore {
  let opened: Promise<SessionStore> | undefined;
  const store = () =>
    opened ??= import("./store.ts").then((module) => module.sessionStore(system, waiting, warn, waiter, tell));
  const tell = ({ access, refresh }: Partial<Session>) => keeper?.add(access?.access_token, refresh?.refresh_token);
  return {
    get file() {
      return requirePath(system, "credentials");
    },
    async find(origin, only) {
      const found = await (await store()).find(origin, only);
      if (found) tell(found);
      return found;
    },
    async refreshOf(origin, found) {
      const refresh = await (await store()).refreshOf(origin, found);
      if (refresh) tell({ refresh });
      return refresh;
    },
    unavailable: async (origin) => await (await store()).unavailable(origin),
    exclusive: async (work, wait) => await (await store()).exclusive(work, wait),
    save: async (session, place) => await (await store()).save(session, place),
    remove: async (origin, only) => await (await store()).remove(origin, only),
    inFile: async () => await (await store()).inFile(),
    ledger: async () => await (await store()).ledger(),
    places: async (origin) => await (await store()).places(origin),
  };
}
