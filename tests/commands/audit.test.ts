/** `audit list`: who changed what to what. */
import assert from "node:assert/strict";
import { autocom, execute, type World } from "../support/harness.ts";
import { json, refused, scripted, withToken } from "../support/scripted.ts";

const HEADER = "TIME\tOPERATION\tRESULT\tUSER\tSUBJECT\tCHANGE\tREQUEST\n";
const SOURCE = "Source: GraphQL, audit_log.\n";
const [CONFIRMED, DELIVERED] = ["ORD-20260101-0001", "ORD-20260101-0006"];
const CONFIRMED_ID = "9d794c60-1508-5e53-a3ef-a8198e43d9e1";

/** A world in which the owner cancelled an order, was refused another, and a manager shipped a third. */
async function changed(): Promise<World> {
  const w = await withToken();
  const { pat } = await import("../support/harness.ts");
  await execute(`orders cancel ${CONFIRMED} --reason "out of stock" --yes -q`, w);
  await execute(`orders cancel ${DELIVERED} --yes -q`, w).then(({ code, err }) => assert.equal(code, 8, err));
  await execute("orders update-status ORD-20260101-0003 shipped --yes -q", {
    ...w,
    env: { ...w.env, AUTOCOM_TOKEN: pat(w.sandbox, "manager") },
  });
  w.sandbox.log.length = 0;
  return w;
}

Deno.test("FT-49: audit list shows who changed which order to what, and how it ended", async () => {
  await using w = await changed();
  const rows = (await execute("audit list -o tsv -q", w)).out.trimEnd().split("\n").map((line) => line.split("\t"));
  assert.equal(rows.shift()!.join("\t") + "\n", HEADER);
  assert.deepEqual(
    rows.map((
      [, operation, result, user, subject, change],
    ) => [operation, result, user, subject === CONFIRMED_ID, change]),
    [
      ["orders_update_status", "ok", "3", false, "→ shipped"],
      ["orders_cancel", "VALIDATION", "owner@example.test", false, "→ cancelled"],
      ["orders_cancel", "ok", "owner@example.test", true, "→ cancelled: out of stock"],
    ],
  );
});

Deno.test("FT-49: the variables of a change are data, not text with JSON in it", async () => {
  await using w = await changed();
  const [shipped, , cancelled] = JSON.parse((await execute("audit list -o json", w)).out);
  assert.deepEqual(cancelled.variables, { id: CONFIRMED_ID, reason: "out of stock" });
  assert.deepEqual([shipped.variables.status, shipped.user_id, shipped.user, shipped.change], [
    "shipped",
    3,
    "3",
    "→ shipped",
  ]);
});

for (const name of ["orders_cancel", "orders.cancel"]) {
  Deno.test(`FT-49: --operation ${name} finds what the server calls orders_cancel`, async () => {
    await using w = await changed();
    await autocom(`audit list --operation ${name} --fields operation,result`, {
      out: "OPERATION\tRESULT\norders_cancel\tVALIDATION\norders_cancel\tok\n",
      err: SOURCE,
    }, w);
  });
}

Deno.test("FT-49: --operation in the bus's own spelling is found, whichever of the two the server keeps", async () => {
  await using w = await changed();
  await autocom("audit list --operation orders.updateStatus --fields change", {
    out: "CHANGE\n→ shipped\n",
    err: SOURCE,
  }, w);
  const row = { id: "1", created_at: null, operation: "orders.cancel", result: null, user_id: null, request_id: null };
  const answer = (data: unknown[]) => json({ data: { audit_log: { data, meta: { total_pages: 1 } } } });
  w.fetch = scripted(answer([]), answer([{ ...row, variables: null, user_agent: null }]), json({}));
  await autocom("audit list --operation orders.cancel --fields operation", {
    out: "OPERATION\norders.cancel\n",
    err: SOURCE,
  }, w);
});

Deno.test("FT-49: --user takes a number, or one's own e-mail; another e-mail is not known, and says so", async () => {
  await using w = await changed();
  await autocom("audit list --user 3 --fields user_id", { out: "USER_ID\n3\n", err: SOURCE }, w);
  await autocom("audit list --user Owner@Example.test --fields user_id", { out: "USER_ID\n1\n1\n", err: SOURCE }, w);
  await autocom("audit list --user manager@example.test", {
    code: 7,
    err: /the platform tells only your own user number \(owner@example\.test\)\nhint: find the number: /,
  }, w);
  w.sandbox.log.length = 0;
  for (const bad of ["me", "-1", "1.5", " "]) {
    await autocom(["audit", "list", "--user", bad], { code: 2, err: /--user must/ }, w);
  }
  assert.deepEqual(w.sandbox.log, []);
});

Deno.test("audit list shows a row whatever it holds beside what is documented, and asks who one is once", async () => {
  await using w = await changed();
  await execute("audit list --per-page 1 --all -q", w);
  assert.equal(w.sandbox.log.filter(({ url }) => url.endsWith("/profile")).length, 1);
  const rows = [
    { id: 1, action: "a", variables: "[1", user_id: "7", extra: { toString: 0 } },
    { id: 2, operation: "orders_create", variables: { id: 5, input: { sku: "x" } }, user_id: null },
    { id: 3, variables: [], result: true },
  ];
  w.fetch = scripted(
    refused('Cannot query field "audit_log" on type "Query".', undefined, undefined),
    json({ logs: rows, pagination: { last_page: 1 } }),
    json({ message: "no" }, 403),
  );
  const { out } = await execute("audit list -q --fields id,operation,result,user,subject_id,change,variables", w);
  assert.deepEqual(out.trimEnd().split("\n").slice(1), [
    "1\ta\t\t7\t\t\t[1",
    '2\torders_create\t\t\t5\t{"input":{"sku":"x"}}\t{"id":5,"input":{"sku":"x"}}',
    "3\t\ttrue\t\t\t\t[]",
  ]);
});

