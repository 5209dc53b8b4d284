/** What a result of `--query` looks like in each format, and that nothing of a server gets out of it raw. */
import assert from "node:assert/strict";
import { load } from "js-yaml";
import { autocom, execute } from "../support/harness.ts";
import { json, order, page, scripted, withToken } from "../support/scripted.ts";

/** An expression, and what each format prints. */
const SHAPES: [
  what: string,
  expression: string,
  tsv: string,
  csv: string,
  table: string,
  json: string,
  jsonl: string,
][] = [
  ["null", "max(`[]`)", "", "", "", "null\n", "null\n"],
  ["a number", "`1.50`", "1.5\n", "1.5\r\n", "1.5\n", "1.5\n", "1.5\n"],
  ["text", "'a\tb,c'", "a\\tb,c\n", '"a\\tb,c"\r\n', "a\\tb,c\n", '"a\\tb,c"\n', '"a\\tb,c"\n'],
  ["empty text", "''", "\n", '""\r\n', "\n", '""\n', '""\n'],
  ["a switch", "`true`", "true\n", "true\r\n", "true\n", "true\n", "true\n"],
  ["nothing in a list", "`[]`", "", "", "", "[]\n", ""],
  [
    "texts",
    '`["a", null, "b"]`',
    "a\n\nb\n",
    'a\r\n""\r\nb\r\n',
    "a\n\nb\n",
    '[\n  "a",\n  null,\n  "b"\n]\n',
    '"a"\nnull\n"b"\n',
  ],
  [
    "lists",
    '`[[1, "x"], [20, null], []]`',
    "1\tx\n20\t\n\t\n",
    "1,x\r\n20,\r\n,\r\n",
    " 1  x\n20\n\n",
    "",
    '[1,"x"]\n[20,null]\n[]\n',
  ],
  [
    "objects",
    '`[{"a": 1, "b": [2]}, {"b": {}, "c": "z"}]`',
    "a\tb\tc\n1\t[2]\t\n\t{}\tz\n",
    "a,b,c\r\n1,[2],\r\n,{},z\r\n",
    "a  b    c\n─  ───  ─\n1  [2]\n   {}   z\n",
    "",
    '{"a":1,"b":[2]}\n{"b":{},"c":"z"}\n',
  ],
  [
    "an object",
    '`{"a": 1, "b": null}`',
    "a\tb\n1\t\n",
    "a,b\r\n1,\r\n",
    "FIELD  VALUE\n─────  ─────\na      1\nb\n",
    '{\n  "a": 1,\n  "b": null\n}\n',
    '{"a":1,"b":null}\n',
  ],
  [
    "a mixture",
    '`[1, [2], {"a": 3}]`',
    '1\n[2]\n{"a":3}\n',
    '1\r\n[2]\r\n"{""a"":3}"\r\n',
    '1\n[2]\n{"a":3}\n',
    "",
    '1\n[2]\n{"a":3}\n',
  ],
];
for (const [what, expression, tsv, csv, table, asJson, jsonl] of SHAPES) {
  Deno.test(`WP-39: ${what} has one shape in each format, exit 0`, async () => {
    await using w = await withToken("owner", { fetch: scripted(page([order()])) });
    const line = ["orders", "list", "-q", "--query", expression];
    const printed = async (format: string) => {
      const { code, out } = await execute([...line, "-o", format], w);
      assert.equal(code, 0);
      return out;
    };
    assert.equal(await printed("tsv"), tsv);
    assert.equal(await printed("csv"), csv);
    assert.equal(await printed("jsonl"), jsonl);
    const value = expression.startsWith("`") ? JSON.parse(expression.slice(1, -1)) : JSON.parse(asJson);
    assert.deepEqual(JSON.parse(await printed("json")), value);
    if (asJson) assert.equal(await printed("json"), asJson);
    assert.deepEqual(load(await printed("yaml")), value);
    Object.assign(w, { terminal: { stdout: true }, env: { ...w.env, NO_COLOR: "1" } });
    assert.equal((await execute(line, w)).out, table);
  });
}

