/** `orders cancel` and `orders update-status`: shown, asked for, sent once, found again in the audit log. */
import assert from "node:assert/strict";
import { autocom, execute, type World } from "../support/harness.ts";
import { json, refused, scripted, withToken } from "../support/scripted.ts";

const [CONFIRMED, DELIVERED] = ["ORD-20260101-0001", "ORD-20260101-0006"];
const AT_A_TERMINAL = { terminal: { stdin: true, stderr: true } };

const mutations = (of: World) => of.sandbox.log.filter(({ body }) => body.includes("mutation"));

Deno.test("cancel shows the change, carries it out, prints the order, and names the request", async () => {
  await using w = await withToken();
  await autocom(`orders cancel ${CONFIRMED} --reason "out of stock" --yes`, {
    out: /^ORDER\tSTATUS\tTOTAL\tCURRENCY\tCREATED\nORD-20260101-0001\tcancelled\t/,
    err:
      /^Order \S+ of tenant acme: confirmed → cancelled\nOrder \S+ is cancelled\. Request [\w-]+: autocom audit list --request-id [\w-]+\n$/,
  }, w);
  const [sent, ...more] = mutations(w);
  assert.equal(more.length, 0);
  assert.deepEqual(JSON.parse(sent!.body).variables.reason, "out of stock");
  assert.match(sent!.headers["idempotency-key"] ?? "", /^[0-9a-f-]{36}$/);
});

Deno.test("the request that a message names finds exactly its row in the audit log", async () => {
  await using w = await withToken();
  const { err } = await execute(`orders update-status ${CONFIRMED} shipped --yes`, w);
  await execute(`orders cancel ${CONFIRMED} --yes`, w);
  const id = /Request ([\w-]+):/.exec(err)![1]!;
  await autocom(`audit list --request-id ${id} -o json`, {
    out(text) {
      const rows = JSON.parse(text);
      assert.deepEqual(rows.map((row: Record<string, unknown>) => [row.operation, row.result, row.request_id]), [
        ["orders_update_status", "ok", id],
      ]);
    },
  }, w);
});

Deno.test("a refused change is exit 8 with its field errors, and finds its row, too", async () => {
  await using w = await withToken();
  const before = w.sandbox.rows("acme");
  const { code, err } = await execute(`orders cancel ${DELIVERED} --yes`, w);
  assert.equal(code, 8, err);
  assert.match(err, /cannot cancel the order: .*\(request [\w-]+\)\n {2}status: The order is delivered\.\n/);
  assert.equal(w.sandbox.rows("acme"), before);
  const id = /\(request ([\w-]+)\)/.exec(err)![1]!;
  await autocom(`audit list --request-id ${id}`, { out: /\torders_cancel\tVALIDATION\t/, err: /^Source: / }, w);
});

Deno.test("a role without the permission is exit 6, which names it, and nothing has changed", async () => {
  await using w = await withToken("viewer");
  const before = w.sandbox.rows("acme");
  await autocom(`orders cancel ${CONFIRMED} --yes`, {
    code: 6,
    err:
      /→ cancelled\nerror: cannot cancel the order: token and tenant "acme" were accepted, but the permission "orders\.cancel" is missing/,
  }, w);
  assert.equal(w.sandbox.rows("acme"), before);
});

Deno.test("where nobody can be asked, a change needs --yes, and nothing is sent without it", async () => {
  await using w = await withToken();
  await autocom(`orders cancel ${CONFIRMED}`, {
    code: 2,
    err: `error: cannot cancel the order "${CONFIRMED}": nobody can be asked whether it is meant\n` +
      "hint: add --yes, or --dry-run to see what would be sent\n",
  }, w);
  assert.deepEqual(w.sandbox.log, []);
});

Deno.test("on a terminal the change is asked for; no changes nothing, yes carries it out", async () => {
  await using w = await withToken("owner", { ...AT_A_TERMINAL, answers: [false, true] });
  await autocom(`orders update-status ${CONFIRMED} shipped`, {
    code: 1,
    err: /confirmed → shipped\n.*order \S+ was not changed: you said no/,
  }, w);
  assert.deepEqual(mutations(w), []);
  await autocom(`orders update-status ${CONFIRMED} shipped`, { out: /\tshipped\t/, err: /is shipped\. Request / }, w);
  assert.deepEqual(w.seen.asked, [`Change order ${CONFIRMED}?`, `Change order ${CONFIRMED}?`]);
});

