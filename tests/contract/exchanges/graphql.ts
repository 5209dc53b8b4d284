/** GraphQL beyond the gates: documents, variables, filters, mutations and their audit rows. */

import { createHash } from "node:crypto";
import { getIntrospectionQuery } from "graphql";
import type { Switches } from "../../platform/control.ts";
import type { Scene } from "../scene.ts";
import type { Exchanges } from "./mod.ts";

const FIRST = '{ orders(per_page: 1, to: "2026-01-01T08:00:00Z") { data { id } } }';

/** The id of acme's first order. */
async function first(scene: Scene): Promise<string> {
  return (await (await scene.graphql(FIRST)).json()).data.orders.data[0].id;
}

const documents: Record<string, [query: string, variables?: unknown]> = {
  "a syntax error": ["{ orders( }"],
  "an empty document": [" "],
  "an unknown field": ["{ orders { data { nope } } }"],
  "a field that is misspelt": ["{ orders { data { note } } }"],
  "an unknown argument": ["{ orders(pages: 1) { data { id } } }"],
  "a field without its selection": ["{ orders }"],
  "a scalar with a selection": ["{ orders { data { id { x } } } }"],
  "a missing variable": ["query ($id: ID!) { order(id: $id) { id } }"],
  "a variable of the wrong type": ["query ($n: Int) { orders(per_page: $n) { data { id } } }", { n: "many" }],
  "an empty text for a variable that must be there": ["query ($s: ID!) { order(id: $s) { id } }", { s: "" }],
  "a variable that is not defined": ["{ order(id: $id) { id } }"],
  "two operations and no name": ["query A { profile { id } } query B { profile { id } }"],
  "a document that is too deep": [
    `{ orders(per_page: 1) { data ${"{ customer { orders ".repeat(8)}{ id }${" } }".repeat(8)} } }`,
  ],
  "a document that is too large": [`{ ${Array.from({ length: 1100 }, (_, n) => `a${n}: __typename`).join(" ")} }`],
  "a subscription": ["subscription { orders { id } }"],
  "a bad status": ['{ orders(status: "nope") { data { id } } }'],
  "two bad values": ['{ orders(customer_id: "nope", per_page: 1000) { data { id } } }'],
  "a page that is none": ["{ orders(page: 0) { data { id } } }"],
  "a page beyond the end": [
    "{ orders(page: 9999) { data { id } meta { current_page total_pages total_items per_page } } }",
  ],
  "a date that is none": ['{ orders(from: "2026-02-30") { data { id } } }'],
  "a customer's id that is none": ['{ orders(customer_id: "5") { data { id } } }'],
  "from after to": [
    '{ orders(from: "2026-05-01T00:00:00Z", to: "2026-04-01T00:00:00Z") { data { id } meta { total_items } } }',
  ],
  "a time with an offset": [
    '{ orders(from: "2026-05-15T20:00:00+05:30", to: "2026-05-15T22:00:00Z") { data { order_number created_at } } }',
  ],
  "a search for a part of a number": [
    '{ orders(search: "-1999") { data { order_number status total } meta { total_items } } }',
  ],
  "a search with the database's own signs": ['{ orders(search: "%") { meta { total_items } } }'],
  "products with text that a terminal must not be given": [
    "{ products(page: 4, per_page: 6) { data { sku name price stock_quantity status } } }",
  ],
  "customers with names of many scripts": [
    '{ customers(search: "customer1", per_page: 12) { data { email first_name last_name tags accepts_marketing } } }',
  ],
  "an order with everything": [
    '{ orders(search: "-0001") { data { id order_number status payment_status fulfillment_status subtotal tax discount shipping_cost total currency notes tags created_at updated_at customer { id email total_spent } items { id sku name quantity unit_price total } } } }',
  ],
  "an order that is not there": ['{ order(id: "00000000-0000-4000-8000-000000000000") { id } }'],
  "an order by its number": ['{ order(id: "ORD-20260101-0001") { id } }'],
  "the profile": [
    "{ profile { id name email email_verified is_super_admin created_at current_tenant { id role status } tenants_count } }",
  ],
};

const CREATE =
  "mutation ($input: OrderInput!) { orders_create(input: $input) { order_number status currency subtotal tax total notes items { sku quantity unit_price total } } }";

