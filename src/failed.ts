/**
 * What a failure is told with. Loaded when there is one.
 *
 * @module
 */

import type { Settings } from "./config/mod.ts";
import type { AppError } from "./errors.ts";
import { identified } from "./identified.ts";

export { secretsIn } from "./typed.ts";

/** Where a login is the way on, it is one that this build can do. */
export async function identify(failure: AppError, settings: Settings | undefined): Promise<void> {
  if (!settings || failure.kind === "usage" || !failure.hint) return;
  Object.assign(failure, { hint: await identified(failure.hint, settings) });
}
