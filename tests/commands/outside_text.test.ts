/** Text from outside on its way to a person, through the whole program: cut, masked, and quiet when that is asked for. */
import assert from "node:assert/strict";
import { autocom, execute, type World, world } from "../support/harness.ts";
import { desktop } from "../support/desk.ts";
import { sessionIn } from "../support/kept.ts";
import { envelope, json, order, page, refused, scripted, withToken } from "../support/scripted.ts";

const PAT = "17|mNq3Zt0bKd7yQw2Xv4RfLhGJ5sPc8UeA1oTi".replace("|", ".");

const ECHOES: [how: string, echo: (token: string) => string][] = [
  ["as it is", (token) => token],
  ["in capitals", (token) => token.toUpperCase()],
  ["percent-encoded", (token) => token.replace(/[^]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)],
  ["in base64", (token) => btoa(`{"t":"${token}"}`)],
  ["broken off", (token) => `${token.slice(0, 20)}...`],
];

for (const [how, echo] of ECHOES) {
  Deno.test(`FT-13: an opaque token that the server sends back ${how} is in no message, whatever the format`, async () => {
    const told = echo(PAT);
    const answers = [
      json({ message: `The token ${told} is not yours` }, 403, { "X-Request-Id": told }),
      json({ message: "The given data was invalid.", errors: { [told]: [told] } }, 422),
      refused(`bad token ${told}`, { code: "INTERNAL" }),
      refused(`bad token ${told}`, { code: "FORBIDDEN", permission: told }),
      json({}, 302, { Location: `/${told}` }),
    ];
    for (const answer of answers) {
      await using w = await withToken("owner", { fetch: scripted(answer), env: { AUTOCOM_TOKEN: PAT } });
      for (const format of ["table", "csv", "json", "jsonl", "yaml"]) {
        const { code, out, err } = await execute(`orders list --debug -o ${format}`, w);
        assert.notEqual(code, 0);
        const inner = told.slice(8, -8);
        assert.ok(!`${out}${err}`.toLowerCase().includes(inner.toLowerCase()), err);
        assert.ok(err.includes("***"), err);
      }
    }
  });
}

