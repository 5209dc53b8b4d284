/**
 * Private files: the one door for `config.toml`, the credentials and the state beside them. What is read was checked
 * for its kind, owner and mode; what is written is whole or not written; who must not write at once holds a lock.
 *
 * @module
 */

export { type Held, hold } from "./held.ts";
export { withLock } from "./lock.ts";
export { openKept } from "./open.ts";
export { findPath, lockPath, type Place, PLACES, requirePath } from "./paths.ts";
export { readGiven, readPrivate } from "./read.ts";
export { keepTenants, listedTenants } from "./tenants.ts";
/** The system's refusals in words; loaded when something was refused. */
export const refusals = () => import("./refusal.ts");
export { type Disk, shellQuote } from "./trust.ts";
export { removeLeftovers, removePrivate, writePrivate, type Writer } from "./write.ts";
