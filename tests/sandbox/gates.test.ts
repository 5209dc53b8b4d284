import assert from "node:assert/strict";
import { createSandbox } from "../platform/sandbox/mod.ts";
import { type Ask, ask, query } from "../support/sandbox/client.ts";

const sandbox = await createSandbox();
const FOREIGN_ID = "00000000-0000-4000-8000-000000000000";

Deno.test("no token and every bad token get the same 401, which names no scheme", async () => {
  sandbox.reset();
  sandbox.revokeToken(sandbox.pat("agent"));
  const gone = sandbox.pat("viewer");
  sandbox.deleteUser("viewer@example.test");
  const signed = sandbox.signIn("admin").access_token;
  const cases: Ask[] = [
    {},
    { headers: { authorization: "Bearer" } },
    { bearer: "garbage" },
    { bearer: "a.b.c" },
    { bearer: `${signed.slice(0, -4)}AAAA` },
    { headers: { authorization: `Token ${signed}` } },
    { bearer: sandbox.pat("agent") },
    { bearer: gone },
  ];
  for (const one of cases) {
    const { status, text, headers } = await ask(sandbox, "/api/v1/profile", { ...one, tenant: "acme" });
    assert.equal(status, 401, JSON.stringify(one));
    assert.equal(text, '{"message":"Unauthenticated."}');
    assert.equal(headers.get("www-authenticate"), null);
  }
  const inUrl = await ask(sandbox, `/api/v1/auth/tenants?access_token=${signed}`);
  assert.equal(inUrl.status, 401);
});

Deno.test("expired tokens, a revoked client and replaced keys look the same", async () => {
  const { access_token } = sandbox.signIn("owner");
  for (const kill of [sandbox.expireAccessTokens, sandbox.revokeClient, sandbox.replaceKeys]) {
    sandbox.reset();
    const bearer = sandbox.signIn("owner").access_token;
    assert.equal((await ask(sandbox, "/api/v1/auth/tenants", { bearer })).status, 200);
    kill();
    assert.equal((await ask(sandbox, "/api/v1/auth/tenants", { bearer })).text, '{"message":"Unauthenticated."}');
  }
  assert.equal(sandbox.accepts(access_token), false);
});

Deno.test("the scheme's case is no matter", async () => {
  sandbox.reset();
  const headers = { authorization: `bearer ${sandbox.pat("owner")}` };
  assert.equal((await ask(sandbox, "/api/v1/auth/tenants", { headers })).status, 200);
});

Deno.test("the tenant gate: handled it has a code, unhandled it is a bare 500", async () => {
  sandbox.reset();
  const missing = { message: "No tenant named. Send the X-Tenant header.", code: "TENANT_REQUIRED" };
  const unknown = { message: "There is no such tenant.", code: "TENANT_NOT_FOUND" };
  const table = [[undefined, 400, missing], ["", 400, missing], ["0", 400, missing], ["nope", 404, unknown], [
    "ACME",
    404,
    unknown,
  ]] as const;
  for (const [tenant, status, body] of table) {
    sandbox.options.errors = "handler";
    const handled = await ask(sandbox, "/api/v1/profile", { as: "owner", tenant });
    assert.deepEqual([handled.status, handled.json], [status, body], String(tenant));
    sandbox.options.errors = "stock";
    const stock = await ask(sandbox, "/api/v1/profile", { as: "owner", tenant });
    assert.deepEqual([stock.status, stock.json], [500, { message: "Server Error" }], String(tenant));
  }
});

Deno.test("membership and suspension are 403 with a code, whatever ERRORS says", async () => {
  sandbox.reset();
  for (const errors of ["handler", "stock"] as const) {
    sandbox.options.errors = errors;
    const stranger = await ask(sandbox, "/api/v1/profile", { as: "manager", tenant: "globex" });
    assert.deepEqual([stranger.status, stranger.at("code")], [403, "TENANT_FORBIDDEN"]);
    const suspended = await ask(sandbox, "/api/v1/profile", { as: "owner", tenant: "initech" });
    assert.deepEqual([suspended.status, suspended.at("code")], [403, "TENANT_SUSPENDED"]);
  }
});