const inputs: Record<string, unknown> = {
  "an order is made": { notes: "  by hand  ", items: [{ sku: "ACM-001", quantity: 2 }, { sku: "ACM-002" }] },
  "an order without items": { items: [] },
  "an unknown sku": { items: [{ sku: "ACM-001" }, { sku: "NOPE", quantity: 0 }] },
  "a sku of another tenant": { items: [{ sku: "GLO-001" }] },
  "an unknown customer and currency": { customer_id: "5", currency: "XXX", items: [{ sku: "ACM-001" }] },
  "notes that are too long": { notes: "x".repeat(501), items: [{ sku: "ACM-001" }] },
  "an input without its items": { notes: "x" },
  "an input with a member that is not known": { items: [{ sku: "ACM-001", price: 1 }] },
};

/** A digest of all pages of a query. */
async function digest(scene: Scene, tenant: string, query: string): Promise<Response> {
  const hash = createHash("sha256");
  let status = 200;
  for (let page = 1, pages = 1; page <= pages; page++) {
    const answer = await scene.graphql(query, { tenant, variables: { page } });
    const text = await answer.text();
    hash.update(text);
    status = answer.status;
    pages = Number(/"total_pages":(\d+)/.exec(text)?.[1] ?? 0);
  }
  return new Response(hash.digest("hex"), { status });
}

const ALL_ORDERS = `query ($page: Int) { orders(page: $page, per_page: 100) {
  data { id order_number status payment_status customer_id subtotal tax total created_at updated_at
    items { id sku name quantity unit_price total } }
  meta { total_pages } } }`;

const ALL_ELSE = `query ($page: Int) {
  products(page: $page, per_page: 100) { data { id sku name price stock_quantity status created_at } meta { total_pages } }
  customers(page: $page, per_page: 100) { data { id email phone first_name last_name accepts_marketing tags } } }`;

const TYPE = "type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";
const VALUE = `name description defaultValue ${TYPE}`;
const MEMBERS = `kind name description
  fields(includeDeprecated: true) { name description isDeprecated deprecationReason args { ${VALUE} } ${TYPE} }
  inputFields { ${VALUE} } enumValues(includeDeprecated: true) { name description isDeprecated }
  possibleTypes { name } interfaces { name }`;

/** With three levels of `ofType`: `[[T!]!]!` is cut, `[T!]!` is whole. */
const SLIM = `{ __schema { queryType { name } mutationType { name } types { ${MEMBERS} } } }`;
const NAMES = "{ __schema { types { name kind } } }";
const ONE_TYPE = `{ __type(name: "OrderItemInput") { ${MEMBERS} } }`;

