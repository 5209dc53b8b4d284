import assert from "node:assert/strict";
import { autocom, execute, pat, world } from "../support/harness.ts";
import { configOf, desktop, stored } from "../support/desk.ts";
import { systemOf } from "../support/world.ts";

const login = "auth login --token-stdin --tenant acme";

for (
  const [about, around] of [["as it is", ["", ""]], ["with LF", ["", "\n"]], ["with CR LF", ["", "\r\n"]], [
    "with spaces",
    ["  ", " \n\n"],
  ]] as const
) {
  Deno.test(`LK-9: a token on stdin ${about} is taken, checked and stored alone`, async () => {
    await using of = await world();
    const token = pat(of.sandbox);
    of.stdin = around.join(token);
    const { code, out, err } = await execute(login, of);
    assert.deepEqual([code, out], [0, ""], err);
    assert.match(err, /Logged in to \S+ as Owner Example <owner@example\.test>, tenant acme\. .*Secret Service/);
    assert.ok(!err.includes(token));
    const { access, refresh, place } = await stored(of);
    const { gen, ...rest } = access!;
    assert.match(gen as string, /^[0-9a-f]{16}$/);
    assert.deepEqual([place, refresh, rest], ["keychain", undefined, {
      v: 1,
      origin: of.sandbox.origin,
      kind: "pat",
      access_token: token,
      expires_at: null,
      name: "Owner Example",
      email: "owner@example.test",
    }]);
    assert.deepEqual(of.sandbox.log.map(({ method, url }) => `${method} ${new URL(url).pathname}`), [
      "GET /api/v1/profile",
    ]);
  });
}

Deno.test("a token that ends in the middle of a character is none: nothing of it is sent", async () => {
  await using of = await world();
  const bytes = Uint8Array.of(...new TextEncoder().encode("abc"), 0xe2, 0x82);
  const { io } = systemOf(of);
  of.system = { io: { ...io, stdin: { isTerminal: false, setRaw() {}, chunks: () => arriving(bytes) } } };
  await autocom(login, { code: 2, err: /what stdin holds is not a token: it has other characters/ }, of);
  assert.deepEqual(of.sandbox.log, []);
});

async function* arriving(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (const byte of bytes) yield await Promise.resolve(Uint8Array.of(byte));
}

Deno.test("no client id is needed for a token, and no browser is thought of", async () => {
  await using of = await world();
  delete of.env.AUTOCOM_CLIENT_ID;
  of.stdin = pat(of.sandbox);
  await autocom(login, { err: /Logged in/ }, of);
});

for (
  const [about, text, message] of [
    ["nothing", "", "there is no token on stdin"],
    ["white space", " \r\n\t", "there is no token on stdin"],
    ["a token with an inner line break", "abc\ndef", "it has other characters"],
    ["a token in quotes", '"abc"', "it has other characters"],
    ["a header", "Bearer abc", "it has other characters"],
    ["escapes", "\x1b[2Jabc", "it has other characters"],
    ["more than any token has", "a".repeat(17_000), "it is too long for one"],
    ["a whole file", "a b\n".repeat(50_000), "it is too long for one"],
  ] as const
) {
  Deno.test(`LK-9: ${about} on stdin is refused with exit 2 before any request, and not repeated`, async () => {
    await using of = await world({ stdin: text });
    const err = (said: string) => {
      assert.ok(said.includes(message), said);
      assert.ok(!/abc|aaa|2J/.test(said), said);
    };
    await autocom(login, { code: 2, err }, of);
    assert.deepEqual([of.sandbox.log, (await stored(of)).place], [[], "none"]);
  });
}

Deno.test("LK-9: a token pasted on a terminal is read in raw mode, not echoed, and its length is said", async () => {
  await using of = await world({ terminal: { stdin: true } });
  const token = pat(of.sandbox);
  of.stdin = (async function* () {
    yield `\x1b[200~${token}`;
    yield "\x1b[201~\r";
  })();
  const { code, err } = await execute(login, of);
  assert.equal(code, 0, err);
  assert.match(err, /^Paste the personal access token \(it is not shown\), then press Enter\.\n/);
  assert.ok(err.includes(`${token.length} characters received.\n`), err);
  assert.ok(!err.includes(token));
  assert.deepEqual(of.seen.raw, [true, false]);
});

Deno.test("--with-token without a value reads stdin, as --token-stdin", async () => {
  await using of = await world();
  of.stdin = pat(of.sandbox);
  await autocom("auth login --tenant acme --with-token", { err: /Logged in/ }, of);
});

Deno.test("--with-token with a value works, and warns", async () => {
  await using of = await world();
  const { code, err } = await execute(`auth login --tenant acme --with-token ${pat(of.sandbox)}`, of);
  assert.equal(code, 0, err);
  assert.match(
    err,
    /^warning: a token on the command line stays in the shell's history and shows in the list of processes: --token-stdin is safer\n/,
  );
  assert.ok(!err.includes(pat(of.sandbox)));
});

for (const terminal of [true, false]) {
  Deno.test(`a token that is half ${terminal ? "typed" : "piped"} when a signal comes is not tried`, async () => {
    await using of = await world({ terminal: { stdin: terminal } });
    of.stdin = (async function* () {
      yield pat(of.sandbox);
      of.signal("SIGINT");
      await new Promise(() => {});
    })();
    await autocom(
      "auth login --token-stdin --tenant acme",
      { code: 130, err: /^(Paste .*\n)?error: interrupted\n$/ },
      of,
    );
    assert.deepEqual(of.sandbox.log, []);
  });
}

