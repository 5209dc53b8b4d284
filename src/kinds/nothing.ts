import { grouped } from "../output/mod.ts";
import type { Seen } from "./stream.ts";

/** What is said of a list without rows; loaded when there are none. */
export function nothing(plural: string, { page, pages = 1 }: Seen, filtered: boolean): string {
  if (pages > 0 && page > pages) return `There is no page ${page}: the last one is ${pages}.`;
  if (page < pages) return `There are no ${plural} on page ${page} of ${pages}. More: --page ${page + 1}, or --all.`;
  return filtered ? `No ${plural} match.` : `There are no ${plural}.`;
}

/** What is said of a whole list with fewer rows than the server counts: it may have a hole. */
export function fewer(plural: string, rows: number, expected: number): string {
  return `${grouped(rows)} ${rows === 1 ? plural.replace(/s$/, "") : plural} came, the server counts ${
    grouped(expected)
  }: some came or went meanwhile`;
}