Deno.test("FT-21: a change whose variables nest too deep is listed without them, and hides no other", async () => {
  const row = { created_at: null, operation: "x", result: null, user_id: null, request_id: null, user_agent: null };
  const deep = '{"id":'.repeat(5_000) + "1" + "}".repeat(5_000);
  const data = [{ ...row, id: "1", variables: deep }, { ...row, id: "2", variables: '{"id":"u","status":"shipped"}' }];
  const fetch = scripted(
    json({ data: { audit_log: { data, meta: { total_pages: 1 } } } }),
    json({ message: "no" }, 403),
  );
  await using w = await withToken("owner", { fetch });
  await autocom("audit list -q --fields id,change,variables", {
    out: 'ID\tCHANGE\tVARIABLES\n1\t\t\n2\t→ shipped\t{"id":"u","status":"shipped"}\n',
  }, w);
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
    out: `${HEADER}2026-05-17T19:00:00.000000Z\torders_cancel\t\t1\t\t\tr-1\n`,
    err: "Source: GET /activity-logs, because the schema has no audit_log.\n",
  }, w);
  const asked = new URL(fetch.asked[1]!.url);
  assert.equal(asked.pathname, "/api/v1/activity-logs");
  assert.deepEqual(
    ["action", "operation", "from", "per_page"].map((name) => asked.searchParams.get(name)),
    ["orders_cancel", "orders_cancel", "2026-05-01T00:00:00Z", "25"],
  );
});

Deno.test("audit list --user 0 asks for that user at either endpoint, and not for everybody", async () => {
  const fetch = scripted(
    refused('Cannot query field "audit_log" on type "Query".', undefined, undefined),
    json({ logs: [], pagination: { current_page: 1, last_page: 1, per_page: 25, total: 0 } }),
  );
  await using w = await withToken("owner", { fetch });
  await autocom("audit list --user 0 -q", { out: HEADER }, w);
  assert.equal((await fetch.asked[0]!.json()).variables.user_id, 0);
  assert.equal(new URL(fetch.asked[1]!.url).searchParams.get("user_id"), "0");
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
    await autocom(`audit list --since ${text}`, {
      out: /^TIME\t/,
      err: "Source: GraphQL, audit_log.\nNo changes match.\n",
    }, w);
    assert.equal(JSON.parse(w.sandbox.log.at(-1)!.body).variables.from, expected);
  });
}

Deno.test("audit list prints the digits that were sent, and the id that was recorded", async () => {
  const sent = '{"id":12345678901234567890,"amount":2999.00,"fee":0.1234567890123456789,"n":5}';
  const row = {
    id: "1",
    created_at: null,
    operation: "x",
    result: null,
    user_id: null,
    request_id: null,
    user_agent: null,
  };
  const answer = () => json({ data: { audit_log: { data: [{ ...row, variables: sent }], meta: { total_pages: 1 } } } });
  await using w = await withToken("owner", {
    fetch: scripted(answer(), json({ message: "no" }, 403), answer(), json({ message: "no" }, 403)),
  });
  const rest = sent.replace('"id":12345678901234567890,', "");
  await autocom("audit list -q --fields subject_id,change,variables", {
    out: `SUBJECT\tCHANGE\tVARIABLES\n12345678901234567890\t${rest}\t${sent}\n`,
  }, w);
  await autocom(["audit", "list", "--query", "[].[subject_id, variables.n, variables.fee]", "-o", "jsonl"], {
    out: '["12345678901234567890",5,0.1234567890123456789]\n',
  }, w);
});

Deno.test("what a change was to holds all that was sent but what other columns say", async () => {
  const row = { id: "1", created_at: null, operation: "x", result: null, user_id: null, request_id: null };
  const cases: [operation: string, variables: unknown, subject: string, change: string][] = [
    ["x", { id: "7", status: "shipped", reason: "late", a: 1 }, "7", '→ shipped: late: {"a":1}'],
    ["x", { id: ["7", "8"], status: { to: "shipped" } }, "", '{"id":["7","8"],"status":{"to":"shipped"}}'],
    ["x", { id: 7, status: 5, reason: ["a"] }, "7", '→ 5: {"reason":["a"]}'],
    ["orders_cancel", { id: "7", reason: { code: 3 } }, "7", '→ cancelled: {"reason":{"code":3}}'],
    ["x", { id: null, status: null, reason: null }, "", ""],
  ];
  for (const [operation, variables, subject, change] of cases) {
    const data = [{ ...row, operation, variables: JSON.stringify(variables), user_agent: null }];
    const log = json({ data: { audit_log: { data, meta: { total_pages: 1 } } } });
    await using w = await withToken("owner", { fetch: scripted(log, json({}, 404)) });
    await autocom("audit list --fields subject_id,change -q -o jsonl", {
      out: JSON.stringify({ subject_id: subject || null, change: change || null }) + "\n",
    }, w);
  }
});

Deno.test("what the server says of two names of its own that are one option is all said of that", async () => {
  const errors = { operation: ["is unknown"], action: ["is too long", "is odd"], other: ["is missing"] };
  const none = json({ errors: [{ message: 'Cannot query field "audit_log".' }] });
  await using w = await withToken("owner", { fetch: scripted(none, json({ message: "no", errors }, 422)) });
  await autocom("audit list --operation x", {
    code: 8,
    err:
      /\n {2}--operation: is unknown\n {2}--operation: is too long\n {2}--operation: is odd\n {2}other: is missing\n/,
  }, w);
});
