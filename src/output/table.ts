/**
 * Rows → aligned columns, for a terminal.
 *
 * @module
 */
import { cells, type Column, type View } from "../fields/mod.ts";
import { clean, COPIED } from "./clean.ts";
import { GAP, total } from "./layout.ts";
import { byMeaning } from "./meaning.ts";
import type { Destination } from "./mod.ts";
import type { Narrow } from "./narrow.ts";
import { safe } from "./safe.ts";
import type { Style } from "./style.ts";
import { cellWidth, learn, truncate, wrap } from "./width.ts";

/** Paints a cell of a column by the whole word that is in it. */
type Paint = (column: number, word: string, cell?: string) => string;

/**
 * A header row, a rule, the rows; or, in a terminal that is too narrow for what has to be copied, the rows one below the
 * other, field by field. The first page decides that and the widths (narrow.ts). On a later page a longer cell takes
 * what room its line has left, and is cut beyond it, unless it has to be copied: then the texts of its line are cut.
 */
export function tableList<Row>(view: View<Row>, to: Destination) {
  const { style } = to;
  const columns = view.columns;
  const headers = columns.map(({ header }) => safe(header));
  const printed = printer(to);
  const [colour, room] = [painter(columns, style), to.stdout.columns()];
  const isKeyed = columns.some(({ key }) => key);
  const isWhole = columns.map(({ key, right, instant }) => key || isKeyed && (right || instant));
  const hasProse = columns.some(({ prose }) => prose);
  let widths: readonly number[] | undefined, narrow: Narrow | undefined, begun = false;

  function line(row: readonly string[], widths: readonly number[], paint?: Paint, words = row): string {
    const taken = row.map(cellWidth);
    const limits = taken.some((cells, i) => cells > widths[i]!) ? limitsOf(taken, widths) : undefined;
    let text = "", gap = "";
    for (let i = 0; i < columns.length; i++) {
      const width = widths[i]!;
      if (width === 0) continue;
      const cell = limits ? truncate(row[i]!, limits[i]!) : row[i]!;
      const cells = limits ? cellWidth(cell) : taken[i]!;
      const said = paint ? paint(i, words[i]!, cell) : cell;
      const space = " ".repeat(Math.max(0, Math.min(width, limits?.[i] ?? width) - cells));
      text += gap + (columns[i]!.right ? space + said : said + space);
      gap = GAP;
    }
    return text.trimEnd();
  }

  /** The cells that each text of a line may take where one of them is longer than its column. */
  function limitsOf(taken: readonly number[], widths: readonly number[]): number[] {
    const limits = widths.slice();
    let spare = room - total(widths.filter(Boolean));
    const longer = (i: number) => widths[i] === 0 ? 0 : Math.max(0, taken[i]! - widths[i]!);
    for (const [i, isSo] of isWhole.entries()) {
      if (!isSo) continue;
      limits[i]! += longer(i);
      spare -= longer(i);
    }
    for (let i = columns.length - 1; i >= 0 && spare < 0; i--) {
      if (isWhole[i] || limits[i]! < 2) continue;
      const given = Math.min(limits[i]! - 1, -spare);
      limits[i]! -= given;
      spare += given;
    }
    for (let i = 0; i < columns.length && spare > 0; i++) {
      // A longer instant would be cut within its hour.
      if (isWhole[i] || columns[i]!.instant) continue;
      const given = Math.min(longer(i), spare);
      limits[i]! += given;
      spare -= given;
    }
    return limits;
  }

  /** The row in as many lines as its longest prose takes. */
  function lines(row: readonly string[], widths: readonly number[]): string {
    if (!hasProse) return line(row, widths, colour) + "\n";
    const parts = row.map((text, i) => columns[i]!.prose && widths[i] ? wrap(text, widths[i]!) : [text]);
    const height = Math.max(...parts.map(({ length }) => length));
    return Array.from(
      { length: height },
      (_, at) => line(parts.map((part) => part[at] ?? ""), widths, colour, at === 0 ? row : undefined) + "\n",
    ).join("");
  }

  async function head(body: readonly string[][]): Promise<string> {
    const longest = headers.map((header, i) =>
      body.reduce((width, row) => Math.max(width, cellWidth(row[i]!)), cellWidth(header))
    );
    // A value alone is a line, however long.
    if (total(longest) > room && !(view.bare && columns.length === 1)) {
      narrow = (await import("./narrow.ts")).narrow(columns, headers, longest, room, body);
    }
    widths = narrow?.widths ?? longest;
    if (view.bare || widths.length === 0 && columns.length > 0) return "";
    const rule = widths.filter(Boolean).map((width) => "─".repeat(width)).join(GAP);
    return style.bold(line(headers, widths)) + "\n" + style.dim(rule) + "\n";
  }

  return {
    async page(rows: readonly Row[]): Promise<string> {
      const body = printed(rows.map((row) => cells(view, row)));
      for (const row of [headers, ...body]) await learn(row);
      let text = widths ? "" : await head(body);
      narrow?.saw(body);
      for (const row of body) {
        if (widths!.length > 0) text += lines(row, widths!);
        else text += (begun ? "\n" : "") + pairs(headers, row, style, colour).join("\n") + "\n";
        begun = true;
      }
      return text;
    },
    end: () => "",
    note: () => narrow?.note(),
  };
}

