/**
 * The sandbox's switches. Those that the Laravel application has too carry its names; any of them may be changed
 * between two requests.
 *
 * @module
 */

import { modulesOf } from "../modules/mod.ts";

export interface SandboxOptions {
  /** `handler`: JSON with a `code`; `stock`: what stancl/tenancy and spatie/permission answer by themselves. */
  errors: "handler" | "stock";
  /** `field`: checks per GraphQL field (HTTP 200 and `errors`); `route`: the gates of REST before GraphQL. */
  graphqlGates: "field" | "route";
  /** The tenant is resolved before the token is looked at, as stancl's provider stub does. */
  tenancyFirst: boolean;
  /** `full` revokes the refresh token as well; `naive` the access token only. */
  logout: "full" | "naive";
  /** The dialect: 13 speaks as league/oauth2-server 9, 12 as league 8. */
  passport: 13 | 12;
  /** Lifetimes in seconds. */
  tokenTtl: number;
  refreshTtl: number;
  patTtl: number;
  /** Requests a minute; `tokenRate` 0 is Passport's own limit of 60. */
  apiRate: number;
  loginRate: number;
  tokenRate: number;
  /** 0 switches the limit off. */
  graphqlMaxDepth: number;
  graphqlMaxComplexity: number;
  /** The forms of `php artisan down`: bare, `--retry=60 --refresh=15`, `--render`, `--redirect=/`, `--status=500`. */
  maintenance: "off" | "down" | "retry" | "render" | "redirect" | "status500";
  /** Milliseconds: a request is carried out at once and answered so much later. */
  latency: number;
  introspection: boolean;
  /** Which of the 25 generated modules are served beside the small schema: `all`, `none`, `shipping,lab`, `all,-lab`. */
  modules: string;
  /** The same for one tenant, instead: `globex=none;acme=all,-loyalty`. */
  tenantModules: string;
  /** How many there are of each module but the lab: 12 are 5,000 operations. */
  moduleCopies: number;
  /** What is sent with an `Idempotency-Key` that was there before is answered as it was then, and not done again. */
  idempotency: boolean;
  /**
   * Whose answer is lost, after it was carried out: every second request's of the API, the one to each change, to the
   * next change alone, or to all.
   */
  lossy: "off" | "second" | "changes" | "once" | "all";
  /** Milliseconds between two pieces of an answer's body, 1 KiB each. */
  drip: number;
  /** Pages beyond this one are this one again, whatever `total_pages` says; 0 is off. */
  repeatPage: number;
  /** What requests are sent to when no server listens; `serveSandbox` has an address of its own. */
  origin: string;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** The modules of a tenant. @throws an Error that names what is no module. */
export function modulesFor(
  { modules, tenantModules }: Pick<SandboxOptions, "modules" | "tenantModules">,
  tenant: string,
): string[] {
  let own = modulesOf(modules);
  for (const part of tenantModules.split(";").filter(Boolean)) {
    const [name = "", list = ""] = part.split("=");
    const chosen = modulesOf(list);
    if (name.trim() === tenant) own = chosen;
  }
  return own;
}

export const DEFAULTS: Readonly<SandboxOptions> = {
  errors: "handler",
  graphqlGates: "field",
  tenancyFirst: false,
  logout: "full",
  passport: 13,
  tokenTtl: 1_296_000,
  refreshTtl: 2_592_000,
  patTtl: 31_536_000,
  apiRate: 6000,
  loginRate: 6000,
  tokenRate: 0,
  graphqlMaxDepth: 15,
  graphqlMaxComplexity: 1000,
  maintenance: "off",
  latency: 0,
  introspection: true,
  modules: "none",
  tenantModules: "",
  moduleCopies: 1,
  idempotency: true,
  lossy: "off",
  drip: 0,
  repeatPage: 0,
  origin: "http://127.0.0.1:8790",
  now: Date.now,
};

const WORDS = {
  errors: ["handler", "stock"],
  graphqlGates: ["field", "route"],
  logout: ["full", "naive"],
  maintenance: ["off", "down", "retry", "render", "redirect", "status500"],
  lossy: ["off", "second", "changes", "once", "all"],
} as const;

/**
 * The switches that `env` sets, by their names in capitals (`TOKEN_TTL=60`, `ERRORS=stock`).
 * @throws an Error that names the variable and the value.
 */
export function optionsFrom(env: Readonly<Record<string, string | undefined>>): Partial<SandboxOptions> {
  const set: Record<string, unknown> = {};
  for (const [name, standard] of Object.entries(DEFAULTS)) {
    const variable = name.replace(/[A-Z]/g, "_$&").toUpperCase();
    const text = env[variable];
    if (!text || name === "now" || name === "origin") continue;
    const words: readonly string[] | undefined = WORDS[name as keyof typeof WORDS];
    if (name === "modules" || name === "tenantModules") {
      modulesFor({ modules: "", tenantModules: "", [name]: text }, "");
      set[name] = text;
    } else if (words) set[name] = words.includes(text) ? text : undefined;
    else if (typeof standard === "boolean") set[name] = { 1: true, true: true, 0: false, false: false }[text];
    else if (name === "passport") set[name] = { 12: 12, 13: 13 }[text];
    else set[name] = /^\d+$/.test(text) ? Number(text) : undefined;
    if (set[name] === undefined) throw new Error(`${variable} cannot be "${text}"`);
  }
  return set;
}
