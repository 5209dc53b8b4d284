import assert from "node:assert/strict";
import { fields, view } from "../../src/fields/mod.ts";
import { detail, list, style } from "../../src/output/mod.ts";
import { cellWidth, learn, truncate } from "../../src/output/width.ts";
import { forbidden, Memory, printed, randomTexts } from "../support/output/fixture.ts";

await learn(["日本"]);

const B = { is: "text", column: "B" } as const;
const PAIRS = view(fields({ a: { is: "text", column: "A" }, b: B }));
const MONEY = view(fields({ a: { is: "money", column: "A" }, b: B }));

Deno.test("a table has a header, a rule, a gap of two and nothing behind its last column", async () => {
  assert.equal(
    await printed("table", MONEY, [[{ a: "2999.00", b: "INR" }, { a: "5.00", b: "" }, { a: "0.50", b: "long value" }]]),
    "      A  B\n───────  ──────────\n2999.00  INR\n   5.00\n   0.50  long value\n",
  );
});

Deno.test("a narrow terminal cuts text before amounts", async () => {
  const rows = [{ a: "1340.69", b: "ORD-20260515-1999" }];
  assert.equal(await printed("table", MONEY, [rows], 16), "      A  B\n───────  ───────\n1340.69  ORD-20…\n");
});

Deno.test("prose goes on in the next lines instead of being cut, and no line is wider than the terminal", async () => {
  const prose = view(fields({ a: { is: "text", column: "A" }, b: { ...B, prose: true } }));
  const rows = [{ a: "one", b: "all that is said, whole" }, { a: "two", b: "unbreakable-word" }, { a: "three", b: "" }];
  assert.equal(
    await printed("table", prose, [rows], 18),
    ["A      B", "─────  ───────────", "one    all that is", "       said, whole", "two    unbreakabl…", "three", ""]
      .join("\n"),
  );
});

Deno.test("widths count terminal cells: wide characters take two, combining marks and joiners none", async () => {
  const names = ["日本", "abcd", "e\u0301bcd", "👩‍👩‍👧ab", "क्‍षab"];
  const lines = (await printed("table", PAIRS, [names.map((a) => ({ a, b: "|" }))])).trimEnd().split("\n");
  assert.deepEqual(lines.slice(2), names.map((name) => `${name}  |`));
});

Deno.test("cell widths are what wcwidth says, and two for an emoji sequence", () => {
  const widths: Record<string, number> = {
    "हिन्दी": 5,
    "मोहन कौर": 8,
    "தமிழ்": 4,
    "ক্ষো": 3,
    "क्‍ष": 2,
    "می‌خواهم": 7,
    "日本語": 6,
    "한국어": 6,
    "ｱ": 1,
    "葛\u{e0100}": 2,
    "👩🏽‍💻": 2,
    "🇮🇳": 2,
    "❤️": 2,
    "…": 1,
  };
  for (const [text, width] of Object.entries(widths)) assert.equal(cellWidth(text), width, text);
});

Deno.test("a long text is cut between graphemes", () => {
  assert.equal(truncate("abcdef", 4), "abc…");
  assert.equal(truncate("abcd", 4), "abcd");
  assert.equal(truncate("日本語", 4), "日…");
  assert.equal(truncate("ae\u0301\u0302x", 2), "a…");
  assert.equal(truncate("👩‍👩‍👧👩‍👩‍👧", 3), "👩‍👩‍👧…");
  assert.equal(truncate("日本", 1), "…");
});

Deno.test("a line that is too long shrinks its widest columns first", async () => {
  const text = await printed("table", PAIRS, [[{ a: "ORD-1", b: "x".repeat(50) }]], 20);
  assert.equal(text, `A      B\n─────  ${"─".repeat(13)}\nORD-1  ${"x".repeat(12)}…\n`);
});

Deno.test("every page is aligned as the first, and a longer cell takes only room that is left", async () => {
  const first = [{ a: "one", b: "1" }];
  const later = [{ a: "two", b: "2" }, { a: "a longer cell", b: "3" }];
  assert.equal(
    await printed("table", PAIRS, [first, later], 80),
    "A    B\n───  ─\none  1\ntwo  2\na longer cell  3\n",
  );
  assert.equal(await printed("table", PAIRS, [first, later], 12), "A    B\n───  ─\none  1\ntwo  2\na longer…  3\n");
  assert.equal(
    await printed("table", PAIRS, [first, [{ a: "x", b: "1234567890" }]], 12),
    "A    B\n───  ─\none  1\nx    123456…\n",
  );
});

Deno.test("two longer cells of a later line share what room it has left", async () => {
  const later = [{ a: "x".repeat(10), b: "y".repeat(10) }];
  const lines = (await printed("table", PAIRS, [[{ a: "one", b: "1" }], later], 20)).split("\n");
  assert.equal(lines[3], `${"x".repeat(10)}  ${"y".repeat(7)}…`);
});

Deno.test("columns of one height use the whole line when it does not divide", async () => {
  const text = await printed("table", PAIRS, [[{ a: "x".repeat(30), b: "y".repeat(30) }]], 21);
  assert.equal(text.split("\n")[1], `${"─".repeat(10)}  ${"─".repeat(9)}`);
});

Deno.test("a column keeps one cell in a terminal that is too narrow for all", async () => {
  assert.equal(await printed("table", PAIRS, [[{ a: "abc", b: "def" }]], 2), "A  B\n─  ─\n…  …\n");
});

Deno.test("values of one thing are never cut, its rule fits the terminal", async () => {
  const stdout = new Memory(20);
  await detail({ stdout, format: "table", style: style(false) }, PAIRS, { a: "x".repeat(50), b: "" });
  assert.equal(stdout.text, `FIELD  VALUE\n─────  ${"─".repeat(13)}\nA      ${"x".repeat(50)}\nB\n`);
});

Deno.test("colour styles the header and the rule, and no cell", async () => {
  const stdout = new Memory();
  const writer = list({ stdout, format: "table", style: style(true) }, PAIRS);
  await writer.page([{ a: "1", b: "2" }]);
  await writer.end();
  assert.equal(stdout.text, "\x1b[1mA  B\x1b[22m\n\x1b[2m─  ─\x1b[22m\n1  2\n");
});

Deno.test("no line of random text is wider than the terminal, and none holds a forbidden character", async () => {
  const next = randomTexts(3);
  for (let width = 4; width < 60; width++) {
    const pages = [1, 2].map(() => Array.from({ length: 12 }, () => ({ a: next(), b: next() })));
    const text = await printed("table", width % 2 ? MONEY : PAIRS, pages, width);
    assert.equal(forbidden(text), undefined);
    const lines = text.trimEnd().split("\n");
    assert.equal(lines.length, 26);
    for (const line of lines) assert.ok(cellWidth(line) <= width, `${width}: ${JSON.stringify(line)}`);
  }
});
