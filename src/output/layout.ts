/**
 * What a line of a table is made of.
 *
 * @module
 */

export const GAP = "  ";

/** Cells of a line with columns of these widths. */
export function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1));
}
