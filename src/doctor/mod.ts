/**
 * Is everything right, from the file system to the schema, and what mends it? Loaded by the verb that asks.
 *
 * @module
 */

import { addressed } from "../address.ts";
import type { App } from "../app.ts";
import { checks } from "./checks.ts";
import { examine as examineAll } from "./examine.ts";

export type { Finding } from "./examine.ts";

/** Every check in its order, with what it found. `documents`: GraphQL documents by the name of their operation. */
export async function* examine(app: App, documents: Record<string, string>): ReturnType<typeof examineAll> {
  for await (const finding of examineAll(checks(app, documents))) {
    yield { ...finding, fix: finding.fix && addressed(finding.fix, app.globals.apiUrl, app.system.env) };
  }
}
