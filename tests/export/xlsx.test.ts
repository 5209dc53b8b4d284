/** XLSX for people, read back by SheetJS, by the system's unzip and by LibreOffice where they are there. */
import assert from "node:assert/strict";
import { fields, view } from "../../src/fields/mod.ts";
import { cell, FIELDS, opened, partsOf, type Row, row, ROWS, values, written } from "../support/export/workbook.ts";
import { FORBIDDEN, randomTexts } from "../support/output/fixture.ts";
import { missing } from "../support/programs.ts";

const LONGEST = 32_767;

/** The documented escaping: line breaks pass, every other control character and what no XML can hold is shown. */
function escaped(text: string): string {
  const SHORT: Record<string, string> = { "\t": "\\t" };
  let before = "";
  return Array.from(text, (char) => {
    const code = char.codePointAt(0)!;
    const selector = /\p{Variation_Selector}/u;
    const bad = code === 0xfffe || code === 0xffff || !"\n\r\u200c\u200d".includes(char) &&
        (selector.test(char) ? selector.test(before) : isHidden(char));
    before = char;
    const hex = code.toString(16);
    if (!bad) return char;
    return SHORT[char] ??
      (hex.length < 3 ? `\\x${hex.padStart(2, "0")}` : hex.length < 5 ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`);
  }).join("");
}

function isHidden(char: string): boolean {
  const code = char.codePointAt(0)!;
  return FORBIDDEN.some(([first, last]) => code >= first && code <= last) ||
    /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u.test(char);
}

async function namesBack(names: readonly string[]): Promise<unknown[]> {
  const { bytes } = await written(ROWS, [names.map((name, at) => row(String(at), name))]);
  const book = opened(bytes);
  return names.map((_, at) => cell(book, `B${at + 2}`)?.v);
}

Deno.test("WP-41: texts of every kind come back from XLSX as they were, controls shown escaped", async () => {
  const names = [
    ...["a,b", '"', "a\nb", " a ", "\n", "\\", "a<b>&amp;]]>'", "&#95;x0041_", "é日本😀", "", "a\rb", "\r", "x_y_z"],
    ...["_x0041_", "_x000D_", "_X0041_", "_x005F_x0041_", "_x0041_x0042_", "__x0041__", "_x12G4_", "x0041_"],
  ];
  assert.deepEqual(await namesBack(names), names);
  const shown: [string, string][] = [
    ["a\0b", "a\\x00b"],
    ["\t", "\\t"],
    ["\x1b[31m", "\\x1b[31m"],
    ["\u202eabc", "\\u202eabc"],
    ["\x9b", "\\x9b"],
    ["a\ud800b", "a\\ud800b"],
    ["\udc00", "\\udc00"],
    ["\ufffe\uffff", "\\ufffe\\uffff"],
    ["\u{e0041}", "\\u{e0041}"],
  ];
  assert.deepEqual(await namesBack(shown.map(([text]) => text)), shown.map(([, text]) => text));
});

Deno.test("WP-41: a line break of Windows stays one: XML would read a bare CR as LF", async () => {
  const { bytes } = await written(ROWS, [[row("1", "one\r\ntwo")]]);
  const sheet = (await partsOf(bytes)).get("xl/worksheets/sheet1.xml")!;
  assert.match(sheet, />one&#13;\ntwo</);
});

Deno.test("random texts come back from XLSX, after the documented escaping", async () => {
  const text = randomTexts(41);
  const names = Array.from({ length: 3_000 }, () => text() + (text().length % 3 ? "" : `_x${text()}_x0041_`));
  const expected = names.map((name) => escaped(name));
  assert.ok(expected.some((name, at) => name !== names[at]) && expected.some((name, at) => name === names[at]));
  assert.deepEqual(await namesBack(names), expected);
});

Deno.test("WP-41: a cell holds 32,767 characters: what is longer is cut between two, and told by the row's id", async () => {
  const names = [
    "a".repeat(LONGEST),
    "b".repeat(40_000),
    "c".repeat(LONGEST - 1) + "😀",
    "d".repeat(LONGEST - 2) + "😀",
    "e".repeat(LONGEST - 1) + "\x1b",
  ];
  const { bytes, shortened } = await written(ROWS, [names.map((name, at) => row(`id-${at}`, name))]);
  const book = opened(bytes);
  const found = names.map((_, at) => cell(book, `B${at + 2}`)!.v as string);
  assert.deepEqual(found.slice(0, 4), [names[0], "b".repeat(LONGEST), "c".repeat(LONGEST - 1), names[3]]);
  assert.equal(found[4]!.length, LONGEST);
  assert.deepEqual(shortened, { count: 3, ids: ["id-1", "id-2", "id-4"] });
});

Deno.test("of many cells that did not fit the first ten rows are named, and all are counted", async () => {
  const two = view(fields({ ...FIELDS, name: { is: "text" } as const, more: { is: "text", column: "MORE" } }), [
    "name",
    "more",
  ]);
  const long = "x".repeat(LONGEST + 1);
  const rows = Array.from({ length: 12 }, (_, at) => ({ ...row(String(at), ""), name: long, more: long }));
  const { shortened } = await written(two, [rows]);
  assert.deepEqual(shortened, { count: 24, ids: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] });
});

Deno.test("WP-43: text that looks like a number, a date or a formula is text, and of the format that keeps it so", async () => {
  const names = [
    ...[
      "00123",
      "1E10",
      "12345678901234567890",
      "2-3",
      "MAR1",
      "TRUE",
      "2026-05-03T10:14:22Z",
      "1.5",
      "-1",
      "+1",
      "@x",
    ],
    ...["=1+1", '=HYPERLINK("https://evil.test","x")', "=cmd|' /C calc'!A0", "#N/A"],
  ];
  const { bytes } = await written(ROWS, [names.map((name) => row("1", name))]);
  const book = opened(bytes);
  names.forEach((name, at) => {
    const { t, v, f, z } = cell(book, `B${at + 2}`)!;
    assert.deepEqual({ t, v, f, z }, { t: "s", v: name, f: undefined, z: "@" });
  });
  assert.ok(![...(await partsOf(bytes)).values()].some((part) => /<f[ >]/.test(part)), "no formula at all");
});

Deno.test("WP-43: an amount is a number with its own decimals, or text where digits would be lost", async () => {
  const numbers: [string, number, string][] = [
    ["2999.00", 2999, "0.00"],
    ["-0.05", -0.05, "0.00"],
    ["0.00", 0, "0.00"],
    ["5", 5, "General"],
    ["99999999999", 99999999999, "General"],
    ["100000000000", 100000000000, "0"],
    ["123456789012345", 123456789012345, "0"],
    ["-1234567890123.45", -1234567890123.45, "0.00"],
    ["0.000000000000001", 1e-15, "0.000000000000000"],
    ["1.500", 1.5, "0.000"],
  ];
  const texts = [
    ...["-1234567890123456.78", "1234567890123456", "0.1234567890123456", "10000000000000000", "-0.00", "-0", "1e3"],
    ...["+5", "1,000.00", " 5", "5 ", ".5", "5.", "007", "NaN", "0x10", "٣", "1_000", ""],
  ];
  const amounts = [...numbers.map(([text]) => text), ...texts];
  const { bytes } = await written(ROWS, [amounts.map((total) => row("1", "x", total))]);
  const book = opened(bytes);
  const sheet = (await partsOf(bytes)).get("xl/worksheets/sheet1.xml")!;
  numbers.forEach(([text, value, format], at) => {
    const { t, v, z } = cell(book, `C${at + 2}`)!;
    assert.deepEqual({ t, v, z }, { t: "n", v: value, z: format }, text);
    assert.match(sheet, new RegExp(`<c r="C${at + 2}"[^>]*><v>${text}</v>`), "the digits that the server sent");
  });
  texts.forEach((text, at) => {
    const { t, v } = cell(book, `C${at + 2 + numbers.length}`)!;
    assert.deepEqual({ t, v }, { t: "s", v: text });
  });
});

Deno.test("WP-43: numbers are numbers, a switch is the text of the CSV, null has no cell and an empty text has one", async () => {
  const counts = [0, -3, 1.5, 0.1 + 0.2, 1e21, Number.MAX_SAFE_INTEGER];
  const rows = [...counts.map((count) => row("1", "", "1.00", count)), row("2", null, "1.00", null)];
  const book = opened((await written(ROWS, [rows])).bytes);
  const found = counts.map((_, at) => cell(book, `D${at + 2}`)!.v);
  assert.deepEqual(found, [0, -3, 1.5, "0.30000000000000004", "1e+21", "9007199254740991"]);
  assert.deepEqual([cell(book, "B2")?.t, cell(book, "B2")?.v, cell(book, "E2")?.v], ["s", "", "false"]);
  assert.deepEqual([cell(book, "B8"), cell(book, "D8")], [undefined, undefined]);
});

Deno.test("WP-49: an empty result is the header alone", async () => {
  for (const pages of [[[]], [[], []]]) {
    assert.deepEqual(values(opened((await written(ROWS, pages)).bytes)), [["ID", "NAME", "TOTAL", "COUNT", "PAID"]]);
  }
});

Deno.test("an export that failed before its first page leaves no file that opens", async () => {
  assert.equal((await written(ROWS, [])).bytes.length, 0);
});

Deno.test("the header is bold and frozen, columns are as wide as what stands in them", async () => {
  const { bytes } = await written(ROWS, [[row("0196a5a0-0000-4000-8000-000000000001", "x".repeat(900))]]);
  const parts = await partsOf(bytes);
  const sheet = parts.get("xl/worksheets/sheet1.xml")!;
  assert.match(sheet, /<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"\/>/);
  assert.match(sheet, /<col min="1" max="1" width="38" customWidth="1"\/><col min="2" max="2" width="62"/);
  const style = Number(/<c r="A1" s="(\d+)"/.exec(sheet)![1]);
  const styles = parts.get("xl/styles.xml")!;
  const formats = /<cellXfs.*<\/cellXfs>/.exec(styles)![0].match(/<xf [^>]*>/g)!;
  const fonts = styles.match(/<font>.*?<\/font>/g)!;
  assert.match(fonts[Number(/fontId="(\d+)"/.exec(formats[style]!)![1])]!, /<b\/>/);
});

Deno.test("WP-44: more rows than a sheet holds go on in a second one, under its own frozen header", async () => {
  const one = view(fields({ id: { is: "text", column: "ID" } }));
  const page = Array.from({ length: 1_000 }, () => ({ id: "x" }));
  const pages = [...Array.from({ length: 1_048 }, () => page), page.slice(0, 576)];
  const parts = await partsOf((await written(one, pages)).bytes);
  const [first, second] = [parts.get("xl/worksheets/sheet1.xml")!, parts.get("xl/worksheets/sheet2.xml")!];
  assert.equal(first.split("<row ").length - 1, 1_048_576);
  assert.ok(first.includes('<row r="1048576"><c r="A1048576"'));
  assert.equal(second.split("<row ").length - 1, 2);
  assert.match(
    second,
    /state="frozen".*<row r="1"><c r="A1"[^>]*><is><t>ID<.*<row r="2"><c r="A2"[^>]*><is><t>x<.*<\/row><\/sheetData>/,
  );
  assert.equal(parts.get("xl/worksheets/sheet3.xml"), undefined);
});

Deno.test("WP-44: sheets of one workbook have names of their own, and hold every row once", async () => {
  const rows = Array.from({ length: 25 }, (_, at) => row(`id-${at}`, "x"));
  const { bytes } = await written(ROWS, [rows.slice(0, 7), rows.slice(7)], { bounds: { rows: 10, bytes: 1e9 } });
  const book = opened(bytes);
  assert.deepEqual(book.SheetNames, ["orders", "orders 2", "orders 3"]);
  const all = book.SheetNames.flatMap((name) => values(book, name).slice(1).map(([id]) => id));
  assert.deepEqual(all, rows.map(({ id }) => id));
  for (const name of book.SheetNames) assert.equal(values(book, name)[0]![0], "ID");
});

Deno.test("a sheet ends before its part of the archive is larger than readers take", async () => {
  const rows = Array.from({ length: 12 }, (_, at) => row(`id-${at}`, "y".repeat(LONGEST)));
  const { bytes } = await written(ROWS, [rows], { bounds: { rows: 1e6, bytes: 150_000 } });
  const book = opened(bytes);
  assert.ok(book.SheetNames.length > 1);
  assert.equal(book.SheetNames.flatMap((name) => values(book, name).slice(1)).length, rows.length);
});

Deno.test("the title of a sheet is one that Excel takes", async () => {
  const titles: [string, string, string][] = [
    ["a[b]c:d*e?f/g\\h", "a b c d e f g h", "a b c d e f g h 2"],
    ["x".repeat(40), "x".repeat(31), `${"x".repeat(29)} 2`],
    ["'quoted'", "quoted", "quoted 2"],
    ["History", "rows", "rows 2"],
    ["", "rows", "rows 2"],
    [" ' ", "rows", "rows 2"],
    [`${"x".repeat(30)}😀`, "x".repeat(30), `${"x".repeat(29)} 2`],
    ['<&">', '<&">', '<&"> 2'],
    ["a\u202eb", "a u202eb", "a u202eb 2"],
  ];
  for (const [title, ...expected] of titles) {
    const rows = [row("1", "a"), row("2", "b")];
    const { bytes } = await written(ROWS, [rows], { title, bounds: { rows: 1, bytes: 1e9 } });
    assert.deepEqual(opened(bytes).SheetNames, expected, title);
  }
});

Deno.test("the same rows are the same bytes, in whatever pages they come", async () => {
  const rows = Array.from({ length: 5_000 }, (_, at) => row(`id-${at}`, `name ${at} ${"z".repeat(at % 90)}`));
  const paged = (size: number) =>
    Array.from({ length: Math.ceil(5_000 / size) }, (_, at) => rows.slice(at * size, (at + 1) * size));
  const one = await written(ROWS, [rows]);
  for (const size of [1, 7, 100, 4_999]) assert.deepEqual((await written(ROWS, paged(size))).bytes, one.bytes);
});

Deno.test("no name and no date is in the file, and the archive says the same moment for each part", async () => {
  const { bytes } = await written(ROWS, [[row("1", "a")]]);
  const parts = await partsOf(bytes);
  assert.deepEqual([...parts.keys()], [
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/styles.xml",
    "xl/worksheets/sheet1.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
  ]);
  for (const text of parts.values()) assert.ok(!/creator|modified|\d{4}-\d\d-\d\d|docProps/i.test(text));
});

Deno.test("bytes are ready while rows arrive: the file is never held as a whole", async () => {
  const { xlsx } = await import("../../src/export/xlsx.ts");
  const text = randomTexts(7);
  const sheet = xlsx(ROWS, { title: "orders", id: ({ id }: Row) => id });
  let [before, most] = [0, 0];
  for (let page = 0; page < 60; page++) {
    const size = (await sheet.page(Array.from({ length: 100 }, (_, at) => row(`${page}-${at}`, text())))).length;
    before += size;
    most = Math.max(most, size);
  }
  const rest = (await sheet.end()).length;
  assert.ok(before > 5 * rest && before > 5 * most, `${before} before the end, ${most} at once, ${rest} at the end`);
});

Deno.test("more columns than a sheet has are refused, by name of the option that helps", async () => {
  const wide = view(
    fields(
      Object.fromEntries(Array.from({ length: 16_385 }, (_, at) => [`c${at}`, { is: "text", column: "C" } as const])),
    ),
  );
  await assert.rejects(written(wide as never, []), /cannot write 16385 columns to an xlsx file: it holds 16384/);
});

Deno.test("columns are lettered as a sheet's are", async () => {
  const names = Array.from({ length: 703 }, (_, at) => `c${at}`);
  const wide = view(fields(Object.fromEntries(names.map((name) => [name, { is: "text", column: name } as const]))));
  const book = opened((await written(wide as never, [[]])).bytes);
  assert.deepEqual(["A1", "Z1", "AA1", "AZ1", "BA1", "ZZ1", "AAA1"].map((at) => cell(book, at)?.v), [
    ...["c0", "c25", "c26", "c51", "c52", "c701", "c702"],
  ]);
});

async function onDisk(bytes: Uint8Array, body: (path: string, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/orders.xlsx`, bytes);
    await body(`${folder}/orders.xlsx`, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function ran(program: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program, { args, env }).output();
  const said = new TextDecoder().decode(stdout);
  assert.equal(code, 0, said + new TextDecoder().decode(stderr));
  return said;
}

for (const [program, ...args] of [["unzip", "-t"], ["python3", "-m", "zipfile", "-t"]] as const) {
  Deno.test({
    name: `${program} finds the archive of an XLSX file in order`,
    ignore: missing([program]).length > 0,
    async fn() {
      const text = randomTexts(9);
      const rows = Array.from({ length: 4_000 }, (_, at) => row(`id-${at}`, text()));
      await onDisk((await written(ROWS, [rows])).bytes, async (path) => void await ran(program, [...args, path]));
    },
  });
}

Deno.test({
  name: "LibreOffice reads texts as text, and amounts as numbers with the digits that the server sent",
  ignore: missing(["soffice"]).length > 0,
  async fn() {
    const names = [
      "00123",
      "1E10",
      "=1+1",
      "_x0041_",
      " x ",
      "a\nb",
      "é日本😀",
      "MAR1",
      "12345678901234567890",
      'a,"b',
    ];
    const amounts = [
      "2999.00",
      "-0.05",
      "0.1",
      "-1234567890123456.78",
      "123456789012345",
      "5",
      "1.500",
      "",
      "0.00",
      "7",
    ];
    const { bytes } = await written(ROWS, [names.map((name, at) => row(`id-${at}`, name, amounts[at]))]);
    await onDisk(bytes, async (path, folder) => {
      const home = `-env:UserInstallation=file://${folder}/profile`;
      const csv = "csv:Text - txt - csv (StarCalc):44,34,76,1";
      await ran("soffice", [home, "--headless", "--convert-to", csv, "--outdir", folder, path], { HOME: folder });
      const lines = await Deno.readTextFile(`${folder}/orders.csv`);
      // It quotes text and shows numbers: what is bare is one, with the digits that the server sent.
      const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const shown = (text: string) => text === "" || text.length > 16 ? text && quoted(text) : text;
      const ours = names.map((name, at) => `"id-${at}",${quoted(name)},${shown(amounts[at]!)},1,"false"\n`);
      assert.equal(lines, `"ID","NAME","TOTAL","COUNT","PAID"\n${ours.join("")}`);
    });
  },
});
