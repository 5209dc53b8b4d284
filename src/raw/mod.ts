/**
 * Requests as a person writes them, and answers as the server sent them: for `graphql` and `api`.
 *
 * @module
 */

export { type Asked, tellRaw } from "./asked.ts";
/** Documents, read; loaded with their parser. */
export const reading = () => import("./document.ts");
/** What a mutation does, for who shows it or tells of it. */
export const outlining = () => import("./mutation.ts");
export type { Parsed } from "./document.ts";
/** Answers in pages; loaded where there are several. */
export const paging = () => import("./pages.ts");
export { type Pair, pairs } from "./pairs.ts";
export { printRaw } from "./print.ts";
