/** Tables in narrow terminals: what a person has to copy is never cut. */
import assert from "node:assert/strict";
import { view } from "../../src/fields/mod.ts";
import { detail, list, style } from "../../src/output/mod.ts";
// Not by width.ts: that a table learns what it needs is seen here, too.
import { wideWidth as cellWidth } from "../../src/output/wide.ts";
import { forbidden, Memory, printed, randomTexts } from "../support/output/fixture.ts";

interface Order {
  number: string;
  status: string;
  total: string;
  currency: string;
  created: string;
}

const ORDERS = view({
  number: { is: "text", column: "ORDER", key: true },
  status: { is: "text", column: "STATUS" },
  total: { is: "money", column: "TOTAL" },
  currency: { is: "text", column: "CURRENCY" },
  created: { is: "text", column: "CREATED" },
});

const order = (changes: Partial<Order> = {}): Order => ({
  number: "ORD-20260515-1996",
  status: "out_for_delivery",
  total: "1118.92",
  currency: "INR",
  created: "2026-05-15T16:52:00Z",
  ...changes,
});

const WIDTHS: [width: number, lines: string[]][] = [
  [80, [
    "ORDER              STATUS              TOTAL  CURRENCY  CREATED",
    "─────────────────  ────────────────  ───────  ────────  ────────────────────",
    "ORD-20260515-1996  out_for_delivery  1118.92  INR       2026-05-15T16:52:00Z",
  ]],
  [66, [
    // 66 - (17 + 7 + 8 of what is whole) - 8 of gaps: 26 for the two widest, 13 each.
    "ORDER              STATUS           TOTAL  CURRENCY  CREATED",
    "─────────────────  ─────────────  ───────  ────────  ─────────────",
    "ORD-20260515-1996  out_for_deli…  1118.92  INR       2026-05-15T1…",
  ]],
  [60, [
    "ORDER              STATUS              TOTAL  CURRENCY",
    "─────────────────  ────────────────  ───────  ────────",
    "ORD-20260515-1996  out_for_delivery  1118.92  INR",
  ]],
  [40, [
    "ORDER              STATUS          TOTAL",
    "─────────────────  ────────────  ───────",
    "ORD-20260515-1996  out_for_del…  1118.92",
  ]],
  [30, [
    "ORDER     ORD-20260515-1996",
    "STATUS    out_for_delivery",
    "TOTAL     1118.92",
    "CURRENCY  INR",
    "CREATED   2026-05-15T16:52:00Z",
  ]],
];
for (const [width, lines] of WIDTHS) {
  Deno.test(`FT-47: in ${width} columns the order number is whole: other columns shrink, then go, then rows stand one below the other`, async () => {
    const text = await printed("table", ORDERS, [[order()]], width);
    const shown = text.trimEnd().split("\n");
    for (const line of shown) assert.ok(cellWidth(line) <= width, line);
    assert.ok(text.includes("ORD-20260515-1996") && text.includes("1118.92"), text);
    assert.deepEqual(shown, lines);
  });
}

Deno.test("FT-47: what has to be copied is in every table, whole, from 10 columns to 120, also on later pages", async () => {
  const next = randomTexts(7);
  const plain = () => next().replaceAll(/[^ -~]/g, "x");
  for (let width = 10; width <= 120; width++) {
    const pages = [1, 2].map((page) =>
      Array.from(
        { length: 5 },
        (_, i) => order({ number: `N-${page}-${"9".repeat(page * i)}`, status: plain(), created: plain() }),
      )
    );
    const text = await printed("table", ORDERS, pages, width);
    for (const { number, total } of pages.flat()) {
      assert.ok(text.includes(number), `${width}: ${number} in\n${text}`);
      assert.ok(!text.includes("TOTAL") || text.includes(total), `${width}: an amount is cut`);
    }
  }
});

Deno.test("FT-47: a later line whose copied text is longer takes the room from its other texts", async () => {
  const pages = [[order()], [order({ number: "ORD-20260515-1996-AND-MORE" })]];
  const lines = (await printed("table", ORDERS, pages, 66)).trimEnd().split("\n");
  assert.ok(lines[3]!.startsWith("ORD-20260515-1996-AND-MORE  "), lines[3]);
  assert.ok(lines[3]!.includes("1118.92"), lines[3]);
  for (const line of lines) assert.ok(cellWidth(line) <= 66, line);
});

Deno.test("FT-47: wide characters count as the cells that they take, in a table and one below the other", async () => {
  const number = "注文-日本語-0001";
  for (let width = 12; width < 60; width++) {
    const text = await printed("table", ORDERS, [[order({ number, status: "発送済み発送済み" })]], width);
    assert.ok(text.includes(number), `${width}\n${text}`);
    if (text.includes("─")) {
      for (const line of text.trimEnd().split("\n")) assert.ok(cellWidth(line) <= width, line);
    }
  }
});

