import type { System } from "../system/mod.ts";
import { hold } from "./held.ts";
import { findPath } from "./paths.ts";
import type { Writer } from "./write.ts";

type World = Writer & Pick<System, "env" | "host">;

/** Opens that file before the permission to do so is gone. */
export async function keepTenants(
  system: World,
  origin: string,
): Promise<Disposable & { keep: (slugs: string[]) => Promise<void> }> {
  const path = findPath(system, "tenants");
  const held = path ? await hold(system, path) : undefined;
  return {
    async keep(slugs) {
      await held?.write(JSON.stringify({ of: origin, slugs })).catch(() => {}); // it is a cache
    },
    [Symbol.dispose]: () => held?.close(),
  };
}
