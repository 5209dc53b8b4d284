/**
 * Terminal cells of texts that are more than ASCII. Loaded for those: its patterns take a millisecond to read.
 *
 * @module
 */
import stringWidth from "fast-string-width";

/** Joiners that join no emoji: zero cells, where fast-string-width counts one. */
const JOINERS =
  /(?<!\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]?)\u200d|\u200d(?!\p{Extended_Pictographic})|\u200c/gu;
/** Spacing vowel signs of Indic scripts: one cell in most terminals, where fast-string-width counts none. */
const SPACING_MARKS = /\p{Mc}/gu;

/** As {@link cellWidth} counts them. */
export function wideWidth(text: string): number {
  return stringWidth(text.replace(JOINERS, "")) + (text.match(SPACING_MARKS)?.length ?? 0);
}
