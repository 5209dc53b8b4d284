/** The README, held to the program and to the shells that its lines are pasted into. */
import assert from "node:assert/strict";
import { KEYS } from "../src/config/mod.ts";
import { EXITS } from "../src/errors.ts";
import { SHELLS } from "../src/completion/mod.ts";
import { execute, world } from "./support/harness.ts";

const ROOT = new URL("../", import.meta.url);
const README = await Deno.readTextFile(new URL("README.md", ROOT));

/** Documents with lines to paste. */
const DOCUMENTS = [
  "README.md",
  ...["CONTRIBUTING.md", "RELEASING.md", "SECURITY.md", "SECURITY-MODEL.md"].map((name) => `.github/${name}`),
  "tests/platform/README.md",
  "tests/platform/laravel/README.md",
];

/** The bodies of the fenced blocks of a shell. */
const blocks = (text: string) =>
  [...text.matchAll(/^ *```(?:sh|bash|powershell)\n([^]*?)^ *```/gm)].map(([, body]) => body!);

Deno.test("no line that is to be pasted holds a comment: for an interactive zsh, as of macOS, # begins none", async () => {
  for (const path of DOCUMENTS) {
    for (const block of blocks(await Deno.readTextFile(new URL(path, ROOT)))) {
      assert.doesNotMatch(block, /(^|\s)#/m, path);
    }
  }
  assert.ok(blocks(README).length > 10);
});

Deno.test("the README's table of exit codes is the program's, code by code and kind by kind", () => {
  const [, section] = README.split("\n## Exit codes\n");
  const rows = section!.split("\n## ")[0]!.split("\n").filter((line) => line.startsWith("| ")).slice(2)
    .map((line) => line.split("|").slice(1, 3).map((cell) => cell.trim()));
  assert.deepEqual(
    rows,
    EXITS.toSorted((a, b) => a.code - b.code).map(({ code, kind }) => [String(code), kind]),
  );
});

Deno.test("the README and config set --help know every setting of the file", async () => {
  const [, row] = /^\| settings: (.+?) +\|/m.exec(README)!;
  assert.equal(row!.split(", ").length, KEYS.length, row);
  await using w = await world();
  const { out } = await execute("config set --help", w);
  const text = out.replaceAll(/\s+/g, " ");
  assert.match(text, /output is one of table, json, yaml; ring is the deployment ring, sent nowhere\./);
  for (const format of ["csv", "jsonl", "tsv"]) {
    const { code, err } = await execute(`config set output ${format}`, w);
    assert.deepEqual([code, /table, json, yaml/.test(err)], [2, true], err);
  }
});

Deno.test("the README loads a completion with the line that its script names", async () => {
  const [, section] = README.split("\n## Completion\n");
  const lines = blocks(section!.split("\n## ")[0]!).map((block) => block.trim());
  assert.equal(lines.length, SHELLS.length);
  await using w = await world();
  for (const [at, shell] of SHELLS.entries()) {
    const { out } = await execute(`completion ${shell}`, w);
    assert.match(
      out,
      new RegExp(`^(#compdef autocom\\n)?# autocom's completion for .*: ${RegExp.escape(lines[at]!)}\\n`),
    );
  }
});

Deno.test({
  name: "bash is given its completion as text: 3.2, which macOS has, reads nothing from source <(…)",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using w = await world();
    const { out } = await execute("completion bash", w);
    const [, line] = /^#.*: (.*)\n/.exec(out)!;
    assert.ok(!line!.includes("<("), line);
    await Deno.writeTextFile(`${w.home}/script`, out);
    const { code, stdout } = await new Deno.Command("bash", {
      args: ["-c", `autocom() { cat "$HOME/script"; }; ${line}; complete -p autocom`],
      env: { HOME: w.home },
    }).output();
    assert.deepEqual([code, new TextDecoder().decode(stdout)], [0, "complete -o nospace -F _autocom autocom\n"]);
  },
});

Deno.test("where the program comes from a checkout, the README says how it gets a client id", () => {
  for (const heading of ["Try it without a platform", "A first session"]) {
    const [, section] = README.split(`\n## ${heading}\n`);
    assert.match(
      section!.split("\n## ")[0]!,
      /A build from source[^.]* `?(autocom auth login )?--client-id UUID`/,
      heading,
    );
  }
});
