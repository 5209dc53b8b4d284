/**
 * Rows → JSON Lines. Loaded only when they are asked for.
 *
 * @module
 */
import { DECIMAL, type PlainLine, plainPages, type View } from "../fields/mod.ts";
import { jsonLine, safeJson } from "./safe.ts";

/** One object a line; nothing for nothing. */
export function jsonLines<Row>(view: View<Row>) {
  const plain = plainPages(lineOf(view), "\n");
  return {
    page(rows: readonly Row[]): string {
      const text = plain(rows);
      if (text !== undefined) return text;
      // One text for all of them is half the work; where what parts them stands within a row, too, each has its own.
      const parts = JSON.stringify(rows.map(view.record)).slice(1, -1).split("},{");
      return parts.length === rows.length && !view.bare
        ? safeJson(parts.join("}\n{")) + "\n"
        : rows.map((row) => jsonLine(view.record(row))).join("");
    },
    end: () => "",
  };
}

/** What a value looks like that is no list, no object, and no text with anything to escape. */
const VALUE = String.raw`(?:"[ !#-\[\]-~]*"|null|true|false|-?\d[\d.eE+-]*)`;

/** Of flat rows: the object that `record` gives, as JSON, but for what its texts need escaped. */
function lineOf<Row>({ bare, from }: View<Row>): PlainLine<Row> | undefined {
  if (bare || !from) return undefined;
  const { of, names } = from;
  const isFlat = (name: string) => !["rows", "row", "data", "texts"].includes(of[name]!.is) && !of[name]!.amounts;
  if (!names.every((name) => isFlat(name) && /^\w+$/.test(name))) return undefined;
  const keys = names.map((name, at) => `${at === 0 ? "{" : ","}"${name}":`);
  const money = names.map((name) => of[name]!.is === "money");
  return {
    shape: `\\${keys.join(VALUE)}${VALUE}\\}`,
    text(row) {
      let text = "";
      for (let at = 0; at < names.length; at++) {
        const value = (row as Record<string, unknown>)[names[at]!];
        text += keys[at];
        if (typeof value !== "string") text += JSON.stringify(value ?? null);
        else text += money[at] && DECIMAL.test(value) ? value : `"${value}"`;
      }
      return text + "}";
    },
  };
}
