/** What every list can do, seen at the two there are. */
import assert from "node:assert/strict";
import { load } from "js-yaml";
import { autocom, execute } from "../support/harness.ts";
import { envelope, json, order, page, refused, scripted, withToken } from "../support/scripted.ts";

const HEADER = "ORDER\tSTATUS\tTOTAL\tCURRENCY\tCREATED\n";

const LEFT: [line: string, said: string][] = [
  ["orders list", "20 of 2,000 orders shown (page 1 of 100). More: --page 2, or --all.\n"],
  ["orders list --page 3 --per-page 7", "7 of 2,000 orders shown (page 3 of 286). More: --page 4, or --all.\n"],
  ["orders list --limit 150", "150 of 2,000 orders shown. More: a higher --limit, or --all.\n"],
  ["orders list --page 100", ""],
  ["orders list --page 100 --limit 20", ""],
  ["orders list --limit 2000", ""],
  ["orders list --search ORD-20260101-0001 --limit 1", ""],
];
for (const [line, said] of LEFT) {
  Deno.test(`FT-7: ${line} says in every format what is left: ${said || "nothing"}`, async () => {
    await using w = await withToken();
    for (const format of ["table", "tsv", "json", "yaml"]) {
      const { code, err } = await execute(`${line} -o ${format}`, w);
      assert.deepEqual([code, err], [0, said], format);
      assert.equal((await execute(`${line} -o ${format} -q`, w)).err, "");
    }
    w.terminal = { stdout: true };
    assert.equal((await execute(line, w)).err, said);
  });
}

