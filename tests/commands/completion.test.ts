/** What a Tab offers; in PowerShell too, of which Windows' own (5.1) gives a program no empty argument. */
import assert from "node:assert/strict";
import { execute, type World, world } from "../support/harness.ts";

Deno.test("an option whose value may be left out does not hide the others; several letters may stand before a value", async () => {
  await using of = await world();
  const lines: [words: string[], offered: RegExp][] = [
    [["auth", "login", "--with-token", "--fo"], /^--force\t/],
    [["auth", "login", "--with-token", ""], /^$/],
    [["orders", "list", "--fields", "--pa"], /^--payment-status\t[^]*\n--page\t/],
    [["orders", "list", "--search", "--pa"], /^$/],
    [["-qoj"], /^-qojson\t\n-qojsonl\t\n$/],
    [["orders", "list", "-qo=ya"], /^-qo=yaml\t\n$/],
    [["orders", "list", "-oj"], /^-ojson\t\n-ojsonl\t\n$/],
    [["orders", "list", "--output=j"], /^--output=json\t\n--output=jsonl\t\n$/],
    [["orders", "list", "-qzj"], /^$/],
  ];
  for (const [words, wanted] of lines) assert.match(await offered(of, "zsh", ["autocom", ...words]), wanted);
});

async function offered(of: World, shell: string, words: readonly string[]): Promise<string> {
  const { code, out, err } = await execute(["__complete", shell, ...words], of);
  assert.deepEqual([code, err], [0, ""]);
  return out;
}

Deno.test("PowerShell is offered what another shell is, behind a space and behind an empty argument, too", async () => {
  await using of = await world();
  const { out: script } = await execute("completion powershell", of);
  const [, sign] =
    /ForEach-Object \{ "([^$"]+)\$_" \}\n\s+& \$before\[0\] __complete powershell @words /.exec(script) ?? [];
  assert.ok(sign, "the script puts a sign before each argument");
  for (
    const words of [
      ["autocom", ""],
      ["autocom", "orders", ""],
      ["autocom", "orders", "list", "--status", ""],
      ["autocom", "orders", "list", "--search", "", "--status", "pen"],
      ["autocom", "orders", "list", "--status=pen"],
      ["autocom", "orders", "li"],
    ]
  ) {
    const passed: string[] = words.map((word) => `${sign}${word}`).filter((word) => word !== "");
    const wanted = await offered(of, "zsh", words);
    assert.notEqual(wanted, "", words.join(" "));
    assert.equal(await offered(of, "powershell", passed), wanted, words.join(" "));
  }
});
