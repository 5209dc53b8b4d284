/** `--fields` of a list: all that its rows have can be named, and only what is named is asked for. */
import assert from "node:assert/strict";
import { autocom, execute } from "../support/harness.ts";
import { full } from "../support/exports.ts";
import { page, scripted, withToken } from "../support/scripted.ts";

const NAMED: [line: string, document: RegExp][] = [
  [
    "orders list --fields order_number,payment_status,customer_id,notes",
    /data \{ id order_number payment_status customer_id notes \}/,
  ],
  ["orders list --fields total,items.sku", /data \{ id items \{ [^}]* sku [^}]* \} total \}/],
  ["orders list --fields order_number", /data \{ id order_number \}/],
  ["products list --fields sku,compare_at_price,description", /data \{ id sku description compare_at_price \}/],
  [
    "customers list --fields first_name,created_at,accepts_marketing",
    /data \{ id first_name accepts_marketing created_at \}/,
  ],
  ["customers list --fields phone", /data \{ id phone \}/],
];
for (const [line, document] of NAMED) {
  Deno.test(`WP-31: autocom ${line} prints what is named, asks for no more, and is what get shows`, async () => {
    await using w = await withToken();
    const names = line.split(" ").at(-1)!.split(",");
    const { code, out, err } = await execute(`${line} --per-page 2 -q -o json`, w);
    assert.equal(code, 0, err);
    const rows: Record<string, unknown>[] = JSON.parse(out);
    assert.deepEqual(rows.map((row) => Object.keys(row)), [names, names]);
    assert.match(JSON.parse(w.sandbox.log.at(-1)!.body).query, document);
    const noun = line.split(" ")[0];
    const ids = await execute(`${noun} list --per-page 2 --fields id -q -o json`, w);
    const one = await execute(`${noun} get ${JSON.parse(ids.out)[0].id} --fields ${names} -o json`, w);
    assert.deepEqual(rows[0], JSON.parse(one.out));
  });
}

Deno.test("WP-31: without --fields a list asks for its own columns; without a value it lists all that can be named", async () => {
  await using w = await withToken();
  await autocom("orders list --per-page 1 -q", { out: /^ORDER\tSTATUS\tTOTAL\tCURRENCY\tCREATED\n/ }, w);
  assert.match(
    JSON.parse(w.sandbox.log.at(-1)!.body).query,
    /data \{ id order_number status total currency created_at \}/,
  );
  w.sandbox.log.length = 0;
  for (
    const [noun, ...names] of [["orders", "items.sku", "notes", "total"], ["products", "description"], [
      "customers",
      "created_at",
    ]]
  ) {
    const { out } = await execute(`${noun} list --fields -o json`, w);
    const fields = JSON.parse(out).map(({ field }: { field: string }) => field);
    for (const name of names) assert.ok(fields.includes(name), `${noun} ${name}`);
    assert.equal(new Set(fields).size, fields.length);
  }
  await autocom("orders list --fields payment_statu", { code: 2, err: /hint: did you mean: payment_status\n/ }, w);
  assert.deepEqual(w.sandbox.log, []);
});

Deno.test("columns that a list has of itself look the same when they are named", async () => {
  await using w = await withToken();
  await autocom("orders list --per-page 1 -q --fields order_number,created_at,payment_status", {
    out: /^ORDER\tCREATED\tPAYMENT\n/,
  }, w);
});

Deno.test("whoever may not see how to reach customers is told so where that was named, and only there", async () => {
  await using w = await withToken("viewer");
  await autocom("customers list --per-page 1 -q --fields source_module,total_spent", { out: /^SOURCE\tSPENT\n/ }, w);
  await autocom("customers list --per-page 1 -q --fields created_at,email", {
    out: /^CREATED\tEMAIL\n\S+Z\t\n$/,
    err: 'warning: e-mail and phone are left out: the permission "customers.view_sensitive" is missing\n',
  }, w);
});

Deno.test("--query sees what --fields named, and for a name that a list leaves out says how to have it", async () => {
  await using w = await withToken("owner", { fetch: scripted(page([full(1)])) });
  await autocom(["orders", "list", "--fields", "items", "--query", "[].items[].sku"], { out: "ACM-1\n" }, w);
  w.fetch = scripted(page([full(1)]));
  await autocom(["orders", "list", "--query", "[].items"], {
    err: "warning: --query names items, which is left out of a list: name all that it takes with --fields items,…\n",
  }, w);
});
