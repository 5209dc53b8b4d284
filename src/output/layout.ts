/**
 * How wide the columns of a table are, and which of them there is room for. Pure.
 *
 * @module
 */
import type { Column } from "../fields/mod.ts";

export const GAP = "  ";
/** Cells that a column of text keeps beside columns that are never cut: an instant's day and `…`. With less it goes. */
const LEAST = 11;
/** Cells that a column of text keeps while a number is whole, where nothing has to be copied. */
const NARROWEST = 3;

/**
 * The width of each column in a line of `room` cells, 0 for one that goes; `widths` are what their cells take. Undefined when
 * rows have to stand one below the other.
 *
 * What has to be copied is never cut, nor are the numbers beside it: text shrinks to eleven cells, the widest first, then
 * columns go, texts from the right, then numbers, but no prose. When less than half of them is left, or one, there is no table. Where nothing has
 * to be copied no column goes: text shrinks to three cells, then everything to one.
 */
export function layout(
  columns: readonly Column<never>[],
  widths: readonly number[],
  room: number,
): number[] | undefined {
  if (!columns.some(({ key }) => key)) return shrink(widths, columns.map(({ right }) => right), room);
  const isWhole = columns.map(({ key, right }) => key || right);
  const kept = columns.map(() => true);
  for (;;) {
    const of = (wanted: boolean) => widths.filter((_, i) => kept[i] && isWhole[i] === wanted);
    const texts = of(false);
    const left = room - total(of(true)) - GAP.length * texts.length;
    if (texts.reduce((sum, width) => sum + Math.min(width, LEAST), 0) <= left) {
      const fitted = fit(texts, left + GAP.length * (texts.length - 1));
      return widths.map((width, i) => !kept[i] ? 0 : isWhole[i] ? width : fitted.shift()!);
    }
    const last = (what: (column: Column<never>) => boolean) =>
      columns.findLastIndex((column, i) => kept[i] && what(column));
    const text = last(({ key, right, prose }) => !key && !right && !prose);
    const goes = text >= 0 ? text : last(({ right }) => right);
    if (goes < 0) return undefined;
    kept[goes] = false;
    const count = kept.filter(Boolean).length;
    if (count < 2 || count * 2 < columns.length) return undefined;
  }
}

/** Cells of a line with columns of these widths. */
export function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1));
}

/** Numbers are cut last: an amount that was cut reads as another one. */
function shrink(widths: readonly number[], right: readonly boolean[], room: number): number[] {
  const text = widths.filter((_, i) => !right[i]);
  const numbers = widths.filter((_, i) => right[i]);
  const left = room - (numbers.length > 0 ? total(numbers) + GAP.length : 0);
  if (left < total(text.map(() => NARROWEST))) return fit(widths, room);
  const fitted = fit(text, left);
  return widths.map((width, i) => right[i] ? width : fitted.shift()!);
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
