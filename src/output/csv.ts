/**
 * Rows → CSV, for programs (RFC 4180). Loaded only when CSV is asked for.
 *
 * @module
 */
import { cells, type View } from "../fields/mod.ts";
import { show, unsafe } from "./safe.ts";

/**
 * A header, then one record a row, each ended by CR LF; UTF-8 without a mark. Quotes, commas and line breaks come back as
 * they were; every other control character is shown escaped, as everywhere. No cell gets a prefix against formulas (`=`,
 * `+`, `-`, `@`): it would change amounts and phone numbers for every program that reads them.
 */
export function csvList<Row>(view: View<Row>) {
  let head = line(view.columns.map(({ header }) => header));
  const { columns } = view;
  /** Lines of as many cells as there are columns, and nothing in them to quote or to escape. */
  const shape = new RegExp(`^(?:${columns.map(() => "[\\x20\\x21\\x23-\\x2b\\x2d-\\x7e]*").join(",")}\\r\\n)*$`);
  return {
    page(rows: readonly Row[]): string {
      const joined = rows.map((row) => cells(view, row).join()).join("\r\n") + (rows.length > 0 ? "\r\n" : "");
      // One test a page; the count tells a line break in a cell from the end of a row.
      const plain = columns.length > 1 && shape.test(joined) && !/ [,\r]|[,\n] |^ /.test(joined) &&
        lineBreaks(joined) === rows.length;
      const text = head + (plain ? joined : rows.map((row) => line(cells(view, row))).join(""));
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

const PLAIN = /^[\x21\x23-\x2b\x2d-\x7e]+$/;
const PRINTABLE = /^[\x20-\x7e]*$/;

function line(row: string[]): string {
  // One empty cell alone would be an empty line, which readers skip.
  return (row.length === 1 && row[0] === "" ? '""' : row.map(quoted).join(",")) + "\r\n";
}

function quoted(cell: string): string {
  if (cell === "" || PLAIN.test(cell)) return cell;
  const text = PRINTABLE.test(cell)
    ? cell
    : cell.replace(unsafe(), (char) => char === "\n" || char === "\r" ? char : show(char));
  return /[",\r\n]|^ | $/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
