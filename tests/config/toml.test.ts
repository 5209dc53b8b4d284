import assert from "node:assert/strict";
import { parse } from "smol-toml";
import { AppError } from "../../src/errors.ts";
import { editToml } from "../../src/config/edit.ts";
import { parseToml } from "../../src/config/toml.ts";

/** `tenant` set to "new", or removed, in `before`. */
function changes(name: string, before: string, set: string | undefined, unset: string | undefined): void {
  Deno.test(name, () => {
    assert.equal(editToml(before, "tenant", '"new"'), set);
    assert.equal(editToml(before, "tenant", undefined), unset);
  });
}

changes("an empty file gets its first line", "", 'tenant = "new"\n', "");
changes(
  "a line is changed in place: comments, order and unknown keys stay",
  '# top\nfuture = 1 # kept\n  tenant  =  "old"   # mine # and yours\noutput = "json"\n',
  '# top\nfuture = 1 # kept\n  tenant  =  "new"   # mine # and yours\noutput = "json"\n',
  '# top\nfuture = 1 # kept\noutput = "json"\n',
);
changes("a # inside the value is no comment", 'tenant = "a#b"# c\n', 'tenant = "new"# c\n', "");
changes("a quoted key is the same key", '"tenant" = "old"\n', '"tenant" = "new"\n', "");
changes("a key in single quotes too", "'tenant'='old'\n", "'tenant'=\"new\"\n", "");
changes("a missing line end is added", 'ring = "a"', 'ring = "a"\ntenant = "new"\n', 'ring = "a"');
changes("a last line without an end stays without", 'tenant = "old"', 'tenant = "new"', "");
changes(
  "a file with CRLF keeps it",
  'ring = "a"\r\ntenant = "old" # c\r\noutput = "json"\r\n',
  'ring = "a"\r\ntenant = "new" # c\r\noutput = "json"\r\n',
  'ring = "a"\r\noutput = "json"\r\n',
);
changes(
  "a new line in a file with CRLF has it",
  'ring = "a"\r\n',
  'ring = "a"\r\ntenant = "new"\r\n',
  'ring = "a"\r\n',
);
changes("a line without a comment keeps its CR", 'tenant = "old"\r\n', 'tenant = "new"\r\n', "");
changes("a byte order mark stays the first", '\ufefftenant = "old"\n', '\ufefftenant = "new"\n', "\ufeff");
changes("and goes before a first line", "\ufeff", '\ufefftenant = "new"\n', "\ufeff");
changes(
  "a value of several lines is replaced whole",
  'tenant = """\nold\n[x]\n""" # c\nring = "a"\n',
  'tenant = "new" # c\nring = "a"\n',
  'ring = "a"\n',
);
changes("a value of another type is replaced", "tenant = [\n 1, # one\n 2,\n]\n", 'tenant = "new"\n', "");
changes(
  "a new key goes above the tables, the comments of the first one and the blank line",
  'ring = "a"\n\n# about t\n[t]\ntenant = "of t"\n',
  'ring = "a"\ntenant = "new"\n\n# about t\n[t]\ntenant = "of t"\n',
  'ring = "a"\n\n# about t\n[t]\ntenant = "of t"\n',
);
changes(
  "a file of tables alone gets the key at its top",
  '[[t]]\ntenant = "of t"\n',
  'tenant = "new"\n[[t]]\ntenant = "of t"\n',
  '[[t]]\ntenant = "of t"\n',
);
changes(
  "a line inside a text is not the key",
  'note = """\ntenant = "decoy"\n"""\ntenant = "old"\n',
  'note = """\ntenant = "decoy"\n"""\ntenant = "new"\n',
  'note = """\ntenant = "decoy"\n"""\n',
);
changes(
  "a line of a text or a list that looks like a header is none",
  'a = [\n[1],\n]\nnote = """\n[x]\n"""\n',
  'tenant = "new"\na = [\n[1],\n]\nnote = """\n[x]\n"""\n',
  'a = [\n[1],\n]\nnote = """\n[x]\n"""\n',
);
changes(
  "dotted and odd keys beside it stay",
  '__proto__ = 1\na.b = 1\nbig = 99999999999999999999\nday = 2026-05-03\nx = nan\ntenant = "old"\n',
  '__proto__ = 1\na.b = 1\nbig = 99999999999999999999\nday = 2026-05-03\nx = nan\ntenant = "new"\n',
  "__proto__ = 1\na.b = 1\nbig = 99999999999999999999\nday = 2026-05-03\nx = nan\n",
);
changes("a dotted key is not guessed at", "tenant.a = 1\n", undefined, undefined);
changes("a table of that name is not guessed at", "[tenant]\na = 1\n", undefined, undefined);
changes("a key that is spelled with an escape is not guessed at", '"ten\\u0061nt" = "old"\n', undefined, undefined);

