import assert from "node:assert/strict";
import { getIntrospectionQuery } from "graphql";
import { createSandbox } from "../platform/sandbox/mod.ts";
import { ask, query } from "../support/sandbox/client.ts";

const sandbox = await createSandbox();
const SKU = "GLO-001";
const someOrder = async (status: string) =>
  String((await ask(sandbox, `/api/v1/orders?status=${status}`, { as: "owner", tenant: "acme" })).at("data.0.id"));

Deno.test("errors of the document have no code, no path and no data, in webonyx's words", async () => {
  const table: [document: string, variables: unknown, message: string][] = [
    ["{ orders( }", {}, "Syntax Error: Expected Name, found }"],
    [
      "{ orders { data { note } } }",
      {},
      'Cannot query field "note" on type "Order". Did you mean "notes"?',
    ],
    ["query ($id: ID!) { order(id: $id) { id } }", {}, 'Variable "$id" of required type "ID!" was not provided.'],
    [
      "query ($s: String!) { orders(search: $s) { meta { per_page } } }",
      { s: "" },
      'Variable "$s" of non-null type "String!" must not be null.',
    ],
  ];
  for (const [document, variables, message] of table) {
    const { status, json, at } = await query(sandbox, document, { variables });
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(json as object), ["errors"]);
    const { locations, ...rest } = at("errors.0") as Record<string, unknown>;
    assert.deepEqual(rest, { message });
    assert.ok(locations);
  }
});

Deno.test("syntax and validation errors come before the gates", async () => {
  const guest = { as: undefined, tenant: undefined };
  const { at } = await query(sandbox, "{ orders( }", guest);
  assert.match(String(at("errors.0.message")), /^Syntax Error/);
  assert.equal(at("errors.0.extensions"), undefined);
  const introspection = await query(sandbox, "{ __schema { queryType { name } } }", guest);
  assert.equal(introspection.text, '{"data":{"__schema":{"queryType":{"name":"Query"}}}}');
});

Deno.test("depth and complexity are limited, and their errors have no locations", async () => {
  const deep = (levels: number) =>
    `{ orders { data ${"{ customer { orders ".repeat(levels)} { id } ${"} }".repeat(levels)} } }`;
  const depth = await query(sandbox, deep(8));
  assert.deepEqual(depth.json, { errors: [{ message: "Max query depth should be 15 but got 17." }] });
  sandbox.options.graphqlMaxComplexity = 4;
  const complexity = await query(sandbox, "{ orders { data { id total status } } }");
  assert.deepEqual(complexity.json, { errors: [{ message: "Max query complexity should be 4 but got 5." }] });
  const skipped = await query(sandbox, "{ orders { data { id total status @skip(if: true) } } }");
  assert.equal(skipped.at("errors"), undefined);
  sandbox.reset();
});

Deno.test("the standard introspection query needs a depth of 13", async () => {
  sandbox.options.graphqlMaxComplexity = 1; // `__schema` costs nothing
  const errors = async (max: number) => {
    sandbox.options.graphqlMaxDepth = max;
    return (await query(sandbox, getIntrospectionQuery())).at("errors");
  };
  assert.equal(await errors(13), undefined);
  assert.deepEqual(await errors(12), [{ message: "Max query depth should be 12 but got 13." }]);
  sandbox.reset();
});

Deno.test("introspection can be switched off", async () => {
  sandbox.options.introspection = false;
  const { at } = await query(sandbox, "{ __schema { queryType { name } } }");
  assert.match(String(at("errors.0.message")), /introspection is not allowed/);
  assert.equal((await query(sandbox, "{ __typename }")).at("data.__typename"), "Query");
  sandbox.reset();
});

