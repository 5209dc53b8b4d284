/**
 * Makers of verbs: what every list, every look at one thing and every change has in common. They know no noun.
 *
 * @module
 */

export { carryOut, changing, type Prepared } from "./changing.ts";
export { listing, type Source } from "./listing.ts";
export { when } from "./when.ts";
export { showing } from "./showing.ts";
