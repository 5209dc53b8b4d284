/** What the tests of this folder have in common: a stream that remembers, one view, and seeded random text. */
import { fields, type Row as RowOf, type View, view } from "../../../src/fields/mod.ts";
import { type Destination, type Format, list, style } from "../../../src/output/mod.ts";
import type { Output } from "../../../src/system/mod.ts";

export const FIELDS = fields({
  id: { is: "text", column: "ID" },
  name: { is: "text", column: "NAME", nullable: true },
  total: { is: "money", column: "TOTAL" },
  paid: { is: "switch", column: "PAID", cell: (paid) => paid ? "yes" : "" },
});

export type Row = RowOf<typeof FIELDS>;

export const ROWS = view(FIELDS);

export class Memory implements Output {
  text = "";
  constructor(readonly width = 80, readonly isTerminal = true) {}
  columns(): number {
    return this.width;
  }
  write(text: string): Promise<void> {
    this.text += text;
    return Promise.resolve();
  }
}

export function to(format: Format, stdout: Output = new Memory()): Destination {
  return { stdout, format, style: style(false) };
}

/** The text of a list that arrived in these pages. */
export async function printed<R>(format: Format, view: View<R>, pages: readonly R[][], width = 80): Promise<string> {
  const stdout = new Memory(width);
  const writer = list(to(format, stdout), view);
  for (const page of pages) await writer.page(page);
  await writer.end();
  return stdout.text;
}

const PIECES = [
  ..."abc XYZ 019 \\\"'`:#-+.,[]{}&*!|>%@=~?",
  ..."\0\x07\t\n\r\x1b\x7f\x80\x85\x9b\xa0\xad",
  ..."\u061c\u180e\u200b\u200c\u200d\u200e\u202e\u2028\u2029\u2060\u2066\u2069\ufeff\ufff9\uffff",
  ..."\u{e0001}\u{e0041}\u{e007f}\ufe0f\ufe0f\u{e0100}\u3164",
  ..."é日本한글ｱ葛हिन्दीমৌ",
  ..."e\u0301👩👧🏽❤🇮🇳😀1",
  "\ud800",
  "\udc00",
  "\x1b]8;;http://x\x07",
  "\r\n",
  "--- ",
  "? ",
  ": ",
  " #",
];
const WHOLE = [
  "",
  "yes",
  "no",
  "on",
  "~",
  "null",
  "1e3",
  "0o7",
  "0x1F",
  "012",
  "1_000",
  "12:30:45",
  ".5",
  "-",
  "<<",
  "=",
];

/** The same texts for the same seed (a linear congruential generator with the constants of Numerical Recipes). */
export function randomTexts(seed: number): () => string {
  let state = seed;
  const below = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * n);
  };
  return () => {
    if (below(10) === 0) return WHOLE[below(WHOLE.length)]!;
    if (below(10) === 0) return String.fromCodePoint(below(0x110000), below(0x3000));
    return Array.from({ length: below(14) }, () => PIECES[below(PIECES.length)]).join("");
  };
}

/** The documented class, written out: first and last of each range. */
export const FORBIDDEN: [number, number][] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x061c, 0x061c],
  [0x180e, 0x180e],
  [0x200b, 0x200b],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xd800, 0xdfff],
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
  [0xe0000, 0xe00ff],
];

/** The first forbidden character of a text as `U+202E`, but for those in `allowed`; undefined when there is none. */
export function forbidden(text: string, allowed = "\n"): string | undefined {
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (!allowed.includes(char) && FORBIDDEN.some(([first, last]) => code >= first && code <= last)) {
      return `U+${code.toString(16).padStart(4, "0").toUpperCase()}`;
    }
  }
  return undefined;
}