Deno.test("the permission gate names the permission only when it is handled", async () => {
  sandbox.reset();
  const handled = await ask(sandbox, "/api/v1/activity-logs", { as: "viewer", tenant: "acme" });
  assert.equal(handled.status, 403);
  assert.equal(
    handled.text,
    '{"message":"Permission `admin.audit_log` is missing.","code":"FORBIDDEN","permission":"admin.audit_log"}',
  );
  sandbox.options.errors = "stock";
  const stock = await ask(sandbox, "/api/v1/activity-logs", { as: "viewer", tenant: "acme" });
  assert.deepEqual([stock.status, stock.json], [403, { message: "User does not have the right permissions." }]);
});

Deno.test("tenancy first: without a token an unknown tenant is 500 instead of 401", async () => {
  sandbox.reset();
  sandbox.options.errors = "stock";
  assert.equal((await ask(sandbox, "/api/v1/profile", { tenant: "nope" })).status, 401);
  sandbox.options.tenancyFirst = true;
  assert.equal((await ask(sandbox, "/api/v1/profile", { tenant: "nope" })).status, 500);
});

Deno.test("?tenant= counts too, and the header wins", async () => {
  sandbox.reset();
  const tenantOf = async (path: string, tenant?: string) =>
    (await ask(sandbox, path, { as: "owner", tenant })).at("current_tenant.id");
  assert.equal(await tenantOf("/api/v1/profile?tenant=globex"), "globex");
  assert.equal(await tenantOf("/api/v1/profile?tenant=globex", "acme"), "acme");
  const twice = await ask(sandbox, "/api/v1/profile", { as: "owner", headers: { "x-tenant": "acme, globex" } });
  assert.equal(twice.at("code"), "TENANT_NOT_FOUND");
});

Deno.test("Accept decides between JSON and a browser's answer", async () => {
  sandbox.reset();
  sandbox.options.errors = "stock";
  for (const accept of ["text/html", "*/*", null]) {
    const guest = await ask(sandbox, "/api/v1/profile", { accept });
    assert.deepEqual([guest.status, guest.headers.get("location")], [302, `${sandbox.origin}/login`]);
    const invalid = await ask(sandbox, "/api/v1/orders?page=0", { as: "owner", tenant: "acme", accept });
    assert.deepEqual([invalid.status, invalid.headers.get("location")], [302, sandbox.origin]);
    for (const [path, status] of [["/api/v1/nope", 404], ["/api/v1/activity-logs", 403]] as const) {
      const page = await ask(sandbox, path, { as: "viewer", tenant: "acme", accept });
      assert.equal(page.status, status);
      assert.match(page.headers.get("content-type")!, /^text\/html/);
    }
  }
  const stranger = await ask(sandbox, "/api/v1/profile", { as: "manager", tenant: "globex", accept: "*/*" });
  assert.equal(stranger.at("code"), "TENANT_FORBIDDEN");
});

Deno.test("exceptions are pretty-printed, the application's own answers compact", async () => {
  sandbox.reset();
  const route = await ask(sandbox, "/api/v1/nope");
  assert.equal(route.status, 404);
  assert.equal(route.text, '{\n    "message": "The route api/v1/nope could not be found."\n}');
  assert.equal((await ask(sandbox, "/constructor")).status, 404);
  const model = await ask(sandbox, `/api/v1/orders/${FOREIGN_ID}`, { as: "owner", tenant: "acme" });
  assert.equal(model.at("message"), `No query results for model [App\\Models\\Order] ${FOREIGN_ID}`);
  const tenants = await ask(sandbox, "/api/v1/auth/tenants", { as: "nobody" });
  assert.equal(tenants.text, '{"tenants":[]}');
});

