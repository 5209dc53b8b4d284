/** The tree as data is the tree: what is read and explained along it is the same. */
import assert from "node:assert/strict";
import { describe, explain, parse, treeOf } from "../../src/cli/mod.ts";
import { everyVerb, NOUNS } from "../../src/commands/mod.ts";
import { style } from "../../src/output/mod.ts";

const tree = await describe(NOUNS);
// As a build keeps it.
const kept = await treeOf(JSON.parse(JSON.stringify(tree)));

const names = [...new Set((await everyVerb()).flatMap(({ words }) => [words, words.split(" ")[0]!]))];
const lines = [
  "--help",
  ...names.map((name) => `${name} --help`),
  "login --help",
  "help logout",
  "orders ls -h",
  "-qh audit",
];
for (const line of lines) {
  Deno.test(`${line} is the same help of the tree and of what a build keeps of it`, async () => {
    const texts = await Promise.all([NOUNS, kept].map(async (nouns) => {
      const read = await parse(line.split(" "), nouns, { suggest: false });
      assert.ok(read.is === "explain", read.is);
      return await explain(read, nouns, { columns: 80, style: style(false) });
    }));
    assert.ok(texts[0]!.startsWith("Usage: autocom"));
    assert.equal(texts[1], texts[0]);
  });
}
