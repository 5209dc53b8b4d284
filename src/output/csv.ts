/**
 * Rows → CSV, for programs (RFC 4180). Loaded only when CSV is asked for.
 *
 * @module
 */
import { cells, plainCells, plainPages, type View } from "../fields/mod.ts";
import { show, unsafe } from "./safe.ts";

/**
 * A header, then one record a row, each ended by CR LF; UTF-8 without a mark. Quotes, commas and line breaks come back as
 * they were; every other control character is shown escaped, as everywhere. No cell gets a prefix against formulas (`=`,
 * `+`, `-`, `@`): it would change amounts and phone numbers for every program that reads them.
 */
export function csvList<Row>(view: View<Row>) {
  const { columns } = view;
  let head = view.bare ? "" : line(columns.map(({ header }) => header));
  // Nothing in them to quote or to escape. One empty cell alone is quoted.
  const isQuoted = columns.length < 2;
  const plain = plainPages(isQuoted ? undefined : plainCells(columns, ",", "(?! )[ !#-+\\--~]*(?<! )"), "\r\n");
  return {
    page(rows: readonly Row[]): string {
      const text = head + (plain(rows) ?? rows.map((row) => line(cells(view, row, true))).join(""));
      head = "";
      return text;
    },
    end: () => "",
  };
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