export const graphql: Exchanges = {
  "every order with its items, as a digest": async (scene) => [
    await digest(scene, "acme", ALL_ORDERS),
    await digest(scene, "globex", ALL_ORDERS),
  ],
  "every product and customer, as a digest": async (scene) => [
    await digest(scene, "acme", ALL_ELSE),
    await digest(scene, "globex", ALL_ELSE),
  ],
  ...Object.fromEntries(
    Object.entries(documents).map((
      [name, [query, variables]],
    ) => [name, (scene: Scene) => scene.graphql(query, { variables })]),
  ),
  ...Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [
      `create: ${name}`,
      (scene: Scene) => scene.graphql(CREATE, { variables: { input } }),
    ]),
  ),
  "a syntax error is named without a token": (scene) => scene.graphql("{ orders( }", { bearer: "" }),
  "introspection is answered without a token": (scene) =>
    scene.graphql("{ __schema { queryType { name } } }", { bearer: "" }),
  async "the whole introspection is 13 levels deep"(scene) {
    const answer = await scene.graphql(getIntrospectionQuery(), { bearer: "" });
    const { data } = await answer.clone().json();
    const types = data?.__schema.types.map(({ name }: { name: string }) => name).sort();
    return new Response(JSON.stringify(types ?? await answer.json()), answer);
  },
  ...Object.fromEntries(
    ([
      ["depth 7 is enough for a slim introspection", { GRAPHQL_MAX_DEPTH: "7" }, SLIM],
      ["depth 6 is not", { GRAPHQL_MAX_DEPTH: "6" }, SLIM],
      ["depth 4 is enough for the names", { GRAPHQL_MAX_DEPTH: "4" }, NAMES],
      ["depth 4 is not for one type", { GRAPHQL_MAX_DEPTH: "4" }, ONE_TYPE],
      ["depth 6 is enough for one type", { GRAPHQL_MAX_DEPTH: "6" }, ONE_TYPE],
      ["complexity does not count what is below __schema", { GRAPHQL_MAX_COMPLEXITY: "3" }, SLIM],
      ["complexity counts what is below __type", { GRAPHQL_MAX_COMPLEXITY: "3" }, ONE_TYPE],
      ["it is switched off", { INTROSPECTION: "0" }, SLIM],
      ["a type of its own is switched off", { INTROSPECTION: "0" }, ONE_TYPE],
      ["__typename is not switched off", { INTROSPECTION: "0" }, "{ __typename }"],
    ] as [string, Switches, string][]).map(([name, switches, document]) => [
      `introspection: ${name}`,
      async (scene: Scene) => {
        await scene.control.set(switches);
        const answer = await scene.graphql(document);
        const body = await answer.clone().json();
        if (!body.data?.__schema) return answer;
        const types = body.data.__schema.types.map(({ name }: { name: string }) => name).sort();
        return new Response(JSON.stringify(types), answer);
      },
    ]),
  ),
  "a list of documents": (scene) => scene.graphql("", { body: [{ query: "{ profile { id } }" }] }),
  "a body that is no JSON": (scene) =>
    scene.graphql("", { body: "{", headers: { "content-type": "application/json" } }),
  "a body of another type": (scene) => scene.graphql("", { body: '{"query":"{ profile { id } }"}' }),
  "a body without a document": (scene) => scene.graphql("", { body: { variables: {} } }),
  "a document as a form": (scene) =>
    scene.graphql("", { body: new URLSearchParams({ query: "{ profile { name } }" }) }),
  "a GET": (scene) => scene.graphql("", { method: "GET", body: undefined }),
  async "a status is changed"(scene) {
    const query =
      "mutation ($id: ID!) { orders_update_status(id: $id, status: shipped) { order_number status updated_at } }";
    return scene.graphql(query, { as: "agent", variables: { id: await first(scene) } });
  },
  async "a status that is none"(scene) {
    const query = "mutation ($id: ID!) { orders_update_status(id: $id, status: nope) { status } }";
    return scene.graphql(query, { variables: { id: await first(scene) } });
  },
  async "an order is cancelled, and cannot be cancelled again"(scene) {
    const query = 'mutation ($id: ID!) { orders_cancel(id: $id, reason: "changed their mind") { status notes } }';
    const variables = { id: await first(scene) };
    return [
      await scene.graphql(query, { as: "manager", variables }),
      await scene.graphql(query, { as: "manager", variables }),
    ];
  },
  async "a refused mutation, and its audit row"(scene) {
    const query = "mutation ($id: ID!) { orders_cancel(id: $id) { status } }";
    const headers = { "x-request-id": "request-of-the-agent" };
    const refused = await scene.graphql(query, { as: "agent", variables: { id: await first(scene) }, headers });
    return [refused, await scene.graphql(ROWS, { variables: { id: "request-of-the-agent" } })];
  },
  async "two mutations in one document: one fails, one is carried out, both leave a row"(scene) {
    const query = `mutation ($id: ID!) {
      a: orders_cancel(id: "00000000-0000-4000-8000-000000000000") { status }
      b: orders_update_status(id: $id, status: processing) { status }
    }`;
    const headers = { "x-request-id": "two-in-one-document" };
    const answer = await scene.graphql(query, { variables: { id: await first(scene) }, headers });
    return [answer, await scene.graphql(ROWS, { variables: { id: "two-in-one-document" } })];
  },
  async "a request id that is not harmless is replaced"(scene) {
    const query = 'mutation { orders_cancel(id: "5") { id } }';
    const answer = await scene.graphql(query, { headers: { "x-request-id": "a b" } });
    return [answer, await scene.graphql(ROWS, { variables: { id: answer.headers.get("x-request-id") } })];
  },
  "an empty filter is no filter as a variable": (scene) => scene.graphql(ROWS, { variables: { id: "" } }),
  "an empty filter matches nothing in the document": (scene) =>
    scene.graphql('{ orders(search: "") { meta { total_items } } }'),
};

const ROWS = `query ($id: String) {
  audit_log(request_id: $id) { data { user_id tenant operation variables result created_at } meta { total_items } }
}`;
