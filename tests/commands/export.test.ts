/** What an export holds: every row once, every field, whatever stands in them. */
import assert from "node:assert/strict";
import { autocom, execute } from "../support/harness.ts";
import { full, item, left, page, writing } from "../support/exports.ts";
import { opened, values } from "../support/export/workbook.ts";
import { read } from "../support/output/rfc4180.ts";
import { envelope, json, refused, scripted } from "../support/scripted.ts";

const COLUMNS = [
  ..."id order_number status payment_status fulfillment_status customer_id external_id source_module items".split(" "),
  ..."subtotal tax discount shipping_cost total currency notes tags".split(" "),
  ..."created_at updated_at".split(" "),
];

/** The records of a CSV as objects. */
function objects(text: string): Record<string, string>[] {
  const [head, ...records] = read(text);
  return records.map((record) => Object.fromEntries(head!.map((name, at) => [name, record[at]!])));
}

Deno.test("orders export writes every order of the tenant with all of its fields, in the order of the server", async () => {
  await using w = await writing();
  const listed = (await execute("orders list --all --fields id,total", w)).out.trimEnd().split("\n").slice(1);
  await autocom(`orders export --output-file ${w.folder}/all.csv`, {
    err: new RegExp(`^Wrote 2,000 orders to ${w.folder}/all\\.csv \\(\\d\\.\\d MB\\)\\.\n$`),
  }, w);
  const text = await Deno.readTextFile(`${w.folder}/all.csv`);
  assert.deepEqual(read(text)[0], COLUMNS);
  assert.deepEqual(objects(text).map(({ id, total }) => `${id}\t${total}`), listed);
  assert.deepEqual(await left(w.folder), ["all.csv"]);
  const piped = await execute("orders export", w);
  assert.deepEqual([piped.code, piped.out, piped.err], [0, text, ""]);
});

Deno.test("an export takes the filters and the order of the list of the same noun", async () => {
  await using w = await writing();
  for (
    const [noun, filter, key] of [
      ["orders", "--status pending --from 2026-05-10 --to 2026-05-12 --sort total_desc", "order_number"],
      ["products", "--search kettle --status active --sort price", "sku"],
      ["customers", "--search a --sort email_desc", "id"],
    ]
  ) {
    const listed = (await execute(`${noun} list --all ${filter} --fields ${key}`, w)).out;
    const { out } = await execute(`${noun} export ${filter} --fields ${key}`, w);
    assert.equal(
      out.replaceAll("\r\n", "\n").replace(key!, key!.toUpperCase()),
      listed.replace(/^.*\n/, `${key!.toUpperCase()}\n`),
    );
    assert.ok(listed.split("\n").length > 2, noun);
  }
});

Deno.test("WP-41: quotes, commas, line breaks, spaces, a backslash and 40,000 characters come back from an export as they were", async () => {
  const notes = [
    "a,b",
    '"',
    '","',
    "\n",
    "a\r\nb",
    " lead",
    "trail ",
    "\\",
    "=HYPERLINK(1)",
    "-1",
    "é日本",
    "x".repeat(40_000),
  ];
  const orders = notes.map((text, at) => full(at + 1, { notes: text }));
  await using w = await writing("owner", { fetch: scripted(page(orders)) });
  const { out } = await execute("orders export", w);
  assert.deepEqual(objects(out).map(({ notes }) => notes), notes);
});

Deno.test("WP-41: NUL, lone surrogates and other controls are escaped in CSV as in TSV; JSON Lines decodes to what they were", async () => {
  const notes = "a\0b\ud800c\u202ed\te";
  await using w = await writing("owner", {
    fetch: scripted(page([full(1, { notes, items: [item(1, { name: notes })] })])),
  });
  const [row] = objects((await execute("orders export", w)).out);
  assert.equal(row!.notes, "a\\x00b\\ud800c\\u202ed\\te");
  assert.equal(JSON.parse(row!.items!)[0].name, notes);
  assert.equal(JSON.parse((await execute("orders export --format jsonl", w)).out).notes, notes);
});

Deno.test("WP-46: an order that stands on several pages is exported once, on whichever pages that is", async () => {
  const pages = [[1, 2, 3], [3, 4, 5], [6, 1, 7], [8, 9, 4]].map((ids) => page(ids.map((id) => full(id)), 4, 12));
  await using w = await writing("owner", { fetch: scripted(...pages) });
  const { code, out, err } = await execute("orders export --fields order_number", w);
  assert.deepEqual(out.split("\r\n").slice(1, -1).map((number) => Number(number.slice(-3))), [
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
  ]);
  assert.equal(code, 0);
  assert.match(
    err,
    /^warning: 9 orders exported, the server counts 12: some came or went meanwhile; 2 orders came twice/,
  );
});

