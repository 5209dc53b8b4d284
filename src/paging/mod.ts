/**
 * Lists that come in pages.
 *
 * @module
 */

import { member } from "../api/mod.ts";

/** The largest page that the platform gives. */
export const MOST_PER_PAGE = 100;

/** What a list needs only when it is read to its end, or not what it should be. */
export const rare = () => import("./many.ts");

/** Seconds: a stream renews its token before it starts, because it cannot do so once it runs. */
export const STREAM_MARGIN = 600;

/** More pages than this are a fault of the server's, or no list that a person wants to the end. */
const MOST_PAGES = 100_000;

export interface Page<Row> {
  rows: Row[];
  /** How many pages there are. */
  pages: number;
  /** How many rows on all of them, where the server says it. */
  items?: number | undefined;
}

/**
 * The pages from `first` on, one or all. A row that the page before showed is left out: rows move while one pages. A page
 * whose rows all stood on one page before, and one too many, is a server that would be asked for ever.
 * `ask` gives `{ data, meta: { total_pages } }`; `row` checks one element of `data`; `wayOut` is the hint there, where it
 * is not to ask for less.
 */
export async function* pagesOf<Row extends { id: string }>(
  { first, all, action, wayOut, ask, row }: {
    first: number;
    all: boolean;
    action: string;
    wayOut?: string;
    ask: (page: number) => Promise<unknown>;
    row: (value: unknown) => Row;
  },
): AsyncIterable<Page<Row>> {
  const many = all ? await rare() : undefined;
  const unseen = many?.unseen<Row>();
  const pages = new Set<string>();
  for (let page = first, more = true; more; page++) {
    const answer = await ask(page);
    const data = member(answer, "data");
    const total = member(member(answer, "meta"), "total_pages");
    const items = member(member(answer, "meta"), "total_items") ?? undefined;
    if (!Array.isArray(data) || !isCount(total) || !(items === undefined || isCount(items))) {
      throw (await rare()).misshapen(action, Array.isArray(data) ? isCount(total) : undefined);
    }
    const rows = data.map(row);
    if (many) {
      const ids = JSON.stringify([rows.length, rows[0]?.id, rows.at(-1)?.id]);
      if (rows.length > 0 && pages.has(ids)) throw many.endless(action, `page ${page} repeats one before`, wayOut);
      // To stop there would be to leave out rows and call it all of them.
      if (rows.length === 0 && page < total) throw many.endless(action, `page ${page} of ${total} is empty`, wayOut);
      if (pages.size >= MOST_PAGES) throw many.endless(action, `there are more than ${MOST_PAGES} pages`, wayOut);
      pages.add(ids);
    }
    yield { rows: unseen?.(rows, page) ?? rows, pages: total, items };
    more = all && page < total;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** How pages are asked for, and the words of the command that does: for who goes on where it broke off. */
export interface Asked {
  limit?: number | undefined;
  /** Where it can be asked for. */
  per_page?: number | undefined;
  /** It has to be: from another page on it would be another one. */
  isSized?: boolean;
  line?: readonly string[];
}

/** Prints pages as they arrive. When one fails, whole pages stay printed and the error says where to go on. */
export async function printPages<Row>(
  pages: AsyncIterable<Page<Row>>,
  writer: { page(rows: readonly Row[]): Promise<void>; end(): Promise<void> },
  from: { first: number; all: boolean } & Asked,
): Promise<Page<Row> | undefined> {
  const seen = { rows: 0, page: from.first };
  let last: Page<Row> | undefined, under: Page<Row> | undefined;
  // A page counts once the writer took another one, or ended: it may still be on its way out.
  const written = (next?: Page<Row>) => {
    if (under) [seen.rows, seen.page] = [seen.rows + under.rows.length, seen.page + 1];
    under = next;
  };
  try {
    try {
      for await (last of pages) {
        await writer.page(last.rows);
        written(last);
      }
    } finally {
      await writer.end();
      written();
    }
  } catch (error) {
    throw from.all && seen.rows > 0 ? (await rare()).brokenOff(error, seen, from) : error;
  }
  return last;
}
