import assert from "node:assert/strict";
import { createSandbox } from "../platform/sandbox/mod.ts";
import { ask, query } from "../support/sandbox/client.ts";

const sandbox = await createSandbox();
const get = (path: string, tenant = "acme") => ask(sandbox, `/api/v1/${path}`, { as: "owner", tenant });

Deno.test("acme has 2,000 orders, globex 60, and no order is in both", async () => {
  const ids = new Set<string>();
  for (const [tenant, total] of [["acme", 2000], ["globex", 60]] as const) {
    const { at, rows } = await get("orders?per_page=100", tenant);
    assert.equal(at("meta.total_items"), total);
    for (const { id } of rows("data")) assert.equal(ids.has(id!), false);
    for (const { id } of rows("data")) ids.add(id!);
  }
  const foreign = (await get("orders?per_page=1", "globex")).at("data.0.id");
  assert.equal((await get(`orders/${foreign}`, "globex")).status, 200);
  assert.equal((await get(`orders/${foreign}`, "acme")).status, 404);
});

Deno.test("the seed follows the Laravel application's rule", async () => {
  // Measured there: the 60th order of acme, and the time of the 60th at its first shop's pace.
  const sixtieth = await get("orders/76556c71-127d-512a-a4d2-0ca357533922");
  assert.match(String(sixtieth.at("order_number")), /^ORD-\d{8}-0060$/);
  assert.equal(sixtieth.at("total"), "1768.21");
  assert.equal((await get("orders?per_page=1", "globex")).at("data.0.created_at"), "2026-05-17T19:00:00.000000Z");
});

Deno.test("a page beyond the end is empty; meta has the four keys", async () => {
  const { status, json } = await get("orders?page=99", "globex");
  assert.equal(status, 200);
  assert.deepEqual(json, { data: [], meta: { current_page: 99, total_pages: 3, total_items: 60, per_page: 20 } });
});

Deno.test("pages hold every order once, newest first", async () => {
  const seen: Record<string, string>[] = [];
  for (let page = 1; page <= 3; page++) seen.push(...(await get(`orders?page=${page}`, "globex")).rows("data"));
  assert.equal(new Set(seen.map(({ id }) => id)).size, 60);
  assert.deepEqual(seen, seen.toSorted((a, b) => a.created_at! < b.created_at! ? 1 : -1));
});

Deno.test("bad filters are refused field by field, in Laravel's words", async () => {
  const { status, json } = await get("orders?status=nope&per_page=0");
  assert.equal(status, 422);
  assert.deepEqual(json, {
    message: "The selected status is invalid. (and 1 more error)",
    errors: {
      status: ["The selected status is invalid."],
      per_page: ["The per page field must be between 1 and 100."],
    },
  });
  assert.deepEqual((await get("orders?page=0")).at("errors.page"), ["The page field must be at least 1."]);
});

Deno.test("bad dates are refused, from after to is an empty list", async () => {
  for (const bad of ["2026-02-30", "yesterday", "5"]) {
    assert.deepEqual(
      (await get(`orders?from=${bad}`)).at("errors.from"),
      ["The from field must be a valid date."],
      bad,
    );
  }
  assert.equal((await get("orders?from[]=2026-05-10")).status, 422);
  assert.deepEqual((await get("orders?from=2026-05-10&to=2026-05-01")).at("data"), []);
});

Deno.test("from is included, to is not, fractions are cut off, zones count", async () => {
  const newest = (await get("orders?per_page=1", "globex")).at("data.0.id");
  const found = async (filter: string) =>
    (await get(`orders?${filter}`, "globex")).rows("data").some(({ id }) => id === newest);
  assert.equal(await found("from=2026-05-17T19:00:00Z"), true);
  assert.equal(await found("from=2026-05-17T19:00:00.900Z"), true);
  assert.equal(await found("to=2026-05-17T19:00:00.900Z&from=2026-05-17"), false);
  assert.equal(await found("to=2026-05-17T19:00:01Z&from=2026-05-17"), true);
  assert.equal(await found("from=2026-05-18T00:30:00%2B05:30"), true);
  assert.equal(await found("from=2026-05-18T00:30:01%2B05:30"), false);
});

