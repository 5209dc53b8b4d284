/**
 * What the tenant's server offers, read from its own introspection: operations become verbs. No list of ours is asked.
 * What is kept is light to read; the rest is loaded by who needs it.
 *
 * @module
 */

export { type Book, type Field, type Input, type Operation, saidOf, type Type } from "./book.ts";
export { type Edition, load, type Place } from "./cache.ts";
export type { Digest } from "./digest.ts";
export { save } from "./save.ts";
export { keptCalls } from "./kept.ts";
export { Source } from "./source.ts";
/** Introspection JSON as a book. */
export const digesting = () => import("./digest.ts");
/** The flags of an operation. */
export const flagging = () => import("./flags.ts");
/** Operations as verbs. */
export const calling = () => import("./operation.ts");
/** Words as values of a server's types. */
export const typing = () => import("./values.ts");
