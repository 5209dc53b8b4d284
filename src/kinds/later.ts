/** What a list needs now and then. @module */

export { refuse } from "./contradiction.ts";
export { named, renamed } from "./named.ts";
export { fewer, nothing } from "./nothing.ts";
export { rowsLine } from "./progress.ts";
