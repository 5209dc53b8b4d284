/**
 * `autocom __complete SHELL …`, which the scripts of the shells call at each Tab. It ends with 0 and says nothing when
 * something is wrong; it asks neither the network nor the keychain.
 *
 * @module
 */

import type { Globals } from "./app.ts";
import { describe } from "./cli/mod.ts";
import { built, type Calls, complete } from "./completion/mod.ts";
import type { System } from "./system/mod.ts";

export async function completing(args: readonly string[], system: System): Promise<number> {
  try {
    system.permissions.keep(["env", "read"]);
    const tree = built() ?? await describe((await import("./commands/mod.ts")).NOUNS);
    const text = await complete(args, {
      ...tree,
      tenants: () => tenants(system),
      calls: (globals) => calls(system, globals),
    });
    await system.io.stdout.write(text);
  } catch { /* a prompt is no place for messages */ }
  return 0;
}

/** What is kept of the schema of that tenant. */
async function calls(system: System, globals: Globals): Promise<Calls | undefined> {
  const [{ keptCalls }, { settings }] = await Promise.all([import("./schema/mod.ts"), import("./config/mod.ts")]);
  const { tenant, apiUrl } = globals;
  return await keptCalls(
    system,
    settings(system, { ...tenant !== undefined && { tenant }, ...apiUrl !== undefined && { apiUrl } }),
  );
}

/** The saved tenant, and those that were listed last at the server in use. */
async function tenants(system: System): Promise<string[]> {
  const [{ settings }, { listedTenants }] = await Promise.all([import("./config/mod.ts"), import("./storage/mod.ts")]);
  const chosen = settings(system);
  const { value } = await chosen.get("tenant");
  const listed = await listedTenants(system, new URL((await chosen.get("api_url")).value).origin);
  return [...new Set([...value === undefined ? [] : [value], ...listed])];
}