Deno.test("WP-46: a count that is not the server's is said, in every format of messages and with --quiet; a right one is not", async () => {
  for (const [items, said] of [[3, true], [1, true], [2, false]] as const) {
    for (const more of ["", " --quiet", " --format csv -o json"]) {
      await using w = await writing("owner", { fetch: scripted(page([full(1), full(2)], 1, items)) });
      const { err } = await execute(`orders export${more}`, w);
      assert.equal(/^warning: 2 orders exported, the server counts [31]: /.test(err), said, err);
    }
  }
});

Deno.test("WP-47: the header is fixed, whatever the first rows have; items are JSON with the server's digits, of any length", async () => {
  const orders = [
    full(1, { items: [] }),
    full(2, { notes: "", tags: ["vip", "a, b"], items: [item(1), item(2, { unit_price: "12345678901234567890.10" })] }),
    full(3, { customer_id: null }),
  ];
  await using w = await writing("owner", { fetch: scripted(page(orders)) });
  const rows = objects((await execute("orders export", w)).out);
  assert.deepEqual(Object.keys(rows[0]!), COLUMNS);
  assert.deepEqual(rows.map(({ items }) => JSON.parse(items!).length), [0, 2, 1]);
  assert.match(rows[1]!.items!, /"unit_price":12345678901234567890\.10,/);
  assert.deepEqual(rows.map(({ tags }) => JSON.parse(tags!)), [[], ["vip", "a, b"], []]);
  // CSV has one nothing, JSON Lines two.
  assert.deepEqual(rows.map(({ notes, customer_id }) => [notes, customer_id]), [["", "c-1"], ["", "c-1"], ["", ""]]);
  const lines = (await execute("orders export --format jsonl", w)).out.trimEnd().split("\n");
  assert.deepEqual(lines.map((line) => JSON.parse(line)).map(({ notes, customer_id }) => [notes, customer_id]), [
    [null, "c-1"],
    ["", "c-1"],
    [null, null],
  ]);
  assert.match(lines[1]!, /"unit_price":12345678901234567890\.10,/);
});

