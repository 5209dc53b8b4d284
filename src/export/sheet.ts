import type { View } from "../fields/mod.ts";
import { csv, jsonLines } from "../output/mod.ts";
import type { FileFormat } from "./format.ts";

/** Rows on their way into a file, as bytes. */
export interface Sheet<Row> {
  /** Bytes that are ready after these rows. */
  page(rows: readonly Row[]): Promise<Uint8Array>;
  /** The rest of the file. */
  end(): Promise<Uint8Array>;
  /** What did not fit: cells over 32,767 characters, by the row's id (first some of them). */
  readonly shortened: { count: number; ids: readonly string[] };
}

/** `title`: what the rows are; `id`: which one it is, for what is said of it. */
export async function sheet<Row>(
  format: FileFormat,
  view: View<Row>,
  about: { title: string; id(row: Row): string },
): Promise<Sheet<Row>> {
  if (format === "xlsx") return (await import("./xlsx.ts")).xlsx(view, about);
  const { page, end } = format === "csv" ? await csv(view) : jsonLines(view);
  const encoder = new TextEncoder();
  return {
    page: (rows) => Promise.resolve(encoder.encode(page(rows))),
    end: () => Promise.resolve(encoder.encode(end())),
    shortened: { count: 0, ids: [] },
  };
}
