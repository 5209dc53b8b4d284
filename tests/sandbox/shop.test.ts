import assert from "node:assert/strict";
import { createSandbox, type UserName } from "../platform/sandbox/mod.ts";
import { ask, query } from "../support/sandbox/client.ts";

const sandbox = await createSandbox();

const orderOf = async (end: string): Promise<Record<string, string>> =>
  (await query(sandbox, `{ orders(search: "-${end}") { data { id total amount_paid amount_refunded } } }`))
    .rows("data.orders.data")[0]!;

const REFUND = `mutation ($id: ID!, $amount: Money, $currency: String, $reason: String) {
  orders_process_refund(id: $id, amount: $amount, currency: $currency, reason: $reason) {
    payment_status amount_refunded notes
  }
}`;

async function refund(end: string, more: Record<string, unknown> = {}, as: UserName = "manager") {
  const { id } = await orderOf(end);
  return await query(sandbox, REFUND, { as, variables: { id, ...more } });
}

Deno.test("what was paid is all, half or nothing, by the order's payment status", async () => {
  const [paid, refunded, partial, failed] = await Promise.all(["0001", "0002", "0003", "0004"].map(orderOf));
  assert.equal(paid!.amount_paid, paid!.total);
  assert.deepEqual([paid!.amount_refunded, refunded!.amount_refunded], ["0.00", refunded!.total]);
  assert.ok(Math.abs(Number(partial!.amount_paid) * 2 - Number(partial!.total)) < 0.02);
  assert.equal(failed!.amount_paid, "0.00");
});

Deno.test("a refund in two parts; more than was paid is refused, and so is one that is over", async () => {
  sandbox.reset();
  const { total } = await orderOf("0001");
  const part = await refund("0001", { amount: "10.5", currency: "INR", reason: "a dent" });
  assert.deepEqual(part.at("data.orders_process_refund"), {
    payment_status: "paid",
    amount_refunded: "10.50",
    notes: "a dent",
  });
  const left = (Number(total) - 10.5).toFixed(2);
  const more = await refund("0001", { amount: total! });
  assert.equal(more.at("errors.0.message"), `At most ${left} INR can be refunded.`);
  assert.deepEqual(more.at("errors.0.extensions.code"), "VALIDATION");
  const rest = await refund("0001");
  assert.deepEqual(rest.at("data.orders_process_refund"), {
    payment_status: "refunded",
    amount_refunded: total,
    notes: "a dent",
  });
  assert.equal((await refund("0001")).at("errors.0.message"), "The order is refunded already.");
});

Deno.test("WP-69: refunds that the server refuses, with the field and its words", async () => {
  sandbox.reset();
  const before = sandbox.rows("acme");
  const table: [end: string, more: Record<string, unknown>, field: string, text: string][] = [
    ["0004", {}, "payment_status", "The payment is failed."],
    ["0005", {}, "payment_status", "The payment is cod."],
    ["0002", {}, "payment_status", "The payment is refunded."],
    ["0001", { currency: "USD" }, "currency", "The order is in INR."],
    ["0001", { amount: "0.00" }, "amount", "The amount must be more than 0.00."],
    ...["1,000.00", "1e3", "0.1+0.2", "-1", "1.005", ".5"].map((amount) =>
      ["0001", { amount }, "amount", "The amount field format is invalid."] as [
        string,
        { amount: string },
        string,
        string,
      ]
    ),
  ];
  for (const [end, more, field, text] of table) {
    const { at } = await refund(end, more);
    assert.deepEqual(
      at("errors.0.extensions"),
      { code: "VALIDATION", fields: { [field]: [text] } },
      JSON.stringify(more),
    );
  }
  const { at } = await refund("0001", {}, "agent");
  assert.deepEqual(at("errors.0.extensions"), { code: "FORBIDDEN", permission: "orders.refund" });
  assert.equal(sandbox.rows("acme"), before);
});