Deno.test("bad values are VALIDATION with the fields, missing things NOT_FOUND", async () => {
  const bad = await query(sandbox, '{ orders(customer_id: "nope", per_page: 500) { meta { per_page } } }');
  assert.deepEqual(bad.at("errors.0.extensions"), {
    code: "VALIDATION",
    fields: {
      customer_id: ["The customer id field must be a valid UUID."],
      per_page: ["The per page field must be between 1 and 100."],
    },
  });
  for (const from of ['"2026-02-30"', '"yesterday"', "5", '["2026-05-10"]']) {
    const { at } = await query(sandbox, `{ orders(from: ${from}) { meta { per_page } } }`);
    assert.deepEqual(Object.keys(at("errors.0.extensions.fields") as object), ["from"]);
  }
  for (const what of ["order", "product", "customer"]) {
    const { at } = await query(sandbox, `{ ${what}(id: "nope") { id } }`);
    assert.deepEqual(at("errors.0.extensions"), { code: "NOT_FOUND" });
  }
});

Deno.test("variables are trimmed, and empty texts become null", async () => {
  sandbox.reset();
  const id = await someOrder("pending");
  const cancel = "mutation ($id: ID!, $reason: String) { orders_cancel(id: $id, reason: $reason) { notes } }";
  const first = await query(sandbox, cancel, { variables: { id: ` ${id}\n`, reason: "  late  " } });
  assert.equal(first.at("data.orders_cancel.notes"), "late");
  const other = await someOrder("confirmed");
  const second = await query(sandbox, cancel, { variables: { id: other, reason: "   " } });
  assert.equal(second.at("data.orders_cancel.notes"), null);
  assert.deepEqual(sandbox.auditRows().map(({ variables }) => JSON.parse(variables).reason), ["late", null]);
});

Deno.test("an order can be created, moved on and cancelled, once", async () => {
  sandbox.reset();
  const document = `mutation ($input: OrderInput!) {
    orders_create(input: $input) { id order_number status currency subtotal total items { sku quantity unit_price total } }
  }`;
  const variables = { input: { currency: "EUR", items: [{ sku: SKU, quantity: 3 }, { sku: "GLO-002" }] } };
  const { at, rows } = await query(sandbox, document, { variables, tenant: "globex", as: "outsider" });
  assert.match(String(at("data.orders_create.order_number")), /^ORD-\d{8}-0061$/);
  assert.equal(at("data.orders_create.status"), "pending");
  const cents = (money?: string) => Number(money?.replace(".", ""));
  const items = rows("data.orders_create.items");
  assert.deepEqual(items.map(({ sku, quantity }) => [sku, quantity]), [[SKU, 3], ["GLO-002", 1]]);
  for (const { unit_price, quantity, total } of items) assert.equal(cents(total), cents(unit_price) * Number(quantity));
  assert.equal(cents(String(at("data.orders_create.total"))), cents(items[0]!.total) + cents(items[1]!.total));

  const step = (field: string) =>
    query(sandbox, `mutation { ${field} { status } }`, { tenant: "globex", as: "outsider" });
  const id = at("data.orders_create.id");
  const moved = await step(`orders_update_status(id: "${id}", status: shipped)`);
  assert.equal(moved.at("data.orders_update_status.status"), "shipped");
  assert.equal((await step(`orders_cancel(id: "${id}")`)).at("data.orders_cancel.status"), "cancelled");
  const again = await step(`orders_cancel(id: "${id}")`);
  assert.deepEqual(again.at("errors.0.extensions"), {
    code: "VALIDATION",
    fields: { status: ["The order is cancelled."] },
  });
});

Deno.test("bad items are named by their place", async () => {
  const variables = { input: { items: [{ sku: "nope" }, { sku: SKU, quantity: 0 }] } };
  const document = "mutation ($input: OrderInput!) { orders_create(input: $input) { id } }";
  const { at } = await query(sandbox, document, { variables, tenant: "globex", as: "outsider" });
  assert.deepEqual(at("errors.0.extensions.fields"), {
    "items.0.sku": ["The selected items.0.sku is invalid."],
    "items.1.quantity": ["The items.1.quantity field must be between 1 and 1000."],
  });
});

