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

const TYPED: [typed: (apiUrl: string) => string, about: string][] = [
  [(apiUrl) => apiUrl.replace("http:", "HTTP:"), "in capitals"],
  [(apiUrl) => apiUrl.replace("http://", "http:\\\\"), "with backslashes"],
  [(apiUrl) => apiUrl.replace("http://", "http:"), "without slashes"],
  [(apiUrl) => ` ${apiUrl}/ `, "with spaces around it"],
];
for (const [typed, about] of TYPED) {
  Deno.test(`FT-51: an address that is accepted ${about} stands in a hint as it is used`, async () => {
    await using of = await world();
    const { err } = await execute(["whoami", "--api-url", typed(of.apiUrl)], of);
    assert.ok(err.endsWith(`\nhint: autocom auth login --api-url ${of.apiUrl}\n`), err);
  });
}

for (const path of ["@v1/api", "a b", "it's"]) {
  Deno.test(`FT-51: an address with the path ${path} stands in a hint as one word of a shell`, async () => {
    await using of = await world();
    const { err } = await execute(["orders", "list", "--api-url", `https://shop.example/${path}`], of);
    const [, word = ""] = /\nhint: autocom auth login --api-url (.*)\n$/.exec(err) ?? [];
    const shell = await new Deno.Command("sh", { args: ["-c", `printf '%s\n' ${word}`] }).output();
    assert.equal(new TextDecoder().decode(shell.stdout), `${new URL(`https://shop.example/${path}`)}\n`);
  });
}

/** What a person may write about us. */
const WORDS = "asked by the autocom call centre, see: autocom doctor";

Deno.test("FT-37: what will be changed is said in the words that are sent, whatever they are", async () => {
  await using w = await withToken("owner", { sandbox: await createSandbox({ modules: "lab" }) });
  const [order] = JSON.parse((await execute("orders list --status pending --limit 1 -o json -q", w)).out);
  const to = ["--yes", "--api-url", w.apiUrl, "--tenant", "acme"];
  const said = async (...line: string[]) => {
    const { code, err } = await execute([...line, ...to], w);
    assert.equal(code, 0, err);
    return err;
  };
  const cancelled = await said("orders", "cancel", order.order_number, "--reason", WORDS);
  assert.ok(cancelled.includes(`, reason: "${WORDS}"\n`), cancelled);
  const made = await said("call", "lab_create_box", "--name", WORDS, "--fields", "id");
  assert.ok(made.includes(`: {"input":{"name":"${WORDS}"}}\n`), made);
  const document = `mutation { lab_create_box(input: { name: "${WORDS}" }) { id } }`;
  const sent = await said("graphql", document);
  assert.ok(sent.includes(`: ${document} {}\n`), sent);
  const posted = await said("api", "POST", "/graphql", "-f", `query=${document}`);
  assert.ok(posted.includes(`: ${JSON.stringify({ query: document })}\n`), posted);
});

Deno.test("FT-51: what schema show names is typed for its server and tenant", async () => {
  await using w = await withToken();
  const err = new RegExp(`Its options: autocom call --api-url ${w.apiUrl} --tenant acme orders_cancel --help\\n$`);
  await autocom(`schema show orders_cancel --api-url ${w.apiUrl} --tenant acme`, { out: /^NAME/, err }, w);
});

Deno.test("FT-51: what a hint repeats of a line is as it was typed", async () => {
  await using w = await withToken();
  const line = ["order", "list", "--search", "see: autocom doctor", "--api-url", SHOP];
  const { err } = await execute(line, w);
  assert.ok(
    err.endsWith(`\nhint: did you mean: autocom orders list --search 'see: autocom doctor' --api-url ${SHOP}\n`),
    err,
  );
});

/** What a change of a tenant that is not the saved one is told to type, and how many changes that finds. */
async function found(w: World, line: string | string[], code: number, hint: RegExp): Promise<void> {
  const said = await execute(line, w);
  assert.equal(said.code, code, said.err);
  const [, typed = ""] = hint.exec(said.err) ?? [];
  assert.match(typed, / --tenant globex /, said.err);
  assert.equal(JSON.parse((await execute(`${typed} -o json -q`, w)).out).length, 1, typed);
}

async function pending(w: World): Promise<{ id: string; order_number: string }[]> {
  return JSON.parse((await execute("orders list --status pending --limit 3 -o json -q --tenant globex", w)).out);
}

Deno.test("FT-37, FT-51: what a change says of its request leads to the log of the tenant that --tenant named", async () => {
  await using w = await withToken("admin");
  const [one, other, last] = await pending(w);
  for (
    const line of [
      ["orders", "cancel", one!.order_number, "--yes", "--tenant", "globex"],
      ["call", "orders_cancel", "--id", other!.id, "--yes", "--tenant", "globex", "--fields", "id"],
      ["graphql", `mutation { orders_cancel(id: "${last!.id}") { id } }`, "--yes", "--tenant=globex"],
    ]
  ) await found(w, line, 0, /Request \S+: autocom (audit list .*)\n$/);
});

Deno.test("FT-37, FT-51: a change whose answer was lost is looked for in the tenant that --tenant named", async () => {
  const sandbox = await createSandbox({ lossy: "changes" });
  await using w = await withToken("admin", { sandbox });
  const [one, other, last] = await pending(w);
  for (
    const line of [
      ["orders", "cancel", one!.order_number, "--yes", "--tenant", "globex"],
      ["call", "orders_cancel", "--id", other!.id, "--yes", "--tenant", "globex", "--fields", "id"],
      ["graphql", `mutation { orders_cancel(id: "${last!.id}") { id } }`, "--yes", "--tenant=globex"],
    ]
  ) await found(w, line, 10, /may have been carried out .*\nhint: find out .*: autocom (audit list .*)\n$/s);
});

Deno.test("FT-37: what the environment names is still set when a hint is typed", async () => {
  await using w = await withToken("admin", { env: { AUTOCOM_TENANT: "globex" } });
  const [one] = await pending(w);
  const err = /Request \S+: autocom audit list --request-id \S+\n$/;
  await autocom(["orders", "cancel", one!.order_number, "--yes"], { out: /./, err }, w);
});

Deno.test("FT-51: a tenant that was refused is no part of what is typed next", async () => {
  await using w = await withToken();
  await autocom(
    "orders list --tenant nope",
    { code: 5, err: /\nhint: see which are yours: autocom tenants list\n$/ },
    w,
  );
  await autocom("orders get ORD-NOPE --tenant globex", {
    code: 7,
    err: /\nhint: search for it: autocom orders list --tenant globex --search ORD\n$/,
  }, w);
});
