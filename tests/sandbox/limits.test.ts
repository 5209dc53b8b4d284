import assert from "node:assert/strict";
import { createSandbox, type SandboxOptions } from "../platform/sandbox/mod.ts";
import { ask, query, refresh, token } from "../support/sandbox/client.ts";

let now = Date.parse("2026-06-01T12:00:00Z");
const sandbox = await createSandbox({ now: () => now });

Deno.test("the API's limit is the user's, over all tokens, and ends after a minute", async () => {
  sandbox.reset();
  sandbox.options.apiRate = 2;
  const { access_token } = sandbox.signIn("owner");
  const first = await ask(sandbox, "/api/v1/auth/tenants", { as: "owner" });
  assert.deepEqual([first.headers.get("x-ratelimit-limit"), first.headers.get("x-ratelimit-remaining")], ["2", "1"]);
  assert.equal(first.headers.get("x-ratelimit-reset"), null);
  assert.equal((await ask(sandbox, "/api/v1/auth/tenants", { bearer: access_token })).status, 200);
  now += 10_000;
  const { status, text, headers } = await ask(sandbox, "/api/v1/auth/tenants", { as: "owner" });
  assert.equal(status, 429);
  assert.equal(text, '{\n    "message": "Too Many Attempts."\n}');
  assert.equal(headers.get("retry-after"), "50");
  assert.equal(headers.get("x-ratelimit-remaining"), "0");
  assert.equal(headers.get("x-ratelimit-reset"), String(now / 1000 + 50));
  assert.equal((await ask(sandbox, "/api/v1/auth/tenants", { as: "viewer" })).status, 200);
  now += 50_000;
  assert.equal((await ask(sandbox, "/api/v1/auth/tenants", { as: "owner" })).status, 200);
});

Deno.test("requests without a valid token are never counted, except by GraphQL per field", async () => {
  sandbox.reset();
  sandbox.options.apiRate = 2;
  for (let n = 0; n < 5; n++) assert.equal((await ask(sandbox, "/api/v1/profile")).status, 401);
  const statuses = [];
  for (let n = 0; n < 3; n++) statuses.push((await query(sandbox, "{ __typename }", { as: undefined })).status);
  assert.deepEqual(statuses, [200, 200, 429]);
});

Deno.test("the 61st call of the token endpoint in a minute is refused, failures count, and nothing is consumed", async () => {
  sandbox.reset();
  const { refresh_token } = sandbox.signIn("owner");
  for (let n = 0; n < 60; n++) assert.equal((await token(sandbox, {})).status, 400);
  const { status, headers, at } = await token(sandbox, refresh(sandbox, refresh_token));
  assert.deepEqual([status, at("message"), headers.get("retry-after")], [429, "Too Many Attempts.", "60"]);
  assert.match((await token(sandbox, {}, { accept: "*/*" })).headers.get("content-type")!, /^text\/html/);
  now += 60_000;
  assert.equal((await token(sandbox, refresh(sandbox, refresh_token))).status, 200);
});

Deno.test("the login's limit holds", async () => {
  sandbox.reset();
  sandbox.options.loginRate = 1;
  const attempt = async () => {
    const page = await sandbox.fetch(new Request(`${sandbox.origin}/login`));
    const cookie = page.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ");
    const _token = /name="_token" value="(\w+)"/.exec(await page.text())![1]!;
    const body = new URLSearchParams({ _token, email: "owner@example.test", password: "wrong" });
    return (await ask(sandbox, "/login", { headers: { cookie }, body })).status;
  };
  assert.deepEqual([await attempt(), await attempt()], [302, 429]);
});

Deno.test("maintenance, in all its forms", async () => {
  const json = '{\n    "message": "Service Unavailable"\n}';
  const table: [
    SandboxOptions["maintenance"],
    status: number,
    body: RegExp | string,
    headers: Record<string, string | null>,
  ][] = [
    ["down", 503, json, { "retry-after": null, "content-type": "application/json" }],
    ["retry", 503, json, { "retry-after": "60", refresh: "15" }],
    ["render", 503, /^<!DOCTYPE html>/, { "retry-after": null }],
    ["redirect", 302, /Redirecting/, { location: sandbox.origin }],
    ["status500", 500, json, {}],
  ];
  for (const [maintenance, status, body, headers] of table) {
    sandbox.reset();
    const { access_token, refresh_token } = sandbox.signIn("owner");
    sandbox.options.maintenance = maintenance;
    const calls = [
      await ask(sandbox, "/api/v1/profile", { bearer: access_token, tenant: "acme" }),
      await token(sandbox, refresh(sandbox, refresh_token)),
      await query(sandbox, "{ __typename }"),
    ];
    for (const call of calls) {
      assert.equal(call.status, status, maintenance);
      if (typeof body === "string") assert.equal(call.text, body);
      else assert.match(call.text, body);
      for (const [name, value] of Object.entries(headers)) assert.equal(call.headers.get(name), value, name);
    }
    sandbox.options.maintenance = "off";
    assert.equal((await token(sandbox, refresh(sandbox, refresh_token))).status, 200);
  }
});

Deno.test("maintenance is HTML for a browser", async () => {
  for (const maintenance of ["down", "retry", "status500"] as const) {
    sandbox.reset();
    sandbox.options.maintenance = maintenance;
    const { headers } = await ask(sandbox, "/api/v1/profile", { accept: "*/*" });
    assert.match(headers.get("content-type")!, /^text\/html/);
  }
});
