/**
 * Everything a person or a program reads: rows on stdout in four formats, messages and errors on stderr.
 *
 * @module
 */
import type { View } from "../fields/mod.ts";
import type { Output } from "../system/mod.ts";
import type { Format } from "./format.ts";
import { jsonDetail, jsonList } from "./json.ts";
import type { Style } from "./style.ts";
import { tsvList } from "./tsv.ts";

export { chooseFormat, type Format } from "./format.ts";
export { type Messages, messages, renderError, type Rules } from "./messages.ts";
export { redact } from "./redact.ts";
export { jsonLine, safe, safeJson } from "./safe.ts";
export { type ColorChoice, type Style, style, wantsColor } from "./style.ts";
/** Loaded when a text is to be broken: it knows how wide characters are. */
export const wrapper = async () => (await import("./width.ts")).wrap;

/** Where data goes and how it looks. */
export interface Destination {
  stdout: Output;
  format: Format;
  style: Style;
}

/**
 * Prints a list as its pages arrive:
 *
 * ```ts
 * const writer = list(await app.destination(), view(ORDER));
 * try {
 *   for await (const page of pages) await writer.page(page.data);
 * } finally {
 *   await writer.end();
 * }
 * ```
 */
export interface RowWriter<Row> {
  /** Prints whole pages only. An empty page counts: it is how an empty result gets its header, `[]` or `--- []`. */
  page(rows: readonly Row[]): Promise<void>;
  /** Closes what was opened. Before any page it prints nothing: a command that failed leaves stdout empty. */
  end(meta?: Record<string, unknown>): Promise<void>;
}

/** `meta`: in JSON and YAML the rows are the `data` of an object, and what `end` is given is its `meta`. */
export function list<Row>(to: Destination, view: View<Row>, meta = false): RowWriter<Row> {
  // Loaded while the server works on the first page.
  const text = listText(to, view, meta);
  text.catch(() => {}); // the first page says it
  let begun = false;
  const write = async (part: string) => {
    if (part) await to.stdout.write(part);
  };
  return {
    async page(rows) {
      begun = true;
      await write((await text).page(rows));
    },
    async end(counts) {
      if (begun) await write((await text).end(counts));
    },
  };
}

interface Text<Row> {
  page(rows: readonly Row[]): string;
  end(meta?: Record<string, unknown>): string;
}

async function listText<Row>(
  { stdout, format, style }: Destination,
  view: View<Row>,
  meta: boolean,
): Promise<Text<Row>> {
  switch (format) {
    case "json":
      return jsonList(view, meta);
    case "yaml":
      return (await import("./yaml.ts")).yamlList(view, meta);
    case "tsv":
      return tsvList(view);
    case "table":
      return (await import("./table.ts")).tableList(view, style, stdout.columns());
  }
}

/** Prints one thing: an object in JSON and YAML, FIELD and VALUE on a terminal, a header and one row in TSV. */
export async function detail<Row>(to: Destination, view: View<Row>, row: Row): Promise<void> {
  await to.stdout.write(await detailText(to, view, row));
}

async function detailText<Row>({ stdout, format, style }: Destination, view: View<Row>, row: Row): Promise<string> {
  switch (format) {
    case "json":
      return jsonDetail(view, row);
    case "yaml":
      return (await import("./yaml.ts")).yamlDetail(view, row);
    case "tsv":
      return tsvList(view).page([row]);
    case "table":
      return (await import("./table.ts")).tableDetail(view, row, style, stdout.columns());
  }
}
