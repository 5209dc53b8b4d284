import { choice, open, profileOf, standings, type Tenant, tenantsOf } from "../../account.ts";
import type { App } from "../../app.ts";
import { isSlug } from "../../api/mod.ts";
import { AppError } from "../../errors.ts";
import { some } from "../../output/mod.ts";

/** Who logged in, and the tenant to work in. */
export interface Person {
  name: string | null;
  email: string | null;
  /** Undefined when none is chosen: `why` says why. */
  tenant?: string;
  why?: AppError;
}

/**
 * Asks the platform. A tenant that was named is used; else the only one; else the person chooses. Without one that works
 * the session of a browser login is worth keeping, so that is no failure here: `why` is thrown once the session is kept.
 */
export async function identify(app: App, token: string, kind: "oauth" | "pat"): Promise<Person> {
  const mine = async () => {
    const api = await app.apiWith(token);
    const all = await tenantsOf(api);
    return all.length > 1 ? await standings(api, all) : all; // where there is a choice
  };
  const named = await app.tenant();
  const tenants = named ? [] : await mine();
  const tenant = named ?? await choose(app, tenants);
  if (tenant === undefined) return { ...await anyProfile(app, token, tenants), why: unchosen(tenants) };
  try {
    return { ...await profile(app, token, tenant), tenant };
  } catch (error) {
    if (!isGate(error) || kind === "pat" && error.kind !== "tenant") throw error;
    const all = named ? await mine() : tenants;
    const others = all.filter(({ id }) => id !== tenant);
    if (kind === "pat") throw refused(error, others);
    return { ...await anyProfile(app, token, all), why: new AppError("tenant", error.message, offer(others)) };
  }
}

async function profile(app: App, token: string, tenant: string) {
  const { name, email } = await profileOf(await app.apiWith(token, tenant));
  return { name, email };
}

/** Tenants that are asked for a name: the session can do without. */
const MOST_ASKED = 10;

/** Name and e-mail from whichever tenant answers; the session can do without. */
async function anyProfile(app: App, token: string, tenants: Tenant[]): Promise<Person> {
  for (const { id } of tenants.slice(0, MOST_ASKED)) {
    try {
      return await profile(app, token, id);
    } catch (error) {
      if (!isGate(error)) throw error;
    }
  }
  return { name: null, email: null };
}

async function choose({ interactive, system, paint }: App, tenants: Tenant[]): Promise<string | undefined> {
  if (tenants.length < 2 || !interactive) return tenants.length === 1 ? tenants[0]!.id : undefined;
  return await system.io.prompt.select(
    "Which tenant do you want to work in?",
    tenants.map(({ id, name, role, status }) => ({
      value: id,
      label: id,
      hint: [name, role, status === "active" ? null : status].filter(Boolean).join(", "),
    })),
    paint,
  );
}

function unchosen(tenants: Tenant[]): AppError {
  return tenants.length === 0
    ? new AppError("tenant", "you are not a member of any tenant", { hint: "ask an administrator for an invitation" })
    : new AppError("tenant", "no tenant is chosen", offer(tenants));
}

function offer(tenants: Tenant[]): { hint: string } {
  const slugs = open(tenants);
  return { hint: choice(slugs, some(slugs)) };
}

/** No session is kept of a token that cannot enter, so no command that asks with one is a way on. */
function refused({ kind, message, status, requestId }: AppError, tenants: Tenant[]): AppError {
  const slugs = open(tenants).filter((slug) => isSlug(slug));
  const hint = slugs.length === 0
    ? "ask an administrator for an invitation"
    : `choose one of yours (${some(slugs)}): autocom auth login --token-stdin --tenant ${slugs[0]}`;
  return new AppError(kind, message, { hint, ...status && { status }, ...requestId && { requestId } });
}

/** A refusal at gate 2 or 3; a bare 500 is how an unhandled Stancl answers an unknown tenant. */
function isGate(error: unknown): error is AppError {
  return error instanceof AppError && (["tenant", "forbidden"].includes(error.kind) || error.status === 500);
}
