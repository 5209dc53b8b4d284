/** Nothing of tenant A is ever seen, or changed, from B. */

import assert from "node:assert/strict";
import { execute } from "../../support/harness.ts";
import type { Scene } from "../scene.ts";
import { outcome, tokenHolder } from "../visitor.ts";
import { orderId } from "./actions.ts";
import type { Suite } from "./mod.ts";

/** The owner of globex, who knows ids of acme. */
const stranger = (scene: Scene) => ({ token: scene.pat("outsider"), tenant: "globex" });

async function ids(scene: Scene, tenant: string, list: "orders" | "products" | "customers"): Promise<string[]> {
  const query = `{ ${list}(per_page: 100) { data { id } } }`;
  const { data } = await (await scene.graphql(query, { tenant })).json();
  return data[list].data.map(({ id }: { id: string }) => id);
}

export const isolation: Suite = {
  async "the lists of two tenants share no id, and every order says whose it is"(scene) {
    for (const list of ["orders", "products", "customers"] as const) {
      const acme = new Set(await ids(scene, "acme", list));
      const globex = await ids(scene, "globex", list);
      assert.ok(acme.size > 0 && globex.length > 0);
      assert.deepEqual(globex.filter((id) => acme.has(id)), []);
    }
    for (const [tenant, count] of [["acme", 2000], ["globex", 60]] as const) {
      await using of = await tokenHolder(scene, "owner", tenant);
      const { code, out, err } = await execute("orders list --all --per-page 100 -o json", of);
      assert.equal(code, 0, err);
      assert.equal(new Set(JSON.parse(out).map(({ id }: { id: string }) => id)).size, count);
    }
  },

  async "an id of another tenant is not found by anything that takes an id"(scene) {
    const [order, [product], [customer]] = [
      await orderId(scene),
      await ids(scene, "acme", "products"),
      await ids(scene, "acme", "customers"),
    ];
    await using of = await tokenHolder(scene, "outsider", "globex");
    const { code, err } = await execute(["orders", "get", order], of);
    assert.equal(code, 7, err);
    for (const [field, id] of [["order", order], ["product", product], ["customer", customer]] as const) {
      const document = `query ($id: ID!) { ${field}(id: $id) { id } }`;
      const { exit, data } = await outcome(scene, { ...stranger(scene), document, variables: { id } });
      assert.deepEqual([exit, data], [7, undefined], field);
    }
    const document = "query ($id: ID!) { orders(customer_id: $id) { meta { total_items } } }";
    const { data } = await outcome(scene, { ...stranger(scene), document, variables: { id: customer } });
    assert.deepEqual(data, { orders: { meta: { total_items: 0 } } });
    assert.equal((await scene.api(`orders/${order}`, { as: "outsider", tenant: "globex" })).status, 404);
  },

  async "a mutation with an id of another tenant changes neither tenant"(scene) {
    const id = await orderId(scene);
    const before = [await scene.control.rows("acme"), await scene.control.rows("globex")];
    for (
      const document of [
        "mutation ($id: ID!) { orders_cancel(id: $id) { id } }",
        "mutation ($id: ID!) { orders_update_status(id: $id, status: shipped) { id } }",
        "mutation ($id: ID!) { orders_process_refund(id: $id) { id } }",
      ]
    ) {
      assert.equal((await outcome(scene, { ...stranger(scene), document, variables: { id } })).exit, 7);
    }
    const [product] = await ids(scene, "acme", "products");
    const change = 'mutation ($id: ID!) { products_update(id: $id, input: { price: "1" }) { id } }';
    const changed = await outcome(scene, { ...stranger(scene), document: change, variables: { id: product } });
    assert.equal(changed.exit, 7);
    const document = 'mutation { orders_create(input: { items: [{ sku: "ACM-001" }] }) { id } }';
    assert.equal((await outcome(scene, { ...stranger(scene), document })).exit, 8);
    assert.deepEqual([await scene.control.rows("acme"), await scene.control.rows("globex")], before);
  },

  async "the audit log shows the rows of its own tenant"(scene) {
    const headers = { "x-request-id": "something-in-acme" };
    await (await scene.graphql('mutation { orders_cancel(id: "5") { id } }', { headers })).body?.cancel();
    const ask = { "acme": "owner", "globex": "outsider" } as const;
    for (const [tenant, as] of Object.entries(ask)) {
      const { data } = await (await scene.graphql("{ audit_log { data { request_id } } }", { as, tenant })).json();
      const expected = tenant === "acme" ? [{ request_id: "something-in-acme" }] : [];
      assert.deepEqual(data.audit_log.data, expected);
      const { logs } = await (await scene.api("activity-logs", { as, tenant })).json();
      assert.equal(logs.length, expected.length);
    }
  },

  async "a role in one tenant is none in another: the owner of acme only views globex"(scene) {
    const before = await scene.control.rows("globex");
    const [id] = await ids(scene, "globex", "orders");
    const document = "mutation ($id: ID!) { orders_cancel(id: $id) { id } }";
    const { exit } = await outcome(scene, { token: scene.pat("owner"), tenant: "globex", document, variables: { id } });
    assert.equal(exit, 6);
    assert.equal(await scene.control.rows("globex"), before);
  },

  async "roles in two tenants do not mix, however many requests are under way at once"(scene) {
    const asked = Array.from({ length: 24 }, (_, n) => n % 2 ? "acme" : "globex");
    const answers = await Promise.all(asked.map((tenant) => scene.api("activity-logs", { as: "owner", tenant })));
    assert.deepEqual(answers.map(({ status }) => status), asked.map((tenant) => tenant === "acme" ? 200 : 403));
    await Promise.all(answers.map((answer) => answer.body?.cancel()));
  },
};
