/**
 * What the tenant's server offers, read from its own introspection: operations become verbs. No list of ours is asked.
 *
 * @module
 */

export { type Book, type Field, type Input, type Operation, type Type, unwrap } from "./book.ts";
export { type Edition, load, type Place, save } from "./cache.ts";
export type { Digest } from "./digest.ts";
/** Introspection JSON as a book; loaded when some is read. */
export const digesting = () => import("./digest.ts");
export { Flags } from "./flags.ts";
export { find, verbOf } from "./operation.ts";
export { keptCalls } from "./kept.ts";
export { Source } from "./source.ts";
