import assert from "node:assert/strict";
import { detail } from "../../src/output/mod.ts";
import { fields, type Row as RowOf, view } from "../../src/fields/mod.ts";
import { dice } from "../support/auth/virtual_time.ts";
import { Memory, printed, to } from "../support/output/fixture.ts";

const FIELDS = fields({
  id: { is: "text" },
  y: { is: "text", nullable: true },
  total: { is: "money" },
  count: { is: "number" },
  paid: { is: "switch" },
});
const plainKeys = { id: FIELDS.id, name: FIELDS.id, total: FIELDS.total, count: FIELDS.count, paid: FIELDS.paid };

/** The same rows as the library writes them, one by one: one thing is always its. */
async function byLibrary(of: typeof FIELDS | typeof plainKeys, rows: RowOf<typeof FIELDS>[]): Promise<string> {
  let text = "---\n";
  for (const row of rows) {
    const stdout = new Memory();
    await detail(to("yaml", stdout), view(of as typeof FIELDS), row);
    text += stdout.text.slice("---\n".length).replace(/^/, "- ").replaceAll(/\n(?=.)/g, "\n  ");
  }
  return text;
}

const TEXTS = [
  ..."pending|ORD-20260503-000001|0196a5a0-0000-4000-8000-000000000001|2026-05-03T10:14:22Z|Asha Rao|ready_to_ship"
    .split("|"),
  ..."yes|No|ON|off|y|N|null|~|NULL|true|False|.inf|.NaN|nan|0x1f|0o17|1e3|1_000|12:30:45|+1|-|--|---|...|=|<<".split(
    "|",
  ),
  ...'a: b|a :b|a #b|#a|@a|`a|%a|&a|*a|!a|?a|? a|- a|-a|:a|a:|{a|[a|]a|,a|a,b|\'a|"a|a"b|1"2|1\\2|a\\b|>a|a  b| a|a |é|1é'
    .split("|"),
  "",
  "|",
  "1\u202e2",
  "\n",
  "a\nb",
  "1\n2",
  "\x1b[2J",
  "a-",
  "a--b",
  "a_b",
  "A",
  "e",
  "word ".repeat(60).trim(),
];

Deno.test("rows of plain values are the YAML that the library writes, byte for byte", async () => {
  const roll = dice(11);
  const any = <T>(all: readonly T[]) => all[Math.floor(roll() * all.length)]!;
  const made = (id: string, name: string | null) => ({
    id,
    y: name,
    name: name ?? "",
    total: any(["2999.00", "0.10", "-1.00", "1e3", "", "12345678901234567.89"]),
    count: any([0, -1, 1.5, 1e21, 1e-7]),
    paid: any([true, false]),
  });
  for (const text of TEXTS) {
    const row = made(text, any(TEXTS));
    for (const kind of [plainKeys, FIELDS]) {
      assert.equal(await printed("yaml", view(kind as typeof FIELDS), [[row]]), await byLibrary(kind, [row]), text);
    }
  }
  const alphabet = "ab Z09-_:#'\"\\.,+\té";
  for (let round = 0; round < 300; round++) {
    const word = () => Array.from({ length: roll() * 12 }, () => any([...alphabet])).join("");
    const rows = Array.from({ length: 1 + roll() * 4 }, () => made(word(), word()));
    assert.equal(await printed("yaml", view(plainKeys) as never, [rows]), await byLibrary(plainKeys, rows));
  }
});
