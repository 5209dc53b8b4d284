/**
 * Rows → JSON, two spaces.
 *
 * @module
 */
import type { View } from "../fields/mod.ts";
import { safeJson } from "./safe.ts";

/**
 * One top-level array, page by page, the same text as `JSON.stringify(all, null, 2)`; `[]` for nothing. With `meta` it is
 * the `data` of an object.
 */
export function jsonList<Row>(view: View<Row>, meta = false) {
  let empty = true;
  const [open, close] = meta ? ['{\n  "data": [', "]"] : ["[", "]\n"];
  const indented = (json: string) => meta ? json.replaceAll("\n", "\n  ") : json;
  return {
    page(rows: readonly Row[]): string {
      if (rows.length === 0) return "";
      const array = JSON.stringify(rows.map(view.record), null, 2);
      const text = (empty ? open : ",") + safeJson(indented(array.slice("[".length, -"\n]".length)));
      empty = false;
      return text;
    },
    end(counts: Record<string, unknown> = {}): string {
      const data = empty ? open + close : (meta ? "\n  " : "\n") + close;
      return meta ? `${data},\n  "meta": ${safeJson(indented(JSON.stringify(counts, null, 2)))}\n}\n` : data;
    },
  };
}

/** One object. */
export function jsonDetail<Row>(view: View<Row>, row: Row): string {
  return safeJson(JSON.stringify(view.record(row), null, 2)) + "\n";
}
