/**
 * How wide the columns of a table are where the terminal has no room for all, and which of them stay. Pure. Loaded when it is
 * needed.
 *
 * @module
 */
import type { Column } from "../fields/mod.ts";
import { GAP, total } from "./layout.ts";
import { truncate } from "./width.ts";

/** Cells that a column of text keeps beside columns that are never cut. With less it goes. */
const LEAST = 11;
/** What a text may want before an identifier gives up its column. */
const WANTED = 17;
/** Cells that prose keeps while another text can go. */
const PROSE = 24;
/** Cells that a column of text keeps while a number is whole, where nothing has to be copied. */
const NARROWEST = 3;

/** Cells of a value in a note. */
const LONGEST = 40;

export interface Narrow {
  /** The width of each column, 0 for one that goes; none where rows have to stand one below the other. */
  readonly widths: readonly number[];
  /** Each later page, because what was the same in every row may end there. */
  saw(body: readonly string[][]): void;
  /** Which columns there was no room for, and how to see them. */
  note(): string | undefined;
}

/** The columns in a line of `room` cells; `widths` are what they would take, `body` the first page. */
export function narrow(
  columns: readonly Column<never>[],
  headers: readonly string[],
  widths: readonly number[],
  room: number,
  body: readonly string[][],
): Narrow {
  const same = columns.map((_, i) => body.length > 1 && body.every((row) => row[i] === body[0]![i]));
  const found = layout(columns, widths, room, same, body) ?? [];
  const gone = columns.map((_, i) => i).filter((i) => found[i] === 0);
  return {
    widths: found,
    saw(rows) {
      for (const i of gone) same[i] &&= rows.every((row) => row[i] === body[0]![i]);
    },
    note() {
      if (gone.length === 0) return undefined;
      const said = gone.map((i) =>
        headers[i] + (same[i] ? body[0]![i] ? ` (${truncate(body[0]![i]!, LONGEST)} in each row)` : " (empty)" : "")
      );
      const choose = gone.some((i) => columns[i]!.spare) ? "--fields or " : "";
      return `No room for ${said.join(", ")}: widen the terminal, or use ${choose}-o tsv.`;
    },
  };
}

/**
 * What has to be copied is never cut, nor are the numbers and instants beside it. An identifier beside which the row has another name
 * goes first, before a text is cut to less than seventeen cells; then text shrinks to eleven cells, the widest first, then
 * columns go: texts that say the same in each row (but for one behind a number, which may be its unit) and empty keys,
 * other texts and instants from the right, also where prose has less than 24 cells, numbers, but no prose. When less than half of them
 * is left, or one, there is no table. Where nothing has to be copied no column goes: text shrinks to three cells, then
 * everything to one.
 */
function layout(
  columns: readonly Column<never>[],
  widths: readonly number[],
  room: number,
  same: readonly boolean[],
  body: readonly string[][],
): number[] | undefined {
  const isExact = columns.map(({ right, instant }) => right || instant === true);
  if (!columns.some(({ key }) => key)) return shrink(widths, isExact, room);
  const isWhole = columns.map(({ key }, i) => key || isExact[i]);
  const isNamed = columns.every(({ key, spare }, i) => !key || spare || body.every((row) => row[i]));
  const kept = columns.map(() => true);
  const isText = ({ key, right, prose }: Column<never>) => !key && !right && !prose;
  const isUnit = (i: number) => columns[i - 1]?.right && kept[i - 1];
  const last = (what: (column: Column<never>, i: number) => boolean) =>
    columns.findLastIndex((column, i) => kept[i] && what(column, i));
  for (;;) {
    const spare = isNamed ? last(({ spare }) => spare === true) : -1;
    const texts = columns.map((_, i) => i).filter((i) => kept[i] && !isWhole[i]);
    const whole = widths.filter((_, i) => kept[i] && isWhole[i]);
    const left = room - total(whole) - GAP.length * texts.length;
    const least = spare < 0 ? LEAST : WANTED;
    const prose = last(isText) < 0 ? least : PROSE;
    if (texts.reduce((sum, i) => sum + Math.min(widths[i]!, columns[i]!.prose ? prose : least), 0) <= left) {
      const fitted = fit(texts.map((i) => widths[i]!), left + GAP.length * (texts.length - 1));
      return widths.map((width, i) => !kept[i] ? 0 : isWhole[i] ? width : fitted.shift()!);
    }
    const goes = [
      spare,
      last((column, i) => same[i]! && (isText(column) && !isUnit(i) || column.key && !body[0]![i])),
      last(isText),
      last(({ right }) => right),
    ].find((i) => i >= 0);
    if (goes === undefined) return undefined;
    kept[goes] = false;
    const count = kept.filter(Boolean).length;
    if (count < 2 || count * 2 < columns.length) return undefined;
  }
}

/** Numbers and instants are cut last: an amount that was cut reads as another one. */
function shrink(widths: readonly number[], isExact: readonly boolean[], room: number): number[] {
  const text = widths.filter((_, i) => !isExact[i]);
  const numbers = widths.filter((_, i) => isExact[i]);
  const left = room - (numbers.length > 0 ? total(numbers) + GAP.length : 0);
  if (left < total(text.map(() => NARROWEST))) return fit(widths, room);
  const fitted = fit(text, left);
  return widths.map((width, i) => isExact[i] ? width : fitted.shift()!);
}

/** Lowers the widest columns to one height until the line fits; the cells that do not divide go to the first of them. */
function fit(widths: readonly number[], room: number): number[] {
  let cells = room - GAP.length * (widths.length - 1), columns = widths.length;
  for (const width of widths.toSorted((a, b) => a - b)) {
    if (width * columns > cells) break;
    cells -= width;
    columns--;
  }
  const cap = Math.max(1, Math.floor(cells / columns));
  let rest = cells - cap * columns;
  return columns ? widths.map((width) => width > cap ? cap + (rest-- > 0 ? 1 : 0) : width) : [...widths];
}
