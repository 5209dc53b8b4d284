/** What is exported is what the platform has, whoever reads it: all of it, once, with every digit and every character. */

import assert from "node:assert/strict";
import { read as readWorkbook, utils } from "xlsx";
import { autocom, execute, type World } from "../../support/harness.ts";
import { forbidden } from "../../support/output/fixture.ts";
import { read as readCsv } from "../../support/output/rfc4180.ts";
import { tokenHolder } from "../visitor.ts";
import type { Suite } from "./mod.ts";

async function lines(line: string, of: World): Promise<Record<string, unknown>[]> {
  const { code, out, err } = await execute(`${line} --format jsonl -q`, of);
  assert.equal(code, 0, `${line}: ${err}`);
  return out.split("\n").filter(Boolean).map((one) => JSON.parse(one));
}

/** Exports with a column whose texts are hard, and how many rows there are in acme. */
const EXPORTS = [["orders", "order_number", 2000], ["products", "name", 24], ["customers", "first_name", 20]] as const;

export const exports: Suite = {
  ...Object.fromEntries(EXPORTS.map(([noun, hard, count]) =>
    [
      `WP-41, WP-43, WP-46: ${noun} export is the whole list in CSV, JSON Lines and XLSX`,
      async (scene) => {
        await using of = await tokenHolder(scene, "owner");
        const listed = await execute(`${noun} list --all --fields id,${hard} -o json`, of);
        const expected: Record<string, string | null>[] = JSON.parse(listed.out);
        assert.deepEqual([expected.length, new Set(expected.map(({ id }) => id)).size], [count, count], listed.err);
        const plain = (text: string | null) => text ?? "";
        const columns = `--fields id,${hard}`;

        assert.deepEqual(await lines(`${noun} export ${columns}`, of), expected);

        const csv = await execute(`${noun} export ${columns} --format csv -q`, of);
        assert.equal(forbidden(csv.out, "\r\n"), undefined, csv.err);
        const [header, ...rows] = readCsv(csv.out);
        assert.deepEqual(header, ["id", hard]);
        // Controls are escaped; what has none comes back to the letter.
        const easy = expected.map((row, at) => [row, rows[at]!] as const).filter(([row]) =>
          forbidden(plain(row[hard]!), "\r\n") === undefined && !plain(row[hard]!).includes("\\")
        );
        assert.ok(easy.length >= count - 3);
        for (const [row, cells] of easy) assert.deepEqual(cells, [row.id, plain(row[hard]!)]);
        assert.deepEqual(rows.map(([id]) => id), expected.map(({ id }) => id));

        const file = `${of.home}/${noun}.xlsx`;
        await autocom([noun, "export", "--fields", `id,${hard}`, "--output-file", file, "-q"], {}, of);
        const book = readWorkbook(await Deno.readFile(file), { WTF: true });
        const [top, ...cells] = utils.sheet_to_json<string[]>(book.Sheets[book.SheetNames[0]!]!, {
          header: 1,
          raw: true,
          defval: "",
        });
        assert.deepEqual([top, cells.length], [["id", hard], count]);
        assert.deepEqual(cells.map(([id]) => id), expected.map(({ id }) => id));
      },
    ] satisfies [string, Suite[string]]
  )),

  async "WP-47, WP-49: an export has one header whatever its rows have, and nothing but it where there are none"(
    scene,
  ) {
    await using of = await tokenHolder(scene, "owner");
    const { out } = await execute("orders export --limit 200 --format csv -q", of);
    const [header, ...rows] = readCsv(out);
    assert.equal(rows.length, 200);
    assert.ok(rows.every(({ length }) => length === header!.length));
    const items = header!.indexOf("items");
    for (const row of rows) assert.ok(Array.isArray(JSON.parse(row[items]!)));
    const none = "orders export --search nothing-like-it -q";
    await autocom(`${none} --format csv`, { out: `${header!.join(",")}\r\n` }, of);
    await autocom(`${none} --format jsonl`, {}, of);
  },

  async "an export needs what its list needs, leaves out and says what its list does, and begins no file in vain"(
    scene,
  ) {
    await using of = await tokenHolder(scene, "viewer");
    await autocom("orders export --limit 2 --fields id -q", { out: /^id\r\n[-\w]{36}\r\n/ }, of);
    await autocom("customers export --fields id,email", {
      out: (text) => assert.ok(readCsv(text).slice(1).every(([id, email]) => id !== "" && email === "")),
      err: /left out: the permission "customers\.view_sensitive" is missing/,
    }, of);
    await using stranger = await tokenHolder(scene, "outsider");
    await autocom(`orders export --output-file ${stranger.home}/x.csv`, { code: 5, err: /acme/ }, stranger);
    assert.deepEqual(
      (await Array.fromAsync(Deno.readDir(stranger.home))).map(({ name }) => name).filter((name) =>
        name !== ".autocom"
      ),
      [],
      "no file, no half of one",
    );
  },
};
