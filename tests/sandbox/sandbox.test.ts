import assert from "node:assert/strict";
import { dirname } from "node:path";
import { createSandbox, optionsFrom, serveSandbox } from "../platform/sandbox/mod.ts";
import { walkAuthorize } from "../platform/browser.ts";
import { ask, authorizeUrl, code, query, refresh, token, trade } from "../support/sandbox/client.ts";
import { CACHED } from "../support/cached.ts";

Deno.test("reset brings back data, tokens, switches, limits and the log", async () => {
  const sandbox = await createSandbox({ passport: 12, apiRate: 100 });
  const at = async (path: string) => (await ask(sandbox, path, { as: "owner", tenant: "acme" })).text;
  const before = await at("/api/v1/orders?status=pending");
  const { access_token } = sandbox.signIn("owner");
  await query(sandbox, 'mutation { orders_create(input: { items: [{ sku: "ACM-001" }] }) { id } }');
  sandbox.deleteUser("viewer@example.test");
  sandbox.options.maintenance = "down";
  sandbox.options.passport = 13;
  assert.equal(sandbox.auditRows().length, 1);

  sandbox.reset();
  assert.equal(sandbox.log.length, 0);
  assert.equal(sandbox.auditRows().length, 0);
  assert.equal(sandbox.accepts(access_token), false);
  assert.equal(sandbox.options.passport, 12);
  assert.equal(await at("/api/v1/orders?status=pending"), before);
  assert.equal(
    (await ask(sandbox, "/api/v1/auth/tenants", { as: "viewer" })).headers.get("x-ratelimit-remaining"),
    "99",
  );
  sandbox.close();
});

Deno.test("two sandboxes share nothing, but say the same", async () => {
  const [one, other] = [await createSandbox(), await createSandbox()];
  const { access_token } = one.signIn("owner");
  assert.equal(other.accepts(access_token), false);
  await query(one, 'mutation { orders_create(input: { items: [{ sku: "ACM-001" }] }) { id } }');
  const total = async (sandbox: typeof one) =>
    (await ask(sandbox, "/api/v1/orders", { as: "owner", tenant: "acme" })).at("meta.total_items");
  assert.deepEqual([await total(one), await total(other)], [2001, 2000]);
  one.close();
  other.close();
});

Deno.test("one token can be expired or revoked, and its neighbours live on", async () => {
  const sandbox = await createSandbox();
  for (const end of [sandbox.expireToken, sandbox.revokeToken]) {
    const [one, other] = [sandbox.signIn("owner"), sandbox.signIn("owner")];
    end(one.access_token);
    assert.deepEqual([sandbox.accepts(one.access_token), sandbox.accepts(other.access_token)], [false, true]);
    end(one.refresh_token);
    const refreshed = async ({ refresh_token }: typeof one) =>
      (await token(sandbox, refresh(sandbox, refresh_token))).status;
    assert.deepEqual([await refreshed(one), await refreshed(other)], [400, 200]);
    const fresh = await code(sandbox);
    end(fresh);
    assert.equal((await token(sandbox, trade(sandbox, fresh))).at("error"), "invalid_grant");
    assert.throws(() => end("nothing"), /no such token/);
  }
  sandbox.close();
});

Deno.test("a mutation changes the rows of its tenant, and of no other", async () => {
  const sandbox = await createSandbox();
  const before = { acme: sandbox.rows("acme"), globex: sandbox.rows("globex") };
  await query(sandbox, "{ orders { meta { total_items } } }");
  assert.deepEqual({ acme: sandbox.rows("acme"), globex: sandbox.rows("globex") }, before);
  await query(sandbox, 'mutation { orders_create(input: { items: [{ sku: "ACM-001" }] }) { id } }');
  assert.notEqual(sandbox.rows("acme"), before.acme);
  assert.equal(sandbox.rows("globex"), before.globex);
  sandbox.close();
});

Deno.test("the log holds what was sent and answered", async () => {
  const sandbox = await createSandbox();
  await token(sandbox, { grant_type: "nope" }, { headers: { "x-request-id": "request-0001" } });
  const [entry] = sandbox.log;
  assert.deepEqual(
    [entry!.method, entry!.url, entry!.body, entry!.status, entry!.requestId],
    ["POST", `${sandbox.origin}/oauth/token`, "grant_type=nope", 400, "request-0001"],
  );
  assert.equal(entry!.headers.accept, "application/json");
  sandbox.close();
});

