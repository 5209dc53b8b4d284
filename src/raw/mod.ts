/**
 * Requests as a person writes them, and answers as the server sent them: for `graphql` and `api`.
 *
 * @module
 */

export { pageOf, Pages } from "./pages.ts";
export { type Pair, pairs } from "./pairs.ts";
export { printRaw } from "./print.ts";