Deno.test("FT-7: audit list says what is left, too", async () => {
  await using w = await withToken();
  for (const status of ["processing", "shipped"]) {
    await execute(`orders update-status ORD-20260101-0001 ${status} --yes -q`, w);
  }
  await autocom("audit list --per-page 1 -o json", {
    out: /^\[\n/,
    err: "1 of 2 changes shown (page 1 of 2). More: --page 2, or --all.\n",
  }, w);
});

Deno.test("FT-7: where the server does not say how many there are, the pages are counted", async () => {
  const two = json({ data: { orders: { data: [order()], meta: { total_pages: 2 } } } });
  await using w = await withToken("owner", { fetch: scripted(two) });
  await autocom("orders list -o json", {
    out: /ORD-/,
    err: "1 orders shown (page 1 of 2). More: --page 2, or --all.\n",
  }, w);
});

Deno.test("WP-40: --limit is exactly that many rows, from wherever it starts; none and both are refused", async () => {
  for (const noun of ["orders", "products", "customers", "audit", "team"]) {
    const verb = noun === "team" ? "invitations" : "list";
    await using w = await withToken("owner", { fetch: scripted() });
    await autocom(`${noun} ${verb} --limit 0`, { code: 2, err: /--limit must be a whole number from 1/ }, w);
    await autocom(`${noun} ${verb} --all --limit 5`, {
      code: 2,
      err: /^error: --all and --limit contradict each other\nhint: /,
    }, w);
  }
  await using w = await withToken();
  const numbers = async (line: string) =>
    (await execute(`orders list ${line} --fields order_number -q -o tsv`, w)).out.trimEnd().split("\n").slice(1);
  const ten = await numbers("--per-page 10");
  assert.deepEqual(await numbers("--limit 5 --page 3 --per-page 2"), ten.slice(4, 9));
  assert.equal((await numbers("--limit 250")).length, 250);
});

Deno.test("a server that counts no page where there is no row is understood", async () => {
  const none = json({ data: { orders: { data: [], meta: { total_pages: 0, total_items: 0 } } } });
  await using w = await withToken("owner", { fetch: scripted(none) });
  await autocom("orders list", { out: HEADER, err: "There are no orders.\n" }, w);
});

Deno.test("a page without rows that is not the last is not called the end of the list", async () => {
  for (
    const [line, said] of [["orders list", "page 1 of 7. More: --page 2"], [
      "orders list --page 3",
      "page 3 of 7. More: --page 4",
    ]]
  ) {
    await using w = await withToken("owner", { fetch: scripted(page([], 7)) });
    await autocom(line!, { out: /./, err: `There are no orders on ${said}, or --all.\n` }, w);
  }
});

for (const [limit, pages] of [[1, 1], [99, 1], [100, 1], [101, 2], [250, 3]] as const) {
  Deno.test(`--limit ${limit} prints ${limit} rows and asks ${pages} pages`, async () => {
    await using w = await withToken();
    const whole = JSON.parse((await execute("orders list --all -o json", w)).out);
    w.sandbox.log.length = 0;
    const { out } = await execute(`orders list --limit ${limit} -o json -q`, w);
    assert.deepEqual(JSON.parse(out), whole.slice(0, limit));
    assert.equal(w.sandbox.log.length, pages);
  });
}

Deno.test("--meta puts the rows and the counts into one object, from one page or several, from none", async () => {
  await using w = await withToken();
  for (const [format, parse] of [["json", JSON.parse], ["yaml", load]] as const) {
    const { data, meta } = parse((await execute(`orders list --limit 150 --meta -q -o ${format}`, w)).out);
    assert.equal(data.length, 150);
    assert.deepEqual(meta, { current_page: 2, total_pages: 20, total_items: 2000, per_page: 100, rows: 150 });
    const none = parse((await execute(`orders list --search zzz --meta -o ${format}`, w)).out);
    assert.deepEqual([none.data, none.meta.rows, none.meta.total_items], [[], 0, 0]);
  }
  const plain = (await execute("orders list --limit 3 -o json -q", w)).out;
  const { data } = JSON.parse((await execute("orders list --limit 3 -o json --meta -q", w)).out);
  assert.deepEqual(data, JSON.parse(plain));
  const text = (await execute("orders list --limit 3 -o json --meta -q", w)).out.replaceAll(
    /"total": .*,/g,
    '"total": 0,',
  );
  assert.equal(text, JSON.stringify(JSON.parse(text), null, 2) + "\n", "two spaces, at every depth");
});

Deno.test("an --all --meta that breaks off is whole JSON all the same", async () => {
  const fetch = scripted(page([order(1)], 3), json({}, 500));
  await using w = await withToken("owner", { fetch });
  const { code, out, err } = await execute("orders list --all --meta -o json", w);
  assert.equal(envelope(err).next_page, 2);
  assert.deepEqual([code, JSON.parse(out).data.length, JSON.parse(out).meta.rows], [11, 1, 1]);
});

for (
  const line of [
    "orders list --customer",
    "orders list --search",
    "orders list --status",
    "orders list --payment-status",
    "orders list --from",
    "orders list --to",
    "audit list --since",
    "audit list --user",
    "audit list --operation",
    "audit list --request-id",
    "orders list --limit",
    "orders list --page",
    "orders list --per-page",
    "orders list --fields",
  ]
) {
  Deno.test(`FT-6: ${line} with nothing in it is refused before anything is sent: it would widen the list`, async () => {
    const fetch = scripted();
    await using w = await withToken("owner", { fetch });
    for (const empty of ["", " ", "\t\n", "\u00a0"]) {
      const { code, out, err } = await execute([...line.split(" "), empty], w);
      assert.deepEqual([code, out], [2, ""], JSON.stringify(empty));
      assert.match(err, /^error: .*\nhint: /);
    }
    assert.equal(fetch.asked.length, 0);
  });
}

Deno.test("FT-6: a reason of nothing but spaces is refused, too", async () => {
  await using w = await withToken();
  await autocom(["orders", "cancel", "ORD-20260101-0001", "--yes", "--reason", " "], {
    code: 2,
    err: /--reason must not be empty/,
  }, w);
  assert.deepEqual(w.sandbox.log, []);
});

Deno.test("FT-6: --from after --to is refused before anything is sent, in whatever form they are", async () => {
  const fetch = scripted();
  await using w = await withToken("owner", { fetch });
  for (
    const ends of [
      "--from 2026-05-02 --to 2026-05-01",
      "--from today --to 7d",
      "--to 2026-05-01 --from 2026-05-01T23:59:59-12:00",
    ]
  ) {
    await autocom(`orders list ${ends}`, { code: 2, err: /^error: --from ".*" is not before --to "/ }, w);
  }
  assert.equal(fetch.asked.length, 0);
});

Deno.test("FT-49: a list that is empty says so to a person, and to a program by being empty", async () => {
  await using w = await withToken();
  await autocom("orders list --search zzz", { out: HEADER, err: "No orders match.\n" }, w);
  await autocom("orders list --search zzz -o json", { out: "[]\n" }, w);
  await autocom("orders list --search zzz -q", { out: HEADER }, w);
  await autocom("audit list", { out: /^TIME/, err: "Source: GraphQL, audit_log.\nThere are no changes.\n" }, w);
  await using nobody = await withToken("nobody");
  await autocom("tenants list", { out: /^TENANT/, err: "You are a member of no tenant.\n" }, nobody);
});

Deno.test("FT-51: a value that the server refuses stands under the flag that was typed", async () => {
  const fields = { customer_id: ["no"], per_page: ["no"], payment_status: ["no"], elsewhere: ["no"] };
  await using w = await withToken("owner", { fetch: scripted(refused("no", { code: "VALIDATION", fields })) });
  await autocom("orders list", {
    code: 8,
    err: /\n {2}--customer: no\n {2}--per-page: no\n {2}--payment-status: no\n {2}elsewhere: no\n/,
  }, w);
  w.fetch = scripted(
    refused("no", { code: "VALIDATION", fields: { user_id: ["no"], from: ["no"], request_id: ["no"] } }),
  );
  await autocom("audit list", { code: 8, err: /\n {2}--user: no\n {2}--since: no\n {2}--request-id: no\n/ }, w);
  w.fetch = scripted(
    page([order(1, { order_number: "ORD-1" })]),
    refused("no", { code: "VALIDATION", fields: { status: ["no"], id: ["no"] } }),
  );
  await autocom("orders update-status ORD-1 shipped --yes -q", {
    code: 8,
    err: /\n {2}<status>: no\n {2}<order>: no\n/,
  }, w);
});

Deno.test("FT-46: --time-zone says where the days of every list begin, from the flag, else the variable", async () => {
  await using w = await withToken();
  const { clock } = (await import("../../src/system/deno.ts")).denoSystem();
  w.system = { clock: { ...clock, now: () => Date.parse("2026-05-03T23:00:00Z") } };
  const from = () => JSON.parse(w.sandbox.log.at(-1)!.body).variables.from;
  await execute("orders list --from today -q", w);
  assert.equal(from(), "2026-05-03T00:00:00Z");
  await execute("orders list --from today --time-zone Asia/Kolkata -q", w);
  assert.equal(from(), "2026-05-03T18:30:00Z");
  w.env.AUTOCOM_TIME_ZONE = "America/New_York";
  await execute("audit list --since yesterday -q", w);
  assert.equal(from(), "2026-05-02T04:00:00Z");
});

Deno.test("FT-19: a look-up by number asks ten pages and no more", async () => {
  const decoys = (from: number) =>
    Array.from({ length: 100 }, (_, at) => order(from + at, { order_number: `X${from + at}` }));
  let asked = 0;
  await using w = await withToken("owner", { fetch: () => Promise.resolve(page(decoys(100 * asked++), 1e9)()) });
  await autocom("orders get X", {
    code: 7,
    err:
      /^error: order "X" is not among the first 1000 search results\nhint: write the whole order number, or the order's id: /,
  }, w);
  assert.equal(asked, 10);
  asked = 0;
  await autocom("orders cancel X --yes", { code: 7, err: /order "X" is not among the first 1000/ }, w);
  assert.equal(asked, 10);
  // The tenth page counts, too.
  asked = 0;
  await autocom("orders get X950", { code: 11, err: /./ }, w);
  assert.equal(asked, 11);
});

for (
  const [field, meta] of [
    ["total_items", '{"total_pages":2,"total_items":1e999}'],
    ["total_items", '{"total_pages":2,"total_items":"7"}'],
    ["total_items", '{"total_pages":2,"total_items":1.5}'],
    ["total_pages", '{"total_pages":-5,"total_items":7}'],
  ] as const
) {
  Deno.test(`FT-21: meta ${meta} is exit 11 and names ${field}`, async () => {
    const body = `{"data":{"orders":{"data":[],"meta":${meta}}}}`;
    const answer = () => new Response(body, { headers: { "content-type": "application/json" } });
    await using w = await withToken("owner", { fetch: scripted(answer) });
    await autocom("orders list -o json", {
      code: 11,
      err: (text) =>
        assert.match(envelope(text).message as string, new RegExp(`"meta.${field}" is not a whole number`)),
    }, w);
  });
}

for (const format of ["json", "jsonl", "csv"]) {
  Deno.test(`FT-7: an empty page before the last one ends --all with exit 11, not as all there is (${format})`, async () => {
    const [first, second] = [order(1), order(2)];
    await using w = await withToken("owner", { fetch: scripted(page([first, second], 3), page([], 3)) });
    const { code, out, err } = await execute(`orders list --all -o ${format}`, w);
    assert.equal(code, 11, err);
    assert.match(err, /page 2 of 3 is empty\) \(after 2 rows\)/);
    if (format === "json") assert.deepEqual(JSON.parse(out), [first, second].map((one) => ({ ...one, total: 2999 })));
  });
}
