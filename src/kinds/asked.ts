/**
 * `--query`: what would be printed is kept, asked, and what comes of it printed. Loaded when it is given.
 *
 * @module
 */

import { numbers } from "../api/mod.ts";
import type { App } from "../app.ts";
import { again, type Options } from "../cli/mod.ts";
import { AppError } from "../errors.ts";
import type { Field, Fields, View } from "../fields/mod.ts";
import { type Destination, grouped } from "../output/mod.ts";
import { type Members, Meter, MOST_TEXT, printResult, query, quoted, type Shape } from "../query/mod.ts";

/** Rows that are kept for an expression: more of them are for a stream. */
export const MOST_ROWS = 10_000;

/** What an expression is about, where that is known. */
export interface About {
  of?: Fields;
  /** `--fields` */
  fields?: string | true | undefined;
  /** What `--fields` may choose beside that. */
  full?: (() => Promise<Fields>) | undefined;
  /** The rows are a list, and with `meta` the `data` beside the counts. */
  rows?: { plural?: string; meta?: boolean };
  /** What is printed are rows of `of`, with no view in between that makes them. */
  direct?: true;
  /** The command's options, to write its line again. */
  options?: Options;
}

export interface Asking extends Destination {
  asked: NonNullable<Destination["asked"]>;
  /** Asks JSON as it came, and prints what comes of it. */
  tell(value: unknown): Promise<void>;
  /** An answer of so many characters is more than can be kept. */
  tooLarge(length: number): Promise<AppError>;
}

export async function asking(app: App, expression: string, about: About = {}): Promise<Asking> {
  const to = await app.destination();
  const { of, fields, full, rows } = about;
  const row = of && fields !== true ? rowShape(of, fields) : undefined;
  const shape = !rows ? row : rows.meta ? { of: { data: { list: row }, meta: undefined } } : { list: row };
  const more = full && fields === undefined ? Object.keys(await full()) : [];
  const asked = query(expression, shape, more);
  const picked = of && about.direct && fields === undefined ? picker(of) : undefined;
  const seen = <R>(view: View<R>, row: R, meter: Meter) => picked ? picked(row, meter) : kept(view.record(row), meter);
  for (const warning of asked.warnings) await app.say.warn(warning);
  /** False while pages are missing: then nothing may be said of them. */
  let isWhole = true;

  const tell = async (value: unknown) => {
    const { result, warnings } = asked.of(value);
    for (const warning of warnings) await app.say.warn(warning);
    await printResult(to, result);
  };
  return {
    ...to,
    async tell(value) {
      new Meter("the answer holds").whole(value);
      await tell(value);
    },
    tooLarge: (length) =>
      tooMany(app, `an answer of ${Math.ceil(length / 1e6)} MB`, `${MOST_TEXT / 1e6 | 0} MB are`, about, []),
    asked: {
      names: asked.names,
      async *over(pages, first, perPage, limit = Infinity) {
        isWhole = false;
        let count = 0;
        for await (const page of pages) {
          count += page.rows.length;
          const all = page.items === undefined
            ? (page.pages - first) * page.rows.length + 1
            : page.items - (first > 1 ? (first - 1) * perPage : 0);
          const wanted = Math.max(Math.min(all, limit), count);
          if (wanted > MOST_ROWS) {
            const what = `${grouped(wanted)} ${rows?.plural ?? "rows"}`;
            throw await tooMany(app, what, `${grouped(MOST_ROWS)} are`, about, ["-o", "jsonl"]);
          }
          yield page;
        }
        isWhole = true;
      },
      detail: async (view, row) => await tell(seen(view, row, new Meter("the answer holds"))),
      list: (view: View<never>, meta) => {
        const meter = new Meter("the list holds");
        const all: unknown[] = [];
        return {
          page(found) {
            for (const one of found) all.push(seen(view, one as never, meter));
            return Promise.resolve();
          },
          written: () => Promise.resolve(),
          end: async (counts = {}) => isWhole ? await tell(meta ? { data: all, meta: counts } : all) : undefined,
        };
      },
    },
  };
}

/** What a view makes of a row whose money is the text that the server sent. */
function picker(of: Fields): (row: unknown, meter: Meter) => unknown {
  const names = Object.keys(of);
  const inner = names.map((name) => {
    const field = of[name]!;
    return "of" in field ? picker(field.of) : kept;
  });
  return function pick(row, meter): unknown {
    if (row == null) return null;
    if (Array.isArray(row)) return row.map((one) => pick(one, meter));
    const record: Record<string, unknown> = {};
    for (let at = 0; at < names.length; at++) {
      const value = (row as Record<string, unknown>)[names[at]!] ?? null;
      record[names[at]!] = inner[at]!(value, meter);
    }
    return record;
  };
}

/** As an expression sees it: money is the text that the server sent, a number is one. */
function kept(value: unknown, meter: Meter): unknown {
  meter.step();
  if (typeof value === "string") meter.text(value.length);
  if (typeof value !== "object" || value === null) return value;
  if (JSON.isRawJSON(value)) return numbers.has(value) ? value : value.rawJSON;
  const members = value as Record<string, unknown>;
  for (const name of Object.keys(members)) {
    const one = members[name];
    const same = kept(one, meter);
    if (same !== one) members[name] = same;
  }
  return value;
}

/** `format` is what is printed row by row, where the command has it. */
async function tooMany(app: App, what: string, most: string, { options = {}, rows }: About, format: string[]) {
  const words = (await again(app.line, options, ["query", "output", "all", "meta", "perPage"])).map(quoted);
  const isLimited = !rows || words.some((word) => word.startsWith("--limit"));
  const line = ["autocom", ...words, ...isLimited ? [] : ["--all"], ...format].join(" ");
  return new AppError("usage", `cannot use --query over ${what}: ${most} the most`, {
    hint: app.line.length > 0 ? `let jq do it: ${line} | jq .` : "ask for less",
  });
}

/** `--fields` makes names of dotted ways. */
function rowShape(of: Fields, fields: string | undefined): Shape {
  if (fields === undefined) return { of: members(of) };
  const names = fields.split(",").map((name) => name.trim());
  return { of: Object.fromEntries(names.map((name) => [name, shapeAt(of, name.split("."))])) };
}

const members = (of: Fields): Members =>
  Object.fromEntries(Object.entries(of).map(([name, field]) => [name, shapeOf(field)]));

function shapeOf(field: Field): Shape {
  switch (field.is) {
    case "money":
    case "number":
      return field.is;
    case "texts":
      return { list: "plain" };
    case "rows":
      return { list: { of: members(field.of) } };
    case "row":
      return { of: members(field.of) };
    case "value":
      return undefined;
    case "data":
      if (field.amounts) return { list: "money" };
      return "of" in field ? { list: { of: members(field.of) } } : undefined;
    default:
      return "plain";
  }
}

function shapeAt(of: Fields, [first = "", ...rest]: readonly string[]): Shape {
  const field = Object.hasOwn(of, first) ? of[first] : undefined;
  if (!field || !("of" in field)) return field && rest.length === 0 ? shapeOf(field) : undefined;
  if (rest.length === 0) return shapeOf(field.alone ?? field);
  const inner = shapeAt(field.of, rest);
  return field.is === "row" ? inner : { list: inner };
}
