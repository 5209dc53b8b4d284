/** Where a page begins: by the size that the help says, whatever the limit is. */
import assert from "node:assert/strict";
import { execute } from "../support/harness.ts";
import { withToken } from "../support/scripted.ts";

const LISTS: [list: string, standard: number][] = [
  ["orders list -o jsonl --fields order_number", 20],
  ["orders export --format jsonl --fields order_number", 100],
  ["call orders -o jsonl --fields order_number", 20],
];
for (const [list, standard] of LISTS) {
  Deno.test(`${list}: --limit does not move the row that --page begins with`, async () => {
    await using w = await withToken("owner");
    const rows = async (line: string) => {
      const { code, out, err } = await execute(`${line} -q`, w);
      assert.equal(code, 0, err);
      return out.trimEnd().split("\n");
    };
    const all = await rows(`${list} --limit 350`);
    for (const limit of [1, 5, 30, 130]) {
      assert.deepEqual(
        await rows(`${list} --page 3 --limit ${limit}`),
        all.slice(2 * standard, 2 * standard + limit),
        `--limit ${limit}`,
      );
      assert.deepEqual(
        await rows(`${list} --page 3 --per-page 7 --limit ${limit}`),
        all.slice(14, 14 + limit),
        `--per-page 7 --limit ${limit}`,
      );
      assert.deepEqual(await rows(`${list} --limit ${limit}`), all.slice(0, limit));
    }
  });
}
