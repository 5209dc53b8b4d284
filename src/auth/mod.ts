/**
 * Sessions: how one is obtained (browser, paste, token), where it is kept, and what it holds.
 *
 * @module
 */

import type { authorize as Authorize } from "./authorize.ts";

export type { Dialogue } from "./authorize.ts";
export { lines, unwrap } from "./paste.ts";
export { type Access, endsWithin, pair, type Place, type Refresh, type Session } from "./session.ts";
export { type Credential, credential, stored } from "./credential.ts";
export { type Found, type SessionStore, sessionStore } from "./store.ts";
export { Unavailable } from "../keychain/mod.ts";
export type { Tokens } from "./grant.ts";

/** A login through the browser: see `authorize.ts`, which is loaded here, because few commands log in. */
export const authorize: typeof Authorize = async (...given) =>
  await (await import("./authorize.ts")).authorize(...given);
