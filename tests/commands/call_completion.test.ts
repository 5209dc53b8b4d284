/** Completion of the server's own operations: from what is kept, and from nothing else. */
import assert from "node:assert/strict";
import { behind, gateway } from "../support/gateway.ts";
import { autocom, execute, type World } from "../support/harness.ts";
import { scripted } from "../support/scripted.ts";

const SDL = `
  enum Status { pending out_for_delivery } input Item { sku: String!, quantity: Int }
  type Query { "orders.list" orders_list(status: Status, statuses: [Status!], id: ID, items: [Item!], on: Boolean): Int, other: Int }
  type Mutation { orders_refund(id: ID!): Int }
`;

/** A world whose schema is kept, and that can ask nobody any more: neither the platform nor the keychain. */
async function kept(): Promise<World> {
  const of = await behind(gateway(SDL));
  await autocom("schema refresh -q", { out: /./ }, of);
  of.fetch = scripted();
  of.keychain.calls.length = 0;
  return of;
}

/** What zsh is offered behind these words. */
async function offered(of: World, ...words: string[]): Promise<string[]> {
  const { code, out, err } = await execute(["__complete", "zsh", "autocom", ...words], of);
  assert.deepEqual([code, err], [0, ""]);
  return out.split("\n").filter(Boolean).map((line) => line.split("\t")[0]!);
}

Deno.test("WP-89: operations, their flags and values are completed from the cache, without network or keychain", async () => {
  await using of = await kept();
  assert.deepEqual(await offered(of, "call", ""), ["orders_list", "other", "orders_refund"]);
  assert.deepEqual(await offered(of, "call", "orders_l"), ["orders_list"]);
  assert.deepEqual(await offered(of, "-q", "call", "orders_list", "--stat"), ["--status", "--statuses"]);
  assert.deepEqual(await offered(of, "call", "orders_list", "--status", "out"), ["out_for_delivery"]);
  assert.deepEqual(await offered(of, "call", "orders_list", "--status=out"), ["--status=out_for_delivery"]);
  assert.deepEqual(await offered(of, "call", "orders.list", "--items"), [
    "--items",
    "--items.0.sku",
    "--items.0.quantity",
  ]);
  assert.deepEqual(await offered(of, "call", "orders_list", "--status", "pending", "--stat"), ["--statuses"]);
  assert.deepEqual(await offered(of, "call", "orders_refund", "--d"), ["--dry-run", "--debug"]);
  assert.deepEqual(await offered(of, "help", "call", "oth"), ["other"]);
  assert.deepEqual(of.keychain.calls, []);
});

Deno.test("WP-89: schema show completes operations and types from the cache, one of another tenant's none", async () => {
  await using of = await kept();
  assert.deepEqual(await offered(of, "schema", "show", "or"), ["orders_list", "orders_refund"]);
  assert.deepEqual(await offered(of, "schema", "show", "Stat"), ["Status"]);
  assert.deepEqual(await offered(of, "-q", "schema", "get", "--debug", "It"), ["Item"]);
  assert.deepEqual(await offered(of, "schema", "show", "-t", "globex", "or"), []);
  assert.deepEqual(of.keychain.calls, []);
});

Deno.test("WP-89: the names that --fields takes are completed, one after the other: of our lists, and of what an operation gives", async () => {
  await using of = await behind(gateway(
    `type City { id: ID!, name: String } type Customer { email: String, city: City, old: Int @deprecated }
     type Order { id: ID!, total: Int, customer: Customer, note(of: ID!): String } type Meta { current_page: Int!, total_pages: Int! }
     type Page { data: [Order!]!, meta: Meta! } type Query { orders(page: Int): Page, order: Order, many: [Order!]!, one: Int }`,
  ));
  await autocom("schema refresh -q", { out: /./ }, of);
  of.fetch = scripted();
  const all = ["id", "total", "customer", "customer.email", "customer.city"];
  for (const name of ["orders", "order", "many"]) {
    assert.deepEqual(await offered(of, "call", name, "--fields", ""), all);
  }
  assert.deepEqual(await offered(of, "call", "orders", "--fields=id,to"), ["--fields=id,total"]);
  assert.deepEqual(
    await offered(of, "call", "orders", "--fields", "id,total,"),
    all.slice(2).map((one) => `id,total,${one}`),
  );
  assert.deepEqual(
    await offered(of, "call", "orders", "--fields", "customer.city."),
    ["id", "name"].map((one) => `customer.city.${one}`),
  );
  assert.deepEqual(await offered(of, "call", "one", "--fields", ""), []);
  assert.deepEqual(await offered(of, "call", "orders", "--fields", "nope."), []);
  assert.deepEqual(await offered(of, "orders", "list", "--fields", "order_number,payment_s"), [
    "order_number,payment_status",
  ]);
  assert.deepEqual(await offered(of, "orders", "get", "--fields=items.s"), ["--fields=items.sku"]);
  assert.deepEqual(await offered(of, "products", "export", "--fields", "sk"), ["sku"]);
  assert.deepEqual(of.keychain.calls, []);
});

