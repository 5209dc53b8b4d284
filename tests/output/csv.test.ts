/** CSV as RFC 4180 has it, and JSON Lines: read back by readers that know nothing of the writers. */
import assert from "node:assert/strict";
import { fields, rows as rowsOf, view } from "../../src/fields/mod.ts";
import { detail } from "../../src/output/mod.ts";
import { read } from "../support/output/rfc4180.ts";
import { forbidden, Memory, printed, randomTexts, type Row, ROWS, to } from "../support/output/fixture.ts";

const row = (id: string, name: string | null, total = "2999.00"): Row => ({ id, name, total, paid: false });

Deno.test("CSV: quotes, commas and line breaks come back as they were; each record ends with CR LF", async () => {
  const cells = [
    'say "hi"',
    "a,b",
    "one\ntwo",
    "one\r\ntwo",
    "one\rtwo",
    '","',
    '"',
    "\n",
    "",
    " space ",
    "é日本",
    "a\\b",
    "a;b",
  ];
  const text = await printed(
    "csv",
    ROWS,
    [cells.slice(0, 4), cells.slice(4)].map((part) => part.map((c) => row("1", c))),
  );
  assert.ok(text.startsWith("ID,NAME,TOTAL,PAID\r\n"), text);
  assert.deepEqual(read(text).slice(1).map((record) => record[1]), cells);
  for (const record of read(text)) assert.equal(record.length, 4);
});

Deno.test("CSV: every other control character is shown escaped, and random text keeps the shape", async () => {
  assert.equal(
    await printed("csv", ROWS, [[row("1", "a\tb\x1b[2J\u202e\0")]]),
    "ID,NAME,TOTAL,PAID\r\n1,a\\tb\\x1b[2J\\u202e\\x00,2999.00,\r\n",
  );
  const next = randomTexts(9);
  const rows = Array.from({ length: 1_500 }, () => row(next(), next(), next()));
  const text = await printed("csv", ROWS, [rows.slice(0, 700), rows.slice(700)]);
  assert.equal(forbidden(text, "\r\n"), undefined);
  const records = read(text);
  assert.equal(records.length, rows.length + 1);
  for (const [i, record] of records.slice(1).entries()) {
    const plain = (t: string | null) =>
      forbidden(t ?? "", "\r\n") === undefined && !/[\ufe00-\ufe0f\u{e0100}]/u.test(t ?? "");
    if (plain(rows[i]!.id)) assert.equal(record[0], rows[i]!.id);
  }
});

Deno.test("OI-3: in CSV cells that a spreadsheet would take for formulas come back as they were, and so do numbers", async () => {
  const cells = ["=HYPERLINK(1)", "+1", "-1", "@x", "-12.50", "+919876543210", "=1+1,2"];
  const text = await printed("csv", ROWS, [cells.map((cell) => row("1", cell, cell))]);
  assert.deepEqual(read(text).slice(1).map((record) => record.slice(1, 3)), cells.map((cell) => [cell, cell]));
});

Deno.test("CSV: one thing is a header and one row, nothing is a header, header names are quoted too", async () => {
  const stdout = new Memory();
  await detail(to("csv", stdout), ROWS, row("a1", null));
  assert.equal(stdout.text, "ID,NAME,TOTAL,PAID\r\na1,,2999.00,\r\n");
  assert.equal(await printed("csv", ROWS, [[]]), "ID,NAME,TOTAL,PAID\r\n");
  assert.equal(await printed("csv", ROWS, []), "");
  const odd = view({ name: { is: "text", column: 'A,"B"', nullable: true } });
  assert.deepEqual(read(await printed("csv", odd, [[row("1", ""), row("1", "x")]])), [['A,"B"'], [""], ["x"]]);
});

