/** FT-51: who goes to another server with --api-url is led on there: what is typed next does not act on the other one. */
import assert from "node:assert/strict";
import { createSandbox } from "../platform/sandbox/mod.ts";
import { examine } from "../support/examined.ts";
import { autocom, execute, pat, type World, world } from "../support/harness.ts";
import { credentials, sessionIn } from "../support/kept.ts";
import { withToken } from "../support/scripted.ts";

const SHOP = "https://shop.example/api/v1";

for (const line of ["whoami", "auth token", "auth status", "auth refresh", "orders list", "api /orders"]) {
  Deno.test(`FT-51: ${line} --api-url X without a session names the login there, in JSON, too`, async () => {
    await using of = await world();
    const hint = `autocom auth login --api-url ${SHOP}`;
    await autocom(`${line} --api-url ${SHOP}`, { code: 4, err: new RegExp(`\nhint: ${hint}\n$`) }, of);
    const { err } = await execute(`${line} -o json --api-url=${SHOP}`, of);
    assert.equal(JSON.parse(err.trimEnd().split("\n").at(-1)!).error.hint, hint);
    await autocom(line, { code: 4, err: /\nhint: autocom auth login\n$/ }, of); // a variable is still set when it is typed
  });
}

const ALIKE = ["config get nope", "upgrade --target nope", "orders --status pending", "orders list --nope", "nope"];
for (const line of ALIKE) {
  Deno.test(`FT-51: autocom ${line} is answered with no address, or with the one that was typed`, async () => {
    await using of = await world();
    const { err } = await execute(`${line} --api-url ${SHOP}`, of);
    const [, hint = ""] = /\nhint: (.*)\n$/.exec(err) ?? [];
    assert.equal(hint.split("--api-url").length, /did you mean/.test(hint) ? 2 : 1, err);
  });
}

Deno.test("FT-51: a tenant that is none of yours at --api-url is answered with one there, and what is typed works", async () => {
  await using w = await withToken();
  delete w.env.AUTOCOM_API_URL;
  const typed = `tenants use --api-url ${w.apiUrl} acme`;
  const err = new RegExp(`\nhint: choose one of yours \\(.*\\): autocom ${typed}\n$`);
  await autocom(`tenants use nope --api-url ${w.apiUrl}`, { code: 5, err }, w);
  await autocom(typed, { err: /Commands now work in tenant acme\.\n/ }, w);
});

Deno.test("FT-51: doctor's fixes lead to the server that was looked at", async () => {
  await using of = await world();
  const { found } = await examine(of, ` --api-url ${of.apiUrl}`);
  assert.equal(found.session!.fix, `autocom auth login --api-url ${of.apiUrl}`);
});

Deno.test("FT-51: what a change says of its request leads to the log of its server", async () => {
  await using w = await withToken();
  const [order] = JSON.parse((await execute("orders list --status pending --limit 1 -o json -q", w)).out);
  const err = new RegExp(`Request (\\S+): autocom audit list --api-url ${w.apiUrl} --request-id \\1\n$`);
  const line = `orders cancel ${order.order_number} --yes --reason late --api-url ${w.apiUrl}`;
  await autocom(line, { out: /cancelled/, err }, w);
});

for (const revoke of ["", " --revoke"]) {
  Deno.test(`FT-51: auth logout${revoke} that could not be done is named as it was typed`, async () => {
    await using of = await sessionIn("file");
    await Deno.chmod(credentials(of), 0o644);
    const again = new RegExp(`\nhint: chmod 600 \\S+; then: autocom auth logout --api-url ${of.apiUrl}${revoke}\n$`);
    await autocom(`auth logout${revoke} --api-url ${of.apiUrl}`, { code: 3, err: again }, of);
    await autocom(`auth logout${revoke}`, { code: 3, err: new RegExp(`; then: autocom auth logout${revoke}\n$`) }, of);
  });
}

Deno.test("FT-51: the hint of a login at another server replaces the session there, and leaves the other one alone", async () => {
  const second = await createSandbox({ origin: "http://127.0.0.1:8791" });
  await using of = await world();
  const { fetch } = of;
  of.fetch = (request) => new URL(request.url).origin === second.origin ? second.fetch(request) : fetch(request);
  const there = `${second.origin}/api/v1`;
  const login = async (line: string, stdin: string, code = 0) => {
    of.stdin = stdin;
    const said = await execute(`auth login ${line}`, of);
    assert.equal(said.code, code, said.err);
    return said.err;
  };
  await login("--token-stdin --store file --tenant acme", pat(of.sandbox));
  const line = `--token-stdin --store file --tenant acme --api-url ${there}`;
  await login(line, pat(second, "owner"));
  // The settings name the first server again.
  delete of.env.AUTOCOM_API_URL;
  await autocom(`config set api_url ${of.apiUrl} -q`, {}, of);
  const before = await sessionOf(of, of.sandbox.origin);
  of.sandbox.log.length = 0;
  const [, typed] = /\nhint: replace it: autocom auth login (.*)\n$/.exec(await login(line, pat(second, "admin"), 2))!;
  assert.equal(typed, `--api-url ${there} --force --token-stdin --tenant acme --store file`);
  await login(typed!, pat(second, "admin"));
  assert.equal((await sessionOf(of, second.origin)).access.email, "admin@example.test");
  assert.deepEqual([await sessionOf(of, of.sandbox.origin), of.sandbox.log], [before, []]);

  const refused = await login(line.replace("acme", "initech --force"), pat(second, "manager"), 5);
  const way = `--api-url ${there} --token-stdin --tenant acme --store file --force`;
  assert.ok(refused.endsWith(`choose one of yours (acme): autocom auth login ${way}\n`), refused);
});

async function sessionOf(of: World, origin: string) {
  return JSON.parse(await Deno.readTextFile(credentials(of))).sessions[origin];
}