Deno.test("filters combine, and search takes % and _ as they are", async () => {
  const orders = (await get("orders?status=shipped&payment_status=paid&search=ORD-2026&per_page=100")).rows("data");
  assert.ok(orders.length > 0);
  for (const order of orders) assert.deepEqual([order.status, order.payment_status], ["shipped", "paid"]);
  for (const term of ["%25", "_", "%5C"]) assert.equal((await get(`orders?search=${term}`)).at("meta.total_items"), 0);
});

Deno.test("an empty filter is none in REST and in variables, and matches nothing inside a document", async () => {
  sandbox.reset();
  await query(sandbox, 'mutation { orders_cancel(id: "nope") { id } }');
  const total = async (document: string, variables?: unknown) =>
    (await query(sandbox, document, { variables })).at("data.audit_log.meta.total_items");
  const byVariable = "query ($id: String) { audit_log(request_id: $id) { meta { total_items } } }";
  assert.equal(await total(byVariable, { id: "" }), 1);
  assert.equal(await total('{ audit_log(request_id: "") { meta { total_items } } }'), 0);
  assert.equal((await get("activity-logs?request_id=")).at("pagination.total"), 1);
});

Deno.test("REST money is text with two places, times have microseconds, control characters are escaped", async () => {
  for (const order of (await get("orders?per_page=5")).rows("data")) {
    for (const money of [order.subtotal, order.tax, order.total, order.discount]) assert.match(money!, /^\d+\.\d\d$/);
    assert.match(order.created_at!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000000Z$/);
  }
  const { text, at } = await get("products?search=-023");
  assert.equal(at("data.0.name"), "\u001b[31mRed\u001b[0m\ttab\r\nline \u202etxt.exe");
  assert.ok(text.includes(String.raw`"\u001b[31mRed\u001b[0m\ttab\r\nline \u202etxt.exe"`));
});

Deno.test("names hold joiners, wide characters, emoji and control characters", async () => {
  for (const list of ["products", "customers"]) {
    const { text, at } = await get(`${list}?per_page=100`);
    const names = JSON.stringify(at("data"));
    for (const part of ["\u0915\u094d\u200d\u0937", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u202e"]) {
      assert.ok(names.includes(part), `${list}: ${part}`);
    }
    assert.match(names, /\p{Emoji_Presentation}/u);
    assert.match(names, /\p{Script=Han}/u);
    for (const escape of [String.raw`\u001b`, String.raw`\r\n`, String.raw`\t`]) {
      assert.ok(text.includes(escape), escape);
    }
  }
});

Deno.test("an order's items add up, and their tax is 18 %", async () => {
  for (const { id, subtotal, tax, total } of (await get("orders?per_page=20")).rows("data")) {
    const items = (await get(`orders/${id}`)).rows("items");
    const cents = (money?: string) => Number(money?.replace(".", ""));
    const sum = items.reduce((all, item) => all + cents(item.total), 0);
    assert.equal(cents(subtotal), sum);
    assert.equal(cents(tax), Math.floor(sum * 0.18 + 1e-6));
    assert.equal(cents(total), sum + cents(tax));
  }
});

Deno.test("the profile tells the role of the tenant that was asked for", async () => {
  sandbox.reset();
  const { at } = await get("profile", "globex");
  assert.deepEqual(
    ["id", "name", "email", "email_verified", "current_tenant.id", "current_tenant.role", "tenants_count"].map(at),
    [1, "Owner Example", "owner@example.test", true, "globex", "viewer", 3],
  );
  assert.match(String(at("created_at")), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

Deno.test("the list of tenants has the suspended one too", async () => {
  const { at } = await ask(sandbox, "/api/v1/auth/tenants", { as: "owner" });
  assert.deepEqual(at("tenants"), [
    { id: "acme", name: "Acme Traders", role: "owner" },
    { id: "globex", name: "Globex Retail", role: "viewer" },
    { id: "initech", name: "Initech", role: "owner" },
  ]);
});