Deno.test("--explode items: a row for each item, the order repeated; an order without any keeps a row with nothing there", async () => {
  const orders = [full(1, { items: [item(1), item(2)] }), full(2, { items: [] }), full(3)];
  await using w = await writing("owner", { fetch: scripted(page(orders)) });
  const { out } = await execute("orders export --explode items", w);
  const rows = objects(out);
  assert.deepEqual(
    Object.keys(rows[0]!),
    COLUMNS.flatMap((name) =>
      name === "items" ? ["id", "sku", "name", "quantity", "unit_price", "total"].map((part) => `item_${part}`) : [name]
    ),
  );
  assert.deepEqual(
    rows.map(({ order_number, total, item_sku, item_total }) => [order_number!.slice(-1), total, item_sku, item_total]),
    [["1", "2999.00", "ACM-1", "20.00"], ["1", "2999.00", "ACM-2", "20.00"], ["2", "2999.00", "", ""], [
      "3",
      "2999.00",
      "ACM-3",
      "20.00",
    ]],
  );
  const lines =
    (await execute("orders export --explode items --format jsonl --fields item_sku,item_quantity,id", w)).out;
  assert.deepEqual(lines.trimEnd().split("\n").map((line) => Object.values(JSON.parse(line)).slice(0, 2)), [
    ["ACM-1", 2],
    ["ACM-2", 2],
    [null, null],
    ["ACM-3", 2],
  ]);
  await autocom(`orders export --explode items --output-file ${w.folder}/x.csv`, {
    err: /^Wrote 3 orders in 4 rows to .*x\.csv \(/,
  }, w);
});

Deno.test("--fields chooses columns under the names that it takes, and only these are asked of the server", async () => {
  await using w = await writing();
  const { out } = await execute("orders export --limit 2 --fields total,order_number,items.sku -q", w);
  assert.match(out, /^total,order_number,items\.sku\r\n[\d.]+,ORD-[\d-]+,"\[""ACM-\d+""/);
  const asked = JSON.parse(w.sandbox.log.at(-1)!.body).query;
  assert.match(asked, /^query ExportOrders\(/);
  assert.match(asked, /data \{ id order_number items \{ [^}]*\} total \}/);
  await autocom(
    "orders export --fields totl",
    { code: 2, err: /there is no such field\nhint: did you mean: total\n$/ },
    w,
  );
  await autocom("orders export --explode items --fields items.sku", {
    code: 2,
    err: /no such field\nhint: did you mean: item_sku\n$/,
  }, w);
  const before = w.sandbox.log.length;
  await autocom("orders export --fields --explode items", { out: /\nitem_sku\ttext\t\n/ }, w);
  assert.equal(w.sandbox.log.length, before);
});

Deno.test("--limit ends an export there and says what is left; one that is not reached says nothing", async () => {
  await using w = await writing();
  await autocom(`orders export --limit 250 --output-file ${w.folder}/some.csv`, {
    err: /^Wrote 250 orders to .*\n250 of 2,000 orders exported\. More: a higher --limit, or none\.\n$/,
  }, w);
  assert.equal(objects(await Deno.readTextFile(`${w.folder}/some.csv`)).length, 250);
  assert.deepEqual(w.sandbox.log.map(({ body }) => JSON.parse(body).variables.page), [1, 2, 3]);
  await autocom("products export --limit 5000", { out: /ACM-001/ }, w);
});

Deno.test("WP-49: an empty result is a header in CSV and nothing in JSON Lines, in a file and on stdout", async () => {
  await using w = await writing("owner", { fetch: scripted(page([], 1, 0)) });
  const header = `${COLUMNS.join(",")}\r\n`;
  await autocom("orders export --status failed", { out: header, err: "No orders match.\n" }, w);
  await autocom("orders export --format jsonl -q", {}, w);
  await autocom(`orders export --output-file ${w.folder}/none.csv`, {
    err: `There are no orders.\nWrote 0 orders to ${w.folder}/none.csv (${header.length} bytes).\n`,
  }, w);
  assert.equal(await Deno.readTextFile(`${w.folder}/none.csv`), header);
  await autocom(`orders export -q --output-file ${w.folder}/none.jsonl`, {}, w);
  assert.equal(await Deno.readTextFile(`${w.folder}/none.jsonl`), "");
});

Deno.test("the format is what is asked for, else what the name ends with, else CSV; a contradiction is refused before any request", async () => {
  await using w = await writing("owner", { fetch: scripted(page([full(1)])) });
  const begins = async (line: string, path?: string) => {
    const { code, out, err } = await execute(`orders export -q ${line}`, w);
    assert.equal(code, 0, err);
    return (path ? await Deno.readTextFile(path) : out)[0];
  };
  for (const name of ["a.csv", "a.CSV", "a", "a.txt"]) {
    assert.equal(await begins(`--output-file ${w.folder}/${name}`, `${w.folder}/${name}`), "i");
  }
  for (const name of ["b.jsonl", "b.ndjson"]) {
    assert.equal(await begins(`--output-file ${w.folder}/${name}`, `${w.folder}/${name}`), "{");
  }
  assert.equal(await begins(`--format jsonl --output-file ${w.folder}/c.json`, `${w.folder}/c.json`), "{");
  assert.deepEqual([await begins(""), await begins("--format csv -o json"), await begins("-o jsonl")], ["i", "i", "{"]);
  await using closed = await writing("owner", { fetch: scripted() });
  for (
    const line of [
      "--format csv --output-file x.xlsx",
      "--format jsonl --output-file x.csv",
      "--format csv --output-file x.ndjson",
      "--output-file x.json",
      "--output-file x.xls",
    ]
  ) {
    await autocom(`orders export ${line}`, { code: 2, err: /^error: .*"x\.\w+".*\nhint: .+\n$/ }, closed);
  }
});

Deno.test("with json, jsonl and yaml as --output an export into a file ends with an object on stdout, and says nothing", async () => {
  await using w = await writing("owner", { fetch: scripted(page([full(1), full(2)])) });
  const file = `${w.folder}/a.jsonl`;
  const { code, out, err } = await execute(`orders export --explode items --output-file ${file} -o json`, w);
  const { size } = await Deno.stat(file);
  assert.deepEqual([code, JSON.parse(out), err], [0, { file, format: "jsonl", count: 2, rows: 2, bytes: size }, ""]);
  await autocom(
    `orders export --force --output-file ${file} -o yaml`,
    { out: /^---\nfile: .*a\.jsonl\nformat: jsonl\n/ },
    w,
  );
});

for (const [format, other] of [["json", "jsonl"], ["yaml", "jsonl"], ["tsv", "csv"], ["table", "csv"]] as const) {
  Deno.test(`-o ${format} to stdout is no other format without a word: exit 2, and nothing is asked`, async () => {
    await using w = await writing("owner", { fetch: scripted() });
    for (const line of [`orders export -o ${format}`, `orders export -o ${format} --output-file -`]) {
      const { code, out, err } = await execute(line, w);
      const said = other === "csv" ? undefined : envelope(err);
      const [message, hint] = [`cannot export orders: there is no ${format} export`, `add --format ${other}`];
      assert.deepEqual([code, out], [2, ""]);
      if (said) assert.deepEqual([said.message, said.hint], [message, hint]);
      else assert.equal(err, `error: ${message}\nhint: ${hint}\n`);
    }
    // How lists look is a wish of its own, and a format that is named is meant.
    w.env.AUTOCOM_OUTPUT = format;
    w.fetch = scripted(page([full(1)]));
    await autocom("orders export", { out: /^id,order_number,.*\r\n/ }, w);
    w.fetch = scripted(page([full(1)]));
    await autocom(`orders export --format csv -o ${format}`, { out: /^id,order_number,.*\r\n/ }, w);
    await autocom(`orders export --fields -o ${format}`, { out: /order_number/ }, w);
  });
}

Deno.test("who may not export is told which permission is missing, and no file is there", async () => {
  const fetch = scripted(refused("no", { code: "FORBIDDEN", permission: "orders.view" }));
  await using of = await writing("agent", { fetch });
  await autocom(`orders export --output-file ${of.folder}/a.csv`, {
    code: 6,
    err: /^error: cannot export orders: .*permission "orders\.view" is missing/,
  }, of);
  assert.deepEqual(await left(of.folder), []);
});

Deno.test("customers export leaves e-mail and phone out for whoever may not see them, and says so", async () => {
  await using w = await writing("viewer");
  const { code, out, err } = await execute("customers export", w);
  assert.deepEqual([code, new Set(objects(out).map(({ email, phone }) => `${email}${phone}`))], [0, new Set([""])]);
  assert.match(
    err,
    /^warning: e-mail and phone are left out: the permission "customers\.view_sensitive" is missing\n$/,
  );
  await autocom("customers export --fields id,first_name", { out: /^id,first_name\r\n/ }, w);
});

Deno.test("an export has no --query, and what is said of it does not mistake an expression for a search", async () => {
  await using w = await writing("owner", { fetch: scripted() });
  await autocom(["orders", "export", "--query", "[].id"], {
    code: 2,
    err: 'error: unknown option "--query"\n' +
      "hint: print JSON, and filter that: -o json | jq FILTER (an export: --format jsonl)\n",
  }, w);
});

Deno.test("when a page fails stdout keeps the whole ones, and the error says where to go on", async () => {
  const fetch = scripted(page([full(1), full(2)], 3), page([full(3)], 3), json({}, 500));
  await using w = await writing("owner", { fetch });
  const { code, out, err } = await execute("orders export --format jsonl -o json", w);
  assert.deepEqual([code, out.trimEnd().split("\n").length], [11, 3]);
  const error = envelope(err);
  assert.deepEqual([error.rows, error.next_page], [3, 3]);
  assert.match(String(error.hint), /to go on, add to the same command: --page 3$/);
});

Deno.test("xlsx goes into a file and into a pipe; lists of texts are joined there, items are JSON", async () => {
  await using w = await writing("owner", { fetch: scripted(page([full(1, { tags: ["vip", "new"] })])) });
  const file = `${w.folder}/a.xlsx`;
  await autocom(`orders export --output-file ${file}`, { err: /^Wrote 1 order to .*a\.xlsx \(\d KB\)\.\n$/ }, w);
  const [head, row] = values(opened(await Deno.readFile(file)));
  assert.deepEqual(head, COLUMNS);
  const named = Object.fromEntries(COLUMNS.map((name, at) => [name, row![at]]));
  assert.deepEqual([named.total, named.tags, JSON.parse(String(named.items))[0].sku], [2999, "vip, new", "ACM-1"]);
  await autocom("orders export --help", {
    out: /Items\s+in\s+a\s+cell\s+are\s+JSON,\s+and\s+so\s+are\s+tags\s+in\s+CSV\./,
  }, w);
});
