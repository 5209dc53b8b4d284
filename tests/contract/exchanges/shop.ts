/** Orders, refunds, products, customers and people: what changes them, and what the business does not allow. */

import type { UserName } from "../../platform/sandbox/mod.ts";
import type { Scene } from "../scene.ts";
import { each } from "./refusals.ts";
import type { Exchanges } from "./mod.ts";

/** The id of an order of acme by the end of its number: 0001 is paid, 0002 refunded, 0003 half paid, 0004 failed. */
async function order(scene: Scene, end: string): Promise<string> {
  const query = "query ($end: String) { orders(search: $end) { data { id } } }";
  return (await (await scene.graphql(query, { variables: { end: `-${end}` } })).json()).data.orders.data[0].id;
}

async function product(scene: Scene, sku: string): Promise<string> {
  const query = "query ($sku: String) { products(search: $sku) { data { id } } }";
  return (await (await scene.graphql(query, { variables: { sku } })).json()).data.products.data[0].id;
}

const REFUND = `mutation ($id: ID!, $amount: Money, $currency: String, $reason: String) {
  orders_process_refund(id: $id, amount: $amount, currency: $currency, reason: $reason) {
    order_number status payment_status total amount_paid amount_refunded currency notes } }`;

type Refund = [end: string, more?: Record<string, unknown>, as?: UserName];

const refunds: Record<string, Refund> = {
  "all of it": ["0001"],
  "a part, and why": ["0001", { amount: "10.5", currency: "INR", reason: "a dent" }],
  "a number": ["0001", { amount: 10 }],
  "of what was half paid": ["0003"],
  "more than was paid": ["0003", { amount: "99999.00" }],
  "what is refunded": ["0002"],
  "what is not paid": ["0004"],
  "what is paid on delivery": ["0005", { amount: "1.00" }],
  "nothing": ["0001", { amount: "0.00" }],
  "with a thousands separator": ["0001", { amount: "1,000.00" }],
  "with an exponent": ["0001", { amount: "1e3" }],
  "a sum": ["0001", { amount: "0.1+0.2" }],
  "less than nothing": ["0001", { amount: "-5" }],
  "with three places": ["0001", { amount: "1.005" }],
  "in another currency": ["0001", { currency: "USD" }],
  "for a reason that is too long": ["0001", { reason: "x".repeat(501) }],
  "without the permission": ["0001", {}, "agent"],
};

const CREATE = `mutation ($input: OrderInput!) { orders_create(input: $input) {
  order_number external_id source_module total amount_paid tags customer { first_name total_orders total_spent } } }`;

const creations: Record<string, unknown> = {
  "with everything": { external_id: "X-1", currency: "USD", tags: ["gift", "q"], items: [{ sku: "ACM-002" }] },
  "more than is in stock": { items: [{ sku: "ACM-002" }, { sku: "ACM-001", quantity: 900 }] },
  "of a product that is archived": { items: [{ sku: "ACM-004" }] },
  "of a product that is a draft": { items: [{ sku: "ACM-003" }] },
  "with an external id that is too long": { external_id: "x".repeat(101), items: [{ sku: "ACM-002" }] },
};

const PRODUCT = "{ sku name description price compare_at_price track_inventory stock_quantity status source_module }";
const PRODUCT_CREATE = `mutation ($input: ProductInput!) { products_create(input: $input) ${PRODUCT} }`;
const PRODUCT_UPDATE =
  `mutation ($id: ID!, $input: ProductChanges!) { products_update(id: $id, input: $input) ${PRODUCT} }`;

const products: Record<string, unknown> = {
  "with little": { sku: "NEW-1", name: "Brass bell", price: "99.5" },
  "with everything": {
    sku: "NEW-1",
    name: "  Brass bell ",
    description: "rings",
    price: "99.50",
    compare_at_price: 120,
    track_inventory: false,
    stock_quantity: 7,
    status: "draft",
  },
  "with a sku that is taken": { sku: "ACM-001", name: "x", price: "1" },
  "with a price that is none": { sku: "N-1", name: "x", price: "1,0" },
  "with bad values": { sku: "x".repeat(65), name: "x".repeat(256), price: "-1", stock_quantity: -1 },
  "with a status that is none": { sku: "N-1", name: "x", price: "1", status: "sold" },
  "with a lower price to compare": { sku: "N-1", name: "x", price: "10", compare_at_price: "9" },
};