Deno.test("FT-13: a token from stdin, and one that is kept, are masked as one from the environment is", async () => {
  const echoing = (request: Request) =>
    Promise.resolve(json({ message: `no: ${request.headers.get("authorization")?.replace("Bearer ", "")}` }, 422)());
  await using given = await world({ stdin: PAT, env: { AUTOCOM_TENANT: "acme" } });
  given.fetch = echoing;
  await autocom("auth login --token-stdin", { code: 8, err: /no: \*\*\* \(request / }, given);
  for (const kind of ["oauth", "pat"] as const) {
    await using kept = await sessionIn("file", { kind });
    kept.fetch = echoing;
    await autocom("orders list", { code: 8, err: /no: \*\*\* \(request / }, kept);
    await autocom("doctor", { code: 8, out: (text) => assert.ok(!text.includes("eyJ"), text), err: /./ }, kept);
  }
});

Deno.test("FT-13: doctor's findings, which repeat what the server says, hold no secret in any format", async () => {
  await using w = await withToken("owner", { env: { AUTOCOM_TOKEN: PAT } });
  w.fetch = (request) => {
    const token = request.headers.get("authorization")?.replace("Bearer ", "");
    return Promise.resolve(token ? json({ message: `who is ${token}?` }, 403)() : json({ message: "no" }, 401)());
  };
  for (const format of ["table", "tsv", "csv", "json", "jsonl", "yaml"]) {
    const { code, out, err } = await execute(`doctor -o ${format}`, w);
    assert.equal(code, 6, err);
    assert.ok(out.includes("who is ***?"), out);
    assert.ok(!`${out}${err}`.includes(PAT.slice(5, 25)), out + err);
  }
});

Deno.test("FT-13: a table on a terminal masks a token that stands in a row; JSON gives what the server has", async () => {
  const fetch = scripted(page([order(1, { currency: PAT })]));
  await using w = await withToken("owner", { fetch, env: { AUTOCOM_TOKEN: PAT }, terminal: { stdout: true } });
  await autocom("orders list", { out: (text) => assert.ok(text.includes("***") && !text.includes(PAT), text) }, w);
  await autocom("orders list -o json", { out: (text) => assert.ok(text.includes(PAT), text) }, w);
});

Deno.test("FT-13, FT-16: names in a question are cut and masked; what is chosen is the slug as it is", async () => {
  await using w = await desktop({ terminal: { stdin: true, stdout: true, stderr: true } });
  const sandbox = w.fetch;
  let token = "";
  w.fetch = async (request) => {
    if (!request.url.endsWith("/auth/tenants")) return await sandbox(request);
    token = request.headers.get("authorization")!.replace("Bearer ", "");
    return json({
      tenants: [{ id: "acme", name: `x ${token}`, role: "y".repeat(100_000) }, { id: "globex", name: "g\x1b[2J" }, {
        id: "initech\x1b[2J",
        name: "i",
      }],
    })();
  };
  w.answers = ["acme"];
  const { code, err } = await execute("auth login", w);
  assert.equal(code, 0, err);
  const [[acme, globex] = []] = w.seen.offered;
  assert.equal(acme!.value, "acme");
  assert.ok(acme!.hint!.length < 300 && acme!.hint!.startsWith("x ***, yyy"), acme!.hint);
  assert.deepEqual([globex!.label, globex!.hint], ["globex", "g\\x1b[2J"]);
  assert.equal(w.seen.offered[0]!.length, 2, "no slug that cannot be sent is offered");
});

const KB120 = "a".repeat(120_000);
const TOO_LONG: [line: string[], kept: RegExp][] = [
  [["orders", "list", "--from", KB120], /^error: .*--from.*… \(\d{3},\d{3} more characters\) …/],
  [["orders", "list", "--to", KB120], /--to/],
  [["orders", "list", "--page", KB120], /--page/],
  [["orders", "get", KB120], /./],
  [["audit", "list", "--since", KB120], /--since/],
  [["auth", "login", "--client-id", KB120], /cannot use --client-id "a{80}…": it is not a client id/],
  [["auth", "login", "--no-browser", "--login-timeout", KB120], /--login-timeout must be .* not "a{30}"/],
  [["--tenant", KB120, "orders", "list"], /--tenant/],
  [["--api-url", `https://${KB120}`, "orders", "list"], /--api-url/],
  [["config", "set", "tenant", KB120], /tenant/],
  [["config", "get", KB120], /unknown config key/],
  [["tenants", "use", KB120], /slug/],
  [[KB120], /unknown command/],
];
for (const [line, kept] of TOO_LONG) {
  const shown = line.map((word) => word.replace(KB120, "<120 KB>")).join(" ");
  Deno.test(`FT-16: autocom ${shown}: what is echoed is cut`, async () => {
    await using w = await withToken("owner", { fetch: () => Promise.resolve(json({}, 404)()) });
    const { code, out, err } = await execute(line, w);
    assert.ok(code !== 0 && out === "");
    assert.ok(err.length < 2_500, `${err.length}`);
    assert.match(err, kept);
    const machine = await execute([...line, "-o", "json"], w);
    assert.ok(machine.err.length < 2_500);
    assert.equal(envelope(machine.err).exit, machine.code);
  });
}

Deno.test("FT-16: a search of 120 KB that the server sends back in its refusal is cut, and the refusal's end is there", async () => {
  await using w = await withToken();
  w.fetch = async (request) => {
    const { variables } = await request.json();
    return refused(`nothing like ${variables.search} is allowed here`, { code: "VALIDATION" })();
  };
  await autocom(["orders", "list", "--search", KB120], {
    code: 8,
    err: (text) => {
      assert.ok(text.length < 1_500);
      assert.match(text, /nothing like a+… \(119,\d{3} more characters\) …a+ is allowed here \(request \S+\)\n/);
    },
  }, w);
});

Deno.test("FT-16: a refusal of 30 MB, and one with 200,000 field errors, are cut in both forms", async () => {
  const many = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`items.${i}.sku`, ["is unknown"]]));
  const answers = [
    json({ message: "x".repeat(30_000_000) }, 403),
    json({ message: "The given data was invalid.", errors: many }, 422),
  ];
  for (const answer of answers) {
    await using w = await withToken("owner", { fetch: scripted(answer) });
    for (const format of ["tsv", "json"]) {
      const { err } = await execute(`orders list -o ${format}`, w);
      assert.ok(err.length < 3_000, `${err.length}`);
      assert.match(err, /29,999,0\d\d more characters|… and 199,980 more\n|"fields_left_out":199980/);
    }
  }
});

Deno.test("FT-16, FT-21: field errors that are no texts are told of, and are no defect of ours", async () => {
  const errors = { sku: [{ toString: 0, valueOf: 0 }, null, 7, "is unknown"], [""]: { toString: 0 } };
  await using w = await withToken("owner", { fetch: scripted(json({ message: "no", errors }, 422)) });
  await autocom(
    "orders list",
    { code: 8, err: /^error: .*\n {2}sku: is refused, and the reason is not text\n {2}sku: null\n/ },
    w,
  );
});

Deno.test("FT-16: a hint about 50,000 tenants is cut, and its command can be typed", async () => {
  const tenants = Array.from({ length: 50_000 }, (_, i) => ({ id: `shop-${i}`, name: "Shop", role: null }));
  await using w = await withToken("owner", { fetch: scripted(json({ tenants })) });
  await autocom("tenants use nowhere", {
    code: 5,
    err: (text) => {
      assert.match(text, /\nhint: .*shop-19 … and 49,980 more\): autocom tenants use shop-0\n$/);
      assert.ok(text.length < 1_000);
    },
  }, w);
});

