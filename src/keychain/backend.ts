import type { Lookup, Problem } from "./answers.ts";

/** One system's way to its keychain, in single steps that prove nothing: `Verified` makes a keychain of it. */
export interface Backend {
  /** Most bytes of a value that it keeps whole for that account. */
  capacity(account: string): number;
  /** Looks. `unlock`: lets the system ask a person for that first; given only when it said "locked" without. */
  find(account: string, unlock: boolean): Promise<Found>;
  /** Writes, perhaps over what is there. Called only after a `find` that met no problem. */
  write(account: string, value: string): Promise<Problem | undefined>;
  /** Removes what is there. Called as `write`. */
  erase(account: string): Promise<Problem | undefined>;
}

/** `copies`: how many entries the account has, where there can be several. */
export type Found = Lookup & { copies?: number };

/** Where there is no way. */
export function absent(problem: Problem): Backend {
  const answer = () => Promise.resolve(problem);
  return { capacity: () => Infinity, find: answer, write: answer, erase: answer };
}