Deno.test("an order takes from the stock; what is not sold or not there is refused, whole", async () => {
  sandbox.reset();
  const stock = async (sku: string) =>
    (await query(sandbox, `{ products(search: "${sku}") { data { stock_quantity } } }`))
      .at("data.products.data.0.stock_quantity");
  const make = (items: unknown, more = {}) =>
    query(sandbox, "mutation ($input: OrderInput!) { orders_create(input: $input) { tags external_id } }", {
      variables: { input: { items, ...more } },
      as: "agent",
    });
  const had = Number(await stock("ACM-001"));
  const made = await make([{ sku: "ACM-001", quantity: 2 }], { tags: ["gift"], external_id: "X-1" });
  assert.deepEqual(made.at("data.orders_create"), { tags: ["gift"], external_id: "X-1" });
  assert.equal(await stock("ACM-001"), had - 2);
  const before = sandbox.rows("acme");
  const many = await make([{ sku: "ACM-002" }, { sku: "ACM-001", quantity: 900 }]);
  assert.equal(many.at("errors.0.message"), `Only ${had - 2} of ACM-001 are in stock.`);
  assert.deepEqual(Object.keys(many.at("errors.0.extensions.fields") as object), ["items.1.quantity"]);
  const archived = await make([{ sku: "ACM-004" }]);
  assert.deepEqual(archived.at("errors.0.extensions.fields"), {
    "items.0.sku": ["ACM-004 is archived, it cannot be ordered."],
  });
  const twice = await make([{ sku: "ACM-002" }], { external_id: "X-1" });
  assert.deepEqual(twice.at("errors.0.extensions.fields"), {
    external_id: ["The external id has already been taken."],
  });
  assert.equal(sandbox.rows("acme"), before);
});

Deno.test("a product is made and changed; its sku is its own and its old price the higher one", async () => {
  sandbox.reset();
  const FIELDS = "{ id sku name price compare_at_price track_inventory stock_quantity status source_module }";
  const create = (input: unknown) =>
    query(sandbox, `mutation ($input: ProductInput!) { products_create(input: $input) ${FIELDS} }`, {
      variables: { input },
      as: "manager",
    });
  const made = await create({ sku: "NEW-1", name: "Brass bell", price: "99.5" });
  const { id, ...rest } = made.at("data.products_create") as Record<string, unknown>;
  assert.deepEqual(rest, {
    sku: "NEW-1",
    name: "Brass bell",
    price: "99.50",
    compare_at_price: null,
    track_inventory: true,
    stock_quantity: 0,
    status: "active",
    source_module: "manual",
  });
  assert.deepEqual((await create({ sku: "NEW-1", name: "x", price: "1" })).at("errors.0.extensions.fields"), {
    sku: ["The sku has already been taken."],
  });
  assert.deepEqual((await create({ sku: "N", name: "x", price: "1,0" })).at("errors.0.extensions.fields"), {
    price: ["The price field format is invalid."],
  });
  const update = (input: unknown) =>
    query(
      sandbox,
      `mutation ($id: ID!, $input: ProductChanges!) { products_update(id: $id, input: $input) ${FIELDS} }`,
      {
        variables: { id, input },
        as: "manager",
      },
    );
  const changed = await update({ compare_at_price: "120", status: "draft", sku: "NEW-1", track_inventory: false });
  assert.deepEqual(changed.at("data.products_update"), {
    id,
    ...rest,
    compare_at_price: "120.00",
    status: "draft",
    track_inventory: false,
  });
  assert.deepEqual((await update({ price: "120" })).at("errors.0.extensions.fields"), {
    compare_at_price: ["The compare at price must be more than the price."],
  });
  assert.equal((await update({ compare_at_price: null })).at("data.products_update.compare_at_price"), null);
});

Deno.test("lists are sorted where they are asked to be, money as an amount", async () => {
  const values = async (list: string, sort: string, field: string) =>
    (await query(sandbox, `{ ${list}(per_page: 100, sort: ${sort}) { data { ${field} } } }`))
      .rows(`data.${list}.data`).map((row) => row[field]!);
  const prices = (await values("products", "price_desc", "price")).map(Number);
  assert.deepEqual(prices, prices.toSorted((a, b) => b - a));
  assert.ok(prices.length > 20);
  const totals = (await values("orders", "total", "total")).map(Number);
  assert.deepEqual(totals, totals.toSorted((a, b) => a - b));
  const names = await values("customers", "last_name", "last_name");
  assert.deepEqual(names, names.toSorted());
});

