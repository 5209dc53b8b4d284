import assert from "node:assert/strict";
import { forbidden } from "../support/output/fixture.ts";
import { autocom, execute, loggedIn } from "../support/harness.ts";
import { json, scripted, withToken } from "../support/scripted.ts";

const API = "http://127.0.0.1:8790/api/v1";

Deno.test("whoami after a login shows what was kept, without a request", async () => {
  await using w = await loggedIn();
  await autocom(
    "whoami",
    { out: `NAME\tEMAIL\tTENANT\tAPI_URL\nOwner Example\towner@example.test\tacme\t${API}\n` },
    w,
  );
  const shown = { name: "Owner Example", email: "owner@example.test", tenant: "acme", api_url: API };
  assert.deepEqual(JSON.parse((await execute("whoami -o json", w)).out), shown);
  assert.equal(w.sandbox.log.length, 0);
});

Deno.test("whoami --refresh asks the server, and knows the role", async () => {
  await using w = await loggedIn("viewer");
  const { out } = await execute("whoami --refresh -o json", w);
  assert.equal(JSON.parse(out).role, "viewer");
  assert.deepEqual(w.sandbox.log.map(({ url }) => url), [`${API}/profile`]);
});

Deno.test("whoami with AUTOCOM_TOKEN always asks: nothing is stored", async () => {
  await using w = await withToken("manager");
  await autocom("whoami", {
    out: /^NAME\tEMAIL\tTENANT\tROLE\tAPI_URL\nManager Example\tmanager@example\.test\tacme\tmanager\t/,
  }, w);
  assert.equal(w.sandbox.log.length, 1);
  w.env.AUTOCOM_TENANT = "";
  await autocom("whoami", {
    code: 5,
    err: /^error: cannot read your profile: no tenant was named/,
  }, w);
});

Deno.test("whoami without a session is exit 4 and says what to type", async () => {
  await autocom("whoami", {
    code: 4,
    err: /^error: not logged in to http:\/\/127\.0\.0\.1:8790\b.*\nhint: .*autocom auth login.*\n$/,
  });
});

Deno.test("whoami on a terminal is one field a line", async () => {
  await using w = await loggedIn("owner", { terminal: { stdout: true } });
  const { out } = await execute("whoami --color never", w);
  assert.match(
    out,
    /^FIELD {4}VALUE\n─+ {2}─+\nNAME {5}Owner Example\nEMAIL {4}owner@example\.test\nTENANT {3}acme\nAPI_URL {2}http/,
  );
});

Deno.test("whoami and tenants list are asked with --query, tenants list has --fields", async () => {
  await using w = await withToken();
  await autocom("whoami --query email", { out: "owner@example.test\n" }, w);
  await autocom("whoami --query role -o json", { out: '"owner"\n' }, w);
  await autocom("whoami --query nope", { err: /^warning: --query names nope, which is not there/ }, w);
  await autocom(["tenants", "list", "--query", "[?current].id"], { out: "acme\n" }, w);
  await autocom("tenants list --fields role,id -o json --query [0]", {
    out: (text) => assert.deepEqual(JSON.parse(text), { role: "owner", id: "acme" }),
  }, w);
  await autocom("tenants list --fields status,id", {
    out: "STATUS\tTENANT\nactive\tacme\nactive\tglobex\nsuspended\tinitech\n",
  }, w);
  await autocom("tenants list --fields", { out: /^FIELD\tTYPE\tABOUT\nid\ttext/ }, w);
  await autocom("tenants list --fields nope", { code: 2, err: /there is no such field\nhint: the fields are id, / }, w);
});

Deno.test("LK-13: a hostile name and e-mail of the server are shown escaped", async () => {
  const hostile = "\x1b]0;pwn\x07\x1b[2J\u202e\u009b";
  const fetch = scripted(json({ name: hostile, email: hostile, current_tenant: { id: hostile, role: hostile } }));
  await using w = await withToken("owner", { fetch, terminal: { stdout: true } });
  for (const format of ["table", "tsv", "json", "yaml"]) {
    const { code, out } = await execute(`whoami -o ${format} --color never`, w);
    assert.deepEqual([code, forbidden(out, "\n\t")], [0, undefined]);
  }
});

for (const body of [{}, { name: "x" }, { name: "", email: "y" }, { name: 1, email: 2 }, []]) {
  Deno.test(`a profile like ${JSON.stringify(body)} is exit 11`, async () => {
    await using w = await withToken("owner", { fetch: scripted(json(body)) });
    await autocom("whoami", { code: 11, err: /^error: cannot read your profile: .*\nhint: .*\n$/ }, w);
  });
}
