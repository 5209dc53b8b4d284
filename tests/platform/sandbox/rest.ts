/**
 * The REST endpoints under `/api/v1`.
 *
 * @module
 */

import { Abort, json } from "./answers.ts";
import { audit, customers, orders, type Page, products } from "./catalog.ts";
import type { Row } from "./database.ts";
import { authenticate, holds, passGates, type Tenant } from "./gates.ts";
import type { Incoming, Input } from "./incoming.ts";
import type { Platform, User } from "./platform.ts";
import { micros, zulu } from "./time.ts";
import { revokeAccess } from "./tokens.ts";
import { Check, maxText, required, text } from "./validation.ts";

/** `GET /auth/tenants`: needs no tenant. */
export function tenants(platform: Platform, request: Incoming): Response {
  const { user } = authenticate(platform, request);
  const rows = platform.central.all(
    "select t.id, t.name, m.role from tenants t join tenant_users m on m.tenant_id = t.id where m.user_id = ? order by t.id",
    user.id,
  );
  return json({ tenants: rows });
}

/** `POST /auth/logout`: needs no tenant. With a personal access token it revokes that. */
export function logout(platform: Platform, request: Incoming): Response {
  const { tokenId } = authenticate(platform, request);
  if (platform.options.logout === "full") {
    platform.central.run("update oauth_refresh_tokens set revoked = 1 where access_token_id = ?", tokenId);
  }
  revokeAccess(platform, tokenId);
  return json({ message: "Successfully logged out" });
}

/** `GET /profile`: every member may see himself. */
export function profile(platform: Platform, request: Incoming): Response {
  const { user, tenant } = passGates(platform, request, null);
  return json(describe(platform, user, tenant));
}

/** `PATCH /profile`: a member's own name. */
export function rename(platform: Platform, request: Incoming): Response {
  const { user } = passGates(platform, request, null);
  new Check().field("name", request.form.name, [required, text, maxText(255)]).done();
  const name = String(request.form.name);
  platform.central.run("update users set name = ? where id = ?", name, user.id);
  return json({ message: "Profile updated successfully", user: { id: user.id, name, email: user.email } });
}

/** The profile of a user in a tenant. */
export function describe(platform: Platform, { id }: User, tenant: Tenant): Record<string, unknown> {
  const user = platform.central.one("select * from users where id = ?", id)!;
  const member = platform.central.one("select * from tenant_users where tenant_id = ? and user_id = ?", tenant.id, id)!;
  const at = (value: Row[string] | undefined) => value == null ? null : zulu(String(value));
  return {
    id,
    name: user.name,
    email: user.email,
    email_verified: user.email_verified_at !== null,
    is_super_admin: user.is_super_admin === 1,
    created_at: at(user.created_at),
    last_login_at: at(user.last_login_at),
    last_login_ip: user.last_login_ip,
    current_tenant: {
      id: tenant.id,
      role: platform.shop(tenant.id).one("select role from model_has_roles where user_id = ?", id)?.role ?? null,
      status: member.status,
      joined_at: at(member.joined_at),
      last_active_at: at(member.last_active_at),
    },
    tenants_count: platform.central.one("select count(*) as n from tenant_users where user_id = ?", id)!.n,
  };
}

/** The filters of a list, where pages repeat: a page beyond the last that is served is that one. */
export function repeated({ options }: Platform, filters: Input): Input {
  const most = options.repeatPage;
  return most && Number(filters.page) > most ? { ...filters, page: most } : filters;
}

const LISTS = { orders, products, customers } as const;

/** `GET /orders`, `/products` and `/customers`. */
export function listing(name: keyof typeof LISTS): (platform: Platform, request: Incoming) => Response {
  return (platform, request) => {
    const { tenant, user } = passGates(platform, request, `${name}.view`);
    const { data, meta }: Page = LISTS[name](platform.shop(tenant.id), repeated(platform, request.query));
    const hidden = name === "customers" && !holds(platform, user, tenant, "customers.view_sensitive");
    return json({ data: data.map((row) => present(hidden ? withoutContact(row) : row)), meta });
  };
}

/** A customer as it is shown without `customers.view_sensitive`. */
function withoutContact({ email: _, phone: __, ...row }: Row): Row {
  return row;
}

/** `GET /products/{id}` */
export function product(platform: Platform, request: Incoming): Response {
  const { tenant } = passGates(platform, request, "products.view");
  const id = request.path.split("/").at(-1)!;
  const row = platform.shop(tenant.id).one("select * from products where id = ?", id);
  if (!row) throw new Abort(404, `No query results for model [App\\Models\\Product] ${id}`);
  return json(present(row));
}

/** `GET /orders/{id}`, with its items. */
export function order(platform: Platform, request: Incoming): Response {
  const { tenant } = passGates(platform, request, "orders.view");
  const id = request.path.split("/").at(-1)!;
  const db = platform.shop(tenant.id);
  const row = db.one("select * from orders where id = ?", id);
  if (!row) throw new Abort(404, `No query results for model [App\\Models\\Order] ${id}`);
  return json({ ...present(row), items: db.all("select * from order_items where order_id = ?", id) });
}

/** `GET /activity-logs`: the audit log. */
export function activity(platform: Platform, request: Incoming): Response {
  const { tenant } = passGates(platform, request, "admin.audit_log");
  const { data, meta } = audit(platform.central, tenant.id, { per_page: 25, ...repeated(platform, request.query) });
  return json({
    logs: data.map(present),
    pagination: {
      current_page: meta.current_page,
      last_page: meta.total_pages,
      per_page: meta.per_page,
      total: meta.total_items,
    },
  });
}

/** A row as Eloquent serialises it: its casts applied. */
function present(row: Row): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (value === null) return [name, null];
      if (name === "tags" || name === "variables") return [name, JSON.parse(String(value))];
      if (name === "created_at" || name === "updated_at") return [name, micros(String(value))];
      if (name === "accepts_marketing" || name === "track_inventory") return [name, value === 1];
      return [name, value];
    }),
  );
}
