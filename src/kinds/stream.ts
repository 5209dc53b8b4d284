import type { Api } from "../api/mod.ts";
import type { App } from "../app.ts";
import { checker } from "../fields/mod.ts";
import { type Page, pagesOf } from "../paging/mod.ts";
import type { Asked, Listed } from "./listed.ts";

/** What was read so far. */
export interface Seen {
  rows: number;
  /** The last page that was asked for. */
  page: number;
  /** Its end was left out. */
  cut: boolean;
  /** How many there are, as the server says. */
  pages?: number;
  items?: number | undefined;
}

interface Identified {
  id: string;
}

/** The pages from `seen.page` on, each row checked, counted in `seen`; with `many` to the end, or to the limit. */
export async function stream(
  { say, system }: App,
  api: Api,
  { open, ...asked }: Asked & Pick<Listed<never>, "open">,
  variables: Record<string, unknown> & { per_page: number },
  { many, limit = Infinity, written = () => Promise.resolve() }: {
    many: boolean;
    limit?: number | undefined;
    /** Resolves when the page before is on its way out no more. */
    written?: () => Promise<void>;
  },
  seen: Seen,
): Promise<AsyncIterable<Page<never>>> {
  const { of, action } = asked;
  const first = seen.page;
  const source = await open(api, variables, first, asked);
  if (source.name) await say.note(`Source: ${source.name}.`);
  if (source.lacks) await say.warn(source.lacks);
  const check: (value: unknown) => unknown = checker(of, action);
  const row = source.row ? (value: unknown) => check(source.row!(value)) : check;
  const last = first + Math.ceil(limit / variables.per_page) - 1;
  const ask = many ? (await import("./ahead.ts")).ahead(source.ask, last, written, system.turn) : source.ask;
  const pages = pagesOf({ first, all: many, action, ask, row: row as (value: unknown) => Identified });
  return upTo(pages, limit, seen) as AsyncIterable<Page<never>>;
}

/** No more rows than that, counted. */
async function* upTo<Row>(pages: AsyncIterable<Page<Row>>, limit: number, seen: Seen): AsyncIterable<Page<Row>> {
  let page = seen.page;
  for await (const one of pages) {
    const rows = one.rows.slice(0, limit - seen.rows);
    Object.assign(seen, { page: page++, pages: one.pages, items: one.items, cut: rows.length < one.rows.length });
    seen.rows += rows.length;
    yield { ...one, rows };
    if (seen.rows >= limit) return;
  }
}
