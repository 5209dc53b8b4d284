/**
 * The three gates: token, tenant, permission.
 *
 * @module
 */

import { Abort, Answer, problem, Unauthenticated } from "./answers.ts";
import type { Row } from "./database.ts";
import type { Incoming } from "./incoming.ts";
import type { Platform, User } from "./platform.ts";
import { sqlTime } from "./time.ts";
import { findToken } from "./tokens.ts";

export interface Tenant {
  id: string;
  name: string;
  status: string;
}

/** Who calls, with the token that says so. */
export interface Caller {
  user: User;
  tokenId: string;
}

/** Why a user may not work in a tenant. */
export interface Refusal {
  code: "TENANT_SUSPENDED" | "TENANT_FORBIDDEN";
  message: string;
}

/** The caller behind the bearer; undefined without a living token. Passport 12 knows the scheme as `Bearer` alone. */
export function callerOf(platform: Platform, request: Incoming): Caller | undefined {
  const scheme = platform.options.passport === 13 ? /^\s*bearer\s+(\S+)\s*$/i : /^\s*Bearer\s+(\S+)\s*$/;
  const bearer = scheme.exec(request.headers.get("authorization") ?? "")?.[1];
  const token = bearer && findToken(platform, bearer);
  return token ? { user: token.user, tokenId: token.id } : undefined;
}

/** Gate 1, and the throttle behind it, which counts by user: a request without a token is never counted. */
export function authenticate(platform: Platform, request: Incoming): Caller {
  const caller = callerOf(platform, request);
  if (!caller) throw new Unauthenticated();
  throttle(platform, request, caller.user);
  return caller;
}

/** The API's limit; all tokens of a user share it, and all callers without one. */
export function throttle(platform: Platform, request: Incoming, user: User | undefined): void {
  platform.limiter.hit(request, `api/${user?.id ?? "address"}`, platform.options.apiRate);
}

/** Gates 1 to 3 of REST; `permission` null is for every member. */
export function passGates(
  platform: Platform,
  request: Incoming,
  permission: string | null,
): Caller & { tenant: Tenant } {
  const early = platform.options.tenancyFirst ? tenantOf(platform, request) : undefined;
  const caller = authenticate(platform, request);
  const tenant = early ?? tenantOf(platform, request);
  const refusal = refusalOf(platform, caller.user, tenant);
  if (refusal) throw new Answer(problem(403, refusal.code, refusal.message));
  platform.central.run(
    "update tenant_users set last_active_at = ? where tenant_id = ? and user_id = ?",
    sqlTime(platform.options.now()),
    tenant.id,
    caller.user.id,
  );
  if (permission && !holds(platform, caller.user, tenant, permission)) {
    if (platform.options.errors === "stock") throw new Abort(403, "User does not have the right permissions.");
    throw new Answer(problem(403, "FORBIDDEN", `Permission \`${permission}\` is missing.`, { permission }));
  }
  return { ...caller, tenant };
}

/** Gate 2 as stancl/tenancy: the header, else `?tenant=`. What it cannot find is a bare 500 unless it is handled. */
function tenantOf(platform: Platform, { headers, input }: Incoming): Tenant {
  const header = headers.get("x-tenant");
  const asked = header ?? String(input.tenant ?? "");
  const tenant = asked === "0" ? undefined : findTenant(platform, asked);
  if (tenant) return tenant;
  if (platform.options.errors === "stock") throw new Abort(500, "Server Error");
  const name = header && header !== "0" ? header : String(input.tenant ?? "");
  throw new Answer(
    name === ""
      ? problem(400, "TENANT_REQUIRED", "No tenant named. Send the X-Tenant header.")
      : problem(404, "TENANT_NOT_FOUND", "There is no such tenant."),
  );
}

export const findTenant = (platform: Platform, id: string): Tenant | undefined =>
  platform.central.one("select * from tenants where id = ?", id) as Row & Tenant | undefined;

/** Null when the user may work there. */
export function refusalOf(platform: Platform, user: User, tenant: Tenant): Refusal | null {
  if (tenant.status !== "active") {
    return { code: "TENANT_SUSPENDED", message: `Tenant \`${tenant.id}\` is suspended.` };
  }
  const member = platform.central.one(
    "select 1 from tenant_users where tenant_id = ? and user_id = ? and status = 'active'",
    tenant.id,
    user.id,
  );
  return member ? null : { code: "TENANT_FORBIDDEN", message: `You are not a member of tenant \`${tenant.id}\`.` };
}

/** Gate 3: the roles lie in the tenant's own database. */
export const holds = (platform: Platform, user: User, tenant: Tenant, permission: string): boolean =>
  platform.shop(tenant.id).one(
    "select 1 from model_has_roles natural join role_has_permissions where user_id = ? and permission = ?",
    user.id,
    permission,
  ) !== undefined;
