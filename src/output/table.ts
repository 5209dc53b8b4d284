/**
 * Rows → aligned columns, for a terminal.
 *
 * @module
 */
import { clean, COPIED } from "./clean.ts";
import { GAP, layout, total } from "./layout.ts";
import { byMeaning } from "./meaning.ts";
import type { Destination } from "./mod.ts";
import { safe } from "./safe.ts";
import { cells, columnsOf, type View } from "./view.ts";
import { cellWidth, truncate, wrap } from "./width.ts";

/** Paints a cell by the whole word that is in it. */
type Paint = (word: string, cell: string) => string;

/**
 * A header row, a rule, the rows; or, in a terminal that is too narrow for what has to be copied, the rows one below the
 * other, field by field. The first page decides that and the widths ({@link layout}). On a later page a longer cell takes
 * what room its line has left, and is cut beyond it, unless it has to be copied: then the texts of its line are cut.
 */
export function tableList<Row>(view: View<Row>, to: Destination) {
  const { style } = to;
  const columns = columnsOf(view);
  const headers = columns.map(({ header }) => safe(header));
  const printed = printer(to);
  const [colour, room] = [byMeaning(style), to.stdout.columns()];
  const isKeyed = columns.some(({ key }) => key);
  const isWhole = columns.map(({ key, right }) => key || isKeyed && right);
  let widths: number[] | undefined, begun = false;

  function line(
    row: readonly string[],
    widths: readonly number[],
    paint: Paint = (_, text) => text,
    words = row,
  ): string {
    const limits = widths.slice();
    let spare = room - total(widths.filter(Boolean));
    row.forEach((text, i) => {
      if (isWhole[i] && limits[i]) spare -= Math.max(0, cellWidth(text) - widths[i]!);
    });
    for (let i = columns.length - 1; i >= 0 && spare < 0; i--) {
      if (isWhole[i] || limits[i]! < 2) continue;
      const given = Math.min(limits[i]! - 1, -spare);
      limits[i]! -= given;
      spare += given;
    }
    const shown = row.flatMap((text, i) => {
      const width = limits[i]!;
      if (width === 0) return [];
      const cell = isWhole[i] ? text : truncate(text, width + Math.max(0, spare));
      const pad = width - cellWidth(cell);
      if (pad < 0 && !isWhole[i]) spare += pad;
      const [said, space] = [paint(words[i]!, cell), " ".repeat(Math.max(0, pad))];
      return [columns[i]!.right ? space + said : said + space];
    });
    return shown.join(GAP).trimEnd();
  }

  /** The row in as many lines as its longest prose takes. */
  function lines(row: readonly string[], widths: readonly number[]): string[] {
    const parts = row.map((text, i) => columns[i]!.prose && widths[i] ? wrap(text, widths[i]!) : [text]);
    const height = Math.max(...parts.map(({ length }) => length));
    return Array.from(
      { length: height },
      (_, at) => line(parts.map((part) => part[at] ?? ""), widths, colour, at === 0 ? row : undefined),
    );
  }

  function head(body: readonly string[][]): string {
    const longest = headers.map((header, i) =>
      body.reduce((width, row) => Math.max(width, cellWidth(row[i]!)), cellWidth(header))
    );
    widths = layout(columns, longest, room) ?? [];
    if (widths.length === 0 && columns.length > 0) return "";
    const rule = widths.filter(Boolean).map((width) => "─".repeat(width)).join(GAP);
    return style.bold(line(headers, widths)) + "\n" + style.dim(rule) + "\n";
  }

  return {
    page(rows: readonly Row[]): string {
      const body = rows.map((row) => cells(view, row).map(printed));
      let text = widths ? "" : head(body);
      for (const row of body) {
        if (widths!.length > 0) text += lines(row, widths!).join("\n") + "\n";
        else text += (begun ? "\n" : "") + pairs(headers, row, style, colour).join("\n") + "\n";
        begun = true;
      }
      return text;
    },
    end: () => "",
    /** The headers of the columns that there was no room for. */
    hidden: (): string[] => widths?.length ? headers.filter((_, i) => widths![i] === 0) : [],
  };
}

/** FIELD and VALUE, one pair a line. Values stand last and are never cut: the terminal wraps them. */
export function tableDetail<Row>(view: View<Row>, row: Row, to: Destination): string {
  const { style } = to;
  const headers = columnsOf(view).map(({ header }) => safe(header));
  const values = cells(view, row).map(printer(to));
  const longest = (texts: readonly string[]) => texts.reduce((width, text) => Math.max(width, cellWidth(text)), 0);
  const width = longest(["FIELD", ...headers]);
  const rule = "─".repeat(
    Math.max(1, Math.min(longest(["VALUE", ...values]), to.stdout.columns() - width - GAP.length)),
  );
  const body = pairs(headers, values, style, byMeaning(style), width);
  const lines = [style.bold(padded("FIELD", width) + "VALUE"), style.dim("─".repeat(width) + GAP + rule), ...body];
  return lines.map((text) => text + "\n").join("");
}

function pairs(
  names: readonly string[],
  values: readonly string[],
  style: Destination["style"],
  colour: (word: string) => string,
  width = Math.max(...names.map(cellWidth)),
): string[] {
  return names.map((name, i) => values[i] ? style.bold(padded(name, width)) + colour(values[i]!) : style.bold(name));
}

function padded(name: string, width: number): string {
  return name + " ".repeat(width - cellWidth(name)) + GAP;
}

/** A cell as it is printed: masked and bounded as all text that a person reads, then made safe. */
function printer({ secrets }: Destination): (cell: string) => string {
  const mask = secrets && ((text: string) => secrets.mask(text));
  return (cell) => safe(clean(cell, COPIED, mask));
}
