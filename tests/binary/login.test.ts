import assert from "node:assert/strict";
import { parse } from "smol-toml";
import { binaryTest } from "../support/binary/driver.ts";
import type { Room } from "../support/binary/room.ts";

binaryTest("a program logs in by -o json and the redirect; then no command needs a flag", async (room) => {
  const { code, out, err } = await room.logIn();
  assert.equal(code, 0, err);
  const file = `${room.home}/.autocom/credentials`;
  // What is wrong is said in every format; nothing else is.
  assert.match(err, /^warning: no keychain \(.*\): the session will be kept in the file \S+, readable by you alone\n$/);
  assert.ok(err.includes(file), err);
  const last = { account: "owner@example.test", tenant: "acme", api_url: room.apiUrl, store: file };
  assert.deepEqual(JSON.parse(out.split("\n")[1]!), last);
  assert.equal(out.split("\n").length, 3);

  const bare = { env: { AUTOCOM_API_URL: "", AUTOCOM_CLIENT_ID: "" } };
  const whoami = await room.run(["whoami", "-o", "json"], bare);
  assert.equal(whoami.code, 0, whoami.err);
  assert.partialDeepStrictEqual(JSON.parse(whoami.out), { email: "owner@example.test", tenant: "acme" });
  const tenants = await room.run(["tenants", "list", "-o", "json"], bare);
  assert.deepEqual(JSON.parse(tenants.out).map(({ id }: { id: string }) => id), ["acme", "globex", "initech"]);
  const tsv = await room.run(["orders", "list", "-q"], bare);
  assert.deepEqual(tsv, { code: 0, out: expectedTsv(await orders(room)), err: "" });
});

binaryTest("a program logs in by -o json and the redirected address on stdin", async (room) => {
  const before = Date.now();
  const login = room.start(["auth", "login", "--no-browser", "-o", "json", "--tenant", "acme"]);
  const { url, expires_at } = JSON.parse(await login.line());
  const began = Date.parse(expires_at) - 300_000;
  assert.ok(before - 1_000 <= began && began <= Date.now(), expires_at);
  const callback = await room.approve(url);
  await login.type(`${callback}\n`);
  const { code, err } = await login.end();
  assert.equal(code, 0, err);
  assert.equal(await room.errand("answers", "127.0.0.1", 8765), false);
  assert.deepEqual(await room.errand("alive"), { access: 1, refresh: 1 });
});

binaryTest("the folder, the credentials and the config of a login are the person's alone", async (room) => {
  await room.logIn([], { shell: 'umask 000; exec "$@"' });
  const mode = async (name: string) => ((await Deno.stat(`${room.home}/.autocom${name}`)).mode! & 0o777).toString(8);
  assert.equal(await mode(""), "700");
  assert.equal(await mode("/credentials"), "600");
  assert.equal(await mode("/config.toml"), "600");
  const config = await Deno.readTextFile(`${room.home}/.autocom/config.toml`);
  const client = { client_id: room.platform.client_id, client_id_for: room.platform.url };
  assert.deepEqual({ ...parse(config) }, { api_url: room.apiUrl, ...client, tenant: "acme" });
});

binaryTest("orders come in all formats, money as the server sent it", async (room) => {
  await room.signIn();
  const expected = await orders(room);
  const run = async (format: string) => {
    const { code, out, err } = await room.run(["orders", "list", "-q", "-o", format]);
    assert.deepEqual([code, err], [0, ""], format);
    return out;
  };
  assert.equal(await run("tsv"), expectedTsv(expected));
  assert.equal(await run("table"), expectedTsv(expected)); // no terminal, no table
  const json = await run("json");
  assert.deepEqual(json.match(/(?<="total": )[\d.]+(?=,)/g), expected.map(({ total }) => total));
  assert.deepEqual(JSON.parse(json), expected.map((order) => ({ ...order, total: Number(order.total) })));
  const yaml = await run("yaml");
  assert.deepEqual(yaml.match(/(?<=^ {2}total: ).*$/gm), expected.map(({ total }) => total));
  assert.deepEqual(yaml.match(/(?<=^ {2}order_number: ).*$/gm), expected.map(({ order_number }) => order_number));
});

