/**
 * The end of a run that a signal, or a rejection that nobody handled, came to. Loaded when it did.
 *
 * @module
 */

import { AppError } from "./errors.ts";
import type { System } from "./system/mod.ts";

/** How long a command may clean up once it was interrupted, in milliseconds. */
const GRACE = 1_000;

/**
 * Lets the command close what it opened; it may know more than that it was interrupted. What was done by then is done, and
 * no failure. `closing`: what is waited for however long it takes; the command has its time behind that, too.
 */
export async function endOf(
  work: Promise<void>,
  reason: unknown,
  { clock }: Pick<System, "clock">,
  closing: () => Promise<void>[],
): Promise<void> {
  const over = new AbortController();
  const late = async () => {
    await clock.sleep(GRACE, over.signal);
    if ((await Promise.all(closing())).length > 0) await clock.sleep(GRACE, over.signal);
    return reason;
  };
  const outcome = await Promise.race([work.catch((error: unknown) => error), late().catch(() => reason)]);
  over.abort();
  if (!(reason instanceof AppError)) throw reason;
  if (outcome) throw outcome instanceof AppError && outcome.kind === reason.kind ? outcome : reason;
}
