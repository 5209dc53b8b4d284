/**
 * Rows → tab-separated lines, for pipes.
 *
 * @module
 */
import { safe } from "./safe.ts";
import { cells, columnsOf, type View } from "./view.ts";

/**
 * A header line, then one line a row, the values as the server sent them. A TAB, CR, LF or backslash in a cell becomes
 * `\t`, `\r`, `\n`, `\\`, so a line is a record and the number of columns is fixed. No cell gets a prefix against formulas
 * (`=`, `+`, `-`, `@`): that is for spreadsheets, would change negative numbers, and belongs to whoever imports the text.
 */
export function tsvList<Row>(view: View<Row>) {
  let head = tsvLine(columnsOf(view).map(({ header }) => header));
  return {
    page(rows: readonly Row[]): string {
      const text = head + rows.map((row) => tsvLine(cells(view, row))).join("");
      head = "";
      return text;
    },
    end: () => "",
  };
}

function tsvLine(row: string[]): string {
  return row.map((cell) => safe(cell.replaceAll("\\", "\\\\"))).join("\t") + "\n";
}
