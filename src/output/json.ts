/**
 * Rows → JSON, two spaces, or JSON Lines.
 *
 * @module
 */
import { jsonLine, safeJson } from "./safe.ts";
import { record, type View } from "./view.ts";

/** One top-level array, page by page, the same text as `JSON.stringify(all, null, 2)`; `[]` for nothing. */
export function jsonList<Row>(view: View<Row>) {
  let empty = true;
  return {
    page(rows: readonly Row[]): string {
      if (rows.length === 0) return "";
      const array = JSON.stringify(rows.map((row) => record(view.fields, row)), null, 2);
      const text = (empty ? "[\n" : ",\n") + safeJson(array.slice("[\n".length, -"\n]".length));
      empty = false;
      return text;
    },
    end: () => empty ? "[]\n" : "\n]\n",
  };
}

/** One object. */
export function jsonDetail<Row>(view: View<Row>, row: Row): string {
  return safeJson(JSON.stringify(record(view.fields, row), null, 2)) + "\n";
}

/** One object a line; nothing for nothing. */
export function jsonLines<Row>(view: View<Row>) {
  return {
    page: (rows: readonly Row[]): string => rows.map((row) => jsonLine(record(view.fields, row))).join(""),
    end: () => "",
  };
}
