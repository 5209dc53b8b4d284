/**
 * Terminal cells: how many a text takes, and how to cut it to fit.
 *
 * @module
 */
import stringWidth from "fast-string-width";
import { broken } from "./lines.ts";

const ASCII = /^[\x20-\x7e]*$/;
/** Joiners that join no emoji: zero cells, where fast-string-width counts one. */
const JOINERS =
  /(?<!\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]?)\u200d|\u200d(?!\p{Extended_Pictographic})|\u200c/gu;
/** Spacing vowel signs of Indic scripts: one cell in most terminals, where fast-string-width counts none. */
const SPACING_MARKS = /\p{Mc}/gu;

/**
 * Cells of a safe text, as `wcwidth` counts them, but for emoji sequences: two cells for the whole of it.
 *
 * Where it can be off, because terminals differ: joined emoji in terminals that draw the parts (xterm), spacing marks in
 * those that measure whole clusters (kitty), decomposed Hangul (counted too wide), and ambiguous-width characters in a CJK locale.
 */
export function cellWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  return stringWidth(text.replace(JOINERS, "")) + (text.match(SPACING_MARKS)?.length ?? 0);
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