binaryTest("AUTOCOM_TOKEN needs no session and no HOME, and leaves nothing behind", async (room) => {
  const env = { HOME: "", AUTOCOM_TOKEN: room.platform.users.agent.pat, AUTOCOM_TENANT: "acme" };
  const { code, out, err } = await room.run(["orders", "list", "-q"], { env });
  assert.deepEqual([code, err], [0, ""]);
  assert.equal(out, expectedTsv(await orders(room)));
  assert.deepEqual(await Array.fromAsync(Deno.readDir(room.home)), []);
});

binaryTest("each gate has its exit code, in prose and in JSON", async (room) => {
  const { owner, nobody, outsider } = room.platform.users;
  const forbidden = await room.errand("answer", 200, {
    errors: [{ message: "no", extensions: { code: "FORBIDDEN", permission: "orders.view" } }],
  });
  for (
    const [exit, code, env] of [
      [4, "unauthenticated", {}],
      [4, "unauthenticated", { AUTOCOM_TOKEN: `${owner.pat}x` }],
      [5, "tenant", { AUTOCOM_TOKEN: owner.pat }],
      [5, "tenant", { AUTOCOM_TOKEN: owner.pat, AUTOCOM_TENANT: "unheard-of" }],
      [5, "tenant", { AUTOCOM_TOKEN: owner.pat, AUTOCOM_TENANT: "initech" }],
      [5, "tenant", { AUTOCOM_TOKEN: outsider.pat, AUTOCOM_TENANT: "acme" }],
      [5, "tenant", { AUTOCOM_TOKEN: nobody.pat, AUTOCOM_TENANT: "acme" }],
      [6, "forbidden", { AUTOCOM_TOKEN: owner.pat, AUTOCOM_TENANT: "acme", AUTOCOM_API_URL: forbidden }],
      [10, "network", { AUTOCOM_TOKEN: owner.pat, AUTOCOM_TENANT: "acme", AUTOCOM_API_URL: "http://127.0.0.1:9" }],
    ] as const
  ) {
    const prose = await room.run(["orders", "list", "-q"], { env });
    assert.deepEqual([prose.code, prose.out], [exit, ""], prose.err);
    assert.match(prose.err, /^error: [^\n]+\n(hint: [^\n]+\n)?$/);
    const json = await room.run(["orders", "list", "-q", "-o", "json"], { env });
    assert.deepEqual([json.code, json.out], [exit, ""], json.err);
    assert.partialDeepStrictEqual(JSON.parse(json.err), { error: { code, exit } });
  }
});

binaryTest(
  "OA-37, FT-24: without a terminal and a display a login ends at once, and names the other ways",
  async (room) => {
    const lines: [args: string[], env: Record<string, string>][] = [
      [[], {}],
      [["--no-input"], {}],
      [[], { CI: "true", DISPLAY: ":0" }],
    ];
    for (const [args, env] of lines) {
      const { code, out, err } = await room.run(["auth", "login", ...args], { env, shell: 'exec "$@" </dev/null' });
      assert.deepEqual([code, out], [2, ""], err);
      assert.match(err, /^error: cannot log in: .*\nhint: set AUTOCOM_TOKEN, or: .*--token-stdin\n$/m);
      assert.equal(await room.errand("answers", "127.0.0.1", 8765), false);
    }
  },
);

interface Order {
  id: string;
  order_number: string;
  status: string;
  total: string;
  currency: string;
  created_at: string;
}

/** The first page of acme's orders, asked for without autocom. */
async function orders(room: Room): Promise<Order[]> {
  const query = "{ orders(page: 1, per_page: 20) { data { id order_number status total currency created_at } } }";
  const headers = {
    ...{ accept: "application/json", "content-type": "application/json", "x-tenant": "acme" },
    authorization: `Bearer ${room.platform.users.owner.pat}`,
  };
  const body = JSON.stringify({ query });
  const response = await room.fetch(new Request(`${room.apiUrl}/graphql`, { method: "POST", headers, body }));
  const { data } = (await response.json()).data.orders;
  assert.equal(data.length, 20);
  return data;
}

function expectedTsv(orders: Order[]): string {
  const rows = orders.map((o) => [o.order_number, o.status, o.total, o.currency, o.created_at]);
  return [["ORDER", "STATUS", "TOTAL", "CURRENCY", "CREATED"], ...rows].map((row) => `${row.join("\t")}\n`).join("");
}