const HOSTILE = "\x1b]0;pwn\x07\x9b2J\u202e\u200b\u{e0041}=x";
/** Control characters, and what a terminal obeys or hides. */
function hidden(text: string): string[] {
  return [...text].filter((char) => {
    const code = char.codePointAt(0)!;
    return code < 0x20 || code >= 0x7f && code <= 0x9f || [0x202e, 0x200b, 0xe0041].includes(code);
  });
}

Deno.test("WP-97: LK-10, OI-1, OI-2: what a server's text could do to a terminal is escaped in every result, and JSON decodes to the same", async () => {
  await using w = await withToken("owner", {
    fetch: scripted(page([order(1, { status: HOSTILE, currency: "a\tb\nc\\" })])),
  });
  w.env.NO_COLOR = "1";
  const shapes = ["[0].status", "[].status", "[].[status]", "[].{s: status}", "[0].{s: status}", "[[0], [0].status]"];
  for (const expression of [...shapes, "merge([0], {a: join('', [[0].status, 'x'])})"]) {
    for (const format of ["table", "tsv", "csv", "json", "jsonl", "yaml"]) {
      for (const stdout of [false, true]) {
        w.terminal = { stdout };
        const { code, out } = await execute(["orders", "list", "--query", expression, "-o", format], w);
        assert.equal(code, 0);
        assert.deepEqual(
          hidden(out.replaceAll(/\r\n|[\n\t]/g, "")),
          [],
          `${expression} ${format} ${JSON.stringify(out)}`,
        );
        if (format === "json" && expression === "[0].status") assert.equal(JSON.parse(out), HOSTILE);
        if (format === "yaml" && expression === "[0].status") assert.equal(load(out), HOSTILE);
      }
    }
  }
  w.terminal = { stdout: false };
  await autocom(["orders", "list", "--query", "[].[currency, id]"], { out: /^a\\tb\\nc\\\\\t01J\w+\n$/ }, w);
});

Deno.test("WP-97: a name from the server is a header like any other, and a secret of the run is masked in a table", async () => {
  const answer = { data: { x: { [HOSTILE]: "a-token-that-nobody-looks-at" } } };
  await using w = await withToken("owner", { fetch: scripted(json(answer)) });
  w.env.NO_COLOR = "1";
  for (const query of ["data.x", "[data.x]"]) {
    for (const stdout of [false, true]) {
      w.terminal = { stdout };
      const { out } = await execute(["graphql", "{ x }", "--query", query, "-o", "table"], w);
      assert.deepEqual(hidden(out.replaceAll("\n", "")), []);
      assert.equal(out.includes("nobody-looks-at"), !stdout);
    }
  }
});

Deno.test("rows of lists or texts are a line each, whatever is in them", async () => {
  const cases: [string, string][] = [
    ['`[[{"a":1},{"a":2}],[{"a":3}]]`', '[{"a":1},{"a":2}]\n[{"a":3}]\n'],
    ["['a},{b', 'c']", '"a},{b"\n"c"\n'],
    ['`[{"a":[{"b":1},{"b":2}]},{"a":1}]`', '{"a":[{"b":1},{"b":2}]}\n{"a":1}\n'],
  ];
  for (const [expression, out] of cases) {
    await using w = await withToken("owner", { fetch: scripted(json({ data: [] })) });
    await autocom(["api", "/x", "--query", expression, "-o", "jsonl"], { out }, w);
  }
});

Deno.test("a table of an expression cuts no word without blanks: it may be an id", async () => {
  const id = "793d93eb-cc67-5595-a077-18e096714271";
  const rows = [{ id, sku: "ACM-000001", name: "A long name of several words that goes on" }];
  await using w = await withToken("owner", {
    fetch: scripted(json({ data: rows })),
    terminal: { stdout: true },
    columns: 60,
  });
  await autocom(["api", "/x", "--query", "data[].{id: id, sku: sku, name: name}"], {
    out: (text) => assert.ok(text.includes(id) && text.includes("ACM-000001"), text),
    err: "No room for name: widen the terminal, or use -o tsv.\n",
  }, w);
});
