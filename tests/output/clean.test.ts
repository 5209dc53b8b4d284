/** Texts from outside in messages: bounded where they are printed. */
import assert from "node:assert/strict";
import { AppError } from "../../src/errors.ts";
import { detail, type Format, list, messages, Secrets, some, style } from "../../src/output/mod.ts";
import { renderError } from "../../src/output/failing.ts";
import { view } from "../../src/fields/mod.ts";
import { clean } from "../../src/output/clean.ts";
import { Memory, to } from "../support/output/fixture.ts";

const MB30 = "x".repeat(30_000_000);
const MB1 = "x".repeat(1_000_000);

Deno.test("FT-16: a message of 30 MB says how much of it was left out, and keeps its own words at both ends", () => {
  for (const format of ["table", "json"] as const) {
    const text = renderError(new AppError("server", `cannot list orders: ${MB30} (after 40 rows)`), format);
    assert.ok(text.length < 1_200, `${text.length}`);
    assert.match(text, /cannot list orders: x+… \(29,999,036 more characters\) …x+ \(after 40 rows\)/);
  }
});

Deno.test("FT-16: what was left out is counted to the character, and no character is cut in two", () => {
  assert.equal(clean("a".repeat(1_000), 1_000), "a".repeat(1_000));
  assert.equal(clean("a".repeat(1_001), 1_000), `${"a".repeat(750)}… (1 more characters) …${"a".repeat(250)}`);
  const faces = "😀".repeat(1_001);
  const [, left] = /^(?:😀)+… \((\d+) more characters\) …(?:😀)+$/u.exec(clean(faces, 1_001))!;
  assert.equal(clean(faces, 1_001).match(/😀/gu)!.length + Number(left), 1_001);
});

Deno.test("FT-16: a secret where a long text is cut shows none of its parts", () => {
  const secrets = new Secrets();
  const secret = "SECRET-0123456789-abcdefghijklmnop";
  secrets.add(secret);
  for (const around of [700, 740, 750, 760, 32_740, 32_760]) {
    for (const length of [5_000, 200_000]) {
      const text = "y".repeat(around) + secret + "y".repeat(length) + secret + "y".repeat(240);
      const shown = clean(text, 1_000, (part) => secrets.mask(part));
      assert.ok(!/SECRET|0123|abcd|mnop/.test(shown), shown);
    }
  }
  const full = clean(`${secret} `.repeat(100_000), 1_000, (part) => secrets.mask(part));
  assert.ok(!/[A-Zd-l]/.test(full.replace("more characters", "")), full);
});

Deno.test("FT-16: of 200,000 field errors twenty are shown, whether of one field or of as many, whatever their length", () => {
  const texts = Array.from({ length: 200_000 }, (_, i) => `text ${i}`);
  const shapes: Record<string, string[]>[] = [
    { sku: texts },
    Object.fromEntries(texts.map((text) => [text, ["is wrong"]])),
    { [MB1]: [MB1, ...texts.slice(1)] },
  ];
  for (const fields of shapes) {
    const error = new AppError("rejected", "no", { fields, hint: "autocom doctor" });
    const lines = renderError(error, "table").split("\n");
    assert.equal(lines.length, 1 + 20 + 1 + 1 + 1);
    assert.deepEqual(lines.slice(-3), ["  … and 199,980 more", "hint: autocom doctor", ""]);
    assert.ok(lines.join("").length < 30_000);
    const { error: said } = JSON.parse(renderError(error, "json"));
    assert.equal(Object.values<string[]>(said.fields).flat().length, 20);
    assert.equal(said.fields_left_out, 199_980);
  }
});

Deno.test("FT-16: every other member of an error is bounded as well, in both forms", () => {
  const error = new AppError("server", MB1, {
    hint: `choose one of yours (${MB1}): autocom tenants use acme`,
    requestId: MB1,
    more: { [MB1]: MB1, list: Array(200_000).fill(MB1), deep: { a: { b: { c: { d: { e: MB1 } } } } } },
  });
  for (const format of ["table", "json"] as const) assert.ok(renderError(error, format).length < 50_000, format);
  assert.match(renderError(error, "table"), /\): autocom tenants use acme\n$/, "the command can be typed");
});

Deno.test("FT-16: notes, questions, warnings and debug lines of a megabyte are cut", async () => {
  const stderr = new Memory();
  const say = messages(stderr, { format: "table", quiet: false, debug: true, style: style(false) });
  for (const tell of [say.note, say.left, say.ask, say.warn, say.debug]) await tell(MB1);
  const lines = stderr.text.trimEnd().split("\n");
  assert.equal(lines.length, 5);
  for (const line of [...lines, say.clean(MB1)]) {
    assert.ok(line.length < 6_000);
    assert.match(line, /… \(99\d,000 more characters\) …/);
  }
});

Deno.test("FT-16: of a list of names the first are said, and how many there are more", () => {
  const names = Array.from({ length: 50_000 }, (_, i) => `shop-${i}`);
  assert.match(some(names), /^shop-0, shop-1, .*, shop-19 … and 49,980 more$/);
  assert.equal(some(["acme", "globex"]), "acme, globex");
  assert.ok(some(Array(50_000).fill(MB1)).length < 10_000);
});

Deno.test("FT-16: a table's cell is cut; data in the other formats is whole", async () => {
  const long = "v".repeat(200_000);
  const both = view({ a: { is: "text", column: "A", key: true }, b: { is: "text", column: "B", prose: true } });
  const size: Record<Format, (length: number) => boolean> = {
    table: (length) => length < 40_000,
    tsv: (length) => length > 400_000,
    csv: (length) => length > 400_000,
    json: (length) => length > 400_000,
    jsonl: (length) => length > 400_000,
    yaml: (length) => length > 400_000,
  };
  for (const [format, fits] of Object.entries(size) as [Format, (length: number) => boolean][]) {
    const [one, many] = [new Memory(), new Memory()];
    await detail(to(format, one), both, { a: long, b: long });
    const writer = list(to(format, many), both);
    await writer.page([{ a: long, b: long }]);
    await writer.end();
    assert.ok(fits(one.text.length) && fits(many.text.length), `${format} ${one.text.length} ${many.text.length}`);
  }
});

Deno.test("FT-13: a table masks the secrets of the run; the formats of programs give what the server has", async () => {
  const secrets = new Secrets();
  secrets.add("SECRET-0123456789");
  const one = view({ a: { is: "text", column: "A" } });
  for (const format of ["table", "tsv", "csv", "json", "jsonl", "yaml"] as const) {
    const stdout = new Memory();
    await detail({ ...to(format, stdout), secrets }, one, { a: "x SECRET-0123456789" });
    assert.equal(stdout.text.includes("SECRET"), format !== "table", format);
  }
});
