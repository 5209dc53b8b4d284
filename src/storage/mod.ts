/**
 * Private files: the one door for `config.toml`, the credentials and the state beside them. What is read was checked
 * for its kind, owner and mode; what is written is whole or not written; who must not write at once holds a lock.
 *
 * @module
 */

import type { syncFolder as Sync } from "./sync.ts";

export { type Held, hold, holdFirmly } from "./held.ts";
export { exclusive } from "./exclusive.ts";
export { type Waiter, withLock } from "./lock.ts";
export { openKept } from "./open.ts";
export { findPath, type Place, PLACES, requirePath } from "./paths.ts";
export { readPrivate, readPrivateBytes } from "./read.ts";
export { listedTenants } from "./listed.ts";
export { keepTenants } from "./tenants.ts";
export { atOnce, type Disk, mayBeThere } from "./look.ts";
/** See `beside.ts`; loaded where there is no home. */
export const homeless = () => import("./beside.ts");
/** The system's refusals in words; loaded when something was refused. */
export const refusals = () => import("./refusal.ts");
/** See `room.ts`; loaded before something is obtained that is to be kept. */
export const rooms = () => import("./room.ts");
export { checkLock, lockOf, sessionLock } from "./locks.ts";
export { shellQuote } from "./trust.ts";
export { owned, unlocked } from "./ways.ts";
/** See `sync.ts`; loaded where a file was replaced that must not be lost. */
export const syncFolder: typeof Sync = async (...given) => (await import("./sync.ts")).syncFolder(...given);
/** See `read.ts`; loaded when there is something to read. */
export const reading = () => import("./read.ts");
export { removeLeftovers, removePrivate, writePrivate, type Writer } from "./write.ts";