Deno.test("a slow answer can be given up, and the request was carried out all the same", async () => {
  const sandbox = await createSandbox({ latency: 60_000 });
  const gone = new AbortController();
  const url = `${sandbox.origin}/api/v1/auth/logout`;
  const { access_token } = sandbox.signIn("owner");
  const headers = { authorization: `Bearer ${access_token}` };
  const answer = sandbox.fetch(new Request(url, { method: "POST", headers, signal: gone.signal }));
  gone.abort(new Error("given up"));
  await assert.rejects(answer, /given up/);
  const early = new Request(url, { method: "POST", headers, signal: AbortSignal.abort(new Error("never sent")) });
  await assert.rejects(sandbox.fetch(early), /never sent/);
  sandbox.close();
  await assert.rejects(sandbox.fetch(new Request(url)), TypeError);
});

Deno.test("the descriptor names every user with tenants and a living token", async () => {
  const sandbox = await createSandbox();
  const { url, client_id, passport, users } = sandbox.descriptor("http://127.0.0.1:9999");
  assert.deepEqual([url, passport], ["http://127.0.0.1:9999", 13]);
  assert.match(client_id, /^[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  assert.deepEqual(Object.keys(users), ["owner", "admin", "manager", "agent", "viewer", "outsider", "nobody"]);
  assert.deepEqual(users.agent.tenants, { acme: "agent", globex: "agent" });
  for (const { pat } of Object.values(users)) assert.equal(sandbox.accepts(pat), true);
  sandbox.close();
});

Deno.test("switches are read by the Laravel application's names, and nonsense is refused", () => {
  const env = {
    ERRORS: "stock",
    TOKEN_TTL: "60",
    TENANCY_FIRST: "1",
    PASSPORT: "12",
    GRAPHQL_MAX_DEPTH: "0",
    HOME: "/root",
  };
  assert.deepEqual(optionsFrom(env), {
    errors: "stock",
    tokenTtl: 60,
    tenancyFirst: true,
    passport: 12,
    graphqlMaxDepth: 0,
  });
  assert.deepEqual(optionsFrom({ ERRORS: "" }), {});
  assert.throws(() => optionsFrom({ PASSPORT: "11" }), /PASSPORT cannot be "11"/);
  assert.throws(() => optionsFrom({ MAINTENANCE: "maybe" }), /MAINTENANCE cannot be "maybe"/);
  assert.throws(() => optionsFrom({ LATENCY: "-1" }), /LATENCY cannot be "-1"/);
});

Deno.test("served on loopback, pages lead to pages of the address that was asked", async () => {
  const sandbox = await createSandbox();
  const { url, shutdown } = serveSandbox(sandbox);
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
  const home = await fetch(url);
  assert.equal(await home.text(), "AutoCom test platform");
  const start = authorizeUrl(sandbox).replace(sandbox.origin, url);
  const back = await walkAuthorize(fetch, start, { email: "owner@example.test", password: "password" });
  assert.match(back, /^http:\/\/127\.0\.0\.1:8765\/callback\?code=/);
  await shutdown();
  sandbox.close();
});

const ignore = Deno.build.os === "windows"; // knows no SIGTERM
Deno.test(
  "deno task sandbox: it prints what to type, writes the descriptor, says ready, ends on SIGTERM",
  { ignore },
  async () => {
    const folder = await Deno.makeTempDir();
    const seedFile = `${folder}/seed.json`;
    const main = new URL("../platform/sandbox/main.ts", import.meta.url);
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", ...CACHED, "-A", main.href, "--port", "0", "--seed-file", seedFile],
      env: { TOKEN_TTL: "77" },
      stdout: "piped",
    }).spawn();
    try {
      let text = "";
      for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        if (/^ready .+\n/m.test(text)) break;
      }
      const url = /^ready (.+)\n$/m.exec(text)![1]!;
      const descriptor = JSON.parse(await Deno.readTextFile(seedFile));
      assert.equal(descriptor.url, url);
      const [, config, credentials] = /^ {2}export AUTOCOM_CONFIG=(\S+) AUTOCOM_CREDENTIALS_FILE=(\S+)\n/m.exec(text)!;
      for (const path of [config!, credentials!]) assert.deepEqual([...Deno.readDirSync(dirname(path))], []);
      assert.ok(
        text.includes(`autocom auth login --store file --api-url ${url}/api/v1 --client-id ${descriptor.client_id}`),
        "FT-54: what it advises touches neither the person's settings nor their keychain",
      );
      const headers = { accept: "application/json", authorization: `Bearer ${descriptor.users.owner.pat}` };
      const answer = await fetch(`${url}/api/v1/auth/tenants`, { headers });
      assert.equal(answer.status, 200);
      await answer.body?.cancel();
    } finally {
      child.kill("SIGTERM");
      assert.equal((await child.status).code, 0);
      await Deno.remove(folder, { recursive: true });
    }
  },
);
