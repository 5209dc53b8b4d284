/**
 * Rows → aligned columns, for a terminal.
 *
 * @module
 */
import { cells, type View } from "../fields/mod.ts";
import { safe } from "./safe.ts";
import type { Style } from "./style.ts";
import { cellWidth, truncate, wrap } from "./width.ts";

const GAP = "  ";
/** Cells that a column of text keeps while a number is whole. */
const NARROWEST = 3;

/**
 * A header row, a rule, the rows. The first page decides the columns' widths, the widest shrinking until a line fits into
 * `room` cells (as far as one cell a column goes). On a later page a longer cell takes what room its line has left, and is cut beyond it.
 */
export function tableList<Row>(view: View<Row>, style: Style, room: number) {
  const headers = view.columns.map(({ header }) => safe(header));
  const [right, prose] = [view.columns.map((column) => column.right), view.columns.map((column) => column.prose)];
  let widths: number[] | undefined;

  function line(row: string[], widths: number[]): string {
    let spare = room - total(widths);
    return row.map((text, i) => {
      const width = widths[i]!;
      const cell = truncate(text, width + Math.max(0, spare));
      const pad = width - cellWidth(cell);
      if (pad < 0) spare += pad;
      return right[i] ? " ".repeat(Math.max(0, pad)) + cell : cell + " ".repeat(Math.max(0, pad));
    }).join(GAP).trimEnd();
  }

  /** The row in as many lines as its longest prose takes. */
  function lines(row: string[], widths: number[]): string[] {
    const parts = row.map((text, i) => prose[i] ? wrap(text, widths[i]!) : [text]);
    const height = Math.max(...parts.map(({ length }) => length));
    return Array.from({ length: height }, (_, at) => line(parts.map((part) => part[at] ?? ""), widths));
  }

  return {
    page(rows: readonly Row[]): string {
      const body = rows.map((row) => cells(view, row).map(safe));
      let head = "";
      if (!widths) {
        const longest = headers.map((header, i) =>
          body.reduce((w, row) => Math.max(w, cellWidth(row[i]!)), cellWidth(header))
        );
        widths = shrink(longest, right, room);
        head = style.bold(line(headers, widths)) + "\n" + style.dim(widths.map((w) => "─".repeat(w)).join(GAP)) + "\n";
      }
      return head + body.flatMap((row) => lines(row, widths!)).map((text) => text + "\n").join("");
    },
    end: () => "",
  };
}

/** FIELD and VALUE, one pair a line. Values stand last and are never cut: the terminal wraps them. */
export function tableDetail<Row>(view: View<Row>, row: Row, style: Style, room: number): string {
  const values = cells(view, row).map(safe);
  const pairs = view.columns.map(({ header }, i) => [safe(header), values[i]!] as const);
  const longest = (index: 0 | 1, least: number) =>
    pairs.reduce((w, pair) => Math.max(w, cellWidth(pair[index])), least);
  const width = longest(0, "FIELD".length);
  const line = (name: string, value: string) => (name + " ".repeat(width - cellWidth(name)) + GAP + value).trimEnd();
  const rule = "─".repeat(Math.max(1, Math.min(longest(1, "VALUE".length), room - width - GAP.length)));
  return [
    style.bold(line("FIELD", "VALUE")),
    style.dim("─".repeat(width) + GAP + rule),
    ...pairs.map((pair) => line(...pair)),
  ]
    .map((text) => text + "\n").join("");
}

function total(widths: number[]): number {
  return widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1));
}

/** Numbers are cut last: an amount that was cut reads as another one. */
function shrink(widths: number[], right: boolean[], room: number): number[] {
  const text = widths.filter((_, i) => !right[i]);
  const numbers = widths.filter((_, i) => right[i]);
  const left = room - (numbers.length > 0 ? total(numbers) + GAP.length : 0);
  if (left < total(text.map(() => NARROWEST))) return fit(widths, room);
  const fitted = fit(text, left);
  return widths.map((width, i) => right[i] ? width : fitted.shift()!);
}

/** Lowers the widest columns to one height until the line fits; the cells that do not divide go to the first of them. */
function fit(widths: number[], room: number): number[] {
  let cells = room - GAP.length * (widths.length - 1), columns = widths.length;
  for (const width of widths.toSorted((a, b) => a - b)) {
    if (width * columns > cells) break;
    cells -= width;
    columns--;
  }
  const cap = Math.max(1, Math.floor(cells / columns));
  let rest = cells - cap * columns;
  return columns ? widths.map((width) => width > cap ? cap + (rest-- > 0 ? 1 : 0) : width) : widths;
}
