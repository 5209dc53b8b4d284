/**
 * One cell of a sheet as XML: text stays text, and a number is one only where Excel keeps its digits.
 * ECMA-376, part 1: 18.3.1.4 (cells), 18.18.19 (escapes in text).
 *
 * @module
 */

import { show, unsafe } from "../output/mod.ts";

/** Characters that Excel takes in a cell. */
export const MOST_CHARACTERS = 32_767;

/** Digits of a number that Excel keeps. */
const DIGITS = 15;
/** Whole numbers up to so many digits are shown as they are without a format. */
const GENERAL = 11;

/** Their places in the table of styles. */
const [TEXT, HEADER, NUMBERS] = [1, 2, 3];

/** Text is of the format `@`: it stays text when somebody edits it, so that no `=` becomes a formula and no `00123` a number. */
export const STYLES = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
  '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' +
  list("numFmts", decimals((places) => `<numFmt numFmtId="${164 + places}" formatCode="${format(places)}"/>`)) +
  list(
    "fonts",
    ["", "<b/>"].map((bold) => `<font>${bold}<sz val="11"/><name val="Calibri"/><family val="2"/></font>`),
  ) +
  list("fills", ["none", "gray125"].map((fill) => `<fill><patternFill patternType="${fill}"/></fill>`)) +
  list("borders", ["<border><left/><right/><top/><bottom/><diagonal/></border>"]) +
  list("cellStyleXfs", ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>']) +
  list("cellXfs", [xf(0, 0), xf(49, 0), xf(49, 1), ...decimals((places) => xf(164 + places, 0))]) +
  list("cellStyles", ['<cellStyle name="Normal" xfId="0" builtinId="0"/>']) +
  "</styleSheet>";

function list(name: string, items: readonly string[]): string {
  return `<${name} count="${items.length}">${items.join("")}</${name}>`;
}

function decimals(each: (places: number) => string): string[] {
  return Array.from({ length: DIGITS + 1 }, (_, places) => each(places));
}

function format(places: number): string {
  return places === 0 ? "0" : `0.${"0".repeat(places)}`;
}

function xf(format: number, font: number): string {
  return `<xf numFmtId="${format}" fontId="${font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>`;
}

/** The text as a cell shows it: line breaks as they are, every other control character escaped, as everywhere. */
export function shown(text: string): string {
  if (!UNUSUAL.test(text)) return text;
  const escaped = text.replace(unsafe(), (char) => char === "\n" || char === "\r" ? char : show(char));
  // No character of XML 1.0, and nothing that a terminal would obey.
  return escaped.replace(/[\ufffe\uffff]/g, show);
}

/** No more of it than a cell holds; never half a character. */
export function cut(text: string): string {
  const pair = /[\ud800-\udbff]/.test(text[MOST_CHARACTERS - 1]!);
  return text.slice(0, MOST_CHARACTERS - (pair ? 1 : 0));
}

/** `at` is the cell's name, `B7`; the text is one that `shown` gave. */
export function textCell(at: string, text: string, style = TEXT): string {
  const begin = `<c r="${at}" s="${style}" t="inlineStr"><is><t`;
  if (!SPECIAL.test(text)) return `${begin}>${text}</t></is></c>`;
  const space = /^[ \n\r]|[ \n\r]$/.test(text) ? ' xml:space="preserve"' : "";
  return `${begin}${space}>${text.replace(MARKUP, (found) => ENTITIES[found] ?? "_x005F_")}</t></is></c>`;
}

export function headerCell(at: string, text: string): string {
  return textCell(at, text, HEADER);
}

/** A decimal as a number with as many places as it has; undefined for what would not come back with the same digits. */
export function numberCell(at: string, text: string): string | undefined {
  const places = placesOf(text);
  if (places === undefined) return undefined;
  const style = places === 0 && text.length <= GENERAL ? "" : ` s="${NUMBERS + places}"`;
  return `<c r="${at}"${style}><v>${text}</v></c>`;
}

function placesOf(text: string): number | undefined {
  if (!DECIMAL.test(text) || MINUS_ZERO.test(text)) return undefined;
  const dot = text.indexOf(".");
  const places = dot < 0 ? 0 : text.length - dot - 1;
  if (text.length <= DIGITS) return places;
  const digits = text.replace(/[-.]/g, "").replace(/^0+/, "").length;
  return digits <= DIGITS && places <= DIGITS ? places : undefined;
}

const DECIMAL = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;
const MINUS_ZERO = /^-[0.]+$/;

const UNUSUAL = /[^ -~]/;
/** What is not written as it is: anything that markup, an escape or space at an end could be. */
const SPECIAL = /[&<>_\n\r]|^ | $/;
/** Markup; a CR, which XML reads as LF; the beginning of what reads as an escape: `_x0041_`. */
const MARKUP = /[&<>\r]|_(?=[xX][0-9A-Fa-f]{4}_)/g;
const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;" };
