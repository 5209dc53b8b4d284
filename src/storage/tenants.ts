import type { System } from "../system/mod.ts";
import { hold } from "./held.ts";
import { findPath } from "./paths.ts";
import { readPrivate } from "./read.ts";
import type { Writer } from "./write.ts";

type World = Writer & Pick<System, "env" | "host">;

/** Bytes: thousands of slugs. */
const LIMIT = 1 << 20;

/** The slugs of the tenants that were listed last at that origin, for completion; none when they are not known. */
export async function listedTenants(system: World, origin: string): Promise<string[]> {
  try {
    const path = findPath(system, "tenants");
    const text = path && await readPrivate(system, path, { limit: LIMIT, secret: true });
    const kept: unknown = JSON.parse(text || "null");
    const { of, slugs } = kept as { of: unknown; slugs: unknown };
    return of === origin && Array.isArray(slugs)
      ? slugs.filter((slug) => typeof slug === "string" && /^[\w.-]+$/.test(slug))
      : [];
  } catch {
    return []; // it is a cache, and the end of a run may have left its beginning
  }
}

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