Deno.test("FT-47: a table never shrinks to the one column that is copied, and prose never goes", async () => {
  const prose = view({
    number: { is: "text", column: "NUMBER", key: true },
    status: { is: "text", column: "ABOUT", prose: true },
  });
  const text = view({
    number: { is: "text", column: "NUMBER", key: true },
    status: { is: "text", column: "ABOUT" },
  });
  for (const one of [prose, text]) {
    for (let width = 10; width < 60; width++) {
      const text = await printed("table", one, [[order({ status: "goes on" })]], width);
      assert.ok(text.includes("ORD-20260515-1996") && text.includes("ABOUT") && text.includes("goes on"), text);
    }
  }
});

Deno.test("FT-47: rows one below the other are parted by an empty line, also between pages, and hold nothing forbidden", async () => {
  const text = await printed("table", ORDERS, [[order(), order({ status: "\x1b[2J\n" })], [order({ status: "" })]], 20);
  const blocks = text.trimEnd().split("\n\n");
  assert.equal(blocks.length, 3);
  assert.ok(blocks[1]!.includes("STATUS    \\x1b[2J\\n"));
  assert.ok(blocks[2]!.includes("\nSTATUS\n"));
  assert.equal(forbidden(text), undefined);
});

Deno.test("FT-47: columns that had no room are named to the person, and so is the way to see them", async () => {
  const notes: string[] = [];
  const stdout = new Memory(40);
  const note = (text: string) => Promise.resolve(void notes.push(text));
  const writer = list({ stdout, format: "table", style: style(false), note }, ORDERS);
  await writer.page([order()]);
  await writer.end();
  assert.deepEqual(notes, ["No room for CURRENCY, CREATED: widen the terminal, or use -o tsv."]);
});

Deno.test("FT-49: an empty result is said to a person, once, after its header; a list with rows says nothing", async () => {
  for (const format of ["table", "tsv", "csv", "json", "jsonl", "yaml"] as const) {
    const said: string[] = [];
    const note = (text: string) => Promise.resolve(void said.push(text));
    const empty = list({ stdout: new Memory(), format, style: style(false), note }, ORDERS, {
      none: "No orders match.",
    });
    for (const rows of [[], []]) await empty.page(rows);
    await empty.end();
    assert.deepEqual(said, ["No orders match."], format);
    for (const pages of [[], [[order()], []]]) {
      const writer = list({ stdout: new Memory(), format, style: style(false), note }, ORDERS, {
        none: "No orders match.",
      });
      for (const rows of pages) await writer.page(rows);
      await writer.end();
    }
    assert.equal(said.length, 1, "neither before a first page nor with rows");
  }
});

const COLOURS: [meaning: string, code: number, words: string[]][] = [
  ["done", 32, ["delivered", "paid", "active", "ok"]],
  ["waiting", 33, ["pending", "confirmed", "shipped", "ready_to_ship"]],
  ["failed", 31, ["failed", "suspended", "rto_initiated"]],
  ["over", 2, ["cancelled", "refunded", "rto_received"]],
];
for (const [meaning, code, words] of COLOURS) {
  Deno.test(`FT-60: a status that means ${meaning} has its colour in lists, one below the other and in details; its word stays`, async () => {
    for (const word of words) {
      for (const width of [80, 20]) {
        const stdout = new Memory(width);
        const to = { stdout, format: "table", style: style(true) } as const;
        const writer = list(to, ORDERS);
        await writer.page([order({ status: word })]);
        await writer.end();
        await detail(to, ORDERS, order({ status: word }));
        const painted = `\x1b[${code}m${word}\x1b[${code === 2 ? 22 : 39}m`;
        assert.equal(stdout.text.split(painted).length, 3, stdout.text);
      }
    }
  });
}

Deno.test("FT-60: colour changes no width and no word: without it the text is the same", async () => {
  for (const width of [120, 80, 60, 40, 20]) {
    const [plain, coloured] = [new Memory(width), new Memory(width)];
    for (const [stdout, on] of [[plain, false], [coloured, true]] as const) {
      const writer = list({ stdout, format: "table", style: style(on) }, ORDERS);
      await writer.page([order(), order({ status: "failed", currency: "" })]);
      await writer.end();
    }
    // deno-lint-ignore no-control-regex
    assert.equal(coloured.text.replaceAll(/\x1b\[\d+m/g, ""), plain.text);
    assert.notEqual(coloured.text, plain.text);
  }
});

Deno.test("FT-60: headings are bold: the header of a table, the names of fields", async () => {
  const stdout = new Memory(80);
  await detail({ stdout, format: "table", style: style(true) }, ORDERS, order());
  for (const name of ["FIELD", "ORDER", "STATUS"]) assert.ok(stdout.text.includes(`\x1b[1m${name}`), stdout.text);
});

Deno.test("FT-60: a word that is no status, or stands where something is copied, has no colour", async () => {
  const stdout = new Memory(80);
  const writer = list({ stdout, format: "table", style: style(true) }, ORDERS);
  await writer.page([order({ number: "pending", status: "pending review", currency: "toString" })]);
  await writer.end();
  assert.ok(!stdout.text.includes("\x1b[33m"), stdout.text);
  assert.ok(stdout.text.includes("pending review") && stdout.text.includes("toString"));
});
