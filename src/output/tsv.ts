/**
 * Rows → tab-separated lines, for pipes.
 *
 * @module
 */
import { cells, type View } from "../fields/mod.ts";
import { safe } from "./safe.ts";

/**
 * A header line, then one line a row, the values as the server sent them. A TAB, CR, LF or backslash in a cell becomes
 * `\t`, `\r`, `\n`, `\\`, so a line is a record and the number of columns is fixed. No cell gets a prefix against formulas
 * (`=`, `+`, `-`, `@`): that is for spreadsheets, would change negative numbers, and belongs to whoever imports the text.
 */
export function tsvList<Row>(view: View<Row>) {
  const { columns } = view;
  let head = view.bare ? "" : tsvLine(columns.map(({ header }) => header));
  return {
    page(rows: readonly Row[]): string {
      const joined = rows.map((row) => cells(view, row, true).join("\t")).join("\n") + (rows.length > 0 ? "\n" : "");
      // One test a page; the counts tell what is in a cell from what is between two.
      const plain = PLAIN.test(joined) && count(joined, "\n") === rows.length &&
        count(joined, "\t") === rows.length * (columns.length - 1);
      const text = head + (plain ? joined : rows.map((row) => tsvLine(cells(view, row, true))).join(""));
      head = "";
      return text;
    },
    end: () => "",
  };
}

/** Nothing in it is escaped, but perhaps an end of a cell or of a line. */
const PLAIN = /^[\t\n\x20-\x5b\x5d-\x7e]*$/;

function count(text: string, one: string): number {
  let found = 0;
  for (let at = text.indexOf(one); at >= 0; at = text.indexOf(one, at + 1)) found++;
  return found;
}

function tsvLine(row: string[]): string {
  return row.map((cell) => safe(cell.replaceAll("\\", "\\\\"))).join("\t") + "\n";
}
