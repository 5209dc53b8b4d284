/**
 * Terminal cells: how many a text takes, and how to cut it to fit.
 *
 * @module
 */
import { broken } from "./lines.ts";

/** And what we put into texts ourselves. */
const ASCII = /^[\x20-\x7e…─]*$/;
/** What knows of other characters, once it is needed. */
let measure: ((text: string) => number) | undefined;

/** To be awaited before one of the texts is measured. */
export async function learn(texts: readonly string[]): Promise<void> {
  if (!measure && texts.some((text) => !ASCII.test(text))) measure = (await import("./wide.ts")).wideWidth;
}

/**
 * Cells of a safe text, as `wcwidth` counts them, but for emoji sequences: two cells for the whole of it.
 *
 * Where it can be off, because terminals differ: joined emoji in terminals that draw the parts (xterm), spacing marks in
 * those that measure whole clusters (kitty), decomposed Hangul (counted too wide), and ambiguous-width characters in a CJK locale.
 */
export function cellWidth(text: string): number {
  return ASCII.test(text) || !measure ? text.length : measure(text);
}

/** The text in lines of at most `limit` cells (≥ 1), broken between words; a longer word is cut. */
export const wrap = broken(cellWidth, truncate);

let segmenter: Intl.Segmenter | undefined;

/** The text in at most `limit` cells (≥ 1), cut between graphemes and ended by `…` when it is longer. */
export function truncate(text: string, limit: number): string {
  if (cellWidth(text) <= limit) return text;
  if (ASCII.test(text)) return text.slice(0, limit - 1) + "…";
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  let kept = "", width = 0;
  for (const { segment } of segmenter.segment(text)) {
    width += cellWidth(segment);
    if (width > limit - 1) break;
    kept += segment;
  }
  return kept + "…";
}
