/**
 * What a Tab may offer beside commands: what earlier runs kept. Loaded when it is asked for.
 *
 * @module
 */

import type { Globals } from "./app.ts";
import { settings } from "./config/mod.ts";
import { keptCalls } from "./schema/mod.ts";
import { listedTenants } from "./storage/mod.ts";
import type { System } from "./system/mod.ts";

/** What is kept of the schema of that tenant. */
export async function calls(system: System, { tenant, apiUrl }: Globals): ReturnType<typeof keptCalls> {
  const flags = { ...tenant !== undefined && { tenant }, ...apiUrl !== undefined && { apiUrl } };
  return await keptCalls(system, settings(system, flags));
}

/** The saved tenant, and those that were listed last at the server in use. */
export async function tenants(system: System): Promise<string[]> {
  const chosen = settings(system);
  const { value } = await chosen.get("tenant");
  const listed = await listedTenants(system, new URL((await chosen.get("api_url")).value).origin);
  return [...new Set([...value === undefined ? [] : [value], ...listed])];
}
