/**
 * Sessions: how one is obtained (browser, paste, token), where it is kept, and what it holds.
 *
 * @module
 */

export { authorize, type Dialogue } from "./authorize.ts";
export { lines, unwrap } from "./paste.ts";
export { type Access, type Place, type Refresh, type Session } from "./session.ts";
export { type Found, type SessionStore, sessionStore } from "./store.ts";
export { Unavailable } from "../keychain/mod.ts";
export type { Tokens } from "./grant.ts";
