/** Operations of the server's own: how they are found, their names and their options. */
import assert from "node:assert/strict";
import { denoSystem } from "../../src/system/deno.ts";
import { behind, gateway } from "../support/gateway.ts";
import { autocom, execute } from "../support/harness.ts";
import { scripted, withToken } from "../support/scripted.ts";
import { givenUp } from "../support/given_up.ts";

Deno.test("WP-3: an operation that the server gained is called at once, after one silent look at the schema", async () => {
  const server = gateway("type Query { old: Int }", { old: 1, fresh: 2 });
  await using of = await behind(server);
  await autocom("call old", { out: "OLD\n1\n" }, of);
  await autocom("call old", { out: "OLD\n1\n" }, of);
  assert.equal(server.introspected, 1);
  server.sdl = "type Query { old: Int, fresh: Int }";
  await autocom("call fresh", { out: "FRESH\n2\n" }, of);
  assert.equal(server.introspected, 2);
  await autocom("call missing", { code: 2, err: /no operation "missing"/ }, of);
  assert.equal(server.introspected, 3, "once a command");
});

Deno.test("WP-3: an option and a value that the server gained are known at once, too", async () => {
  const server = gateway("enum S { a } type Query { one(s: S): Int }", { one: 1 });
  await using of = await behind(server);
  await autocom("call one --s a", { out: /1/ }, of);
  server.sdl = "enum S { a b } type Query { one(s: S, more: Int): Int }";
  await autocom("call one --s b --more 3", { out: /1/ }, of);
  assert.deepEqual(server.asked.at(-1)!.variables, { s: "b", more: 3 });
  assert.equal(server.introspected, 2);
});

Deno.test("WP-3: a field that is gone makes one look at the schema, and the command goes on without it", async () => {
  const server = gateway("type T { id: ID, gone: Int } type Query { one: T }", { one: { id: "1", gone: 5 } });
  await using of = await behind(server);
  await autocom("call one -o json", { out: /gone/ }, of);
  server.sdl = "type T { id: ID } type Query { one: T }";
  await autocom("call one -o json", { out: '{\n  "id": "1"\n}\n' }, of);
  assert.deepEqual([server.introspected, server.asked.length], [2, 3]);
  await autocom("call one -o json", { out: '{\n  "id": "1"\n}\n' }, of);
  assert.deepEqual([server.introspected, server.asked.length], [2, 4], "the new schema is kept");
});

Deno.test("WP-3: a server that refuses a field for ever is asked twice, and its refusal is told", async () => {
  const server = gateway("type Query { one(a: Int): Int }");
  await using of = await behind(server);
  await autocom("schema refresh -q", { out: /./ }, of);
  const before = server.introspected;
  let sent = 0;
  const real = of.fetch;
  of.fetch = async (request) => {
    if (/__schema/.test(await request.clone().text())) return await real(request);
    sent++;
    return Response.json({ errors: [{ message: 'Cannot query field "one" on type "Query".' }] });
  };
  await autocom("call one", { code: 8, err: /Cannot query field/ }, of);
  assert.deepEqual([sent, server.introspected - before], [2, 1]);
});

Deno.test("a schema is kept for a day, and an old one is better than none", async () => {
  const server = gateway("type Query { one: Int }", { one: 1 });
  await using of = await behind(server);
  let now = Date.parse("2026-05-01T00:00:00Z");
  of.system = {
    clock: {
      now: () => now,
      sleep: (_ms, signal) => new Promise((_, no) => signal?.addEventListener("abort", () => no(signal.reason))),
    },
  };
  await autocom("call one", { out: /1/ }, of);
  now += 23 * 3_600_000;
  await autocom("call one", { out: /1/ }, of);
  assert.equal(server.introspected, 1);
  now += 2 * 3_600_000;
  await autocom("call one", { out: /1/ }, of);
  assert.equal(server.introspected, 2);
  now += 25 * 3_600_000;
  of.fetch = () => Promise.reject(new TypeError("connection refused"));
  await autocom("call one --help", { out: /Usage: autocom call one/ }, of);
});

