import type { View } from "../fields/mod.ts";
import { csv, jsonLines } from "../output/mod.ts";
import type { FileFormat } from "./format.ts";
import type { Sheet } from "./xlsx.ts";

/** `title`: what the rows are; `id`: which one it is, for what is said of it. */
export async function sheet<Row>(
  format: FileFormat,
  view: View<Row>,
  about: { title: string; id(row: Row): string },
): Promise<Sheet<Row>> {
  if (format === "xlsx") return (await import("./xlsx.ts")).xlsx(view, about);
  const { page, end } = await (format === "csv" ? csv(view) : jsonLines(view));
  const encoder = new TextEncoder();
  return {
    page: (rows) => Promise.resolve(encoder.encode(page(rows))),
    end: () => Promise.resolve(encoder.encode(end())),
    shortened: { count: 0, ids: [] },
  };
}
