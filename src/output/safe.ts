/**
 * No control character that came from outside reaches a terminal, a file or a pipe: it is shown escaped.
 * The class follows Unicode's own properties, so it needs no table of ours.
 *
 * @module
 */

let made: RegExp | undefined;

/**
 * What is escaped, for `replace` and `search` (it is global: never `test` or `exec` it). Made when a text needs it: a
 * class of Unicode properties costs a millisecond.
 *
 * - `Cc`: C0 with TAB, CR and LF, DEL, C1. `Zl`, `Zp`: U+2028, U+2029. `Cs`: lone surrogates.
 * - `Default_Ignorable_Code_Point`: all that a terminal hides or obeys without showing it. The bidi controls (061C, 200E,
 *   200F, 202A–202E, 2066–2069), zero-width characters (200B, 2060–2064, FEFF, 180E, 034F), the soft hyphen (00AD), blank
 *   Hangul and Khmer fillers, shorthand and musical format controls, and tags (E0000–E0FFF): a flag of England shows its tags.
 * - U+FFF9–FFFB: interlinear annotations, hidden by some terminals.
 *
 * What passes: U+200C and U+200D (names in Indic scripts and in Persian, joined emoji) and one variation selector after a
 * character (FE0F makes an emoji, E0100–E01EF choose the form of a Japanese name). Selectors in a row mean nothing and can
 * smuggle text, so they are escaped from the second on.
 */
export function unsafe(): RegExp {
  return made ??= make();
}

function make(): RegExp {
  const hidden = String.raw`\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb`;
  const allowed = String.raw`\p{Variation_Selector}\u200c\u200d`;
  const second = String.raw`(?<=\p{Variation_Selector})\p{Variation_Selector}`;
  return new RegExp(`[[${hidden}]--[${allowed}]]|${second}`, "gv");
}

const PLAIN = /^[\x20-\x7e]*$/;
const PLAIN_LINES = /^[\x20-\x7e\n]*$/;
const SHORT: Record<string, string> = { "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** The text on one line, each unsafe character shown as `\t`, `\n`, `\r`, `\x1b`, `\u202e` or `\u{e0041}`. */
export function safe(text: string): string {
  return PLAIN.test(text) ? text : text.replace(unsafe(), show);
}

/** An escape in JSON, a pair of surrogates or a lone one. */
const ESCAPE = /\\(?:ud[89ab]..\\ud[c-f]..|(ud[89a-f]..)|.)/gi;

/**
 * What `JSON.stringify` wrote, with the unsafe characters it leaves raw (DEL, C1, bidi, …) as `\uXXXX`: it decodes to the
 * same value, but for a lone surrogate, which becomes U+FFFD: most that read JSON (jq, Ruby) refuse all of it for one. The
 * line breaks of the pretty print stay.
 */
export function safeJson(json: string): string {
  // Most pages have none, and need no second look.
  const whole = !json.includes("\\ud") ? json : json.replace(ESCAPE, (all, half) => half ? "\\ufffd" : all);
  if (PLAIN_LINES.test(whole)) return whole;
  return whole.replace(unsafe(), (char) => char === "\n" ? char : units(char));
}

/** One line of JSON, safe, with its line break: a record of JSON Lines, the error envelope. */
export function jsonLine(value: unknown): string {
  return safeJson(JSON.stringify(value)) + "\n";
}

/** One unsafe character as it is shown. */
export function show(char: string): string {
  const hex = char.codePointAt(0)!.toString(16);
  return SHORT[char] ??
    (hex.length <= 2 ? `\\x${hex.padStart(2, "0")}` : hex.length <= 4 ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`);
}

function units(char: string): string {
  return char.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
