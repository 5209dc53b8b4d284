/**
 * `autocom __complete SHELL …`, which the scripts of the shells call at each Tab. It ends with 0 and says nothing when
 * something is wrong; it asks neither the network nor the keychain.
 *
 * @module
 */

import { describe } from "./cli/mod.ts";
import { built, complete } from "./completion/mod.ts";
import type { System } from "./system/mod.ts";

export async function completing(args: readonly string[], system: System): Promise<number> {
  try {
    system.permissions.keep(["env", "read"]);
    const tree = built() ?? await describe((await import("./commands/mod.ts")).NOUNS);
    const text = await complete(args, {
      ...tree,
      tenants: async () => await (await import("./remembered.ts")).tenants(system),
      calls: async (globals) => await (await import("./remembered.ts")).calls(system, globals),
    });
    await system.io.stdout.write(text);
  } catch { /* a prompt is no place for messages */ }
  return 0;
}
