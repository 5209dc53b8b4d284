/** XLSX files for the tests of this folder: made, and read by SheetJS, which knows nothing of the writer. */
import { type CellObject, read, utils, type WorkBook } from "xlsx";
import { xlsx } from "../../../src/export/xlsx.ts";
import { fields, type Row as RowOf, type View, view } from "../../../src/fields/mod.ts";

export const FIELDS = fields({
  id: { is: "text", column: "ID" },
  name: { is: "text", column: "NAME", nullable: true },
  total: { is: "money", column: "TOTAL" },
  count: { is: "number", column: "COUNT", nullable: true },
  paid: { is: "switch", column: "PAID" },
});

export type Row = RowOf<typeof FIELDS>;

export const ROWS = view(FIELDS);

export function row(id: string, name: string | null, total = "2999.00", count: number | null = 1): Row {
  return { id, name, total, count, paid: false };
}

const identified = { title: "orders", id: ({ id }: { id: string }) => id };

/** The file of a list that arrived in these pages, and what did not fit. */
export async function written<R extends { id: string }>(view: View<R>, pages: readonly (readonly R[])[], {
  title = "orders",
  bounds = undefined as undefined | { rows: number; bytes: number },
} = {}) {
  const sheet = xlsx(view, { ...identified, title }, bounds);
  const parts: Uint8Array[] = [];
  for (const page of pages) parts.push(await sheet.page(page));
  parts.push(await sheet.end());
  return { bytes: new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer()), shortened: sheet.shortened };
}

export function opened(bytes: Uint8Array): WorkBook {
  return read(bytes, { cellNF: true, cellFormula: true, WTF: true });
}

export function cell(book: WorkBook, at: string, sheet = "orders"): CellObject | undefined {
  return book.Sheets[sheet]![at];
}

/** Each row's values, the header first; nothing where there is no cell. */
export function values(book: WorkBook, sheet = "orders"): unknown[][] {
  return utils.sheet_to_json(book.Sheets[sheet]!, { header: 1, raw: true });
}

/** The texts of the file's parts, by their names, as the zip's table of contents has them. */
export async function partsOf(bytes: Uint8Array): Promise<Map<string, string>> {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - 22;
  if (data.getUint32(end, true) !== 0x06054b50) throw new Error("the archive has no end");
  const parts = new Map<string, string>();
  for (let at = data.getUint32(end + 16, true); at < end;) {
    const [packed, length] = [data.getUint32(at + 20, true), data.getUint16(at + 28, true)];
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + length));
    const local = data.getUint32(at + 42, true);
    const from = local + 30 + data.getUint16(local + 26, true) + data.getUint16(local + 28, true);
    const raw = new Blob([bytes.slice(from, from + packed)]).stream();
    parts.set(name, await new Response(raw.pipeThrough(new DecompressionStream("deflate-raw"))).text());
    at += 46 + length;
  }
  return parts;
}
