import assert from "node:assert/strict";
import { CORE_SCHEMA, load, YAML11_SCHEMA } from "js-yaml";
import { amount, fields, rows as nested, view } from "../../src/fields/mod.ts";
import { chooseFormat, detail, type Format, list } from "../../src/output/mod.ts";
import { FIELDS, forbidden, Memory, printed, randomTexts, type Row, ROWS, to } from "../support/output/fixture.ts";

const row = (id: string, name: string | null = "n", total = "2999.00", paid = false): Row => ({
  id,
  name,
  total,
  paid,
});
const evil = row("7", "\x1b]0;pwn\x07\x1b[2J\u202e", "1.50", true);

/** What the JSON and YAML of a row decode to. */
const decoded = ({ id, name, total, paid }: Row) => ({ id, name, total: Number(total), paid });

Deno.test("table and no flag are a table on a terminal and TSV elsewhere; the others are what they say", () => {
  const cases: [Format | undefined, Format, Format][] = [
    [undefined, "table", "tsv"],
    ["table", "table", "tsv"],
    ["tsv", "tsv", "tsv"],
    ["csv", "csv", "csv"],
    ["json", "json", "json"],
    ["jsonl", "jsonl", "jsonl"],
    ["yaml", "yaml", "yaml"],
  ];
  for (const [asked, terminal, pipe] of cases) {
    assert.deepEqual([chooseFormat(asked, true), chooseFormat(asked, false)], [terminal, pipe], asked);
  }
});

Deno.test("JSON pages make one array, the same text as stringify makes of all rows", async () => {
  const plain = view(FIELDS, ["id", "name", "paid"]);
  const rows = [row("1"), row("2", null), row("3")];
  const all = JSON.stringify(rows.map(({ id, name, paid }) => ({ id, name, paid })), null, 2) + "\n";
  assert.equal(await printed("json", plain, [rows]), all);
  assert.equal(await printed("json", plain, [[rows[0]!], [], rows.slice(1)]), all);
});

