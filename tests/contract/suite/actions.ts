/**
 * What can be done in a tenant, with the permission that it needs. A command that does it stands in `command`.
 *
 * @module
 */

import type { Scene } from "../scene.ts";

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
  "see an order": {
    permission: "orders.view",
    document: "query ($id: ID!) { order(id: $id) { id items { sku } } }",
    variables: async (scene) => ({ id: await orderId(scene) }),
    command: async (scene) => `orders get ${await orderId(scene)}`,
  },
  "list products": { permission: "products.view", document: "{ products(per_page: 1) { data { id } } }" },
  "list customers": { permission: "customers.view", document: "{ customers(per_page: 1) { data { id } } }" },
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
  },
  "change an order's status": {
    permission: "orders.edit",
    document: 'mutation ($id: ID!) { orders_update_status(id: $id, status: "shipped") { id } }',
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
};
