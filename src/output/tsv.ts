/**
 * Rows → tab-separated lines, for pipes.
 *
 * @module
 */
import { cells, plainCells, plainPages, type View } from "../fields/mod.ts";
import { safe } from "./safe.ts";

/**
 * A header line, then one line a row, the values as the server sent them. A TAB, CR, LF or backslash in a cell becomes
 * `\t`, `\r`, `\n`, `\\`, so a line is a record and the number of columns is fixed. No cell gets a prefix against formulas
 * (`=`, `+`, `-`, `@`): that is for spreadsheets, would change negative numbers, and belongs to whoever imports the text.
 */
export function tsvList<Row>(view: View<Row>) {
  const { columns } = view;
  let head = view.bare ? "" : tsvLine(columns.map(({ header }) => header));
  const plain = plainPages(plainCells(columns, "\t", "[\\x20-\\x5b\\x5d-\\x7e]*"), "\n");
  return {
    page(rows: readonly Row[]): string {
      const text = head + (plain(rows) ?? rows.map((row) => tsvLine(cells(view, row, true))).join(""));
      head = "";
      return text;
    },
    end: () => "",
  };
}

function tsvLine(row: string[]): string {
  return row.map((cell) => safe(cell.replaceAll("\\", "\\\\"))).join("\t") + "\n";
}
