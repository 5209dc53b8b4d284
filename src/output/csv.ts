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
  const { columns } = view;
  let head = view.bare ? "" : line(columns.map(({ header }) => header));
  return {
    page(rows: readonly Row[]): string {
      const joined = rows.map((row) => cells(view, row, true).join(",") + "\r\n").join("");
      // Two tests a page; the counts tell what is in a cell from what is between two.
      const count = (one: string) => joined.split(one).length - 1;
      const plain = columns.length > 1 && PLAIN_PAGE.test(joined) && !EDGE.test(joined) &&
        count("\r") === rows.length && count("\n") === rows.length &&
        count(",") === rows.length * (columns.length - 1);
      const text = head + (plain ? joined : rows.map((row) => line(cells(view, row, true))).join(""));
      head = "";
      return text;
    },
    end: () => "",
  };
}

/** Nothing in it is quoted or escaped, but perhaps an end of a cell or of a record, and a space at one. */
const PLAIN_PAGE = /^[\r\n !#-~]*$/;
const EDGE = /^ |[,\n] | [,\r]/;
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
