/**
 * What it takes to read a list to its end: loaded when more than one page is wanted, and when one fails.
 *
 * @module
 */

import { brokenBy, digits } from "../api/mod.ts";
import { AppError } from "../errors.ts";
import type { Asked } from "./mod.ts";

const MARKS = 1 << 16;

/**
 * Rows that the page before did not show. Each id leaves a mark of a few of its characters, by the number of its page:
 * where no mark of the page before is met none of its ids is, and sets of them, which cost as much as all else that is
 * done with a row, need not be made.
 */
export function unseen<Row extends { id: string }>(): (rows: Row[], page: number) => Row[] {
  const marks = new Uint32Array(MARKS);
  let before: readonly Row[] = [];
  return (rows, page) => {
    let met = false;
    for (const { id } of rows) {
      let mark = id.length;
      for (let at = id.length - 1; at >= 0 && at > id.length - 9; at--) mark = Math.imul(mark, 31) + id.charCodeAt(at);
      mark &= MARKS - 1;
      if (marks[mark] === page - 1 && page > 1) met = true;
      marks[mark] = page;
    }
    const seen = met ? new Set(before.map(({ id }) => digits(id))) : undefined;
    before = rows;
    return seen ? rows.filter(({ id }) => !seen.has(digits(id))) : rows;
  };
}

/** The answer is no page: it has no list, or its counts are none, that of the pages or that of the items. */
export function misshapen(action: string, hasPages: boolean | undefined): AppError {
  const wrong = hasPages === undefined
    ? '"data" is not a list'
    : `"meta.${hasPages ? "total_items" : "total_pages"}" is not a whole number`;
  return new AppError("server", `cannot ${action}: the answer has another shape than documented: ${wrong}`, {
    hint: "server and autocom disagree: autocom doctor",
  });
}

/** Refuses to be led on for ever. */
export function endless(
  action: string,
  why: string,
  hint = "ask for less with a filter, or for one page at a time with --page",
): AppError {
  return new AppError("server", `cannot ${action}: the list of the server does not end (${why})`, { hint });
}

/** The error of a page behind others: how many rows were read, and where to go on. */
export function brokenOff(error: unknown, seen: { rows: number; page: number }, asked: Asked): unknown {
  if (!(error instanceof AppError) || error.kind === "pipe-closed") return error;
  const { message, hint } = brokenBy(error);
  return new AppError(error.kind, `${message} (after ${seen.rows} ${seen.rows === 1 ? "row" : "rows"})`, {
    ...error,
    hint: `${hint ? `${hint}; ` : ""}to go on, ${further(seen, asked)}`,
    more: { rows: seen.rows, next_page: seen.page },
  });
}

/** What gives the rest, no row of it twice and none too many: of a limit what is left, in pages as large as before. */
function further(seen: { rows: number; page: number }, { limit, per_page, isSized, line = [] }: Asked): string {
  const named: [flag: string, value: number][] = [["--page", seen.page]];
  if ((isSized || limit !== undefined) && per_page !== undefined) named.push(["--per-page", per_page]);
  if (limit !== undefined) named.push(["--limit", Math.max(limit - seen.rows, 1)]);
  const words = named.map((one) => one.join(" ")).join(" ");
  const isThere = (flag: string) => line.some((word) => word === flag || word.startsWith(`${flag}=`));
  const own = named.map(([flag]) => flag).filter(isThere);
  if (own.length === 0) return `add to the same command: ${words}`;
  return `put into the same command, in place of its ${own.join(" and ")}: ${words}`;
}
