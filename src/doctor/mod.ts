/**
 * Is everything right, from the file system to the schema, and what mends it? Loaded by the verb that asks.
 *
 * @module
 */

import { addressed } from "../address.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { identified } from "../identified.ts";
import { checks } from "./checks.ts";
import { examine as examineAll } from "./examine.ts";

export type { Finding } from "./examine.ts";

/** Every check in its order, with what it found. `documents`: GraphQL documents by the name of their operation. */
export async function* examine(app: App, documents: Record<string, string>): ReturnType<typeof examineAll> {
  for await (const { error, ...finding } of examineAll(checks(app, documents))) {
    const login = finding.fix && await identified(finding.fix, app.settings);
    const fix = login && addressed(login, app.globals.apiUrl, app.system.env, app.globals.tenant);
    const told = error && login ? new AppError(error.kind, error.message, { ...error, hint: login }) : error;
    yield { ...finding, fix, ...told && { error: told } };
  }
}
