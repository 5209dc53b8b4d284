/**
 * The map of the product: one line per noun.
 *
 * @module
 */

import { verbs as audit } from "./audit/mod.ts";
import { login, logout, verbs as auth } from "./auth/mod.ts";
import { verbs as config } from "./config/mod.ts";
import { doctor } from "./doctor/mod.ts";
import { help } from "./help/mod.ts";
import { verbs as orders } from "./orders/mod.ts";
import { type Noun, type Program, program, type Screen } from "./program.ts";
import { verbs as tenants } from "./tenants/mod.ts";
import type { Start } from "./verb.ts";
import { whoami } from "./whoami/mod.ts";

/**
 * Imported at once, built when named: a verb is a few functions, and each chunk of the bundle costs half a millisecond.
 * What is heavy (prompts, YAML, TOML, OAuth) is imported where it is used.
 */
export const NOUNS: readonly Noun[] = [
  { name: "auth", summary: "log in and out, see the session", verbs: auth },
  { name: "whoami", summary: "show who you are", verbs: whoami },
  { name: "orders", summary: "list, show and change orders", verbs: orders },
  { name: "tenants", summary: "list your tenants, choose one", verbs: tenants },
  { name: "audit", summary: "what was changed, and by whom", verbs: audit },
  { name: "config", summary: "read and change the settings", verbs: config },
  { name: "doctor", summary: "check the set-up, and say what mends it", verbs: doctor(documents) },
  { name: "help", summary: "a command, exit-codes, environment or permissions", verbs: help(() => NOUNS) },
  { name: "login", summary: "auth login", verbs: login, hidden: true },
  { name: "logout", summary: "auth logout", verbs: logout, hidden: true },
];

/** The command line that these words are. */
export function commandLine(words: readonly string[], start: Start, screen: Screen): Program {
  return program(NOUNS, words, start, screen);
}

/** Every GraphQL document of the program. */
function documents(): Record<string, string> {
  return Object.assign({}, ...NOUNS.flatMap(({ verbs }) => [verbs].flat()).map(({ documents }) => documents));
}
