/**
 * Text from outside on its way to a person: as much of it as helps, and how much was left out.
 *
 * @module
 */

import { grouped } from "./amounts.ts";

/** Characters of one text in a message. */
export const MESSAGE = 1_000;
/** Of a name in it: a field's, a request's. */
export const NAME = 200;
/** Of a hint, and of a cell: a path that is to be copied has up to 4,096. */
export const COPIED = 5_000;
/** Texts of a list in a message. */
export const SOME = 20;

/** Much more of a text's ends than is shown; what is between is not looked at. */
const WINDOW = 32_768;
/** Where a window breaks a secret off, less of it may be left than is recognised: in the characters of its escapes. */
const EDGE = 300;

type Mask = (text: string) => string;

/**
 * What `mask` leaves of a text, at most `most` characters of it: the beginning, and a quarter from the end, because what is
 * ours stands there (what was tried, the command to type): `aaa… (29,999,000 more characters) …zzz`.
 */
export function clean(text: string, most: number, mask: Mask = (whole) => whole): string {
  const isHuge = text.length > 2 * WINDOW;
  const head = isHuge ? mask(text.slice(0, WINDOW)).slice(0, -EDGE) : mask(text);
  if (!isHuge && head.length <= most) return head;
  const tail = isHuge ? mask(text.slice(-WINDOW)).slice(EDGE) : head;
  const back = most >> 2;
  const first = head.slice(0, most - back).replace(/[\ud800-\udbff]$/, "");
  const last = tail.slice(-back).replace(/^[\udc00-\udfff]/, "");
  const left = characters(isHuge ? text : head) - characters(first) - characters(last);
  return `${first}… (${grouped(left)} more characters) …${last}`;
}

/** The first of some names, each cut: `acme, globex … and 49,980 more`. */
export function some(names: readonly string[], most = SOME): string {
  const shown = names.slice(0, most).map((name) => clean(name, NAME)).join(", ");
  return names.length > most ? `${shown} ${more(names.length - most)}` : shown;
}

/** `… and 49,980 more` */
export function more(count: number): string {
  return `… and ${grouped(count)} more`;
}

/** A pair of surrogates is one. */
function characters(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) if ((text.charCodeAt(at) & 0xfc00) !== 0xdc00) count++;
  return count;
}
