/** No pattern of the program takes more than linear time, whatever it is tried on. */
import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { CACHED } from "../support/cached.ts";
import { ROOT } from "../support/build/tree.ts";
import { Running } from "../support/binary/running.ts";

type Pattern = [place: string, source: string, flags: string];

/** Every pattern that stands in a file of src/. */
async function patterns(folder = join(ROOT, "src")): Promise<Pattern[]> {
  const found: Pattern[] = [];
  const plugin: Deno.lint.Plugin = {
    name: "patterns",
    rules: {
      literals: {
        create: (context) => ({
          Literal(node) {
            if (!("regex" in node) || !node.regex) return;
            const { pattern, flags } = node.regex as { pattern: string; flags: string };
            found.push([relative(ROOT, context.filename), pattern, flags]);
          },
        }),
      },
    },
  };
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) found.push(...await patterns(path));
    else Deno.lint.runPlugin(plugin, path, await Deno.readTextFile(path));
  }
  return found;
}

/** A share of them, so that the clock of a share guards against a hang alone, on a busy machine too. */
const SHARE = 40;

Deno.test("FT-17: no pattern of the program goes back over a long text", async () => {
  const all = await patterns();
  assert.ok(all.length > 30, "patterns are found");
  const program = join(ROOT, "tests", "support", "build", "pump.ts");
  for (let from = 0; from < all.length; from += SHARE) {
    const share = all.slice(from, from + SHARE);
    const running = new Running(Deno.execPath(), { args: ["run", "--no-check", ...CACHED, program] });
    await running.type(JSON.stringify(share));
    const { code, out, err } = await running.end();
    assert.deepEqual([code, err], [0, ""], `it did not end with: ${out.trimEnd().split("\n").at(-1)}`);
    assert.equal(out.trimEnd().split("\n").length, share.length + 1);
  }
});
