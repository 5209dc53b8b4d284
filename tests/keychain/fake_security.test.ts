import assert from "node:assert/strict";
import { fakeSecurity, linesOf, wordsOf } from "../support/keychain/fake_security.ts";

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

async function security(tool: ReturnType<typeof fakeSecurity>, args: string[], stdin?: string) {
  const options = { env: {}, timeout: 1, ...stdin !== undefined && { stdin } };
  const { code, stdout, stderr } = await tool.run("/usr/bin/security", args, options);
  return { code, out: decode(stdout), err: decode(stderr) };
}

const ADD = "add-generic-password -U -s autocom-cli -a someone -w ";
const FIND = ["find-generic-password", "-s", "autocom-cli", "-wa", "someone"];

Deno.test("the emulated security executes what stands beyond 4,095 characters as the next command", async () => {
  const tool = fakeSecurity();
  const { code, err } = await security(tool, ["-i"], ADD + "x".repeat(5_000) + "\n");
  assert.equal((await security(tool, FIND)).out, "x".repeat(4_042) + "\n");
  assert.deepEqual([code, err], [
    1,
    `security: unknown command "${"x".repeat(958)}"\n${"x".repeat(958)}: returned 1\n`,
  ]);
});

Deno.test("the emulated security ends with 0 after a line of exactly 4,095 characters, whatever it did", async () => {
  const tool = fakeSecurity();
  tool.state = "locked";
  const line = (length: number) => ADD.padEnd(length, "x") + "\n";
  assert.equal((await security(tool, ["-i"], line(4_095))).code, 0);
  assert.equal((await security(tool, ["-i"], line(4_094))).code, 36);
  assert.deepEqual(linesOf("x".repeat(4_095) + "\n"), ["x".repeat(4_095), ""]);
});

Deno.test("the emulated security never runs a last line without its end", async () => {
  const tool = fakeSecurity();
  assert.equal((await security(tool, ["-i"], ADD + "value")).code, 0);
  assert.deepEqual(tool.commands, []);
});

const WORDS: [string, string[]][] = [
  ["  a \t b\r", ["a", "b"]],
  [`'O'"'"'Brien'`, ["O", "'", "Brien"]],
  [String.raw`'a\'b' c`, ["a'b", "c"]],
  [String.raw`a\ b\\ "c\"d"`, ["a b\\", 'c"d']],
  [`a'b c'd`, ["a'b", "c'd"]],
  [`'' ""`, ["", ""]],
  [`'never closed `, ["never closed "]],
  ["a\\", ["a"]],
];

for (const [line, words] of WORDS) {
  Deno.test(`the emulated security splits ${JSON.stringify(line)} as its own parser does`, () => {
    assert.deepEqual(wordsOf(line), words);
  });
}

Deno.test("the emulated security prints bytes that are not printable ASCII as bare hexadecimal", async () => {
  const tool = fakeSecurity();
  for (const [value, printed] of [["a ~", "a ~"], ["é", "c3a9"], ["a\tb", "610962"], ["", ""]] as const) {
    tool.items.set("autocom-cli\nsomeone", new TextEncoder().encode(value));
    assert.equal((await security(tool, FIND)).out, printed + "\n");
  }
});

Deno.test("the emulated security ends with the last byte of the status, and says what is missing", async () => {
  const tool = fakeSecurity();
  const missing = await security(tool, FIND);
  assert.equal(missing.code, 44);
  assert.match(missing.err, /could not be found/);
  assert.equal((await security(tool, ["delete-generic-password", "-s", "autocom-cli", "-a", "someone"])).code, 44);
  const once = ["add-generic-password", "-s", "autocom-cli", "-a", "someone", "-w", "x"];
  assert.equal((await security(tool, once)).code, 0);
  assert.equal((await security(tool, once)).code, 45);
  tool.state = "locked";
  assert.deepEqual(await security(tool, FIND), { code: 36, out: "", err: "" });
});
