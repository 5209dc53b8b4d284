/**
 * Everything a person or a program reads: rows on stdout in six formats, messages and errors on stderr.
 *
 * @module
 */
import type { View } from "../fields/mod.ts";
import type { Output } from "../system/mod.ts";
import type { Format } from "./format.ts";
import { jsonDetail, jsonList } from "./json.ts";
import type { Secrets } from "./secrets.ts";
import type { Style } from "./style.ts";
import { tsvList } from "./tsv.ts";

export { grouped } from "./amounts.ts";
export { some } from "./clean.ts";
export { chooseFormat, type Format, isMachine } from "./format.ts";
/** See `csv.ts`, which is loaded when CSV is asked for. */
export const csv = async <Row>(view: View<Row>) => (await import("./csv.ts")).csvList(view);
/** See `json_lines.ts`, which is loaded when JSON Lines are. */
export const jsonLines = async <Row>(view: View<Row>) => (await import("./json_lines.ts")).jsonLines(view);
export { type Messages, messages, type Rules } from "./messages.ts";
export type { Progress } from "./progress.ts";
/** How far something is, and how large: see `progress.ts`, which is loaded where that may be shown. */
export const progressing = () => import("./progress.ts");
export { patience } from "./patience.ts";
export { questions } from "./questions.ts";
export { redact } from "./redact.ts";
export { jsonLine, safe, safeJson, show, unsafe } from "./safe.ts";
export { Secrets } from "./secrets.ts";
export { type ColorChoice, type Style, style, wantsColor } from "./style.ts";
export { wrapper } from "./lines.ts";

/** Paints a status by what it means: see `meaning.ts`, which is loaded when one is painted. */
export async function byMeaning(style: Style): Promise<(word: string, text?: string) => string> {
  return (await import("./meaning.ts")).byMeaning(style);
}

/** Where data goes and how it looks. */
export interface Destination {
  stdout: Output;
  format: Format;
  style: Style;
  /** What a table must not show. */
  secrets?: Secrets;
  /** Takes what would be printed, to print something else: `--query`. */
  asked?: {
    /** What it asks for by name. */
    names: ReadonlySet<string>;
    list<Row>(view: View<Row>, meta: boolean): RowWriter<Row>;
    detail<Row>(view: View<Row>, row: Row): Promise<void>;
    /** The same pages, until they are more than can be kept. */
    over<P extends Counted>(pages: AsyncIterable<P>, first: number, perPage: number, limit?: number): AsyncIterable<P>;
  };
  /** Tells a person what the rows do not: that there are none, that columns had no room. */
  note?(text: string): Promise<void>;
}

/** A page: rows, how many pages there are, and how many rows where that is said. */
interface Counted {
  rows: readonly unknown[];
  pages: number;
  items?: number | undefined;
}

/**
 * Prints a list as its pages arrive:
 *
 * ```ts
 * const writer = list(await app.destination(), view(ORDER), { none: "No orders match." });
 * try {
 *   for await (const page of pages) await writer.page(page.data);
 * } finally {
 *   await writer.end();
 * }
 * ```
 */
export interface RowWriter<Row> {
  /** Prints whole pages only, each while the next one is made: what goes wrong is said by the next, or by `end`. An empty page counts: it is how an empty result gets its header, `[]` or `--- []`, and its note. */
  page(rows: readonly Row[]): Promise<void>;
  /** Resolves once the page on its way out, if there is one, is out. */
  written(): Promise<void>;
  /** Closes what was opened. Before any page it prints nothing: a command that failed leaves stdout empty. */
  end(meta?: Record<string, unknown>): Promise<void>;
}

/**
 * `none` is said to a person when the list was empty. With `meta` the rows are the `data` of an object in JSON and YAML,
 * and what `end` is given is its `meta`.
 */
export function list<Row>(
  to: Destination,
  view: View<Row>,
  { none, meta = false }: { none?: string; meta?: boolean } = {},
): RowWriter<Row> {
  if (to.asked) return to.asked.list(view, meta);
  // Loaded while the server works on the first page.
  const text = listText(to, view, meta);
  text.catch(() => {}); // the first page says it
  let pages = 0, count = 0;
  /** The page on its way out, while the next one is asked for and made. */
  let pending: Promise<void> | undefined;
  const write = async (part: string) => {
    await pending;
    pending = part ? to.stdout.write(part) : undefined;
    pending?.catch(() => {}); // the next page, or the end, says it
  };
  return {
    async page(rows) {
      const part = await (await text).page(rows);
      pages++;
      count += rows.length;
      await write(part);
    },
    written: () => pending ?? Promise.resolve(),
    async end(counts) {
      if (pages === 0) return;
      const { end, note } = await text;
      await write(end(counts));
      await pending;
      if (count === 0 && none) await to.note?.(none);
      const said = note?.();
      if (said) await to.note?.(said);
    },
  };
}

interface Text<Row> {
  page(rows: readonly Row[]): string | Promise<string>;
  end(meta?: Record<string, unknown>): string;
  /** What a person has to know of it. */
  note?(): string | undefined;
}

async function listText<Row>(to: Destination, view: View<Row>, meta = false): Promise<Text<Row>> {
  switch (to.format) {
    case "json":
      return jsonList(view, meta);
    case "jsonl":
      return await jsonLines(view);
    case "yaml":
      return (await import("./yaml.ts")).yamlList(view, meta);
    case "csv":
      return await csv(view);
    case "tsv":
      return tsvList(view);
    case "table":
      return (await import("./table.ts")).tableList(view, to);
  }
}

/** Prints one thing: an object in JSON and YAML, FIELD and VALUE on a terminal, a header and one row in TSV and CSV. */
export async function detail<Row>(to: Destination, view: View<Row>, row: Row): Promise<void> {
  await (to.asked?.detail(view, row) ?? to.stdout.write(await detailText(to, view, row)));
}

async function detailText<Row>(to: Destination, view: View<Row>, row: Row): Promise<string> {
  switch (to.format) {
    case "json":
      return jsonDetail(view, row);
    case "yaml":
      return (await import("./yaml.ts")).yamlDetail(view, row);
    case "table":
      return (await import("./table.ts")).tableDetail(view, row, to);
    default:
      return (await listText(to, view)).page([row]);
  }
}
