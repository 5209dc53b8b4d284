/**
 * Lists that come in pages.
 *
 * @module
 */

import { member } from "../api/mod.ts";
import { AppError } from "../errors.ts";

/** The largest page that the platform gives. */
export const MOST_PER_PAGE = 100;

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
 * `ask` gives `{ data, meta: { total_pages } }`; `row` checks one element of `data`.
 */
export async function* pagesOf<Row extends { id: string }>(
  { first, all, action, ask, row }: {
    first: number;
    all: boolean;
    action: string;
    ask: (page: number) => Promise<unknown>;
    row: (value: unknown) => Row;
  },
): AsyncIterable<Page<Row>> {
  let before: readonly Row[] = [];
  const marks = new Uint32Array(all ? MARKS : 1);
  const pages = new Set<string>();
  for (let page = first, more = true; more; page++) {
    const answer = await ask(page);
    const data = member(answer, "data");
    const total = member(member(answer, "meta"), "total_pages");
    const items = member(member(answer, "meta"), "total_items") ?? undefined;
    if (!Array.isArray(data) || !isCount(total) || !(items === undefined || isCount(items))) {
      const wrong = Array.isArray(data)
        ? `"meta.${isCount(total) ? "total_items" : "total_pages"}" is not a whole number`
        : '"data" is not a list';
      throw new AppError("server", `cannot ${action}: the answer has another shape than documented: ${wrong}`, {
        hint: "server and autocom disagree: autocom doctor",
      });
    }
    const rows = data.map(row);
    const ids = `${rows.length} ${rows[0]?.id} ${rows.at(-1)?.id}`;
    if (rows.length > 0 && pages.has(ids)) throw endless(action, `page ${page} repeats one before`);
    // To stop there would be to leave out rows and call it all of them.
    if (all && rows.length === 0 && page < total) throw endless(action, `page ${page} of ${total} is empty`);
    if (pages.size >= MOST_PAGES) throw endless(action, `there are more than ${MOST_PAGES} pages`);
    if (all) pages.add(ids);
    yield {
      rows: all ? unseen(rows, before, marks, page) : rows,
      pages: total,
      items,
    };
    before = rows;
    more = all && page < total;
  }
}

const MARKS = 1 << 16;

/**
 * Rows that the page before did not show. Each id leaves a mark of a few of its characters, by the number of its page:
 * where no mark of the page before is met none of its ids is, and sets of them, which cost as much as all else that is
 * done with a row, need not be made.
 */
function unseen<Row extends { id: string }>(
  rows: Row[],
  before: readonly Row[],
  marks: Uint32Array,
  page: number,
): Row[] {
  let met = false;
  for (const { id } of rows) {
    let mark = id.length;
    for (let at = id.length - 1; at >= 0 && at > id.length - 9; at--) mark = Math.imul(mark, 31) + id.charCodeAt(at);
    mark &= MARKS - 1;
    if (marks[mark] === page - 1 && page > 1) met = true;
    marks[mark] = page;
  }
  if (!met) return rows;
  const seen = new Set(before.map(({ id }) => id));
  return rows.filter(({ id }) => !seen.has(id));
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function endless(action: string, why: string): AppError {
  return new AppError("server", `cannot ${action}: the list of the server does not end (${why})`, {
    hint: "ask for less with a filter, or for one page at a time with --page",
  });
}

/** Prints pages as they arrive. When one fails, whole pages stay printed and the error says where to go on. */
export async function printPages<Row>(
  pages: AsyncIterable<Page<Row>>,
  writer: { page(rows: readonly Row[]): Promise<void>; end(): Promise<void> },
  { first, all }: { first: number; all: boolean },
): Promise<Page<Row> | undefined> {
  const seen = { rows: 0, page: first };
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
    throw all && seen.rows > 0 ? brokenOff(error, seen) : error;
  }
  return last;
}

function brokenOff(error: unknown, seen: { rows: number; page: number }): unknown {
  if (!(error instanceof AppError) || error.kind === "pipe-closed") return error;
  return new AppError(error.kind, `${error.message} (after ${seen.rows} rows)`, {
    ...error,
    hint: `${error.hint ? `${error.hint}; ` : ""}to go on, add to the same command: --page ${seen.page}`,
    more: { rows: seen.rows, next_page: seen.page },
  });
}
