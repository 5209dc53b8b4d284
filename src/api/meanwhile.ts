import type { AppError } from "../errors.ts";

/**
 * What ended a list in the middle. A token that was good a page before, of a session that can be renewed: a run beside this
 * one may have done so, and the next run finds it in its store.
 */
export function brokenBy({ kind, message, hint }: AppError): { message: string; hint: string | undefined } {
  if (kind !== "unauthenticated" || hint !== "autocom auth refresh") return { message, hint };
  return { message: `${message}; another run may have renewed the session`, hint: undefined };
}
