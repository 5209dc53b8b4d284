/**
 * Sessions: how one is obtained (browser, paste, token), where it is kept, and what it holds.
 *
 * @module
 */

import { requirePath } from "../storage/mod.ts";
import type { authorize as Authorize } from "./authorize.ts";
import type { opener as FindOpener } from "./browser.ts";
import type { lastToken as LastToken } from "./refresh.ts";
import type { SessionStore, sessionStore as Open } from "./store.ts";

export type { Dialogue } from "./authorize.ts";
export type { Opener } from "./browser.ts";
export { type Credential, credential, stored } from "./credential.ts";
export type { Tokens } from "./grant.ts";
export { lines } from "./paste.ts";
export { type Access, endsWithin, pair, type Place, type Refresh, type Session } from "./session.ts";
export type { Found, SessionStore } from "./store.ts";
export { unattended } from "./unattended.ts";

/** A login through the browser: see `authorize.ts`, which is loaded here, because few commands log in. */
export const authorize: typeof Authorize = async (...given) =>
  await (await import("./authorize.ts")).authorize(...given);

/** See `refresh.ts`, loaded when it is needed: few commands renew a session. */
export const lastToken: typeof LastToken = async (...given) => await (await import("./refresh.ts")).lastToken(...given);

/** What opens an address here, or why nothing does. */
export const opener: typeof FindOpener = async (system) => await (await import("./browser.ts")).opener(system);

/** The sessions of this machine: see `store.ts`, which is loaded when one is asked for. `AUTOCOM_TOKEN` needs none of it. */
export const sessionStore: typeof Open = (system, waiting) => {
  let opened: Promise<SessionStore> | undefined;
  const store = () => opened ??= import("./store.ts").then((module) => module.sessionStore(system, waiting));
  return {
    get file() {
      return requirePath(system, "credentials", "AUTOCOM_CREDENTIALS_FILE");
    },
    find: async (origin) => await (await store()).find(origin),
    refreshOf: async (origin, found) => await (await store()).refreshOf(origin, found),
    unavailable: async (origin) => await (await store()).unavailable(origin),
    exclusive: async (work, wait) => await (await store()).exclusive(work, wait),
    save: async (session, place) => await (await store()).save(session, place),
    remove: async (origin) => await (await store()).remove(origin),
    inFile: async () => await (await store()).inFile(),
    places: async (origin) => await (await store()).places(origin),
  };
};