Deno.test("every edit of 500 random files parses to the file with that key changed, and to nothing else", () => {
  let seed = 7;
  const pick = (count: number) => (seed = (seed * 48_271) % 2_147_483_647) % count;
  const lines = [
    () => "# tenant = 1",
    () => "",
    () => `k${pick(1e9)} = ${["1", '"tenant = 2"', "[1, [2], 3]", '{ tenant = "x" }', "true # ]"][pick(5)]}`,
    () => `k${pick(1e9)} = """\n[t]\ntenant = "x"\n"""`,
    () => `[t${pick(1e9)}]`,
    () => `[[u]]\ntenant = ${pick(9)}`,
  ];
  for (let file = 0; file < 500; file++) {
    const parts = Array.from({ length: pick(8) }, () => lines[pick(lines.length)]!());
    if (pick(2)) parts.splice(0, 0, ['tenant = "old"', "'tenant' = 3 # c", 'tenant = """\na\n"""'][pick(3)]!);
    const text = parts.join(pick(2) ? "\n" : "\r\n") + (pick(2) ? "\n" : "");
    for (const literal of ['"new"', undefined]) {
      const wanted = parse(text);
      if (literal) wanted.tenant = "new";
      else delete wanted.tenant;
      const edited = editToml(text, "tenant", literal);
      assert.ok(edited !== undefined, JSON.stringify(text));
      assert.deepEqual(parse(edited), wanted);
    }
  }
});

Deno.test("a broken file is an error that names path, line and column, and never its text", () => {
  for (
    const [text, where] of [
      ['tenant = "a"\ntoken = hush\n', "line 2, column 9"],
      ["tenant = ", "line 1, column 10"],
      ['\n\na = "hush', "line 3, column 5"],
      ['a = 1\n"hush" = 2\n"hush" = 3\n', "line 3, column 1"],
    ] as const
  ) {
    assert.throws(() => parseToml(text, "/h/config.toml"), (error: AppError) => {
      assert.equal(error.exit, 3);
      assert.ok(error.message.startsWith(`cannot read /h/config.toml: ${where}: `), error.message);
      assert.doesNotMatch(error.message, /hush|\n/);
      assert.match(error.hint!, /mv \/h\/config\.toml/);
      return true;
    });
  }
});

Deno.test("CF-21: __proto__ in a file is a key like any other", () => {
  const data = parseToml("[__proto__]\noutput = 'json'\n", "x");
  assert.equal(data.output, undefined);
  assert.equal(({} as Record<string, unknown>).output, undefined);
});

/** Each is refused, or read, or left unchanged: never an error that is not ours. */
const DEEP: Record<string, string> = {
  "a dotted key of 100,000 parts": `${"a.".repeat(100_000)}a = 1\n`,
  "a header of 100,000 parts": `[${"a.".repeat(100_000)}a]\n`,
  "arrays in arrays": `a = ${"[".repeat(100_000)}${"]".repeat(100_000)}\n`,
  "arrays that never end": `a = ${"[".repeat(500_000)}`,
  "inline tables in inline tables": `a = ${"{b=".repeat(100_000)}1${"}".repeat(100_000)}\n`,
  "inline tables of dotted keys": `a = {${"b.".repeat(100_000)}b = 1}\n`,
};
for (const [about, text] of Object.entries(DEEP)) {
  Deno.test(`FT-28: ${about}: read, or refused in words; changed in place, or left alone`, () => {
    const tried = <T>(work: () => T): T | undefined => {
      try {
        return work();
      } catch (error) {
        assert.ok(error instanceof AppError, String(error).slice(0, 200));
        assert.deepEqual([error.exit, error.message.startsWith("cannot read /h/config.toml: ")], [3, true]);
        return undefined;
      }
    };
    if (!tried(() => parseToml(text, "/h/config.toml"))) return;
    const edited = editToml(text, "tenant", '"new"');
    if (edited !== undefined) assert.equal(parse(edited).tenant, "new");
  });
}

Deno.test("FT-28: a long text full of lines that look like the key is no reason to try them all", () => {
  for (const line of ["tenant = 1", "tenant = x", 'tenant = """']) {
    const quotes = "'''";
    const text = `a = ${quotes}\n${`${line}\n`.repeat(20_000)}${quotes}\n`;
    assert.equal(editToml(text, "tenant", '"new"'), `${text}tenant = "new"\n`);
    assert.equal(editToml(`${text}tenant = 1\n`, "tenant", '"new"'), undefined);
  }
  const hashes = `tenant = "${"#".repeat(300_000)}"\n`;
  assert.equal(editToml(hashes, "tenant", '"new"'), 'tenant = "new"\n');
});
