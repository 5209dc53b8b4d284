/**
 * The person behind a token, as the platform tells it.
 *
 * @module
 */

import { type Api, isSlug, member } from "./api/mod.ts";
import { AppError } from "./errors.ts";
import { checker, fields, type Row } from "./fields/mod.ts";

/** A tenant as `GET /auth/tenants` tells it. */
export const TENANT = fields({
  /** The slug: what `--tenant` and `X-Tenant` take. */
  id: { is: "text" },
  name: { is: "text" },
  role: { is: "text", nullable: true },
  /** `active`, `suspended`; null where the list does not tell. */
  status: { is: "text", nullable: true },
});

export type Tenant = Row<typeof TENANT>;

/** What `GET /profile` tells, as far as it is read. */
export const PROFILE = fields({
  id: { is: "value", nullable: true },
  name: { is: "text" },
  email: { is: "text" },
  current_tenant: {
    is: "row",
    nullable: true,
    of: {
      id: { is: "text", nullable: true },
      role: { is: "text", nullable: true },
      status: { is: "text", nullable: true },
    },
  },
});

export interface Profile {
  /** The digits of the user's number. */
  id: string | null;
  name: string;
  email: string;
  tenant: string | null;
  role: string | null;
  status: string | null;
}

/** The tenants of the token's owner: `GET /auth/tenants`, which needs no tenant. */
export async function tenantsOf(api: Api): Promise<Tenant[]> {
  const action = "list your tenants";
  const body = await api.rest("GET", "/auth/tenants", action, { tenant: false });
  const tenants = member(body, "tenants");
  if (!Array.isArray(tenants)) throw unexpected(action, "tenants");
  const check = checker(TENANT, action);
  return tenants.map((tenant) => {
    const id = filled(tenant, "id");
    return check({ id, name: filled(tenant, "name") ?? id, role: or(tenant, "role"), status: or(tenant, "status") });
  });
}

/** Who the token's owner is in the connection's tenant, or in the one that is named: `GET /profile`. */
export async function profileOf(
  api: Api,
  { action = "read your profile", tenant }: { action?: string; tenant?: string } = {},
): Promise<Profile> {
  const body = await api.rest("GET", "/profile", action, tenant === undefined ? {} : { tenant });
  const current = member(body, "current_tenant");
  const { id, name, email, current_tenant } = checker(PROFILE, action)({
    id: or(body, "id"),
    name: filled(body, "name"),
    email: filled(body, "email"),
    current_tenant: typeof current !== "object" ? current ?? null : current && {
      id: or(current, "id"),
      role: or(current, "role"),
      status: or(current, "status"),
    },
  });
  return {
    id: /^"?(\d+)"?$/.exec(JSON.stringify(id))?.[1] ?? null,
    name,
    email,
    tenant: current_tenant?.id ?? null,
    role: current_tenant?.role ?? null,
    status: current_tenant?.status ?? null,
  };
}

/** An empty text is none. */
function filled(value: unknown, name: string): unknown {
  const found = member(value, name);
  return found === "" || found === null ? undefined : found;
}

/** A member that is missing or empty counts as null. */
function or(value: unknown, name: string): unknown {
  return filled(value, name) ?? null;
}

function unexpected(action: string, name: string): AppError {
  return new AppError("server", `cannot ${action}: the answer has no list "${name}"`, {
    hint: "is this the AutoCom API? check the address: autocom config get api_url",
  });
}

/** Tenants that are asked for their status, where the list does not tell; with more of them none is. */
const MOST_ASKED = 25;
const AT_ONCE = 4;

/**
 * The tenants with their status: what the list says, else what each of them answers when it is entered: `active`,
 * `suspended`, `refused`; null where that cannot be told.
 */
export async function standings(api: Api, tenants: readonly Tenant[]): Promise<Tenant[]> {
  const silent = tenants.filter(({ status }) => status === null);
  if (silent.length > MOST_ASKED) return [...tenants];
  const found = new Map<string, string | null>();
  const next = silent.values();
  const ask = async () => {
    for (const { id } of next) found.set(id, await standing(api, id));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  return tenants.map((tenant) => ({ ...tenant, status: tenant.status ?? found.get(tenant.id) ?? null }));
}

/** The slugs of those that let their owner in, as far as that is known. */
export function open(tenants: readonly Tenant[]): string[] {
  return tenants.filter(({ status }) => status === null || status === "active").map(({ id }) => id);
}

async function standing(api: Api, tenant: string): Promise<string | null> {
  try {
    return (await profileOf(api, { action: `look into tenant "${tenant}"`, tenant })).status ?? "active";
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.kind === "tenant") return /suspend/i.test(error.message) ? "suspended" : "refused";
    if (error.kind === "forbidden") return "refused";
    // One tenant that is broken hides no list.
    if (["server", "not-found", "rejected", "rate-limited"].includes(error.kind)) return null;
    throw error;
  }
}

/** The hint for who works in none of these, their own; `shown`: some of them. A server may call one what is no slug: that is not to be typed. */
export function choice(slugs: readonly string[], shown: string, meant?: string): string {
  const first = [meant, ...slugs].find((slug) => slug !== undefined && isSlug(slug));
  return first === undefined
    ? "ask an administrator for an invitation"
    : `choose one of yours (${shown}): autocom tenants use ${first}`;
}
