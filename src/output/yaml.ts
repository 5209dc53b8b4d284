/**
 * Rows → YAML. Loaded only when YAML is asked for.
 *
 * @module
 */
import {
  DEFAULT_SCALAR_STYLE_RULES,
  defineScalarTag,
  dump,
  DUMP_SCHEMA,
  NOT_RESOLVED,
  SCALAR_STYLE,
  Schema,
  strTag,
} from "js-yaml";
import type { ScalarLayout } from "js-yaml";
import { DECIMAL, type View } from "../fields/mod.ts";
import { unsafe } from "./safe.ts";

/** `---`, then one list of mappings, page by page; `--- []` for nothing. With `meta` it is the `data` of a mapping. */
export function yamlList<Row>(view: View<Row>, meta = false) {
  let empty = true;
  const open = meta ? "---\ndata:" : "---";
  return {
    page(rows: readonly Row[]): string {
      if (rows.length === 0) return "";
      const text = (empty ? `${open}\n` : "") + yaml(rows.map(view.record));
      empty = false;
      return text;
    },
    end: (counts: Record<string, unknown> = {}) => (empty ? `${open} []\n` : "") + (meta ? yaml({ meta: counts }) : ""),
  };
}

/** `---`, then one mapping. */
export function yamlDetail<Row>(view: View<Row>, row: Row): string {
  return "---\n" + yaml(view.record(row));
}

/** A block of YAML that js-yaml, libyaml and Psych decode to the same value, with no unsafe character in it. */
function yaml(value: unknown): string {
  // Every string with an unsafe character is in double quotes by now, where these escapes mean that character.
  return dump(value, { schema: SCHEMA, scalarStyleRules: RULES, quoteStyle: "double", lineWidth: -1, noRefs: true })
    .replace(unsafe(), (char) => {
      if (char === "\n") return char;
      const hex = char.codePointAt(0)!.toString(16);
      return hex.length <= 4 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
    });
}

/** Beside what js-yaml quotes: unsafe text, and what Ruby's Psych reads as a number or symbol (`1,000`, `:a`). */
function quote(layout: ScalarLayout): void {
  const { tag, value } = layout.node;
  if (tag === strTag.tagName && (/^[-+.:\d]/.test(value) || value.search(unsafe()) >= 0)) {
    layout.style = SCALAR_STYLE.DOUBLE_QUOTED;
  }
}

const RULES = [quote, ...Object.values(DEFAULT_SCALAR_STYLE_RULES)];

/** Numbers by their digits, so that money keeps them. First in the schema: it decides before the other number types. */
const NUMBER = defineScalarTag("!number", {
  implicit: true,
  implicitFirstChars: [..."-0123456789"],
  resolve: (text) => DECIMAL.test(text) ? text : NOT_RESOLVED,
  identify: (value) => JSON.isRawJSON(value) || typeof value === "number" && DECIMAL.test(String(value)),
  represent: (value) => JSON.isRawJSON(value) ? value.rawJSON : String(value),
});

/** `DUMP_SCHEMA` knows the types of YAML 1.1 and 1.2 (`yes`, `0o7`, `1e3`, dates), and quotes a string that looks like one. */
const SCHEMA = new Schema([NUMBER, ...DUMP_SCHEMA.tags]);