Deno.test("a token that the platform does not accept is exit 4, and nothing is stored", async () => {
  await using of = await world({ stdin: "not.a.token" });
  await autocom(login, { code: 4, err: /error: cannot read your profile: \S+ did not accept the token/ }, of);
  assert.deepEqual([(await stored(of)).place, await configOf(of)], ["none", undefined]);
});

Deno.test("a token without access to the tenant is exit 5, and nothing is stored", async () => {
  for (const tenant of ["nope", "initech", "globex"]) {
    await using of = await world();
    of.stdin = pat(of.sandbox, "manager");
    // Who is no member is known by the token; whether a tenant is there or suspended is not.
    const said = tenant === "globex"
      ? `the token was accepted, but not tenant "globex": `
      : `tenant "${tenant}" was not accepted: `;
    // Nothing was stored, so the way on is a login, with a tenant that this token may enter.
    const way = "choose one of yours \\(acme\\): autocom auth login --token-stdin --tenant acme";
    const err = new RegExp(`error: cannot read your profile: ${said}.*\nhint: ${way}\n$`);
    await autocom(`auth login --token-stdin --tenant ${tenant}`, { code: 5, err }, of);
    assert.deepEqual([(await stored(of)).place, await configOf(of)], ["none", undefined]);
  }
});

Deno.test("a token without a name for the tenant uses the only one there is", async () => {
  await using of = await world();
  of.stdin = pat(of.sandbox, "viewer");
  await autocom("auth login --token-stdin", { err: /as Viewer Example <viewer@example\.test>, tenant acme/ }, of);
});

Deno.test("with -o json a login by token is one line on stdout", async () => {
  await using of = await world();
  of.stdin = pat(of.sandbox);
  const out = (text: string) =>
    assert.deepEqual(JSON.parse(text), {
      account: "owner@example.test",
      tenant: "acme",
      api_url: of.apiUrl,
      store: "Secret Service",
    });
  await autocom(`${login} -o json`, { out }, of);
});

Deno.test("a token replaces the pair of a browser login, refresh entry and all", async () => {
  await using of = await world();
  await using browser = await desktop({ sandbox: of.sandbox, keychain: of.keychain });
  await autocom("auth login --tenant acme", { err: /Logged in/ }, browser);
  assert.equal(of.keychain.items.length, 2);
  of.stdin = pat(of.sandbox);
  await autocom(login, { err: /Logged in/ }, of);
  assert.deepEqual(Object.keys(await stored(of)), ["place", "access"]);
});

Deno.test("a refused replacement leaves the token of another account alive: it is not ours to end", async () => {
  await using of = await world();
  of.stdin = pat(of.sandbox, "owner");
  await autocom(login, { err: /Logged in/ }, of);
  of.stdin = pat(of.sandbox, "admin");
  await autocom(login, { code: 2, err: /owner@example\.test is logged in to .*; you are now admin@example\.test/ }, of);
  assert.ok(of.sandbox.accepts(pat(of.sandbox, "admin")));
  assert.equal((await stored(of)).access!.email, "owner@example.test");
});

Deno.test("a token that is given twice, as a word and on stdin, is exit 2: neither is tried nor repeated", async () => {
  await using of = await world({ stdin: "one.token" });
  const err = "error: the token is given twice: with --with-token and on stdin\nhint: give it once\n";
  await autocom(`${login} --with-token another.token`, { code: 2, err }, of);
  assert.deepEqual(of.sandbox.log, []);
  of.stdin = pat(of.sandbox);
  await autocom(`${login} --with-token`, { err: /Logged in/ }, of); // both are stdin
});

const GIVEN: [line: string, hint: string][] = [
  ["--token-stdin --store file --tenant acme", "--token-stdin --tenant acme --store file"],
  ["--with-token --store keychain", "--token-stdin --store keychain"],
  ["--with-token PAT --tenant acme", "--token-stdin --tenant acme"],
];
for (const [line, hint] of GIVEN) {
  Deno.test(`FT-51: the hint of a login ${line} that would replace another account's is the same login, without the token`, async () => {
    await using of = await world({ env: { AUTOCOM_TENANT: "acme" } });
    of.stdin = pat(of.sandbox, "owner");
    await autocom("auth login --token-stdin --store file", { err: /Logged in/ }, of);
    of.stdin = pat(of.sandbox, "admin");
    const { code, err } = await execute(`auth login ${line.replace("PAT", of.stdin)}`, of);
    assert.equal(code, 2, err);
    assert.ok(err.endsWith(`\nhint: replace it: autocom auth login --force ${hint}\n`), err);
    assert.ok(!err.includes(of.stdin));
    await autocom(`auth login --force ${hint}`, { err: /as Admin Example/ }, of);
  });
}

Deno.test("FT-51: a tenant that a token may not enter is answered with the same login for another tenant", async () => {
  await using of = await world();
  of.stdin = pat(of.sandbox, "manager");
  const err = /: autocom auth login --token-stdin --tenant acme --store file --force\n$/;
  await autocom("auth login --token-stdin --store file --force --tenant globex", { code: 5, err }, of);
});
