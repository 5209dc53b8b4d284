import { choice, open, profileOf, standings, type Tenant, tenantsOf } from "../../account.ts";
import type { App } from "../../app.ts";
import { isSlug } from "../../api/mod.ts";
import { AppError, type Kind } from "../../errors.ts";
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
  const mine = async () => await tenantsOf(await app.apiWith(token));
  const named = await app.tenant();
  const all = named ? [] : await mine();
  const tenants = sendable(all);
  const tenant = named ?? await choose(app, token, tenants);
  if (tenant === undefined) return { ...await anyProfile(app, token, tenants), why: unchosen(all) };
  try {
    return { ...await profile(app, token, tenant), tenant };
  } catch (error) {
    if (!isGate(error) || kind === "pat" && error.kind !== "tenant") throw error;
    const others = (named ? sendable(await mine()) : tenants).filter(({ id }) => id !== tenant);
    if (kind === "pat") throw refused(error, others);
    return { ...await anyProfile(app, token, others), why: new AppError("tenant", error.message, offer(others)) };
  }
}

/** Those that a request can name: a server may call one what is no slug. */
function sendable(tenants: Tenant[]): Tenant[] {
  return tenants.filter(({ id }) => isSlug(id));
}

async function profile(app: App, token: string, tenant: string) {
  const { name, email } = await profileOf(await app.apiWith(token, tenant));
  return { name, email };
}

/** Tenants that are asked for a name: the session can do without. */
const MOST_ASKED = 10;

/** What the server says of one tenant, and not of the session. */
const OF_A_TENANT: Kind[] = ["not-found", "rejected", "rate-limited", "server"];

/** Name and e-mail from whichever tenant answers; the session can do without. */
async function anyProfile(app: App, token: string, tenants: Tenant[]): Promise<Person> {
  for (const { id } of tenants.slice(0, MOST_ASKED)) {
    try {
      return await profile(app, token, id);
    } catch (error) {
      if (isGate(error)) continue;
      // Nobody chose this one; the next would be waited for, and fail as well.
      if (error instanceof AppError && OF_A_TENANT.includes(error.kind)) break;
      throw error;
    }
  }
  return { name: null, email: null };
}

async function choose(app: App, token: string, tenants: Tenant[]): Promise<string | undefined> {
  const { interactive, system, paint } = app;
  if (tenants.length < 2 || !interactive) return tenants.length === 1 ? tenants[0]!.id : undefined;
  const all = await standings(await app.apiWith(token), tenants);
  return await system.io.prompt.select(
    "Which tenant do you want to work in?",
    all.map(({ id, name, role, status }) => ({
      value: id,
      label: id,
      hint: [name, role, status === "active" ? null : status].filter(Boolean).join(", "),
    })),
    paint,
  );
}

function unchosen(all: Tenant[]): AppError {
  const tenants = sendable(all);
  const message = all.length === 0
    ? "you are not a member of any tenant"
    : tenants.length === 0
    ? `none of your tenants has a slug that can be sent (${some(all.map(({ id }) => id))})`
    : "no tenant is chosen";
  return new AppError("tenant", message, offer(tenants));
}

function offer(tenants: Tenant[]): { hint: string } {
  const slugs = open(tenants);
  return { hint: choice(slugs, some(slugs)) };
}

/** No session is kept of a token that cannot enter, so no command that asks with one is a way on. */
function refused({ kind, message, status, requestId }: AppError, tenants: Tenant[]): AppError {
  const slugs = open(tenants);
  const hint = slugs.length === 0
    ? "ask an administrator for an invitation"
    : `choose one of yours (${some(slugs)}): autocom auth login --token-stdin --tenant ${slugs[0]}`;
  return new AppError(kind, message, { hint, ...status && { status }, ...requestId && { requestId } });
}

/** A refusal at gate 2 or 3; a bare 500 is how an unhandled Stancl answers an unknown tenant. */
function isGate(error: unknown): error is AppError {
  return error instanceof AppError && (["tenant", "forbidden"].includes(error.kind) || error.status === 500);
}