for (const year of [2038, 9999]) {
  Deno.test(`FT-29: a schema that a clock of the year ${year} has kept is read anew once the clock is right`, async () => {
    const server = gateway("type Query { one: Int }", { one: 1 });
    await using of = await behind(server);
    let now = Date.parse(`${year}-12-31T00:00:00Z`);
    of.system = { clock: { ...denoSystem().clock, now: () => now } };
    await autocom("call one", { out: /1/ }, of);
    now = Date.parse("2026-05-01T00:00:00Z");
    await autocom("call one", { out: /1/ }, of);
    await autocom("call one", { out: /1/ }, of);
    assert.equal(server.introspected, 2);
  });
}

Deno.test("WP-5: what one tenant has is neither offered nor sent to another", async () => {
  const server = gateway("type Query { both: Int }", { both: 1, only_a: 2 }, {
    tenants: { acme: "type Query { both: Int, only_a: Int }", globex: "type Query { both: Int }" },
  });
  await using of = await behind(server);
  await autocom("call only_a", { out: /2/ }, of);
  const asked = server.asked.length;
  await autocom("call only_a --tenant globex", { code: 2, err: /no operation "only_a"/ }, of);
  await autocom("call --tenant=globex only_a", { code: 2, err: /no operation "only_a"/ }, of);
  assert.equal(server.asked.length, asked);
  await autocom("call both --tenant globex", { out: /1/ }, of);
  assert.equal(server.asked.at(-1)!.tenant, "globex");
  await autocom(["__complete", "zsh", "autocom", "call", "only"], { out: /only_a/ }, of);
  await autocom(["__complete", "zsh", "autocom", "--tenant", "globex", "call", "only"], { out: "" }, of);
});

Deno.test("WP-5: a value that looks like --tenant does not choose another tenant's schema", async () => {
  const server = gateway("type Query { one(notes: String, s: String): String }", {
    one: ({ notes }: { notes: string }) => notes,
  });
  await using of = await behind(server);
  await autocom(
    ["call", "one", "--notes", "--tenant=globex"],
    { code: 2, err: /--tenant is the value of an option/ },
    of,
  );
  await autocom(["call", "one", "--notes=--tenant=globex"], { out: "ONE\n--tenant=globex\n" }, of);
  await autocom(["call", "one", "--notes", "-q", "--s", "--debug"], { out: "ONE\n-q\n" }, of);
  assert.deepEqual(server.asked.map(({ tenant }) => tenant), ["acme", "acme"]);
});

Deno.test("WP-6: arguments with names of ours are --arg-NAME, and ours keep their meaning", async () => {
  const names = [
    "output",
    "tenant",
    "help",
    "query",
    "fields",
    "yes",
    "debug",
    "input",
    "version",
    "timeout",
    "quiet",
    "color",
  ];
  const server = gateway(`type Query { one(${names.map((name) => `${name}: String`).join(", ")}): Int }`, { one: 1 });
  await using of = await behind(server);
  const given = names.flatMap((name) => [`--arg-${name}`, `is ${name}`]);
  await autocom(["call", "one", ...given, "--output", "json"], { out: '{\n  "one": 1\n}\n' }, of);
  assert.deepEqual(server.asked[0]!.variables, Object.fromEntries(names.map((name) => [name, `is ${name}`])));
  const { out } = await execute("call one --help", of);
  for (const name of names) assert.match(out, new RegExp(`--arg-${name} <text>`));
});

Deno.test("WP-7: names that are alike have flags of their own, in whatever order the server lists them", async () => {
  const seen = [];
  for (const order of ["fooBar: Int, foo_bar: Int, foobar: Int", "foobar: Int, foo_bar: Int, fooBar: Int"]) {
    const server = gateway(`type Query { one(${order}): Int }`, { one: 1 });
    await using of = await behind(server);
    await autocom("call one --fooBar 1 --foo_bar 2 --foobar 3", { out: /1/ }, of);
    seen.push(server.asked[0]!.variables);
    await autocom("call one --foo-bar 1", { code: 2, err: /unknown option "--foo-bar"/ }, of);
  }
  assert.deepEqual(seen[0], { fooBar: 1, foo_bar: 2, foobar: 3 });
  assert.deepEqual(seen[1], seen[0]);
});

