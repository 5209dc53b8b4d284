import assert from "node:assert/strict";
import { createSandbox } from "../platform/sandbox/mod.ts";
import { autocom, execute, pat } from "../support/harness.ts";
import { configOf, desktop, secretsOf, shown, stored, tokenRequests } from "../support/desk.ts";
import { HANG } from "../support/hang.ts";

const login = "auth login --tenant acme";
const ACCOUNT = "Owner Example <owner@example.test>";

Deno.test("a login says where to, shows the address, and ends with account, tenant and where the session is kept", async () => {
  await using of = await desktop();
  const { home, sandbox: { origin } } = of;
  const lines = [
    `Logging in to ${origin} (address from AUTOCOM_API_URL).`,
    "Opening the browser at this address:",
    "",
    "  URL",
    "",
    "Waiting for your approval, 5 minutes at most; Ctrl-C ends it.",
    `Saved api_url = ${origin}/api/v1 in ${home}/.autocom/config.toml.`,
    `Saved client_id = ${of.sandbox.clientId} in ${home}/.autocom/config.toml.`,
    `Saved tenant = acme in ${home}/.autocom/config.toml.`,
    `Logged in to ${origin} as ${ACCOUNT}, tenant acme. The session is kept in Secret Service.`,
  ];
  const err = (text: string) => assert.deepEqual(text.trimEnd().replace(shown(of), "URL").split("\n"), lines);
  await autocom(login, { err }, of);
});

Deno.test("after a login with flags the next command needs none", async () => {
  await using of = await desktop();
  delete of.env.AUTOCOM_API_URL;
  delete of.env.AUTOCOM_CLIENT_ID;
  const flags = `--api-url ${of.apiUrl} --client-id ${of.sandbox.clientId} --tenant acme`;
  await autocom(`auth login ${flags}`, { err: /Logged in/ }, of);
  const client = `client_id = "${of.sandbox.clientId}"\nclient_id_for = "${of.sandbox.origin}"\n`;
  assert.equal(await configOf(of), `api_url = "${of.apiUrl}"\n${client}tenant = "acme"\n`);
  await autocom("whoami -o json", { out: /"email": "owner@example.test"/ }, of);
  await autocom("orders list --per-page 1 -q", { out: /ORD-/ }, of);
});

Deno.test("what is stored are two entries with one generation, for this origin", async () => {
  await using of = await desktop();
  const before = Math.floor(Date.now() / 1000);
  await autocom(login, { err: /Logged in/ }, of);
  const after = Math.ceil(Date.now() / 1000);
  const { place, access, refresh } = await stored(of);
  assert.equal(place, "keychain");
  const { access_token, expires_at, gen, ...rest } = access!;
  assert.deepEqual(rest, {
    v: 1,
    origin: of.sandbox.origin,
    kind: "oauth",
    name: "Owner Example",
    email: "owner@example.test",
  });
  assert.ok(of.sandbox.accepts(access_token as string));
  const granted = expires_at as number - of.sandbox.options.tokenTtl;
  assert.ok(granted >= before && granted <= after, String(granted));
  const { refresh_token, ...other } = refresh!;
  assert.deepEqual(other, { v: 1, origin: of.sandbox.origin, client_id: of.sandbox.clientId, gen });
  assert.match(refresh_token as string, /^[0-9a-f]{300,}$/);
});

Deno.test("a second login of the same account asks nothing, replaces the pair, and has nothing to save", async () => {
  await using of = await desktop();
  await autocom(login, { err: /Saved tenant/ }, of);
  const first = await stored(of);
  await autocom(login, { err: (text) => assert.ok(!/Saved/.test(text) && /Logged in/.test(text), text) }, of);
  const second = await stored(of);
  assert.notEqual(second.access!.gen, first.access!.gen);
  assert.equal(of.keychain.items.length, 2);
});

Deno.test("the built-in address is no choice to write down, and where it came from is not said", async () => {
  await using of = await desktop({ sandbox: await createSandbox({ origin: "https://api.autocom.wexron.io" }) });
  delete of.env.AUTOCOM_API_URL;
  await autocom(login, { err: /^Logging in to https:\/\/api\.autocom\.wexron\.io\.\n/ }, of);
  assert.match(
    String(await configOf(of)),
    /^client_id = .*\nclient_id_for = "https:\/\/api\.autocom\.wexron\.io"\ntenant = "acme"\n$/,
  );
  of.sandbox.close();
});

Deno.test("with -o json the first line is the address, the last one the session, and stderr is silent", async () => {
  for (const format of ["json", "yaml"]) {
    await using of = await desktop();
    const began = Date.now();
    const out = (text: string) => {
      const [first, last, ...more] = text.trimEnd().split("\n").map((line) => JSON.parse(line));
      assert.deepEqual(Object.keys(first), ["url", "expires_at"]);
      assert.equal(new URL(first.url).pathname, "/oauth/authorize");
      const lifetime = Date.parse(first.expires_at) - began;
      assert.ok(lifetime >= 300_000 && lifetime < 300_000 + HANG, first.expires_at);
      assert.deepEqual(last, {
        account: "owner@example.test",
        tenant: "acme",
        api_url: of.apiUrl,
        store: "Secret Service",
      });
      assert.deepEqual(more, []);
    };
    await autocom(`${login} -o ${format}`, { out }, of);
  }
});