const changes: Record<string, unknown> = {
  "the price": { price: "12" },
  "nothing": {},
  "everything to nothing": { description: null, compare_at_price: null },
  "what cannot be nothing": { sku: null, name: null, price: null, track_inventory: null, status: null },
  "the stock to nothing": { stock_quantity: null },
  "its own sku": { sku: "ACM-001", track_inventory: false },
  "the sku to another's": { sku: "ACM-002" },
};

const lists: Record<string, string> = {
  "orders by what they cost": "{ orders(per_page: 3, sort: total_desc) { data { order_number total } } }",
  "orders by number": "{ orders(per_page: 2, sort: order_number) { data { order_number } } }",
  "orders by a sort that is none": "{ orders(sort: nope) { data { id } } }",
  "orders by a sort as a text": '{ orders(sort: "total") { data { id } } }',
  "orders with a status as a text": '{ orders(status: "pending") { data { id } } }',
  "a status that is nearly one": "{ orders(status: pendin) { data { id } } }",
  "products by price": "{ products(per_page: 3, sort: price) { data { sku price } } }",
  "products by stock, most first":
    "{ products(per_page: 3, sort: stock_quantity_desc) { data { sku stock_quantity } } }",
  "products of a status and a module":
    '{ products(status: draft, source_module: "manual", per_page: 2) { data { sku source_module } meta { total_items } } }',
  "customers who have a tag":
    '{ customers(tags: ["vip"], per_page: 3) { data { first_name tags } meta { total_items } } }',
  "customers who have two tags": '{ customers(tags: ["vip", "new"]) { meta { total_items } } }',
  "customers who spent most":
    "{ customers(per_page: 3, sort: total_spent_desc) { data { email total_orders total_spent } } }",
  "what was paid":
    '{ orders(search: "-000", to: "2026-01-02T00:00:00Z", sort: order_number) { data { order_number payment_status total amount_paid amount_refunded external_id } } }',
};

const invitations: Record<string, [body: unknown, as?: UserName]> = {
  "an agent": [{ email: "new@example.test", role_id: 4 }],
  "with the role as a text": [{ email: "new@example.test", role_id: "5" }],
  "an owner": [{ email: "new@example.test", role_id: 1 }],
  "a role that is none": [{ email: "new@example.test", role_id: 77 }],
  "nobody": [{}],
  "an address that is none": [{ email: "nobody", role_id: 4 }],
  "who is a member": [{ email: "viewer@example.test", role_id: 4 }],
  "without the permission": [{ email: "new@example.test", role_id: 4 }, "agent"],
};

const invite = (scene: Scene, body: unknown, as: UserName = "manager") =>
  scene.api("team/invite", { as, tenant: "acme", body });

