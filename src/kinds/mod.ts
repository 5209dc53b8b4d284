/**
 * Makers of verbs: what every list, every look at one thing and every change has in common. They know no noun.
 *
 * @module
 */

export { carryOut, changing, type Prepared } from "./changing.ts";
export { CONFIRMABLE } from "./confirmable.ts";
export { askedOf, asking, CHOOSE, chosen, namesOf, printNames } from "./chosen.ts";
export { REQUEST } from "./request.ts";
/** What a change asks before it is sent; loaded when there is one. */
export const confirming = () => import("./confirm.ts");
export { found, only } from "./found.ts";
export { type Asked, type Listed, listed, sorts, type Source } from "./listed.ts";
export { isMany, later, left, listing, warnOfFewer } from "./listing.ts";
export { REACH } from "./reach.ts";
export { type Seen, stream } from "./stream.ts";
export { when } from "./when.ts";
export { showing } from "./showing.ts";