Deno.test("405 and OPTIONS name the methods", async () => {
  sandbox.reset();
  const wrong = await ask(sandbox, "/api/v1/orders", { method: "DELETE" });
  assert.equal(wrong.status, 405);
  assert.equal(wrong.headers.get("allow"), "GET, HEAD");
  assert.equal(
    wrong.at("message"),
    "The DELETE method is not supported for route api/v1/orders. Supported methods: GET, HEAD.",
  );
  const options = await ask(sandbox, "/api/v1/orders", { method: "OPTIONS" });
  assert.deepEqual([options.status, options.text, options.headers.get("allow")], [200, "", "GET,HEAD"]);
});

Deno.test("a harmless request id is kept, another one replaced", async () => {
  sandbox.reset();
  const id = async (sent: string) =>
    (await ask(sandbox, "/", { headers: { "x-request-id": sent } })).headers.get("x-request-id");
  assert.equal(await id("run.42_a-b"), "run.42_a-b");
  for (const bad of ["short", "x".repeat(65), "has space", "semi;colon"]) {
    const given = await id(bad);
    assert.notEqual(given, bad);
    assert.match(given!, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-/);
  }
});

Deno.test("GraphQL per field: 200 with a code for each gate, and Accept does not matter", async () => {
  sandbox.reset();
  const one = async (options: Ask) => {
    const { status, text, at } = await query(sandbox, "{ orders { meta { total_items } } }", options);
    assert.equal(status, 200);
    assert.match(text, /^{"errors":\[.*\],"data":{"orders":null}}$/);
    assert.deepEqual(at("errors.0.path"), ["orders"]);
    return at("errors.0.extensions");
  };
  assert.deepEqual(await one({ as: undefined, accept: "*/*" }), { code: "UNAUTHENTICATED" });
  assert.deepEqual(await one({ bearer: "garbage" }), { code: "UNAUTHENTICATED" });
  assert.deepEqual(await one({ tenant: undefined }), { code: "TENANT_NOT_FOUND" });
  assert.deepEqual(await one({ tenant: "nope" }), { code: "TENANT_NOT_FOUND" });
  assert.deepEqual(await one({ as: "manager", tenant: "globex" }), {
    code: "TENANT_NOT_FOUND",
    reason: "TENANT_FORBIDDEN",
  });
  assert.deepEqual(await one({ tenant: "initech" }), { code: "TENANT_NOT_FOUND", reason: "TENANT_SUSPENDED" });
});

Deno.test("GraphQL per field: beside a forbidden field others have data", async () => {
  sandbox.reset();
  const { at } = await query(sandbox, "{ audit_log { meta { total_items } } profile { name } }", { as: "viewer" });
  assert.deepEqual(at("data"), { audit_log: null, profile: { name: "Viewer Example" } });
  assert.deepEqual(at("errors.0.extensions"), { code: "FORBIDDEN", permission: "admin.audit_log" });
});

Deno.test("GraphQL on the route: the gates answer as REST does", async () => {
  for (const errors of ["handler", "stock"] as const) {
    sandbox.reset();
    Object.assign(sandbox.options, { graphqlGates: "route", errors });
    const status = async (options: Ask) => (await query(sandbox, "{ profile { name } }", options)).status;
    assert.equal(await status({ as: undefined }), 401);
    assert.equal(await status({ as: undefined, accept: "*/*" }), 302);
    assert.equal(await status({ tenant: undefined }), errors === "handler" ? 400 : 500);
    assert.equal(await status({ tenant: "nope" }), errors === "handler" ? 404 : 500);
    assert.equal(await status({ tenant: "initech" }), 403);
    assert.equal(await status({}), 200);
    const forbidden = await query(sandbox, "{ audit_log { meta { total_items } } }", { as: "viewer" });
    assert.deepEqual([forbidden.status, forbidden.at("errors.0.extensions.code")], [200, "FORBIDDEN"]);
  }
});