Deno.test("an argument is known by the server's own name, too", async () => {
  const server = gateway("type Query { one(customer_id: ID, orderNo: Int): Int }", { one: 1 });
  await using of = await behind(server);
  await autocom("call one --customer_id 007 --orderNo=3", { out: /1/ }, of);
  assert.deepEqual(server.asked[0]!.variables, { customer_id: "007", orderNo: 3 });
  await autocom("call one --customer-id 1 --customer_id 2", { code: 2, err: /--customer-id is given twice/ }, of);
});

Deno.test("WP-9: what descriptions hold is shown escaped, in a help, a list and a completion", async () => {
  const about = "a $(id) `id` \u001b[31mred \u202e 'q' \"\"";
  const sdl = `${JSON.stringify(about)} type T { ${JSON.stringify(about)} id: ID } type Query {
    ${JSON.stringify(about)} one(${JSON.stringify(`${about}\nnext`)} a: Int): T }`;
  await using of = await behind(gateway(sdl));
  // deno-lint-ignore no-control-regex
  const raw = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/;
  for (
    const line of [
      "call one --help",
      "schema list",
      "schema show one",
      "schema show T",
      "call one --fields",
      "help call one",
    ]
  ) {
    const { out, err } = await execute(line, of);
    assert.doesNotMatch((out + err).replaceAll("\t", ""), raw, line);
    assert.match(out + err, /\\x1b\[31mred \\u202e/, line);
  }
  const { out } = await execute(["__complete", "bash", "autocom call o", " :="], of);
  assert.doesNotMatch(out.replace("\t", ""), raw);
});

Deno.test("WP-10: an input that contains itself: the help ends, and what is deeper can be typed or come from a file", async () => {
  const server = gateway(
    `input ProductInput { name: String, parent: ProductInput, other: OtherInput } input OtherInput { back: ProductInput }
     type Query { one(input: ProductInput!): Int }`,
    { one: 1 },
  );
  await using of = await behind(server);
  const { out } = await execute("call one --help", of);
  assert.match(out, /--name <text>/);
  assert.match(out, /--parent <@file>/);
  assert.ok(out.length < 3_000);
  await Deno.writeTextFile(`${of.home}/parent.json`, '{"name":"p"}');
  await autocom(["call", "one", "--name", "a", "--input.parent", `@${of.home}/parent.json`], { out: /1/ }, of);
  assert.deepEqual(server.asked[0]!.variables, { input: { name: "a", parent: { name: "p" } } });
  await autocom("call one --parent.parent.parent.name x", { out: /1/ }, of);
  assert.deepEqual(server.asked[1]!.variables, { input: { parent: { parent: { parent: { name: "x" } } } } });
  await autocom(["call", "one", `--${"parent.".repeat(50)}name`, "x"], { code: 2, err: /unknown option/ }, of);
});

Deno.test("WP-12: a default is the server's: not sent, shown in the help; empty and null differ from it on the wire", async () => {
  const server = gateway(`type Query { one(currency: String = "INR", notes: String): Int }`, { one: 1 });
  await using of = await behind(server);
  await autocom("call one", { out: /1/ }, of);
  await autocom(["call", "one", "--currency", "", "--notes="], { out: /1/ }, of);
  await autocom("call one --currency:null --notes:null", { out: /1/ }, of);
  assert.deepEqual(server.asked.map(({ variables }) => variables), [
    {},
    { currency: "", notes: "" },
    { currency: null, notes: null },
  ]);
  await autocom("call one --help", { out: /--currency <text>.*\(default: the server's: "INR"\)/ }, of);
});

Deno.test("what may not be null, twice, or missing is refused before anything is sent", async () => {
  const server = gateway(
    "input I { sku: String!, n: Int } type Query { one(id: ID!, items: [I!], tags: [String!]): Int }",
    { one: 1 },
  );
  await using of = await behind(server);
  const refusals: [string, RegExp][] = [
    ["call one", /--id is missing/],
    ["call one --id:null", /--id cannot be null/],
    ["call one --id 1 --id:null", /--id and --id:null say the same thing twice\nhint: leave one out\n/],
    ["call one --id 1 --items.1.sku A", /--items\.0 is missing: a list begins with 0/],
    ["call one --id 1 --items.0.n 1", /--items\.0\.sku is missing/],
    ["call one --id 1 --items [] --items.0.sku A", /--items.* say the same thing twice/],
    ["call one --id 1 --items {}", /--items must be a list/],
    ["call one --id 1 --items.0.sku A --items.0.sku:null", /--items\.0\.sku and --items\.0\.sku:null say/],
    ["call one --id=", /--id must not be empty\nhint: give it a value\n/],
    ["call one --id 1 --items nonsense", /--items is not JSON/],
    [`call one --id 1 --items ${"[".repeat(100_000)}${"]".repeat(100_000)}`, /--items nests too deep/],
    ["call one --id 1 --items @/nowhere/at/all", /there is no such file/],
    ["call one --id 1 --items @", /hint: write: --items @FILE, or --items @- for stdin\n/],
    ["call one --id 1 --items @-", /--items is not JSON: ""\nhint: write its fields \(--items\.0\.FIELD VALUE\)/],
    ["call one --id 1 --items.x.sku A", /unknown option/],
    ["call one --id 1 --items.0.n 99999999999", /whole number of 32 bits/],
    ["call one --id 1 --items.0.n 2147483648", /whole number of 32 bits/],
    ["call one --id 1 --items.0.n 1.5", /whole number of 32 bits/],
    ["call one 7", /takes no argument: "7" is one too many/],
  ];
  for (const [line, err] of refusals) {
    await autocom(line, { code: line.includes("nowhere") ? 3 : 2, err }, of);
  }
  assert.equal(server.asked.length, 0);
});

Deno.test("WP-98: nested inputs need no quote in any shell, and lists come by repeating", async () => {
  const server = gateway(
    `enum S { pending PAID } scalar Json scalar Money
     input Item { sku: String!, quantity: Int! = 1 } input Order { items: [Item!]!, notes: String, price: Money }
     type Query { one(input: Order!, tags: [String!], states: [S!], ids: [ID!], n: Float, on: Boolean, raw: Json): Int }`,
    { one: 1 },
  );
  await using of = await behind(server);
  const line =
    "call one --items.0.sku A --items.0.quantity 2 --items.1.sku 007 --tags a --tags=b --states paid --states pending " +
    "--ids 01 --ids 1e3 --n 12.50 --on --raw {} --price 10.00";
  assert.doesNotMatch(line.replace("{}", ""), /['"\\$`{}()<>|&;*?]/);
  await autocom(line, { out: /1/ }, of);
  assert.deepEqual(server.asked[0]!.variables, {
    input: { items: [{ sku: "A", quantity: 2 }, { sku: "007" }], price: "10.00" },
    tags: ["a", "b"],
    states: ["PAID", "pending"],
    ids: ["01", "1e3"],
    n: 12.5,
    on: true,
    raw: {},
  });
  await autocom("call one --items.0.sku A --on false --states sent", {
    code: 2,
    err: /--states must be one of pending, PAID, not "sent"/,
  }, of);
});

Deno.test("WP-16: a subscription is not offered and says why; what is deprecated runs with a warning", async () => {
  const server = gateway(
    'type Query { old: Int @deprecated(reason: "use new"), fresh: Int } type Subscription { changes: Int }',
    { old: 1 },
  );
  await using of = await behind(server);
  await autocom("schema list", { out: "OPERATION\tKIND\tRETURNS\tDESCRIPTION\nfresh\tquery\tInt\t\n" }, of);
  await autocom("schema list --deprecated", { out: /old/ }, of);
  await autocom("call changes", { code: 2, err: /it is a subscription/ }, of);
  await autocom("call old", { out: /1/, err: /^warning: old is deprecated/ }, of);
  await autocom(["__complete", "fish", "autocom", "call", ""], { out: "fresh\t\n" }, of);
});

Deno.test("schema show says where an operation's options are, why it is deprecated, and what a union may be", async () => {
  const server = gateway(
    `type A { id: ID } type B { id: ID } union U = A | B type Query { old(input: ID): U @deprecated(reason: "Use new.") }
     type Mutation { make: Int }`,
  );
  await using of = await behind(server);
  await autocom("schema show old", {
    out: /\ninput\tID\t--arg-input\t/,
    err: /^old: a query that gives U\. Deprecated: Use new\. Its options: autocom call old --help\n$/,
  }, of);
  await autocom("schema show make", { out: /^NAME/, err: /gives Int\. Its options: autocom call make --help\n$/ }, of);
  await autocom("schema show U", { out: /\nA\tU\t.*\nB\tU\t/, err: "U: union.\n" }, of);
});

Deno.test("WP-19: near misses say what was meant, and the alias on the bus works", async () => {
  await using of = await withToken("owner");
  await autocom("call orders_updateStatuss", { code: 2, err: /did you mean: autocom call orders_update_status/ }, of);
  await autocom("call order_cancel", { code: 2, err: /did you mean: autocom call orders_cancel/ }, of);
  await autocom("call orders --staus pending -o json --no-input", {
    code: 2,
    err: /"did you mean: autocom call orders --status pending -o json --no-input"/,
  }, of);
  for (const word of ["orders.updateStatus", "orders_update_status", "orders-update-status", "orders_updateStatus"]) {
    await autocom(["call", word, "--id", "7", "--status", "shipped", "--dry-run", "-o", "json"], {
      out: /"operation": "orders_update_status"/,
    }, of);
  }
});

Deno.test("WP-20: the help of an operation works offline with a cache, and ends with 10 without one", async () => {
  const server = gateway("type Query { one(id: ID!): Int }");
  await using of = await behind(server);
  await autocom("schema refresh -q", { out: /./ }, of);
  of.fetch = scripted();
  await autocom("call one --help", { out: /--id <id>/ }, of);
  of.fetch = () => Promise.reject(new TypeError("error sending request: dns error: failed to lookup address"));
  await autocom(
    "call one --help --tenant other",
    { code: 10, err: /^error: .*cannot be found[^\n]*\nhint: [^\n]*\n$/ },
    of,
  );
});

Deno.test("an interruption while the schema is asked for is that, without a hint about the line", async () => {
  await using of = await behind(gateway("type Query { one: Int }"));
  of.fetch = (request) => {
    const ended = givenUp(request);
    of.signal("SIGTERM");
    return ended;
  };
  await autocom("call one", { code: 143, err: "error: interrupted\n" }, of);
});

Deno.test("a Float is sent with the digits that it was given with", async () => {
  const server = gateway("type Query { one(f: Float, l: [Float!]): Int }", { one: 1 });
  await using of = await behind(server);
  const sent: string[] = [];
  const real = of.fetch;
  of.fetch = async (request) => {
    sent.push(await request.clone().text());
    return await real(request);
  };
  for (const digits of ["12345678901234567890", "0.12345678901234567891", "-2.50", "1e-400", "9007199254740993.10"]) {
    await autocom(`call one --f=${digits} --l ${digits} --l 1`, { out: "ONE\n1\n" }, of);
    assert.ok(sent.at(-1)!.includes(`{"f":${digits},"l":[${digits},1]}`), sent.at(-1));
  }
  await autocom("call one --f 1e999", { code: 2, err: /must be a number, not "1e999"/ }, of);
});
