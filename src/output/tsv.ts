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
  /** Lines of as many cells as there are columns, and nothing in them to escape. */
  const shape = new RegExp(`^(?:${columns.map(() => "[\\x20-\\x5b\\x5d-\\x7e]*").join("\\t")}\\n)*$`);
  return {
    page(rows: readonly Row[]): string {
      const joined = rows.map((row) => cells(view, row).join("\t")).join("\n") + (rows.length > 0 ? "\n" : "");
      // One test a page; the count tells a line break in a cell from the end of a row.
      const plain = lineBreaks(joined) === rows.length && shape.test(joined);
      const text = head + (plain ? joined : rows.map((row) => tsvLine(cells(view, row))).join(""));
      head = "";
      return text;
    },
    end: () => "",
  };
}

function lineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function tsvLine(row: string[]): string {
  return row.map((cell) => safe(cell.replaceAll("\\", "\\\\"))).join("\t") + "\n";
}
