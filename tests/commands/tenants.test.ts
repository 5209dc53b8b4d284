import assert from "node:assert/strict";
import { forbidden } from "../support/output/fixture.ts";
import { autocom, execute, loggedIn } from "../support/harness.ts";
import { html, json, scripted, withToken } from "../support/scripted.ts";

const HOSTILE = "\x1b]0;pwn\x07\x1b[2J\u202e";

Deno.test("tenants list shows slug, name, role and status of each, and marks the one in use", async () => {
  await using w = await withToken();
  const out = "TENANT\tNAME\tROLE\tSTATUS\tCURRENT\nacme\tAcme Traders\towner\tactive\t*\n" +
    "globex\tGlobex Retail\tviewer\tactive\t\ninitech\tInitech\towner\tsuspended\t\n";
  await autocom("tenants list", { out }, w);
  await autocom("tenants ls --tenant globex", { out: /^globex\tGlobex Retail\tviewer\tactive\t\*$/m }, w);
  const rows = JSON.parse((await execute("tenants list -o json", w)).out);
  assert.deepEqual(rows[1], {
    id: "globex",
    name: "Globex Retail",
    role: "viewer",
    status: "active",
    current: false,
  });
  await using nobody = await withToken("nobody");
  await autocom("tenants list -o json", { out: "[]\n" }, nobody);
});

Deno.test("tenants use saves a tenant that lets one in, and the next command needs no flag", async () => {
  await using w = await loggedIn();
  await autocom("tenants use globex", { err: "Commands now work in tenant globex.\n" }, w);
  await autocom("config get tenant", { out: "globex\n" }, w);
  await autocom("orders list --per-page 1 -o tsv -q", { out: /^ORDER/ }, w);
  assert.equal(w.sandbox.log.at(-1)!.headers["x-tenant"], "globex");
  await autocom("tenants use acme -q", {}, w);
  w.env.AUTOCOM_TENANT = "acme";
  await autocom(
    "tenants use globex",
    {
      err:
        /^Saved tenant = globex in \S+\.\nwarning: AUTOCOM_TENANT is set: commands use it instead of the saved tenant; to end that: unset AUTOCOM_TENANT\n$/,
    },
    w,
  );
  await autocom("tenants use acme", { err: "Commands now work in tenant acme.\n" }, w);
});

for (const [by, line] of [["--api-url", "tenants use globex --api-url"], ["AUTOCOM_API_URL", "tenants use globex"]]) {
  Deno.test(`a tenant that was chosen at the address of ${by} is saved with that address, as a login does`, async () => {
    await using w = await withToken();
    const { apiUrl, env } = w;
    delete env.AUTOCOM_TENANT;
    delete env.AUTOCOM_API_URL;
    await autocom("config set api_url https://other.example/api/v1 -q", {}, w);
    await autocom("config set tenant acme -q", {}, w);
    if (by === "AUTOCOM_API_URL") env.AUTOCOM_API_URL = apiUrl;
    const saved = new RegExp(`^Saved api_url = ${apiUrl} in \\S+\\.\nCommands now work in tenant globex\\.\n$`);
    await autocom(by === "--api-url" ? `${line} ${apiUrl}` : line!, { err: saved }, w);
    delete env.AUTOCOM_API_URL;
    await autocom("orders list --per-page 1 -q", { out: /^ORDER/ }, w);
    assert.equal(w.sandbox.log.at(-1)!.headers["x-tenant"], "globex");
    await autocom(`tenants use acme --api-url ${apiUrl}`, { err: "Commands now work in tenant acme.\n" }, w);
  });
}

Deno.test("tenants use says that a variable goes before the address that it saved", async () => {
  await using w = await withToken();
  w.env.AUTOCOM_API_URL = "https://other.example/api/v1";
  delete w.env.AUTOCOM_TENANT;
  const err =
    /\nwarning: AUTOCOM_API_URL is set: commands use it instead of the saved address; to end that: unset AUTOCOM_API_URL\n$/;
  await autocom(`tenants use globex --api-url ${w.apiUrl}`, { err }, w);
});

const REFUSED: [slug: string, code: number, err: RegExp][] = [
  [
    "hooli",
    5,
    /^error: cannot use tenant "hooli": you are not a member of it\nhint: choose one of yours \(acme, globex\): autocom tenants use acme\n$/,
  ],
  ["Globex", 5, /^error: cannot use tenant "Globex": .*\nhint: .*: autocom tenants use globex\n$/],
  [
    "initech",
    5,
    /^error: cannot use tenant "initech": tenant "initech" was not accepted: Tenant `initech` is suspended\./,
  ],
  ["a b", 2, /cannot use <slug> "a b": it is not a slug\nhint: /],
  ["-x", 2, /unknown option "-x"\nhint: see: autocom tenants use --help\n/],
  ["", 2, /cannot use <slug> "": it is not a slug/],
];
for (const [slug, code, err] of REFUSED) {
  Deno.test(`tenants use ${slug || "(nothing)"} is exit ${code} and changes nothing`, async () => {
    await using w = await withToken();
    await autocom(["tenants", "use", slug], { code, err }, w);
    await assert.rejects(Deno.stat(`${w.home}/.autocom/config.toml`));
  });
}