Deno.test("--dry-run sends nothing and prints document and variables", async () => {
  await using w = await withToken();
  const id = "9d794c60-1508-5e53-a3ef-a8198e43d9e1";
  await autocom(`orders update-status ${id} shipped --dry-run -o json`, {
    out(text) {
      const { document, variables } = JSON.parse(text);
      assert.match(document, /^mutation UpdateOrderStatus\(\$id: ID!, \$status: String!\) \{/);
      assert.deepEqual(variables, { id, status: "shipped" });
    },
  }, w);
  await autocom(`orders cancel ${CONFIRMED} --dry-run`, { out: /\{"id":"\(the id of ORD-20260101-0001\)"\}/ }, w);
  assert.deepEqual(w.sandbox.log, []);
});

Deno.test("a mutation that meets a busy server is not sent again", async () => {
  const brief = { id: "9d794c60-1508-5e53-a3ef-a8198e43d9e1", order_number: CONFIRMED, status: "confirmed" };
  const busy = json({ message: "Service Unavailable" }, 503);
  const fetch = scripted(json({ data: { orders: { data: [brief], meta: { total_pages: 1 } } } }), busy);
  await using w = await withToken("owner", { fetch });
  await autocom(
    `orders cancel ${CONFIRMED} --yes`,
    { code: 11, err: /cannot cancel the order: .* is not available/ },
    w,
  );
  assert.equal(fetch.asked.length, 2);
});

Deno.test("an unknown order and an unknown status are told apart", async () => {
  await using w = await withToken();
  await autocom("orders cancel ORD-1 --yes", { code: 7, err: /there is no order "ORD-1" in this tenant/ }, w);
  await autocom(`orders update-status ${CONFIRMED} lost --yes`, {
    code: 2,
    err: /<status> must be one of pending, confirmed, .*, not "lost"/,
  }, w);
  assert.deepEqual(mutations(w), []);
});

Deno.test("audit list takes the gateway's log when its schema has it, else the REST endpoint, and says which", async () => {
  const row = {
    id: 3,
    user_id: 1,
    action: "orders_cancel",
    created_at: "2026-05-17T19:00:00.000000Z",
    request_id: "r-1",
  };
  const fetch = scripted(
    refused('Cannot query field "audit_log" on type "Query".', undefined, undefined),
    json({ logs: [row], pagination: { current_page: 1, last_page: 1, per_page: 25, total: 1 } }),
  );
  await using w = await withToken("owner", { fetch });
  await autocom("audit list --operation orders_cancel --since 2026-05-01", {
    out: "TIME\tOPERATION\tRESULT\tUSER\tREQUEST\n2026-05-17T19:00:00.000000Z\torders_cancel\t\t1\tr-1\n",
    err: "Source: GET /activity-logs, because the schema has no audit_log.\n",
  }, w);
  const asked = new URL(fetch.asked.at(-1)!.url);
  assert.equal(asked.pathname, "/api/v1/activity-logs");
  assert.deepEqual(
    ["action", "operation", "from", "per_page"].map((name) => asked.searchParams.get(name)),
    ["orders_cancel", "orders_cancel", "2026-05-01T00:00:00Z", "25"],
  );
});

Deno.test("audit list without the permission is exit 6, not the other endpoint", async () => {
  await using w = await withToken("agent");
  await autocom("audit list", { code: 6, err: /the permission "admin\.audit_log" is missing/ }, w);
  assert.equal(w.sandbox.log.length, 1);
});

for (
  const [text, expected] of [["24h", "2026-05-02T12:00:00Z"], ["7d", "2026-04-26T12:00:00Z"], [
    "30m",
    "2026-05-03T11:30:00Z",
  ]]
) {
  Deno.test(`audit list --since ${text} asks from then on`, async () => {
    await using w = await withToken();
    const { clock } = (await import("../../src/system/deno.ts")).denoSystem();
    w.system = { clock: { ...clock, now: () => Date.parse("2026-05-03T12:00:00Z") } };
    await autocom(`audit list --since ${text}`, { out: /^TIME\t/, err: /^Source: GraphQL, audit_log\.\n$/ }, w);
    assert.equal(JSON.parse(w.sandbox.log.at(-1)!.body).variables.from, expected);
  });
}