Deno.test("money keeps its digits: a number in JSON and YAML, the server's text in TSV and tables", async () => {
  const rows = [row("1", "n", "2999.00"), row("2", "n", "-0.50"), row("3", "n", "12345678901234567890.10")];
  const totals = (text: string) => [...text.matchAll(/total"?: (.*?),?$/gm)].map((match) => match[1]);
  for (const format of ["json", "yaml"] as const) {
    assert.deepEqual(totals(await printed(format, ROWS, [rows])), ["2999.00", "-0.50", "12345678901234567890.10"]);
  }
  for (const { total } of rows) {
    assert.ok((await printed("tsv", ROWS, [rows])).includes(`\t${total}\t`));
    assert.ok((await printed("table", ROWS, [rows])).includes(` ${total}`));
  }
});

Deno.test("what is no plain decimal is not made a number", () => {
  for (const text of ["", "1e3", "007.50", "+1", "1.", ".5", "1,000.00", "NaN", "1\n", "٣", "0x10"]) {
    assert.equal(amount(text), text);
  }
  assert.equal(amount(null), null);
});

Deno.test("keys stand in the order declared, missing values are null, nested money works", () => {
  const of = fields({
    b: { is: "text", nullable: true },
    items: nested({ price: { is: "money" } }, ({ price }) => price, {}),
    a: { is: "number" },
  });
  const { record } = view(of);
  assert.equal(
    JSON.stringify(record({ a: 1, items: [{ price: "10.00" }], b: null })),
    '{"b":null,"items":[{"price":10.00}],"a":1}',
  );
});

Deno.test("OI-6: an empty result is [], an empty YAML list, or a header", async () => {
  assert.equal(await printed("json", ROWS, [[]]), "[]\n");
  assert.equal(await printed("yaml", ROWS, [[]]), "--- []\n");
  assert.equal(await printed("tsv", ROWS, [[]]), "ID\tNAME\tTOTAL\tPAID\n");
  assert.equal(await printed("table", ROWS, [[]]), "ID  NAME  TOTAL  PAID\n──  ────  ─────  ────\n");
});

Deno.test("a list that failed before its first page prints nothing, after one it is closed", async () => {
  for (const format of ["table", "tsv", "csv", "json", "jsonl", "yaml"] as const) {
    assert.equal(await printed(format, ROWS, []), "");
  }
  const stdout = new Memory();
  const writer = list(to("json", stdout), ROWS);
  await writer.page([row("1")]);
  await writer.end();
  assert.deepEqual(JSON.parse(stdout.text), [decoded(row("1"))]);
});

Deno.test("LK-10: no format lets an escape sequence or a bidi control out", async () => {
  for (const format of ["table", "tsv", "csv", "json", "jsonl", "yaml"] as const) {
    const text = await printed(format, ROWS, [[evil]]);
    assert.equal(forbidden(text, "\r\n\t"), undefined, format);
    assert.ok(text.includes("pwn"), format);
    const one = new Memory();
    await detail(to(format, one), ROWS, evil);
    assert.equal(forbidden(one.text, "\r\n\t"), undefined, format);
  }
  assert.ok((await printed("json", ROWS, [[evil]])).includes('"\\u001b]0;pwn\\u0007\\u001b[2J\\u202e"'));
});

Deno.test("OI-2: TAB, LF, CR and backslash in a TSV cell become two characters", async () => {
  assert.equal(
    await printed("tsv", ROWS, [[row("1", "a\tb\nc\rd\\e\x1bf\\x1b")]]),
    "ID\tNAME\tTOTAL\tPAID\n1\ta\\tb\\nc\\rd\\\\e\\x1bf\\\\x1b\t2999.00\t\n",
  );
});

Deno.test("OI-3: cells that a spreadsheet would take for formulas, and numbers, are untouched in TSV", async () => {
  for (const cell of ["=HYPERLINK(1)", "+1", "-1", "@x"]) {
    assert.equal((await printed("tsv", ROWS, [[row("1", cell)]])).split("\n")[1], `1\t${cell}\t2999.00\t`);
  }
});

Deno.test("OI-4: header names are escaped as cells are", async () => {
  const odd = view({ id: { is: "text", column: "A\tB\x1b" }, name: { is: "text", column: "C" } });
  assert.equal(await printed("tsv", odd, [[]]), "A\\tB\\x1b\tC\n");
  assert.equal((await printed("table", odd, [[]])).split("\n")[0], "A\\tB\\x1b  C");
});

Deno.test("YAML is a list of mappings after ---, the same from one page or several", async () => {
  const rows = [row("a1"), row("a2", null, "7", true)];
  const all =
    '---\n- id: a1\n  name: "n"\n  total: 2999.00\n  paid: false\n- id: a2\n  name: null\n  total: 7\n  paid: true\n';
  assert.equal(await printed("yaml", ROWS, [rows]), all);
  assert.equal(await printed("yaml", ROWS, [[rows[0]!], [], [rows[1]!]]), all);
});

Deno.test("YAML strings that look like another type stay strings for parsers of 1.1 and 1.2", async () => {
  const texts = [
    "yes",
    "no",
    "on",
    "off",
    "y",
    "1e3",
    "0o7",
    "0x1F",
    "012",
    "1_000",
    "1,000",
    "12:30:45",
    "2026-05-03",
  ];
  texts.push(
    "2026-05-03T10:14:22Z",
    "~",
    "null",
    "",
    "true",
    ".inf",
    "-.5",
    "2999.00",
    "<<",
    "=",
    ":a",
    "- a",
    "a: b",
    "#",
  );
  const text = await printed("yaml", ROWS, [texts.map((name) => row("x", name))]);
  for (const schema of [CORE_SCHEMA, YAML11_SCHEMA]) {
    assert.deepEqual((load(text, { schema }) as Row[]).map(({ name }) => name), texts);
  }
  for (const psych of ["1,000", ":a"]) assert.ok(text.includes(`name: ${JSON.stringify(psych)}`), psych);
});

Deno.test("a long text is one line of YAML", async () => {
  const name = "word ".repeat(200) + "end";
  const text = await printed("yaml", ROWS, [[row("x", name)]]);
  assert.equal((load(text) as Row[])[0]!.name, name);
  assert.ok(text.includes(`  name: ${name}\n`));
});

Deno.test("one thing is an object in JSON and YAML, FIELD and VALUE on a terminal, two lines of TSV", async () => {
  const expected = {
    json: '{\n  "id": "a1",\n  "name": null,\n  "total": 2999.00,\n  "paid": true\n}\n',
    yaml: "---\nid: a1\nname: null\ntotal: 2999.00\npaid: true\n",
    tsv: "ID\tNAME\tTOTAL\tPAID\na1\t\t2999.00\tyes\n",
    table: "FIELD  VALUE\n─────  ───────\nID     a1\nNAME\nTOTAL  2999.00\nPAID   yes\n",
  };
  for (const format of ["table", "tsv", "json", "yaml"] as const) {
    const stdout = new Memory();
    await detail(to(format, stdout), ROWS, row("a1", null, "2999.00", true));
    assert.equal(stdout.text, expected[format]);
  }
});

Deno.test("OI-1: random text decodes from JSON and YAML to the same value and keeps TSV's shape", async () => {
  const next = randomTexts(2);
  const rows = Array.from({ length: 1500 }, () => row(next(), next(), next()));
  const pages = [rows.slice(0, 700), rows.slice(700)];
  const texts = view({ ...FIELDS, total: { is: "text", column: "TOTAL" } } as const, ["id", "name", "total"]);
  const well = (text: string | null) => text!.toWellFormed();
  const values = rows.map(({ id, name, total }) => ({ id: well(id), name: well(name), total: well(total) }));

  const json = await printed("json", texts, pages);
  assert.equal(forbidden(json), undefined);
  assert.deepEqual(JSON.parse(json), values);

  const yaml = await printed("yaml", texts, pages);
  assert.equal(forbidden(yaml), undefined);
  for (const schema of [CORE_SCHEMA, YAML11_SCHEMA]) assert.deepEqual(load(yaml, { schema }), values);

  const tsv = await printed("tsv", texts, pages);
  assert.equal(forbidden(tsv, "\n\t"), undefined);
  const lines = tsv.split("\n");
  assert.equal(lines.length, rows.length + 2);
  assert.equal(lines.pop(), "");
  for (const line of lines) assert.equal(line.split("\t").length, 3, line);
});

Deno.test("object keys from the server are as safe as values", async () => {
  const keys = { "\u202ek": 1, "a\nb": 2, "1,0": 3, "\x1b": 4, "": 5, "y": 6 };
  const any = view({ data: { is: "data" } });
  for (const format of ["json", "yaml"] as const) {
    const text = await printed(format, any, [[{ data: keys }]]);
    assert.equal(forbidden(text), undefined, format);
    assert.deepEqual(load(text), [{ data: keys }], format);
  }
});

Deno.test("TSV: no cell makes a line or a cell of its own, whatever stands beside it", async () => {
  const two = view({ a: { is: "text", column: "A" }, b: { is: "text", column: "B" } });
  const pieces = ["x", "\t", "\n", "x\ty\nz", "\n\t", "", "\\", "é"];
  for (const a of pieces) {
    for (const b of pieces) {
      for (const rows of [[{ a, b }], [{ a: "x", b: "y" }, { a, b }], [{ a, b }, { a: b, b: a }]]) {
        const lines = (await printed("tsv", two, [rows])).split("\n");
        assert.equal(lines.length, rows.length + 2, JSON.stringify(rows));
        for (const line of lines.slice(0, -1)) assert.equal(line.split("\t").length, 2, JSON.stringify(rows));
      }
    }
  }
  const one = view({ a: { is: "text", column: "A" } });
  assert.equal(await printed("tsv", one, [[{ a: "x\ny" }, { a: "z" }]]), "A\nx\\ny\nz\n");
});

Deno.test("FT-21: a text of megabytes is printed whole in every format, whatever it is of", async () => {
  const texts = view({ id: { is: "text", column: "ID" }, data: { is: "data" } } as const);
  for (const piece of ["word ", "a-b\u202e ", "- a: b\n"]) {
    const long = piece.repeat(4e6 / piece.length);
    const rows = [{ id: "1", data: null }, { id: long, data: { [long]: [long] } }];
    assert.deepEqual(load(await printed("yaml", texts, [rows])), rows);
  }
  const long = "word ".repeat(2e6);
  for (const format of ["json", "yaml", "jsonl", "csv", "tsv"] as const) {
    const text = await printed(format, texts, [[{ id: "1", data: null }, { id: long, data: null }]]);
    assert.ok(text.includes(long), format);
    const stdout = new Memory();
    await detail(to(format, stdout), texts, { id: long, data: null });
    assert.ok(stdout.text.includes(long), format);
  }
  assert.match(await printed("table", texts, [[{ id: long, data: null }]]), /^ID/);
});

Deno.test("a page whose text cannot be made leaves stdout empty: nothing is closed that was not opened", async () => {
  for (const format of ["json", "jsonl", "yaml", "csv", "tsv", "table"] as const) {
    const stdout = new Memory();
    const fault = () => {
      throw new RangeError();
    };
    const [column] = ROWS.columns;
    const writer = list<Row>(to(format, stdout), { record: fault, columns: [{ ...column!, cell: fault }] });
    await assert.rejects(writer.page([row("1")]), RangeError);
    await writer.end();
    assert.equal(stdout.text, "", format);
  }
});

Deno.test("a list of texts is JSON in a cell that a program reads, so that its texts can be told apart", async () => {
  const tagged = fields({ tags: { is: "texts", column: "TAGS", nullable: true } });
  const all = [{ tags: ["a, b"] }, { tags: ["a", "b"] }, { tags: [] }, { tags: null }, { tags: ['"', "\\"] }];
  const cells = ['["a, b"]', '["a","b"]', "[]", "", JSON.stringify(all[4]!.tags)];
  const read = (text: string) => text.slice("TAGS\n".length, -1).split("\n");
  assert.deepEqual(read((await printed("tsv", view(tagged), [all])).replaceAll("\\\\", "\\")), cells);
  assert.deepEqual(
    (await printed("csv", view(tagged), [all])).split("\r\n").slice(1, -1).map((cell) =>
      cell.replace(/^"|"$/g, "").replaceAll('""', '"')
    ),
    cells,
  );
  assert.match(await printed("table", view(tagged), [all]), /\na, b *\na, b *\n/);
});