/** FIELD and VALUE, one pair a line. Values stand last and are never cut: the terminal wraps them. */
export async function tableDetail<Row>(view: View<Row>, row: Row, to: Destination): Promise<string> {
  const { style } = to;
  const columns = view.columns;
  const headers = columns.map(({ header }) => safe(header));
  const [values = []] = printer(to)([cells(view, row)]);
  await learn([...headers, ...values]);
  const longest = (texts: readonly string[]) => texts.reduce((width, text) => Math.max(width, cellWidth(text)), 0);
  const width = longest(["FIELD", ...headers]);
  const rule = "─".repeat(
    Math.max(1, Math.min(longest(["VALUE", ...values]), to.stdout.columns() - width - GAP.length)),
  );
  const body = pairs(headers, values, style, painter(columns, style), width);
  const lines = [style.bold(padded("FIELD", width) + "VALUE"), style.dim("─".repeat(width) + GAP + rule), ...body];
  return lines.map((text) => text + "\n").join("");
}

function pairs(
  names: readonly string[],
  values: readonly string[],
  style: Style,
  paint: Paint,
  width = Math.max(...names.map(cellWidth)),
): string[] {
  return names.map((name, i) => values[i] ? style.bold(padded(name, width)) + paint(i, values[i]!) : style.bold(name));
}

/** A status has the colour of its meaning; what is copied, counted or read as a sentence has none. */
function painter(columns: readonly Column<never>[], style: Style): Paint {
  const colour = byMeaning(style);
  const isPlain = columns.map(({ key, right, prose }) => key || right || prose);
  return (column, word, cell = word) => isPlain[column] ? cell : colour(word, cell);
}

function padded(name: string, width: number): string {
  return name + " ".repeat(width - cellWidth(name)) + GAP;
}

/** Rows as they are printed: each cell masked and bounded as all text that a person reads, then made safe. */
function printer({ secrets }: Destination): (rows: string[][]) => string[][] {
  const mask = secrets && ((text: string) => secrets.mask(text));
  return (rows) => {
    // One look at all cells is faster than one at each, and nearly always enough.
    const all = mask && rows.map((row) => row.join("\n")).join("\n");
    const each = all === undefined || all.length < LOOK && mask!(all) === all ? undefined : mask;
    return rows.map((row) => row.map((cell) => safe(clean(cell, COPIED, each))));
  };
}

/** Characters. */
const LOOK = 1_000_000;
