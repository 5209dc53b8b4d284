/**
 * Rows → JSON, two spaces.
 *
 * @module
 */
import type { View } from "../fields/mod.ts";
import { safeJson } from "./safe.ts";

/** One top-level array, page by page, the same text as `JSON.stringify(all, null, 2)`; `[]` for nothing. */
export function jsonList<Row>(view: View<Row>) {
  let empty = true;
  return {
    page(rows: readonly Row[]): string {
      if (rows.length === 0) return "";
      const array = JSON.stringify(rows.map(view.record), null, 2);
      const text = (empty ? "[\n" : ",\n") + safeJson(array.slice("[\n".length, -"\n]".length));
      empty = false;
      return text;
    },
    end: () => empty ? "[]\n" : "\n]\n",
  };
}

/** One object. */
export function jsonDetail<Row>(view: View<Row>, row: Row): string {
  return safeJson(JSON.stringify(view.record(row), null, 2)) + "\n";
}
