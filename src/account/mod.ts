/**
 * The person behind a token, as the platform tells it.
 *
 * @module
 */

import { type Api, member } from "../api/mod.ts";
import { AppError } from "../errors.ts";

export interface Tenant {
  /** The slug: what `--tenant` and `X-Tenant` take. */
  id: string;
  name: string;
  role: string | null;
}

export interface Profile {
  name: string;
  email: string;
  tenant: string | null;
  role: string | null;
}

/** The tenants of the token's owner: `GET /auth/tenants`, which needs no tenant. */
export async function tenantsOf(api: Api): Promise<Tenant[]> {
  const action = "list your tenants";
  const body = await api.rest("GET", "/auth/tenants", action, { tenant: false });
  const tenants = member(body, "tenants");
  if (!Array.isArray(tenants)) throw unexpected(action);
  return tenants.map((tenant) => {
    const id = text(member(tenant, "id"));
    if (id === null) throw unexpected(action);
    return { id, name: text(member(tenant, "name")) ?? id, role: text(member(tenant, "role")) };
  });
}

/** Who the token's owner is in the connection's tenant, or in the one that is named: `GET /profile`. */
export async function profileOf(
  api: Api,
  { action = "read your profile", tenant }: { action?: string; tenant?: string } = {},
): Promise<Profile> {
  const body = await api.rest("GET", "/profile", action, tenant === undefined ? {} : { tenant });
  const [name, email] = [text(member(body, "name")), text(member(body, "email"))];
  if (name === null || email === null) throw unexpected(action);
  const current = member(body, "current_tenant");
  return { name, email, tenant: text(member(current, "id")), role: text(member(current, "role")) };
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function unexpected(action: string): AppError {
  return new AppError("server", `cannot ${action}: the answer has another shape than documented`, {
    hint: "is this the AutoCom API? check the address: autocom config get api_url",
  });
}
