/**
 * The map of the product: one line per noun. A noun is loaded when it is named.
 *
 * @module
 */

import type { Verb } from "./verb.ts";

export interface Noun {
  name: string;
  summary: string;
  /** A group of verbs, or one verb that stands at the root. */
  load: () => Promise<{ verbs: readonly Verb[] } | { verb: Verb }>;
  /** Not in the list of the help: an alias. */
  hidden?: true;
}

export const NOUNS: readonly Noun[] = [
  { name: "auth", summary: "log in and out, see the session", load: () => import("./auth/mod.ts") },
  { name: "whoami", summary: "show who you are", load: () => import("./whoami/mod.ts") },
  { name: "orders", summary: "list orders, show one", load: () => import("./orders/mod.ts") },
  { name: "tenants", summary: "list your tenants, choose one", load: () => import("./tenants/mod.ts") },
  { name: "config", summary: "read and change the settings", load: () => import("./config/mod.ts") },
  {
    name: "help",
    summary: "explain exit-codes, environment, permissions, or a command",
    load: () => import("./help/mod.ts"),
  },
  {
    name: "login",
    summary: "auth login",
    load: async () => ({ verb: (await import("./auth/mod.ts")).login }),
    hidden: true,
  },
  {
    name: "logout",
    summary: "auth logout",
    load: async () => ({ verb: (await import("./auth/mod.ts")).logout }),
    hidden: true,
  },
];