Deno.test("JSON Lines: one object a line with the keys of JSON and money's digits; nothing for nothing", async () => {
  const rows = [row("1", "a\nb\u2028\x1b"), row("2", null, "12345678901234567890.10")];
  const text = await printed("jsonl", ROWS, [[rows[0]!], [], [rows[1]!]]);
  const lines = text.split("\n");
  assert.equal(lines.pop(), "");
  assert.deepEqual(lines.map((line) => JSON.parse(line)), [
    { id: "1", name: "a\nb\u2028\x1b", total: 2999, paid: false },
    { id: "2", name: null, total: 12345678901234567890.10, paid: false },
  ]);
  assert.equal(lines[1], '{"id":"2","name":null,"total":12345678901234567890.10,"paid":false}');
  assert.equal(forbidden(text), undefined);
  assert.equal(await printed("jsonl", ROWS, [[]]), "");
  const stdout = new Memory();
  await detail(to("jsonl", stdout), ROWS, rows[1]!);
  assert.equal(stdout.text, lines[1] + "\n");
});

Deno.test("JSON Lines: what stands between two objects may stand within one, in a text or between rows in it", async () => {
  const texts = ["},{", '"},{"', "}\n{", "},{},{", "plain", "{},{}"];
  const rows = texts.map((text, at) => row(String(at), text));
  for (const pages of [[rows], rows.map((one) => [one]), [rows.slice(0, 2), rows.slice(2)]]) {
    const lines = (await printed("jsonl", ROWS, pages)).trimEnd().split("\n");
    assert.deepEqual(lines.map((line) => JSON.parse(line).name), texts);
  }
  const nested = view(fields({ id: { is: "text" }, of: rowsOf({ sku: { is: "text" } }, ({ sku }) => sku, {}) }));
  const orders = [{ id: "1", of: [{ sku: "a" }, { sku: "b" }] }, { id: "2", of: [] }, { id: "3", of: [{ sku: "c" }] }];
  const lines = (await printed("jsonl", nested, [orders])).trimEnd().split("\n");
  assert.deepEqual(lines.map((line) => JSON.parse(line)), orders);
});

Deno.test("CSV: a cell that makes another number of cells or records is quoted, also where the sum is right", async () => {
  const rows = [row("a,b\r\nc", "d"), row("e", "f\r\ng,h"), row(" x", "y "), row("a b", "c d"), row(",", "\r\n")];
  for (const pages of [[rows], rows.map((one) => [one])]) {
    const records = read(await printed("csv", ROWS, pages)).slice(1);
    assert.deepEqual(records.map(([id, name]) => [id, name]), rows.map(({ id, name }) => [id, name]));
  }
  const text = await printed("csv", ROWS, [[row(" x", "y "), row("a b", "c d")]]);
  assert.ok(text.endsWith('\r\n" x","y ",2999.00,\r\na b,c d,2999.00,\r\n'), text);
});

Deno.test("CSV and TSV of ten thousand columns are records of as many cells", async () => {
  const names = Array.from({ length: 10_000 }, (_, at) => `c${at}`);
  const many = view(fields(Object.fromEntries(names.map((name) => [name, { is: "text" } as const]))), names);
  const plain = Object.fromEntries(names.map((name) => [name, "x y"]));
  const odd = { ...plain, c7: "a,b", c8: " a", c9: "b ", c10: "a\r\nb", c11: 'a"b' };
  for (const rows of [[plain, plain], [plain, odd]]) {
    const [head, ...records] = read(await printed("csv", many, [rows as never[]]));
    assert.deepEqual(head, names.map((name) => name.toUpperCase()));
    assert.deepEqual(records, rows.map((row) => Object.values(row)));
    assert.equal((await printed("tsv", many, [rows as never[]])).split("\n")[1]!.split("\t").length, names.length);
  }
});

Deno.test("CSV: a page of plain cells has the text that each of its records has alone, with a space or a break anywhere", async () => {
  const two = view({ a: { is: "text", column: "A" }, b: { is: "text", column: "B" } } as const);
  const pieces = ["x", "", " ", " x", "x ", "x y", ",", "x,y", '"', "\r", "\n", "\r\n", "x\r\ny", "\t", "\\", "é"];
  for (const a of pieces) {
    for (const b of pieces) {
      const rows = [{ a: "x", b: "y" }, { a, b }, { a: b, b: a }];
      const text = await printed("csv", two, [rows]);
      const alone = await Promise.all(rows.map((row) => printed("csv", two, [[row]])));
      assert.equal(text, "A,B\r\n" + alone.map((one) => one.slice("A,B\r\n".length)).join(""), JSON.stringify(rows));
    }
  }
});