Deno.test("FT-16: data stays whole in every format but the table", async () => {
  const long = "n".repeat(200_000);
  await using w = await withToken("owner", { fetch: scripted(page([order(1, { currency: long })])) });
  for (const format of ["tsv", "csv", "json", "jsonl", "yaml"]) {
    await autocom(`orders list -o ${format}`, { out: (text) => assert.ok(text.includes(long), format) }, w);
  }
});

async function changed(line: string, of: World): Promise<string> {
  const { code, err } = await execute(line, of);
  assert.equal(code, 0, err);
  return err;
}

Deno.test("FT-60: with -q nothing is said of what went well: no change, no saved setting, no counts", async () => {
  await using w = await sessionIn("file");
  const { sandbox } = w;
  const list = await execute("orders list --status pending --per-page 2 -o json -q", w);
  const [first, second] = JSON.parse(list.out) as { order_number: string }[];
  assert.ok(first && second && sandbox);
  assert.match(await changed(`orders update-status ${first.order_number} confirmed --yes`, w), /pending → confirmed/);
  assert.equal(await changed(`orders update-status ${second.order_number} confirmed --yes -q`, w), "");
  assert.match(await changed("config set output json", w), /^Saved /);
  assert.equal(await changed("config set output yaml -q", w), "");
  await execute("config unset output -q", w);
  assert.match(await changed("doctor", w), /^17 checks: 17 ok\.\n$/);
  assert.equal(await changed("doctor -q", w), "");
});

Deno.test("FT-60: before a question -q says what the person answers to", async () => {
  await using w = await sessionIn("file");
  w.terminal = { stdin: true, stdout: true, stderr: true };
  const { out } = await execute("orders list --status pending --per-page 1 -o json -q", w);
  const [{ order_number }] = JSON.parse(out);
  w.answers = [true];
  assert.match(
    await changed(`orders cancel ${order_number} -q`, w),
    /^Order \S+ of tenant acme: pending → cancelled\n$/,
  );
});

Deno.test("FT-60: with json, jsonl and yaml warnings are said, confirmations are not, and the error is the last line", async () => {
  for (const format of ["json", "jsonl", "yaml"]) {
    await using w = await withToken("owner", { env: { AUTOCOM_TENANT: "acme" } });
    const { code, err } = await execute(`tenants use globex -o ${format}`, w);
    assert.equal(code, 0, err);
    assert.equal(
      err,
      "warning: AUTOCOM_TENANT is set: commands use it instead of the saved tenant; to end that: unset AUTOCOM_TENANT\n",
    );
    await using bad = await world({ stdin: "", env: { AUTOCOM_TENANT: "acme" } });
    const ended = await execute(["auth", "login", "--with-token", "a b", "-o", format], bad);
    assert.match(ended.err, /^warning: a token on the command line .*\n\{"error":\{.*\}\}\n$/);
    assert.equal(envelope(ended.err).code, "usage");
  }
});

Deno.test("orders list and get print CSV and JSON Lines; a login speaks JSON Lines for both names of it", async () => {
  await using w = await withToken("owner", { fetch: scripted(page([order(1), order(2, { status: 'a "b", c' })])) });
  await autocom("orders list -o csv", {
    out: "ORDER,STATUS,TOTAL,CURRENCY,CREATED\r\nORD-20260503-001,pending,2999.00,INR,2026-05-03T10:14:22Z\r\n" +
      'ORD-20260503-002,"a ""b"", c",2999.00,INR,2026-05-03T10:14:22Z\r\n',
  }, w);
  await autocom("orders list -o jsonl", {
    out: (text) => {
      const lines = text.trimEnd().split("\n");
      assert.deepEqual(lines.map((line) => JSON.parse(line).order_number), ["ORD-20260503-001", "ORD-20260503-002"]);
      assert.ok(lines[0]!.includes('"total":2999.00,'));
    },
  }, w);
  await using desk = await desktop();
  const { out } = await execute("auth login --tenant acme -o jsonl", desk);
  assert.deepEqual(out.trimEnd().split("\n").map((line) => Object.keys(JSON.parse(line))[0]), ["url", "account"]);
});

Deno.test("a field error without a word takes the server's own message away from nobody, and is none", async () => {
  const cases: [errors: Record<string, unknown>, message: string, fields: unknown][] = [
    [{ code: "" }, "The coupon has expired", undefined],
    [{ code: [" ", ""], other: [] }, "The coupon has expired", undefined],
    [{ code: ["", "is old"], other: [""] }, "The coupon has expired", { code: ["is old"] }],
    [{ code: ["", "The coupon has"] }, "the server refused a value", { code: ["The coupon has"] }],
  ];
  for (const [errors, said, fields] of cases) {
    const answers = [
      json({ message: "The coupon has expired", errors }, 422),
      refused("The coupon has expired", { code: "VALIDATION", fields: errors }),
    ];
    for (const answer of answers) {
      await using w = await withToken("owner", { fetch: scripted(answer) });
      const { code, err } = await execute("orders list -o json", w);
      const { message, fields: found } = envelope(err);
      assert.deepEqual([code, message, found], [8, `cannot list orders: ${said}`, fields]);
    }
  }
});
