import { join } from "node:path";

/** How a Deno that a test starts finds the packages: as deno.lock has them, and fetching nothing. */
export const CACHED = [`--lock=${join(import.meta.dirname!, "../../deno.lock")}`, "--frozen", "--cached-only"];
