/**
 * What is said when an export is over.
 *
 * @module
 */

import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { fields, view } from "../fields/mod.ts";
import { type Destination, detail, grouped, isMachine, progressing, some } from "../output/mod.ts";
import { later, type Seen } from "../kinds/mod.ts";
import type { Sheet } from "./xlsx.ts";

/** What programs are told of a file. */
export const SUMMARY = fields({
  file: { is: "text", column: "FILE", key: true },
  format: { is: "text", column: "FORMAT" },
  count: { is: "number", column: "COUNT", about: "of what was exported" },
  rows: { is: "number", column: "ROWS", about: "in the file, without its header" },
  bytes: { is: "number", column: "BYTES" },
});

interface Done {
  plural: string;
  /** Undefined for stdout. */
  path: string | undefined;
  format: string;
  seen: Seen;
  /** Rows that came more than once. */
  again: number;
  /** In the file. */
  rows: number;
  bytes: number;
  made: Pick<Sheet<never>, "shortened">;
  first: number;
  per_page: number;
  limit: number | undefined;
  filtered: boolean;
}

/** An object for programs, a sentence for people, and what is not as one would think. */
export async function tell({ say }: App, to: Destination, done: Done): Promise<void> {
  const { plural, path: file, format, seen, again, rows, bytes, made, filtered, limit } = done;
  const count = seen.rows - again;
  if (file !== undefined && isMachine(to.format)) {
    await detail(to, view(SUMMARY), { file, format, count, rows, bytes });
  }
  const differs = difference(done, count);
  if (differs) await say.warn(differs);
  const { count: cut, ids } = made.shortened;
  if (cut > 0) {
    await say.warn(`texts that XLSX cannot hold were cut to 32,767 characters: ${grouped(cut)}, in ${some(ids)}`);
  }
  if (seen.rows === 0) await say.note((await later()).nothing(plural, seen, filtered));
  if (file !== undefined) {
    const { size } = await progressing();
    const inRows = rows === count ? "" : ` in ${grouped(rows)} rows`;
    await say.note(`Wrote ${counted(count, plural)}${inRows} to ${file} (${size(bytes)}).`);
  }
  if (limit !== undefined && seen.rows >= limit && (seen.cut || seen.page < (seen.pages ?? 1))) {
    const all = seen.items === undefined || seen.items < count ? "" : ` of ${grouped(seen.items)}`;
    await say.left(`${grouped(count)}${all} ${plural} exported. More: a higher --limit, or none.`);
  }
}

/** Rows move while one pages: what is exported may be others than the server has. */
function difference(
  { plural, seen, again, first, per_page, limit = Infinity }: Done,
  count: number,
): string | undefined {
  const whole = seen.rows < limit && seen.items !== undefined && seen.rows > 0;
  const expected = whole ? seen.items! - (first - 1) * per_page : undefined;
  const moved = again > 0 ? `${counted(again, plural)} came twice and stand${again === 1 ? "s" : ""} there once` : "";
  if (expected === undefined || expected === count) return moved || undefined;
  const other = `${counted(count, plural)} exported, the server counts ${
    grouped(expected)
  }: some came or went meanwhile`;
  return moved ? `${other}; ${moved}` : other;
}

function counted(count: number, plural: string): string {
  return `${grouped(count)} ${count === 1 ? plural.replace(/s$/, "") : plural}`;
}

/** What cannot be told of a file that is there. */
export function written(error: unknown, path: string): unknown {
  if (!(error instanceof AppError)) return error;
  return new AppError(error.kind, `${error.message}; "${path}" was written`, error);
}

/** The error of an export into a file, which is not there: how far it had come, unless it is the file's. What came is gone. */
export function unwritten(error: unknown, path: string, { rows, page }: Seen): unknown {
  if (!(error instanceof AppError) || rows === 0 || error.kind === "config") return error;
  return new AppError(
    error.kind,
    `${error.message} (after ${counted(rows, "rows")}; nothing was written to "${path}")`,
    {
      ...error,
      hint: error.hint ? `${error.hint}; run it again from the beginning` : "run it again from the beginning",
      more: { ...error.more, rows, next_page: page + 1 },
    },
  );
}