Deno.test("--quiet still says what a person needs to go on", async () => {
  await using of = await desktop();
  const err = (text: string) => {
    assert.equal(text.trimEnd().split("\n").at(-1), "Waiting for your approval, 5 minutes at most; Ctrl-C ends it.");
    assert.ok(shown(of));
  };
  await autocom(`${login} -q`, { err }, of);
});

Deno.test("login is an alias of auth login", async () => {
  await using of = await desktop();
  await autocom("login --tenant acme", { err: /Logged in/ }, of);
});

Deno.test("OA-24, TK-16: code and verifier are in one form body and nowhere else", async () => {
  await using of = await desktop();
  await autocom(login, { err: /Logged in/ }, of);
  const [request, ...more] = tokenRequests(of);
  assert.deepEqual(more, []);
  const { method, url, headers, body } = request!;
  assert.equal(`${method} ${url}`, `POST ${of.sandbox.origin}/oauth/token`);
  assert.match(headers["content-type"]!, /^application\/x-www-form-urlencoded/);
  assert.equal(headers.accept, "application/json");
  for (const name of ["authorization", "referer", "cookie", "x-tenant"]) assert.equal(headers[name], undefined, name);
  const form = new URLSearchParams(body);
  const names = ["client_id", "code", "code_verifier", "grant_type", "redirect_uri"];
  assert.deepEqual([...form.keys()].sort(), names);
  assert.equal(form.get("redirect_uri"), new URL(shown(of)).searchParams.get("redirect_uri"));
  for (const other of of.sandbox.log.filter((entry) => entry !== request)) {
    const text = JSON.stringify([other.url, other.headers, other.body]);
    assert.ok(!text.includes(form.get("code")!) && !text.includes(form.get("code_verifier")!), other.url);
  }
});

Deno.test("TK-15: a login against Passport 12 looks the same", async () => {
  await using of = await desktop({ sandbox: await createSandbox({ passport: 12 }) });
  assert.equal(of.env.AUTOCOM_CLIENT_ID, "1");
  await autocom(login, { err: /Logged in to \S+ as Owner Example <owner@example\.test>, tenant acme\./ }, of);
  assert.deepEqual(Object.keys((await stored(of)).refresh!).sort(), [
    "client_id",
    "gen",
    "origin",
    "refresh_token",
    "v",
  ]);
  of.sandbox.close();
});

Deno.test("LK-1, LK-2, LK-4: no secret is on a stream, with --debug either, nor in argv or environment of a child", async () => {
  for (const format of ["", " -o json"]) {
    await using of = await desktop();
    const { err, out } = await execute(`${login} --debug${format}`, of);
    const secrets = secretsOf(of);
    const address = shown(of);
    const said = (out + err).replace(address, "");
    assert.match(err, /debug: > POST \S+\/oauth\/token/);
    const children = [
      ...of.keychain.calls.map(({ command, args, options }) => [command, args, options.env]),
      ...of.seen.launched.map((
        { command, args, env },
      ) => [command, args.map((arg) => arg === address ? "" : arg), env]),
    ];
    for (const secret of secrets) {
      assert.ok(!said.includes(secret), said);
      assert.ok(!JSON.stringify(children).includes(secret));
    }
    const [, code, verifier, ...tokens] = secrets;
    for (const secret of [code!, verifier!, ...tokens]) assert.ok(!address.includes(secret));
  }
});

Deno.test("FT-45: a client id that a login was given is saved, and the next login at that address needs none", async () => {
  await using of = await desktop();
  delete of.env.AUTOCOM_CLIENT_ID;
  await autocom(`${login} --client-id ${of.sandbox.clientId}`, { err: /^Saved client_id = /m }, of);
  await autocom("auth logout", { err: /Logged out/ }, of);
  await autocom(login, { err: (text) => assert.ok(/Logged in/.test(text) && !/Saved/.test(text), text) }, of);
  await autocom("config get client_id", { out: `${of.sandbox.clientId}\n` }, of);
  const elsewhere = "auth login --api-url https://elsewhere.example/api/v1";
  await autocom(elsewhere, { code: 2, err: /^error: this build has no OAuth client id/ }, of);
});

Deno.test("FT-45: a login with a token saves no client id", async () => {
  await using of = await desktop();
  of.stdin = pat(of.sandbox);
  await autocom(`${login} --token-stdin`, { err: /Logged in/ }, of);
  assert.doesNotMatch(String(await configOf(of)), /client_id/);
});
