/** An answer in every format, read back: what the server sent, and nothing else. */
import assert from "node:assert/strict";
import { CORE_SCHEMA, load } from "js-yaml";
import { execute, type World } from "../harness.ts";
import { read as readCsv } from "./rfc4180.ts";

type Row = Readonly<Record<string, unknown>>;

/**
 * The line prints `sent` in each format: one row or several, as the server sent them. `money` are the fields that are
 * numbers to programs, and stay the server's text elsewhere; `texts` those whose texts stand in a cell with commas.
 */
export async function printsInEveryFormat(
  line: readonly string[],
  sent: Row | readonly Row[],
  of: World,
  { money = [], texts = [] }: { money?: readonly string[]; texts?: readonly string[] } = {},
): Promise<void> {
  const rows = [sent].flat() as Row[];
  const asPrograms = (row: Row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, money.includes(name) ? number(value) : value]),
    );
  const all = rows.map(asPrograms);
  const whole = Array.isArray(sent) ? all : all[0];
  const cellsOf = (ofTexts: (value: readonly string[]) => string) => [
    ...rows.slice(0, 1).map((row) => Object.keys(row).map((name) => name.toUpperCase())),
    ...rows.map((row) =>
      Object.entries(row).map(([name, value]) =>
        texts.includes(name) ? ofTexts(value as string[]) : cell(value, money.includes(name))
      )
    ),
  ];
  const cells = cellsOf((value) => JSON.stringify(value));
  const print = async (...format: string[]) => {
    const { code, out, err } = await execute([...line, "-q", ...format], of);
    assert.deepEqual([code, err], [0, ""], `${line.join(" ")} ${format.join(" ")}`);
    return out;
  };
  assert.deepEqual(JSON.parse(await print("-o", "json")), whole);
  assert.deepEqual((await print("-o", "jsonl")).split("\n").slice(0, -1).map((text) => JSON.parse(text)), all);
  assert.deepEqual(load(await print("-o", "yaml"), { schema: CORE_SCHEMA }), whole);
  const header = rows.length === 0 ? 1 : 0; // of no row nothing is known here
  assert.deepEqual(readCsv(await print("-o", "csv")).slice(header), cells.map((line) => line.map(safe)));
  const tsv = cells.map((line) => line.map((text) => safe(text.replaceAll("\\", "\\\\"))).join("\t"));
  assert.deepEqual((await print("-o", "tsv")).split("\n").slice(header, -1), tsv);
  const { columns } = of;
  [of.terminal, of.columns] = [{ stdout: true }, 1_000];
  const table = await print();
  [of.terminal, of.columns] = [{}, columns];
  for (const text of cellsOf((value) => value.join(", ")).flat()) {
    assert.ok(table.includes(safe(text)), `${text} in:\n${table}`);
  }
}

/** No control character gets out but in JSON and YAML, which have escapes of their own. */
const safe = (text: string) => text.replaceAll("\t", "\\t");

const number = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(number) : value === null ? null : Number(value);

/** What is no text is JSON: of money with the server's digits. */
function cell(value: unknown, isMoney: boolean): string {
  if (value === null) return "";
  if (typeof value === "string") return value;
  const json = JSON.stringify(value);
  return isMoney ? json.replaceAll('"', "") : json;
}
