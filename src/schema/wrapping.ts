/**
 * Types as GraphQL writes them: `[Item!]!` is a list that is there, of items that are there.
 *
 * @module
 */

interface Unwrapped {
  name: string;
  lists: number;
  required: boolean;
}

/** Most fields are of a few types. */
const UNWRAPPED = new Map<string, Unwrapped>();

/** `[Item!]!` → what it names, how many lists deep, and whether something must be there. */
export function unwrap(type: string): Unwrapped {
  let found = UNWRAPPED.get(type);
  if (!found) {
    const [, lists = "", name = ""] = /^(\[*)(\w*)/.exec(type)!;
    found = { name, lists: lists.length, required: type.endsWith("!") };
    UNWRAPPED.set(type, found);
  }
  return found;
}

/** What is in a list: `[Item!]!` → `Item!`. */
export function elementOf(type: string): string {
  return type.replace(/^\[(.*)\]!?$/, "$1");
}