Deno.test("someone without a tenant is told whom to ask", async () => {
  await using w = await withToken("nobody");
  await autocom("tenants use acme", {
    code: 5,
    err: /not a member of it\nhint: ask an administrator for an invitation\n/,
  }, w);
});

Deno.test("LK-13: tenants with hostile names are shown escaped", async () => {
  const tenants = [{ id: HOSTILE, name: HOSTILE, role: HOSTILE }, { id: "b", name: null, role: null }];
  await using w = await withToken("owner", { fetch: scripted(json({ tenants })), terminal: { stdout: true } });
  for (const format of ["table", "tsv", "json", "yaml"]) {
    const { code, out } = await execute(`tenants list -o ${format} --color never`, w);
    assert.deepEqual([code, forbidden(out, "\n\t")], [0, undefined]);
  }
  await autocom("tenants use acme", { code: 5, err: (text) => assert.equal(forbidden(text), undefined) }, w);
});

for (const body of [{}, { tenants: null }, { tenants: [null] }, { tenants: [{ name: "x" }] }, [], "x"]) {
  Deno.test(`tenants list answered with ${JSON.stringify(body)} is exit 11`, async () => {
    await using w = await withToken("owner", { fetch: scripted(json(body)) });
    await autocom("tenants list", { code: 11, err: /^error: cannot list your tenants: .*\nhint: .*\n$/ }, w);
  });
}

Deno.test("tenants list from a hotel's login page is exit 11", async () => {
  await using w = await withToken("owner", { fetch: scripted(html("<p>Welcome")) });
  await autocom("tenants list", { code: 11, err: /cannot list your tenants: http:\S+ answered with an HTML page/ }, w);
});

Deno.test("FT-49: tenants list tells the status that the list has, else asks each tenant, and asks none of very many", async () => {
  const of = (count: number, more: object = {}) =>
    json({ tenants: Array.from({ length: count }, (_, at) => ({ id: `t${at}`, name: "T", role: null, ...more })) });
  await using w = await withToken("owner", { fetch: scripted(of(2, { status: "archived" })) });
  await autocom("tenants list", { out: /\nt0\tT\t\tarchived\t\nt1\tT\t\tarchived\t\n$/ }, w);
  w.fetch = scripted(of(26));
  await autocom("tenants list", { out: /\nt0\tT\t\t\t\n/ }, w);
  const answers: Record<string, () => Response> = {
    t0: json({ name: "n", email: "e", current_tenant: { id: "t0", status: "active" } }),
    t1: json({ message: "It is suspended.", code: "TENANT_SUSPENDED" }, 403),
    t2: json({ message: "You are no member.", code: "TENANT_FORBIDDEN" }, 403),
    t3: json({ message: "Server Error" }, 500),
    t4: json({ name: 7 }),
  };
  const list = of(5);
  w.fetch = (request) => Promise.resolve((answers[request.headers.get("x-tenant")!] ?? list)());
  delete w.env.AUTOCOM_TENANT;
  const { out } = await execute("tenants list -o json", w);
  assert.deepEqual(JSON.parse(out).map(({ status }: { status: string | null }) => status), [
    "active",
    "suspended",
    "refused",
    null,
    null,
  ]);
});

Deno.test("WP-94: the tenants that were listed last are completed, those of this server alone, from the file alone", async () => {
  await using w = await withToken();
  const offered = async (...words: string[]) =>
    (await execute(["__complete", "zsh", "autocom", ...words, ""], w)).out.split("\n").filter(Boolean)
      .map((line) => line.split("\t")[0]).toSorted();
  assert.ok(!(await offered("tenants", "use")).includes("globex"));
  await autocom("tenants list -q", { out: /globex/ }, w);
  const { fetch } = w;
  w.fetch = scripted();
  assert.deepEqual(await offered("tenants", "use"), ["acme", "globex", "initech"]);
  assert.deepEqual(await offered("orders", "list", "--tenant"), ["acme", "globex", "initech"]);
  const { AUTOCOM_API_URL } = w.env;
  w.env.AUTOCOM_API_URL = "https://other.test/api/v1";
  assert.ok(!(await offered("tenants", "use")).includes("globex"));
  Object.assign(w.env, { AUTOCOM_API_URL });
  const kept = `${w.home}/.autocom/tenants`;
  await Deno.writeTextFile(kept, (await Deno.readTextFile(kept)).slice(0, -3)); // the end of a run left its beginning
  assert.ok(!(await offered("tenants", "use")).includes("globex"));
  w.fetch = fetch;
  await autocom("tenants list -q", { out: /globex/ }, w);
  assert.ok((await offered("tenants", "use")).includes("globex"));
});
