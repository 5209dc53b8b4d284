/**
 * Is everything right, from the file system to the schema, and what mends it? Loaded by the verb that asks.
 *
 * @module
 */

import type { App } from "../app.ts";
import { checks } from "./checks.ts";
import { examine as examineAll } from "./examine.ts";

export type { Finding } from "./examine.ts";

/** Every check in its order, with what it found. `documents`: GraphQL documents by the name of their operation. */
export function examine(app: App, documents: Record<string, string>): ReturnType<typeof examineAll> {
  return examineAll(checks(app, documents));
}
