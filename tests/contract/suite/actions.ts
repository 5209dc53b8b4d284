/**
 * What can be done in a tenant, with the permission that it needs. A command that does it stands in `command`.
 *
 * @module
 */

import seed from "../../platform/seed.json" with { type: "json" };
import type { Scene } from "../scene.ts";

export type Role = keyof typeof seed.roles;

export function permissionsOf(role: Role): string[] {
  const { includes, permissions } = seed.roles[role];
  return [...includes ? permissionsOf(includes as Role) : [], ...permissions];
}

export interface Action {
  permission: string;
  document: string;
  /** Of acme. */
  variables?: (scene: Scene) => Promise<Record<string, unknown>> | Record<string, unknown>;
  mutation?: true;
  command?: (scene: Scene) => Promise<string> | string;
}

const orders = new Map<string, string>();

/** The id of an order of acme by the end of its number: 0001 is confirmed, 0006 delivered, 0009 cancelled. */
export async function orderId(scene: Scene, end = "0001"): Promise<string> {
  const known = orders.get(end);
  if (known) return known;
  const query = "query ($end: String) { orders(search: $end) { data { id } } }";
  const { data } = await (await scene.graphql(query, { variables: { end: `-${end}` } })).json();
  const { id } = data.orders.data[0];
  orders.set(end, id);
  return id;
}

export const ACTIONS: Record<string, Action> = {
  "list orders": {
    permission: "orders.view",
    document: "{ orders(per_page: 1) { data { id } } }",
    command: () => "orders list --per-page 1 -q",
  },
  "export orders": {
    permission: "orders.view",
    document: "{ orders(per_page: 1) { data { id items { sku } } } }",
    command: () => "orders export --limit 3 --explode items -q",
  },
  "export products": {
    permission: "products.view",
    document: "{ products(per_page: 1) { data { id description } } }",
    command: () => "products export -q",
  },
  "export customers": {
    permission: "customers.view",
    document: "{ customers(per_page: 1) { data { id source_module } } }",
    command: () => "customers export --limit 3 --format jsonl -q",
  },
  "see an order": {
    permission: "orders.view",
    document: "query ($id: ID!) { order(id: $id) { id items { sku } } }",
    variables: async (scene) => ({ id: await orderId(scene) }),
    command: async (scene) => `orders get ${await orderId(scene)}`,
  },
  "list products": {
    permission: "products.view",
    document: "{ products(per_page: 1) { data { id } } }",
    command: () => "products list --per-page 1 -q",
  },
  "see a product": {
    permission: "products.view",
    document: "{ products(per_page: 1) { data { id } } }",
    command: () => "products get ACM-001",
  },
  "list customers": {
    permission: "customers.view",
    document: "{ customers(per_page: 1) { data { id } } }",
    command: () => "customers list --per-page 1 -q",
  },
  "see a customer's contact": {
    permission: "customers.view_sensitive",
    document: "{ customers(per_page: 1) { data { email phone } } }",
  },
  "read the audit log": {
    permission: "admin.audit_log",
    document: "{ audit_log(per_page: 1) { data { id } } }",
    command: () => "audit list --per-page 1 --quiet",
  },
  "make an order": {
    permission: "orders.create",
    document: "mutation ($input: OrderInput!) { orders_create(input: $input) { id } }",
    variables: () => ({ input: { items: [{ sku: "ACM-001", quantity: 1 }] } }),
    mutation: true,
    command: () => "orders create --item ACM-002=2 --yes",
  },
  "change an order's status": {
    permission: "orders.edit",
    document: "mutation ($id: ID!) { orders_update_status(id: $id, status: shipped) { id } }",
    variables: async (scene) => ({ id: await orderId(scene) }),
    mutation: true,
    command: async (scene) => `orders update-status ${await orderId(scene, "0003")} shipped --yes`,
  },
  "cancel an order": {
    permission: "orders.cancel",
    document: 'mutation ($id: ID!) { orders_cancel(id: $id, reason: "a test") { id } }',
    variables: async (scene) => ({ id: await orderId(scene) }),
    mutation: true,
    // Another one: the document above has cancelled the first.
    command: async (scene) => `orders cancel ${await orderId(scene, "0003")} --yes`,
  },
  "refund an order": {
    permission: "orders.refund",
    document: 'mutation ($id: ID!) { orders_process_refund(id: $id, amount: "1.00") { amount_refunded } }',
    variables: async (scene) => ({ id: await orderId(scene, "0007") }),
    mutation: true,
    command: async (scene) => `orders refund ${await orderId(scene, "0007")} --amount 0.25 --yes`,
  },
  "make a product": {
    permission: "products.create",
    document: "mutation ($input: ProductInput!) { products_create(input: $input) { id } }",
    variables: () => ({ input: { sku: "NEW-1", name: "Brass bell", price: "99.50" } }),
    mutation: true,
    command: () => "products create --sku TWO-2 --name Two --price 2.00 --yes",
  },
  "change a product": {
    permission: "products.edit",
    document: 'mutation ($id: ID!) { products_update(id: $id, input: { price: "0.01" }) { id } }',
    variables: async (scene) => ({ id: await productId(scene) }),
    mutation: true,
    command: () => "products update ACM-004 --price 77.70 --yes",
  },
};

/** What REST alone does; it leaves no row in the audit log. */
export const REST_ACTIONS: Record<
  string,
  { permission: string; method: string; path: string; body?: unknown; command?: string }
> = {
  "see the invitations": {
    permission: "team.invite",
    method: "GET",
    path: "team/invitations",
    command: "team invitations -q",
  },
  "invite somebody": {
    permission: "team.invite",
    method: "POST",
    path: "team/invite",
    body: { email: "new@example.test", role_id: 5 },
    command: "team invite other@example.test --role agent --yes",
  },
  "withdraw an invitation": { permission: "team.invite", method: "DELETE", path: "team/invitations/1" },
};

export async function productId(scene: Scene): Promise<string> {
  const { data } = await (await scene.graphql('{ products(search: "ACM-001") { data { id } } }')).json();
  return data.products.data[0].id;
}

export async function customerId(scene: Scene): Promise<string> {
  const { data } = await (await scene.graphql("{ customers(per_page: 1) { data { id } } }")).json();
  return data.customers.data[0].id;
}
