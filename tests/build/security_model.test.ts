/** Every claim of the security model has its test, as far as a claim can have one. */
import assert from "node:assert/strict";
import { ROOT } from "../support/build/tree.ts";

/** Claims about what is not there, and about the world. */
const WITHOUT_TEST = [
  "_Policy:_ an advisory of Deno",
  "_Policy:_ a stolen key",
  "The opt-in build that mangles",
  "No encryption of the binary",
  "A stolen binary",
  "A stolen laptop",
];

const text = await Deno.readTextFile(`${ROOT}/.github/SECURITY-MODEL.md`);
const rows = text.split("\n").filter((line) => /^\| (?!-)/.test(line) && !/\| held by +\|$/.test(line))
  .map((line) => line.replace(/^\| *| *\|$/g, "").split(/ *\| */))
  .map((cells) => ({ claim: cells[0]!, held: cells.at(-1)! }));

Deno.test("the security model has rows", () => assert.ok(rows.length > 30));

for (const { claim, held } of rows) {
  if (WITHOUT_TEST.some((begin) => claim.startsWith(begin))) continue;
  Deno.test(`the security model's claim has its test: ${claim.slice(0, 60)}`, async () => {
    const [, file = "", name = ""] = /^`([\w/.]+)`: (.+)$/.exec(held) ?? [];
    const source = await Deno.readTextFile(`${ROOT}/tests/${file}`);
    // At the beginning of a test's name, in whatever quotes.
    assert.ok(['"', "`", "'"].some((quote) => source.includes(quote + name)), `${file} has no test "${name}…"`);
  });
}