Deno.test("customers are filtered by all of their tags", async () => {
  const count = async (tags: string) =>
    (await query(sandbox, `{ customers(tags: ${tags}) { meta { total_items } } }`)).at(
      "data.customers.meta.total_items",
    );
  assert.deepEqual([await count('["vip"]'), await count('["vip", "new"]'), await count("[]")], [6, 0, 20]);
  const { at } = await ask(sandbox, "/api/v1/customers?tags[]=vip", { as: "owner", tenant: "acme" });
  assert.equal(at("meta.total_items"), 6);
});

Deno.test("WP-13: a customer's contact needs customers.view_sensitive, the rest does not", async () => {
  const document = "{ customers(per_page: 2) { data { first_name email phone } } }";
  const viewer = await query(sandbox, document, { as: "viewer" });
  assert.equal(viewer.at("data.customers.data.0.first_name"), "Asha");
  assert.equal(viewer.at("data.customers.data.0.email"), null);
  assert.deepEqual((viewer.at("errors") as { path: unknown }[]).map(({ path }) => path), [
    ["customers", "data", 0, "email"],
    ["customers", "data", 0, "phone"],
    ["customers", "data", 1, "email"],
    ["customers", "data", 1, "phone"],
  ]);
  assert.deepEqual(viewer.at("errors.0.extensions"), { code: "FORBIDDEN", permission: "customers.view_sensitive" });
  assert.equal((await query(sandbox, document, { as: "manager" })).at("errors"), undefined);
  const rest = async (as: UserName) =>
    Object.keys((await ask(sandbox, "/api/v1/customers", { as, tenant: "acme" })).rows("data")[0]!);
  assert.deepEqual([(await rest("agent")).includes("email"), (await rest("manager")).includes("email")], [false, true]);
});

Deno.test("people are invited with a role, seen in the list, and not twice", async () => {
  sandbox.reset();
  const invite = (email: unknown, role_id: unknown, as: UserName = "manager") =>
    ask(sandbox, "/api/v1/team/invite", {
      as,
      tenant: "acme",
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email, role_id }),
    });
  const made = await invite("new@example.test", 4);
  assert.equal(made.status, 201);
  const { expires_at, ...invitation } = made.at("invitation") as Record<string, unknown>;
  assert.deepEqual(invitation, { id: 1, email: "new@example.test", role: "agent" });
  const list = await ask(sandbox, "/api/v1/team/invitations", { as: "manager", tenant: "acme" });
  const { created_at: _, ...listed } = list.at("invitations.0") as Record<string, unknown>;
  assert.deepEqual(listed, {
    ...invitation,
    role: { id: 4, name: "agent" },
    invited_by: { id: 3, name: "Manager Example" },
    expires_at,
  });
  for (
    const [email, role, field, text] of [
      ["new@example.test", 4, "email", "The email has already been taken."],
      ["viewer@example.test", 4, "email", "The email has already been taken."],
      ["nobody", 4, "email", "The email field must be a valid email address."],
      [undefined, 4, "email", "The email field is required."],
      ["other@example.test", 1, "role_id", "The selected role id is invalid."],
    ] as const
  ) {
    const refused = await invite(email, role);
    assert.equal(refused.status, 422);
    assert.deepEqual(refused.at("errors"), { [field]: [text] });
  }
  assert.equal((await invite("a@example.test", 5, "agent")).at("permission"), "team.invite");
  const withdraw = () =>
    ask(sandbox, "/api/v1/team/invitations/1", { as: "manager", tenant: "acme", method: "DELETE" });
  assert.deepEqual([(await withdraw()).status, (await withdraw()).status], [204, 404]);
  assert.deepEqual(sandbox.auditRows(), []);
});
