/**
 * What a run gives up, and when: permissions that its verb does not declare at the start, those of the session's store
 * once the token is known for good, and all but the network and the declared rest before a byte of the API's first
 * answer is read.
 *
 * @module
 */

import type { PermissionName, Permissions } from "./system/mod.ts";

/** What a verb needs of Deno's permissions: until the API's first answer, and after it. */
export interface Needs {
  before: readonly PermissionName[];
  after: readonly PermissionName[];
}

export interface Drop {
  /** The token is known, and will not be renewed in this run. */
  authenticated(): void;
  /** The status line of an answer is known, and its body is not read yet. */
  answered(): void;
}

/** What the session's store is reached with. */
const UNTIL_ANSWERED: readonly PermissionName[] = ["run", "ffi", "write"];

/** Gives up what `needs` do not name, now; returns what gives up the rest. What is gone does not come back. */
export function drop({ keep }: Permissions, { before, after }: Needs): Drop {
  keep(before);
  let answered = false;
  return {
    authenticated() {
      if (!answered) keep([...before.filter((name) => !UNTIL_ANSWERED.includes(name)), ...after]);
    },
    answered() {
      if (!answered) keep(["net", ...after]);
      answered = true;
    },
  };
}

/** Of a run inside another: that one gave up what it did not need for all that run in it. */
export const DROPPED: Drop = { authenticated() {}, answered() {} };
