/**
 * Rows → XLSX, for people: text stays text, an amount is a number, nothing is a formula. Loaded only for xlsx.
 * ECMA-376, part 1, 18.3 (worksheets); https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3 (limits).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { AppError } from "../errors.ts";
import type { Column, View } from "../fields/mod.ts";
import { cut, headerCell, MOST_CHARACTERS, numberCell, shown, STYLES, textCell } from "./cell.ts";
import { CONTENT_TYPES, PACKAGE, sheetEnd, sheetStart, title, workbookParts } from "./parts.ts";
import { zip } from "./zip.ts";

/** Rows → XLSX, as a stream of bytes. */
export interface Sheet<Row> {
  /** Bytes that are ready after these rows. An empty page counts: it is how an empty result gets its header. */
  page(rows: readonly Row[]): Promise<Uint8Array>;
  /** The rest of the file. Before any page nothing: a command that failed leaves no file that opens. */
  end(): Promise<Uint8Array>;
  /** What did not fit: cells over 32,767 characters, by the row's id (first some of them). */
  readonly shortened: { count: number; ids: readonly string[] };
}

/** What one sheet holds, below its header. */
const BOUNDS = { rows: 1_048_575, bytes: 0xe000_0000 };
const MOST_COLUMNS = 16_384;
/**
 * Characters that become bytes at once, and bytes that are compressed at once. Both follow from the rows alone, so that
 * the same rows in other pages are the same file. A text that grows for long is kept as all of its parts: it is short.
 */
const [PIECE, BATCH] = [1 << 14, 1 << 17];
/** Ids that are named. */
const NAMED = 10;

export function xlsx<Row>(
  view: View<Row>,
  about: { title: string; id(row: Row): string },
  bounds = BOUNDS,
): Sheet<Row> {
  const { columns } = view;
  const isNull = nulls(view);
  if (columns.length > MOST_COLUMNS) throw tooWide(columns.length);
  const archive = zip();
  const encoder = new TextEncoder();
  const letters = columns.map((_, at) => letter(at));
  const shortened = { count: 0, ids: [] as string[] };
  const widths = columns.map(({ header, right }) => Math.max(header.length, right ? 12 : 0));
  /** Of the sheet that is open; `rows` counts its header, too. */
  const sheet = { rows: 0, bytes: 0 };
  let pages = 0, sheets = 0, begun = false;
  let text = "";
  let pieces: Uint8Array[] = [], waiting = 0;
  let ready: Uint8Array[] = [];

  const encode = () => {
    const bytes = encoder.encode(text);
    text = "";
    pieces.push(bytes);
    waiting += bytes.length;
  };
  const flush = () => {
    encode();
    if (!begun) {
      begun = true;
      ready.push(archive.whole(CONTENT_TYPES.name, CONTENT_TYPES.text), archive.whole(PACKAGE.name, PACKAGE.text));
      ready.push(archive.whole("xl/styles.xml", STYLES));
    }
    if (sheet.bytes === 0) {
      sheets++;
      ready.push(archive.open(`xl/worksheets/sheet${sheets}.xml`));
      pieces.unshift(encoder.encode(sheetStart(widths, sheets === 1)));
    }
    const bytes = Buffer.concat(pieces);
    [pieces, waiting] = [[], 0];
    sheet.bytes += bytes.length;
    ready.push(archive.add(bytes));
  };
  const header = () => {
    text = `<row r="1">${
      columns.map((column, at) => headerCell(`${letters[at]}1`, shown(column.header))).join("")
    }</row>`;
    sheet.rows = 1;
  };
  const close = () => {
    text += sheetEnd;
    flush();
    ready.push(archive.close());
    sheet.bytes = sheet.rows = 0;
  };
  const fitted = (whole: string, row: Row): string => {
    if (whole.length <= MOST_CHARACTERS) return whole;
    shortened.count++;
    const id = about.id(row);
    if (shortened.ids.length < NAMED && shortened.ids.at(-1) !== id) shortened.ids.push(id);
    return cut(whole);
  };
  const cell = (column: Column<Row>, place: number, row: Row): string => {
    const raw = column.cell(row);
    if (raw === "" && isNull(column, row)) return "";
    const at = letters[place]! + sheet.rows;
    if (!begun && raw.length > widths[place]!) widths[place] = raw.length;
    return column.right && numberCell(at, raw) || textCell(at, fitted(shown(raw), row));
  };
  const taken = () => {
    const bytes = ready.length === 1 ? ready[0]! : Buffer.concat(ready);
    ready = [];
    return Promise.resolve(bytes);
  };

  header();
  return {
    shortened,
    page(rows) {
      pages++;
      for (const row of rows) {
        if (sheet.rows > bounds.rows || sheet.bytes > bounds.bytes) {
          close();
          header();
        }
        sheet.rows++;
        text += `<row r="${sheet.rows}">`;
        for (let at = 0; at < columns.length; at++) text += cell(columns[at]!, at, row);
        text += "</row>";
        if (text.length > PIECE) encode();
        if (waiting > BATCH) flush();
      }
      return taken();
    },
    end() {
      if (pages === 0) return taken();
      close();
      const titles = Array.from({ length: sheets }, (_, at) => title(about.title, at + 1));
      ready.push(...workbookParts(titles).map(({ name, text }) => archive.whole(name, text)), archive.end());
      return taken();
    },
  };
}

/** Whether an empty cell stands for nothing at all. Of a row with many of them the values are looked at once. */
function nulls<Row>(view: View<Row>): (column: Column<Row>, row: Row) => boolean {
  let known: Row | undefined, values: Record<string, unknown> = {};
  return ({ name }, row) => {
    if (row !== known) [known, values] = [row, view.record(row)];
    return values[name] === null;
  };
}

/** A, B, … Z, AA, AB, … */
function letter(at: number): string {
  return (at >= 26 ? letter(Math.floor(at / 26) - 1) : "") + String.fromCharCode(65 + at % 26);
}

function tooWide(count: number): AppError {
  return new AppError("usage", `cannot write ${count} columns to an xlsx file: it holds ${MOST_COLUMNS}`, {
    hint: "choose some of them with --fields",
  });
}
