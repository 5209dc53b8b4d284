/**
 * Messages in a narrow terminal. Loaded when a line does not fit.
 *
 * @module
 */
import { cellWidth, learn } from "./width.ts";

/** As {@link broken}, of whatever characters. */
export async function brokenAt(text: string, limit: number): Promise<string> {
  if (text.length > limit) await learn([text]);
  return broken(text, limit);
}

/**
 * A safe text in lines of at most `limit` cells, broken between words, which stay whole. A command, from the name of the
 * program to its end, is one word, on a line of its own where it has to be: what is copied is the whole of it.
 */
export function broken(text: string, limit: number): string {
  if (text.length <= limit) return text; // what is wide is left to the terminal
  const at = text.search(/(?<= )autocom [a-z]/);
  const words = (at < 0 ? text : text.slice(0, at - 1)).split(" ");
  if (at >= 0) words.push(text.slice(at));
  const lines: string[] = [];
  for (const word of words) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && cellWidth(longer) <= limit) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join("\n");
}
