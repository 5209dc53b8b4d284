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
      const records = rows.map(view.record);
      const text = (empty ? `${open}\n` : "") + (flat(records) ?? yaml(records));
      empty = false;
      return text;
    },
    end: (counts: Record<string, unknown> = {}) => (empty ? `${open} []\n` : "") + (meta ? yaml({ meta: counts }) : ""),
  };
}

/** What needs no quotes; but for what one of YAML's versions, or a program that reads it, takes for no text. */
const WORDS = /^[A-Za-z]\w*(?:[ -]\w+)*$/;
const RESERVED = /^(?:null|true|false|yes|no|on|off|y|n|nan|inf)$/i;
/** What gets quotes, and no escape in them. */
const QUOTED = /^[-+.:\d][\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/**
 * The text that the library writes for rows of plain values, in a tenth of its time; undefined when a value of them is
 * anything else, which is the library's to write.
 */
function flat(records: readonly Record<string, unknown>[]): string | undefined {
  const keys = Object.keys(records[0]!); // all have the same
  if (keys.length === 0 || !keys.every(isPlain)) return undefined;
  const lines: string[] = [];
  for (const record of records) {
    for (let at = 0; at < keys.length; at++) {
      const value = plain(record[keys[at]!]);
      if (value === undefined) return undefined;
      lines.push(at === 0 ? "- " : "  ", keys[at]!, ": ", value, "\n");
    }
  }
  return lines.join("");
}

function plain(value: unknown): string | undefined {
  if (typeof value === "string") {
    return isPlain(value) ? value : value.length < LONG && QUOTED.test(value) ? `"${value}"` : undefined;
  }
  if (value === null || typeof value === "boolean") return String(value);
  const text = JSON.isRawJSON(value) ? value.rawJSON : typeof value === "number" ? String(value) : "";
  return DECIMAL.test(text) ? text : undefined;
}

function isPlain(text: string): boolean {
  return text.length < LONG && WORDS.test(text) && !RESERVED.test(text);
}

/** `---`, then one mapping. */
export function yamlDetail<Row>(view: View<Row>, row: Row): string {
  return "---\n" + yaml(view.record(row));
}

/**
 * A block of YAML that js-yaml, libyaml and Psych decode to the same value, with no unsafe character in it. A lone surrogate
 * is U+FFFD, as in JSON: libyaml and Psych refuse all of it for one.
 */
function yaml(value: unknown): string {
  longTexts.clear();
  // Every string with an unsafe character is in double quotes by now, where these escapes mean that character.
  return dump(written(value), {
    schema: SCHEMA,
    scalarStyleRules: RULES,
    quoteStyle: "double",
    lineWidth: -1,
    noRefs: true,
  })
    .replace(unsafe(), (char) => {
      if (char === "\n") return char;
      const hex = char.codePointAt(0)!.toString(16);
      return hex.length <= 4 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
    });
}

/**
 * A value as JSON has it, with its exact numbers as YAML takes them: one with an exponent is a number of its own there, or
 * text (`1e400`).
 */
function written(value: unknown): unknown {
  if (typeof value === "string") return short(value);
  if (typeof value !== "object" || value === null) return value;
  if (JSON.isRawJSON(value)) {
    const { rawJSON } = value;
    return DECIMAL.test(rawJSON) ? value : Number.isFinite(Number(rawJSON)) ? Number(rawJSON) : rawJSON;
  }
  if (Array.isArray(value)) return value.map(written);
  if ("toJSON" in value && typeof value.toJSON === "function") return written(value.toJSON());
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [short(name), written(one)]));
}

/** Characters. The patterns that the library tries on a text go back over it, and have no room for megabytes. */
const LONG = 1 << 16;

/** Texts of the block at hand that the library does not look at, by what stands for them: no text that was sent is like it. */
const longTexts = new Map<string, string>();

function short(sent: string): string {
  const text = sent.toWellFormed();
  if (text.length < LONG) return text;
  const name = `\ud800${longTexts.size}`;
  longTexts.set(name, text);
  return name;
}

/** Beside what js-yaml quotes: unsafe text, and what Ruby's Psych reads as a number or symbol (`1,000`, `:a`). */
function quote(layout: ScalarLayout): void {
  const { tag, value } = layout.node;
  const long = longTexts.get(value);
  if (long !== undefined) {
    Object.assign(layout.node, { value: long });
    layout.style = SCALAR_STYLE.DOUBLE_QUOTED;
    return;
  }
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
