/** Mutations: refused ones change no business row, every one leaves an audit row that its request id finds. */

import assert from "node:assert/strict";
import { execute } from "../../support/harness.ts";
import type { Ask, Scene } from "../scene.ts";
import { outcome, tokenHolder } from "../visitor.ts";
import { orderId } from "./actions.ts";
import type { Suite } from "./mod.ts";

const CANCEL = "mutation ($id: ID!) { orders_cancel(id: $id) { status } }";
const STATUS =
  "mutation ($id: ID!, $status: OrderStatus!) { orders_update_status(id: $id, status: $status) { status } }";
const CREATE = "mutation ($input: OrderInput!) { orders_create(input: $input) { order_number total } }";

const REFUND = `mutation ($id: ID!, $amount: Money, $currency: String) {
  orders_process_refund(id: $id, amount: $amount, currency: $currency) { amount_refunded } }`;
const PRODUCT = "mutation ($input: ProductInput!) { products_create(input: $input) { id } }";

type Refused = [exit: number, result: string | null, document: string, variables: object, ask?: Ask];

/** With the result that the audit row has; null where the document is not carried out. */
const REFUSED: Record<string, (id: string) => Refused> = {
  "no token": (id) => [4, "UNAUTHENTICATED", CANCEL, { id }, { bearer: "unknown" }],
  "an unknown tenant": (id) => [5, "TENANT_NOT_FOUND", CANCEL, { id }, { tenant: "nowhere" }],
  "a tenant of others": (id) => [5, "TENANT_NOT_FOUND", CANCEL, { id }, { as: "outsider" }],
  "a suspended tenant": (id) => [5, "TENANT_NOT_FOUND", CANCEL, { id }, { tenant: "initech" }],
  "no permission": (id) => [6, "FORBIDDEN", CANCEL, { id }, { as: "agent" }],
  "no permission to change": (id) => [6, "FORBIDDEN", STATUS, { id, status: "shipped" }, { as: "viewer" }],
  "no permission to make": () => [6, "FORBIDDEN", CREATE, { input: { items: [{ sku: "ACM-001" }] } }, { as: "viewer" }],
  "an order that is not there": () => [7, "NOT_FOUND", CANCEL, { id: "00000000-0000-4000-8000-000000000000" }],
  "a status that is none": (id) => [8, null, STATUS, { id, status: "nope" }],
  "no items": () => [8, "VALIDATION", CREATE, { input: { items: [] } }],
  "one good item and a bad one": () => [
    8,
    "VALIDATION",
    CREATE,
    { input: { items: [{ sku: "ACM-001" }, { sku: "NOPE" }] } },
  ],
  "more than is in stock": () => [8, "VALIDATION", CREATE, { input: { items: [{ sku: "ACM-001", quantity: 900 }] } }],
  "a product that is archived": () => [8, "VALIDATION", CREATE, { input: { items: [{ sku: "ACM-004" }] } }],
  "a refund of more than was paid": (id) => [8, "VALIDATION", REFUND, { id, amount: "999999.00" }],
  "a refund in another currency": (id) => [8, "VALIDATION", REFUND, { id, currency: "USD" }],
  "a refund of an amount that is none": (id) => [8, "VALIDATION", REFUND, { id, amount: "1e3" }],
  "no permission to refund": (id) => [6, "FORBIDDEN", REFUND, { id }, { as: "agent" }],
  "an order to refund that is not there": () => [7, "NOT_FOUND", REFUND, { id: "nope" }],
  "a SKU that is taken": () => [8, "VALIDATION", PRODUCT, { input: { sku: "ACM-001", name: "x", price: "1" } }],
  "no permission to make a product": () => [
    6,
    "FORBIDDEN",
    PRODUCT,
    { input: { sku: "N-1", name: "x", price: "1" } },
    { as: "agent" },
  ],
  "a document that the schema refuses": () => [8, null, "mutation { orders_delete(id: 1) { id } }", {}],
  "a variable that is missing": () => [8, null, CANCEL, {}],
};

const ROWS =
  "query ($id: String) { audit_log(request_id: $id) { data { operation result user_id tenant request_id } } }";

async function auditOf(scene: Scene, id: string): Promise<unknown[]> {
  const { data } = await (await scene.graphql(ROWS, { variables: { id } })).json();
  return data.audit_log.data;
}

export const mutations: Suite = {
  ...Object.fromEntries(
    Object.entries(REFUSED).map(([name, make]) =>
      [
        `a mutation that is refused for ${name} changes nothing, and its audit row says why`,
        async (scene) => {
          const [exit, result, document, variables, ask = {}] = make(await orderId(scene));
          const before = [await scene.control.rows("acme"), await scene.control.rows("globex")];
          const token = ask.bearer ?? scene.pat(ask.as ?? "owner");
          const tenant = ask.tenant ?? "acme";
          const { error, ...found } = await outcome(scene, { token, tenant, document, variables: { ...variables } });
          assert.equal(found.exit, exit, error?.message);
          assert.deepEqual([await scene.control.rows("acme"), await scene.control.rows("globex")], before);
          const rows = await scene.control.audit();
          assert.deepEqual(rows.map(({ result }) => result), result === null ? [] : [result]);
          if (result !== null) assert.equal(rows[0]!.request_id, error!.requestId);
        },
      ] satisfies [string, Suite[string]]
    ),
  ),

  async "an order that is delivered or cancelled cannot be cancelled: exit 8 with the field"(scene) {
    for (const end of ["0006", "0009"]) {
      const before = await scene.control.rows("acme");
      const variables = { id: await orderId(scene, end) };
      const { exit, error } = await outcome(scene, {
        token: scene.pat("owner"),
        tenant: "acme",
        document: CANCEL,
        variables,
      });
      assert.equal(exit, 8);
      assert.deepEqual(Object.keys(error!.fields!), ["status"]);
      assert.equal(await scene.control.rows("acme"), before);
    }
  },

  async "every mutation leaves one row, which its request id finds, and no reading leaves any"(scene) {
    const id = await orderId(scene);
    await using of = await tokenHolder(scene, "owner");
    assert.equal((await execute("orders list -q", of)).code, 0);
    assert.deepEqual(await scene.control.audit(), []);
    for (
      const [operation, document, variables] of [
        ["orders_update_status", STATUS, { id, status: "shipped" }],
        ["orders_process_refund", REFUND, { id, amount: "1.00" }],
        ["orders_cancel", CANCEL, { id }],
        ["products_create", PRODUCT, { input: { sku: "NEW-1", name: "x", price: "1.00" } }],
        ["orders_create", CREATE, { input: { items: [{ sku: "ACM-002", quantity: 3 }] } }],
      ] as const
    ) {
      const answer = await scene.graphql(document, { as: "manager", variables });
      assert.equal((await answer.json()).errors, undefined);
      const request_id = answer.headers.get("x-request-id")!;
      assert.deepEqual(await auditOf(scene, request_id), [
        { operation, result: "ok", user_id: 3, tenant: "acme", request_id },
      ]);
    }
  },

  async "the audit row holds the variables, and a request id of the client's own"(scene) {
    const id = await orderId(scene);
    const headers = { "x-request-id": "0190aaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee" };
    await (await scene.graphql(CANCEL, { variables: { id }, headers })).body?.cancel();
    const [row] = await scene.control.audit();
    assert.equal(row!.request_id, headers["x-request-id"]);
    assert.deepEqual(JSON.parse(row!.variables), { id });
  },
};