Deno.test("WP-89, WP-10: what is typed of a way is completed at any index and depth, and an alias on the bus, too", async () => {
  await using of = await behind(gateway(
    `input Box { name: String, size: Int, parent: Box, boxes: [Box!] } input Item { sku: String!, options: Options }
     input Options { gift: Boolean }
     type Query { "orders.list" orders_list: Int, "orders.updateAll" orders_update_all: Int, old: Int }
     type Mutation { make(box: Box, items: [Item!]): Int }`,
  ));
  await autocom("schema refresh -q", { out: /./ }, of);
  of.fetch = scripted();
  assert.deepEqual(await offered(of, "call", "make", "--items.1."), [
    "--items.1.sku",
    "--items.1.options",
    "--items.1.options.gift",
  ]);
  assert.deepEqual(await offered(of, "call", "make", "--items.12.o"), [
    "--items.12.options",
    "--items.12.options.gift",
  ]);
  assert.deepEqual(await offered(of, "call", "make", "--box.parent.parent.s"), ["--box.parent.parent.size"]);
  assert.deepEqual(await offered(of, "call", "make", "--box.boxes.3.na"), ["--box.boxes.3.name"]);
  assert.deepEqual(await offered(of, "call", "make", "--box.nope."), []);
  assert.deepEqual(await offered(of, "call", "orders.u"), ["orders.updateAll"]);
  assert.deepEqual(await offered(of, "call", "orders."), ["orders.list", "orders.updateAll"]);
  const { out } = await execute("call make --help", of);
  assert.match(out, /--box\.parent <@file> +all of it, as JSON or @file; also\s+--box\.parent\.name …\n/);
  assert.match(out, /--box\.boxes <@file> +all of them, as JSON or @file; also\s+--box\.boxes\.0\.name …\n/);
});

Deno.test("WP-89: without a cache, for another tenant or with a broken config there is nothing, and nothing is said", async () => {
  await using of = await kept();
  assert.deepEqual(await offered(of, "--tenant", "globex", "call", ""), []);
  assert.deepEqual(await offered(of, "call", "--tenant", "globex", "orders_list", "--st"), []);
  assert.deepEqual(await offered(of, "call", "nope", "--st"), []);
  of.env.AUTOCOM_API_URL = "nonsense";
  assert.deepEqual(await offered(of, "call", ""), []);
});

Deno.test("WP-94: commands -o json has the kept operations with all that they take", async () => {
  await using of = await kept();
  const { out } = await execute("commands -o json", of);
  const all: {
    command: string;
    changes: boolean;
    options: { flag: string; repeatable?: true; value?: { values?: string[] } }[];
  }[] = JSON.parse(out);
  const list = all.find(({ command }) => command === "call orders_list")!;
  const flags = list.options.map(({ flag }) => flag);
  assert.deepEqual(flags, [
    "--status",
    "--statuses",
    "--id",
    "--items",
    "--items.0.sku",
    "--items.0.quantity",
    "--on",
    "--fields",
    "--query",
  ]);
  assert.deepEqual(list.options[0]!.value!.values, ["pending", "out_for_delivery"]);
  assert.equal(list.options[1]!.repeatable, true);
  assert.equal(all.find(({ command }) => command === "call orders_refund")!.changes, true);
  assert.ok(all.some(({ command }) => command === "call <operation>"));
});

Deno.test("help call: what it does, and how an input is typed", async () => {
  await using of = await kept();
  for (const line of ["call --help", "call", "help call"]) {
    await autocom(line, { out: /--items\.0\.sku A[^]*Arguments:\n {2}<operation>/ }, of);
  }
});