export const shop: Exchanges = {
  ...each(refunds, (name, [end, more = {}, as = "manager"]) => ({
    [`refund: ${name}`]: async (scene) =>
      scene.graphql(REFUND, { as, variables: { id: await order(scene, end), ...more } }),
  })),
  "refund: an order that is not there": (scene) => scene.graphql(REFUND, { variables: { id: "nope" } }),
  async "refund: twice, and once too often"(scene) {
    const id = await order(scene, "0001");
    const answers = [];
    for (const amount of ["5.00", undefined, undefined]) {
      answers.push(await scene.graphql(REFUND, { variables: { id, amount } }));
    }
    return answers;
  },
  ...each(creations, (name, input) => ({
    [`an order ${name}`]: (scene) => scene.graphql(CREATE, { as: "agent", variables: { input } }),
  })),
  async "an order's external id is its own"(scene) {
    const variables = { input: { external_id: "X-1", items: [{ sku: "ACM-002" }] } };
    return [await scene.graphql(CREATE, { variables }), await scene.graphql(CREATE, { variables })];
  },
  async "an order takes from the stock"(scene) {
    const query = '{ products(search: "ACM-002") { data { stock_quantity } } }';
    const before = await scene.graphql(query);
    const made = await scene.graphql(CREATE, { variables: { input: { items: [{ sku: "ACM-002", quantity: 3 }] } } });
    return [before, made, await scene.graphql(query)];
  },
  ...each(products, (name, input) => ({
    [`a product is made ${name}`]: (scene) => scene.graphql(PRODUCT_CREATE, { as: "manager", variables: { input } }),
  })),
  "a product is made without the permission": (scene) =>
    scene.graphql(PRODUCT_CREATE, { as: "agent", variables: { input: products["with little"] } }),
  ...each(changes, (name, input) => ({
    [`of a product is changed ${name}`]: async (scene) =>
      scene.graphql(PRODUCT_UPDATE, { as: "manager", variables: { id: await product(scene, "ACM-001"), input } }),
  })),
  "a product that is not there is changed": (scene) =>
    scene.graphql(PRODUCT_UPDATE, { variables: { id: "nope", input: {} } }),
  ...each(lists, (name, query) => ({ [name]: (scene) => scene.graphql(query) })),
  "a status that is none in a variable": (scene) =>
    scene.graphql("query ($s: OrderStatus) { orders(status: $s) { meta { total_items } } }", {
      variables: { s: "nope" },
    }),
  "a status in a variable of text": (scene) =>
    scene.graphql("query ($s: String) { orders(status: $s) { meta { total_items } } }", {
      variables: { s: "pending" },
    }),
  "a status that is a number": (scene) =>
    scene.graphql("query ($s: OrderStatus) { orders(status: $s) { meta { total_items } } }", { variables: { s: 5 } }),
  "a customer's contact without the permission": (scene) =>
    scene.graphql("{ customers(per_page: 2) { data { first_name email phone } } }", { as: "viewer" }),
  "a customer's contact without the permission, REST": (scene) =>
    scene.api("customers?per_page=1&tags[]=vip", { as: "agent", tenant: "acme" }),
  "customers of a tag, REST": (scene) =>
    scene.api("customers?per_page=1&tags[]=vip", { as: "manager", tenant: "acme" }),
  "customers of a tag that is no list, REST": (scene) =>
    scene.api("customers?tags=vip&sort=nope", { as: "manager", tenant: "acme" }),
  "orders by number, REST": (scene) =>
    scene.api("orders?per_page=1&sort=order_number", { as: "owner", tenant: "acme" }),
  "a product, REST": async (scene) =>
    scene.api(`products/${await product(scene, "ACM-001")}`, { as: "viewer", tenant: "acme" }),
  "a product that is not there, REST": (scene) => scene.api("products/nope", { as: "viewer", tenant: "acme" }),
  ...each(invitations, (name, [body, as]) => ({ [`invited: ${name}`]: (scene) => invite(scene, body, as) })),
  async "invited twice, listed, withdrawn twice"(scene) {
    const body = { email: "new@example.test", role_id: 3 };
    const withdraw = () => scene.api("team/invitations/1", { as: "manager", tenant: "acme", method: "DELETE" });
    const list = () => scene.api("team/invitations", { as: "manager", tenant: "acme" });
    return [
      await invite(scene, body),
      await invite(scene, body, "admin"),
      await list(),
      await withdraw(),
      await withdraw(),
      await list(),
    ];
  },
  "invitations without the permission": (scene) => scene.api("team/invitations", { as: "agent", tenant: "acme" }),
  "an own name is changed": (scene) =>
    scene.api("profile", { as: "viewer", tenant: "acme", method: "PATCH", body: { name: " New Name " } }),
  "an own name is taken away": (scene) =>
    scene.api("profile", { as: "viewer", tenant: "acme", method: "PATCH", body: { name: "" } }),
  "a method that the profile has not": (scene) =>
    scene.api("profile", { as: "viewer", tenant: "acme", method: "DELETE" }),
};
