import assert from "node:assert/strict";
import { exact } from "../../src/api/mod.ts";
import { type Fields, fields, view } from "../../src/fields/mod.ts";
import { csvList } from "../../src/output/csv.ts";
import { jsonLines } from "../../src/output/json_lines.ts";
import { tsvList } from "../../src/output/tsv.ts";

const OF: Fields = fields({
  id: { is: "text", about: "", column: "ID" },
  total: { is: "money", about: "", column: "TOTAL", nullable: true },
  count: { is: "number", about: "", column: "COUNT", nullable: true },
  notes: { is: "text", about: "", column: "NOTES", nullable: true },
  last: { is: "switch", about: "", column: "LAST" },
});

type Any = Record<string, unknown>;
const row = (change: Any = {}): Any => ({ id: "1", total: "2.50", count: 3, notes: "n", last: true, ...change });

const TEXTS = [
  "",
  " ",
  " a",
  "a ",
  "a,b",
  "a\tb",
  "a\nb",
  "a\r\nb",
  "\r",
  "\n",
  '"',
  "\\",
  "a\\",
  "\\n",
  "\x7f",
  "\x1b[2J",
]
  .concat("\u202e", "é", "\ud800", "null", "12", "2.50", "x\r\n2,2.50,3,n,true", "x\n2\t2.50\t3\tn\ttrue")
  .concat('x","last":true}\n{"id":"2","total":2.50,"count":3,"notes":"n', "}", "{", "a".repeat(200_000));

const ODD: Any[] = [
  ...TEXTS.map((notes) => ({ notes })),
  ...TEXTS.map((id) => ({ id })),
  ...["-0.00", "1e3", "+1", "01", "", "9".repeat(30)].map((total) => ({ total })),
  ...[0, -1, 1.5, 1e21, 1e-7, exact(1, "12345678901234567890")].map((count) => ({ count })),
  { total: null },
  { count: null, notes: null },
  { last: false },
];

const WAYS = { csvList, tsvList, jsonLines };

for (const [name, made] of Object.entries(WAYS)) {
  Deno.test(`${name}: a page behind the first is the same text as one by itself, whatever its cells hold`, () => {
    const of = view<Fields>(OF);
    const alone = (rows: Any[]) =>
      rows.map((one) => made({ ...of, bare: true, from: undefined } as typeof of).page([one] as never)).join("");
    const bodies = (rows: Any[]) =>
      made === jsonLines ? rows.map((one) => jsonLines(of).page([one] as never)).join("") : alone(rows);
    for (const change of ODD) {
      for (const rows of [[row(change)], [row(), row(change), row()], [row(change), row()], [row(), row(change)]]) {
        const writer = made(of);
        writer.page([row()] as never);
        assert.equal(writer.page(rows as never), bodies(rows), JSON.stringify(change).slice(0, 100));
      }
    }
    const writer = made(of);
    writer.page([row()] as never);
    assert.equal(writer.page([]), "");
  });
}

Deno.test("JSON Lines of a page behind the first are objects with the rows' values", () => {
  const writer = jsonLines(view<Fields>(OF));
  writer.page([row()] as never);
  for (const change of ODD.filter(({ total, count }) => total === undefined && typeof count !== "object")) {
    const { total: _, ...rest } = row(change);
    const { total, ...found } = JSON.parse(writer.page([row(change)] as never));
    assert.deepEqual(found, rest);
    assert.equal(total, 2.5);
  }
});
