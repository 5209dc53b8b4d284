/**
 * The map of the product: one line per noun.
 *
 * @module
 */

import { describe, type Named, type Noun } from "../cli/mod.ts";
import { verbs as orders } from "./orders/mod.ts";

/**
 * What is asked most is part of the program: a chunk of its own would take longer than its few functions. What a person runs now and then is loaded when it is named; so is what is heavy (prompts, YAML, TOML,
 * OAuth, a change), where it is used.
 */
export const NOUNS: readonly Noun[] = [
  {
    name: "auth",
    summary: "log in and out, see the session",
    verbs: async () => (await import("./auth/mod.ts")).verbs,
  },
  { name: "whoami", summary: "show who you are", verbs: async () => (await import("./whoami/mod.ts")).whoami },
  { name: "orders", summary: "list, show, export, make and change orders", verbs: orders },
  {
    name: "products",
    summary: "list, show, export, make and change products",
    verbs: async () => (await import("./products/mod.ts")).verbs,
  },
  {
    name: "customers",
    summary: "list, show and export customers",
    verbs: async () => (await import("./customers/mod.ts")).verbs,
  },
  {
    name: "team",
    summary: "invite people, see who is invited",
    verbs: async () => (await import("./team/mod.ts")).verbs,
  },
  {
    name: "tenants",
    summary: "list your tenants, choose one",
    verbs: async () => (await import("./tenants/mod.ts")).verbs,
  },
  {
    name: "audit",
    summary: "see what was changed, and by whom",
    verbs: async () => (await import("./audit/mod.ts")).verbs,
  },
  {
    name: "call",
    summary: "any operation of your tenant's server",
    verbs: async () => (await import("./call/mod.ts")).verbs,
    find: async (word, seek) => await (await import("./call/mod.ts")).find(word, seek),
  },
  {
    name: "schema",
    summary: "which operations there are, and what they take",
    verbs: async () => (await import("./schema/mod.ts")).verbs,
  },
  {
    name: "graphql",
    summary: "send a GraphQL document as it is",
    verbs: async () => (await import("./graphql/mod.ts")).graphql,
  },
  {
    name: "api",
    summary: "send a REST request as it is",
    verbs: async () => (await import("./api/mod.ts")).api,
  },
  {
    name: "config",
    summary: "read and change the settings",
    verbs: async () => (await import("./config/mod.ts")).verbs,
  },
  {
    name: "doctor",
    summary: "check the set-up, and say how to fix each fault",
    verbs: async () => (await import("./doctor/mod.ts")).doctor(documents),
  },
  {
    name: "commands",
    summary: "list every command, also as JSON for programs",
    verbs: async () => (await import("./commands/mod.ts")).commands(() => describe(NOUNS), everyVerb),
  },
  {
    name: "upgrade",
    summary: "replace this program with the newest release",
    verbs: async () => (await import("./upgrade/mod.ts")).upgrade,
  },
  {
    name: "completion",
    summary: "complete commands in your shell",
    verbs: async () => (await import("./completion/mod.ts")).completion,
  },
  {
    name: "help",
    summary: "explain a command, exit-codes, environment, permissions or query",
    verbs: async () => (await import("./help/mod.ts")).help(everyVerb),
  },
  { name: "login", summary: "auth login", verbs: async () => (await import("./auth/mod.ts")).login, hidden: true },
  { name: "logout", summary: "auth logout", verbs: async () => (await import("./auth/mod.ts")).logout, hidden: true },
];

/** Every verb; the shortcuts, which are hidden, are left out. */
export async function everyVerb(): Promise<Named[]> {
  const groups = await Promise.all(
    NOUNS.filter(({ hidden }) => !hidden).map(async ({ name, verbs }) => {
      const found = await verbs();
      return "run" in found
        ? [{ words: name, verb: found }]
        : found.map((verb) => ({ words: `${name} ${verb.name}`, verb }));
    }),
  );
  return groups.flat();
}

/** Every GraphQL document of the program. */
async function documents(): Promise<Record<string, string>> {
  return Object.assign({}, ...(await everyVerb()).map(({ verb }) => verb.documents));
}
