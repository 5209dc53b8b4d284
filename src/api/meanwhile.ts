import type { AppError } from "../errors.ts";

/**
 * What ended a list in the middle. A session's token that was good a page before: a run beside this one may have renewed
 * the session, which the next run finds in its store.
 */
export function brokenBy({ kind, message, hint }: AppError): { message: string; hint: string | undefined } {
  if (kind !== "unauthenticated" || !hint?.startsWith("autocom auth ")) return { message, hint };
  return { message: `${message}; another run may have renewed the session`, hint: undefined };
}