Deno.test("each mutation leaves one audit row, refused ones too, and queries none", async () => {
  sandbox.reset();
  const id = await someOrder("pending");
  const headers = { "user-agent": "a-test/1", "x-request-id": "the-request-1" };
  const mutation =
    `mutation { first: orders_cancel(id: "nope") { id } second: orders_update_status(id: "${id}", status: confirmed) { status } }`;
  const both = await query(sandbox, mutation, { headers });
  assert.equal(both.status, 200);
  assert.deepEqual(both.at("errors.0.extensions.code"), "NOT_FOUND");
  assert.deepEqual(both.at("data"), { first: null, second: { status: "confirmed" } });
  await query(sandbox, `mutation { orders_cancel(id: "${id}") { id } }`, { as: "viewer" });
  await query(sandbox, `mutation { orders_cancel(id: "${id}") { id } }`, { as: undefined });
  await query(sandbox, "{ profile { id } }");
  const rows = sandbox.auditRows();
  assert.deepEqual(rows.map(({ operation, result, user_id, tenant }) => [operation, result, user_id, tenant]), [
    ["orders_cancel", "NOT_FOUND", 1, "acme"],
    ["orders_update_status", "ok", 1, "acme"],
    ["orders_cancel", "FORBIDDEN", 5, "acme"],
    ["orders_cancel", "UNAUTHENTICATED", null, null],
  ]);
  assert.deepEqual(
    rows.slice(0, 2).map((row) => [row.request_id, row.user_agent]),
    Array(2).fill(["the-request-1", "a-test/1"]),
  );

  const logs = await ask(sandbox, "/api/v1/activity-logs?operation=orders_cancel", { as: "owner", tenant: "acme" });
  assert.deepEqual(logs.rows("logs").map(({ result }) => result), ["FORBIDDEN", "NOT_FOUND"]);
  assert.equal(logs.at("pagination.per_page"), 25);
  const seen = await query(sandbox, "{ audit_log { data { variables } meta { total_items } } }");
  assert.equal(seen.at("data.audit_log.meta.total_items"), 3);
  assert.equal(seen.at("data.audit_log.data.2.variables"), '{"id":"nope"}');
});

Deno.test("bodies that are no GraphQL request are 400, GET is 405", async () => {
  const post = async (body: string, type: string) => {
    const headers = { "content-type": type };
    return (await ask(sandbox, "/api/v1/graphql", { as: "owner", tenant: "acme", headers, body })).status;
  };
  const good = '{"query":"{ __typename }"}';
  assert.equal(await post(good, "application/json"), 200);
  assert.equal(await post("no json", "application/json"), 400);
  assert.equal(await post(good, "text/plain"), 400);
  assert.equal(await post(`[${good}]`, "application/json"), 400);
  assert.equal(await post('{"variables":{}}', "application/json"), 400);
  assert.equal((await ask(sandbox, "/api/v1/graphql")).status, 405);
});

Deno.test("GraphQL times have whole seconds, money is text", async () => {
  const { at } = await query(sandbox, "{ orders(per_page: 1) { data { total created_at updated_at } } }");
  assert.match(String(at("data.orders.data.0.created_at")), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.equal(typeof at("data.orders.data.0.total"), "string");
});

Deno.test("roles may do what their permissions say, and nobody more", async () => {
  sandbox.reset();
  const codeFor = async (as: "manager" | "agent" | "viewer", field: string) =>
    (await query(sandbox, `mutation { ${field} { id } }`, { as })).at("errors.0.extensions.code");
  const cancel = 'orders_cancel(id: "nope")';
  const move = 'orders_update_status(id: "nope", status: shipped)';
  assert.equal(await codeFor("manager", cancel), "NOT_FOUND");
  assert.equal(await codeFor("agent", cancel), "FORBIDDEN");
  assert.equal(await codeFor("agent", move), "NOT_FOUND");
  assert.equal(await codeFor("viewer", move), "FORBIDDEN");
});
