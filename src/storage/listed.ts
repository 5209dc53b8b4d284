import type { System } from "../system/mod.ts";
import type { Disk } from "./look.ts";
import { findPath } from "./paths.ts";
import { readPrivate } from "./read.ts";

/** Bytes: thousands of slugs. */
const LIMIT = 1 << 20;

/** The slugs of the tenants that were listed last at that origin, for completion; none when they are not known. */
export async function listedTenants(system: Disk & Pick<System, "env">, origin: string): Promise<string[]> {
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
