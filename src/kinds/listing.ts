import type { Api } from "../api/mod.ts";
import type { App } from "../app.ts";
import { type Given, ONLINE, type Options, type Said, type Sound, type Verb, verb, whole } from "../cli/mod.ts";
import { checker, type Fields, type View, view } from "../fields/mod.ts";
import { list } from "../output/mod.ts";
import { MOST_PER_PAGE, type Page, pagesOf, printPages, STREAM_MARGIN } from "../paging/mod.ts";
import { CHOOSE, chosen, printNames } from "./chosen.ts";

/** Where the rows of a list come from. */
export interface Source {
  /** Said where there are several. */
  name?: string;
  /** What the server keeps from this person, in a sentence. */
  lacks?: string;
  /** The answer for one page: `{ data, meta: { total_pages, total_items } }`. */
  ask(page: number): Promise<unknown>;
  /** Makes a row of what the server sent, before it is checked. */
  row?(value: unknown): unknown;
}

/** What a list is, beside what every verb is. */
interface Listing<F extends Fields, O extends Options> {
  readonly of: F;
  /** Completes "no … match": `orders`. */
  readonly plural: string;
  /** Completes "cannot …": `list orders`. */
  readonly action: string;
  /** Rows on a page, where nothing else is said. */
  readonly standard: number;
  readonly options?: O & Sound<O>;
  /** Variables that are called otherwise than the option: `customer_id` is `customer`. */
  readonly typed?: Readonly<Record<string, string>>;
  /** The variables that the options are; throws `usage` before anything is sent. */
  readonly filters: (given: Given<O>, app: App) => Record<string, unknown> | Promise<Record<string, unknown>>;
  /** `variables` are the filters and `per_page`; `page` is the first that will be asked for. */
  readonly open: (api: Api, variables: Record<string, unknown>, page: number) => Source | Promise<Source>;
}

/** How far a list goes, and how it is told. */
export const REACH = {
  all: { about: "every page, printed as it arrives" },
  limit: { about: "stop after this many, over as many pages as it takes", value: whole(1_000_000_000) },
  meta: { about: "with json and yaml: print an object, the rows as data and the counts as meta" },
} as const satisfies Options;

/** What is not loaded by a list of one page with something on it. */
export const reaching = () => import("./reach.ts");

/** A verb that lists. */
// deno-lint-ignore ban-types
export function listing<const F extends Fields, const O extends Options = {}>(
  { of, plural, action, standard, options, typed = {}, filters, open, ...said }:
    & Omit<Said, "needs">
    & Listing<F, O>,
): Verb {
  const paging = {
    page: { about: "page to show, or to start from", value: whole(1_000_000), standard: 1 },
    perPage: {
      about: `${plural} on a page, at most ${MOST_PER_PAGE}`,
      value: whole(MOST_PER_PAGE),
      otherwise: `${standard}, with --all ${MOST_PER_PAGE}`,
    },
    all: REACH.all,
    limit: REACH.limit,
    ...CHOOSE,
    meta: REACH.meta,
  } as const satisfies Options;
  const every: Options = { ...options, ...paging };
  return verb({
    ...said,
    needs: ONLINE,
    prints: of,
    options: { ...options, ...paging } as typeof paging,
    async run(app, { page: first, perPage, all, limit, fields, meta, ...given }) {
      const to = await app.destination();
      if (fields === true) return await printNames(to, of);
      const face: View<never> = fields === undefined ? view(of) : await chosen(of, fields);
      const many = await isMany(to.format, { all, limit, meta });
      const per_page = perPage ?? Math.min(all ? MOST_PER_PAGE : limit ?? standard, MOST_PER_PAGE);
      if (app.globals.timeZone !== undefined) await app.settings.get("time_zone"); // also where no day is named
      const wanted = await filters(given as Given<O>, app);
      const writer = list(to, face, { meta });
      const api = await app.api(many ? STREAM_MARGIN : undefined);
      const seen: Seen = { rows: 0, page: first, cut: false };
      const print = async () => {
        const source = await open(api, { per_page, ...wanted }, first);
        if (source.name) await app.say.note(`Source: ${source.name}.`);
        if (source.lacks) await app.say.warn(source.lacks);
        const check = checker(of, action);
        const row = source.row ? (value: unknown) => check(source.row!(value)) : check;
        const last = first + Math.ceil((limit ?? Infinity) / per_page) - 1;
        const ask = many ? (await reaching()).ahead(source.ask, last) : source.ask;
        const pages = pagesOf({
          first,
          all: many,
          action,
          ask,
          row: row as (value: unknown) => Identified,
        });
        const counts = () => ({
          current_page: seen.page,
          total_pages: seen.pages ?? null,
          total_items: seen.items ?? null,
          per_page,
          rows: seen.rows,
        });
        const out = {
          page: (rows: readonly never[]) => writer.page(rows),
          end: () => writer.end(meta ? counts() : undefined),
        };
        await printPages(upTo(pages, limit ?? Infinity, seen) as AsyncIterable<Page<never>>, out, { first, all: many });
      };
      // Loaded when the server refuses.
      await print().catch(async (error) => (await import("./named.ts")).named(every, typed)(error));
      const filtered = Object.values(wanted).some((value) => value !== undefined);
      if (seen.rows === 0) await app.say.note((await reaching()).nothing(plural, seen, filtered));
      const rest = left(plural, seen, { first, limit, all });
      if (rest) await app.say.left(rest);
    },
  });
}

/** Whether there may be several pages. Throws `usage` for what does not fit together. */
export async function isMany(format: string, { all, limit, meta }: Given<typeof REACH>): Promise<boolean> {
  const many = limit !== undefined;
  if (meta && !/json$|yaml/.test(format) || all && many) {
    (await reaching()).refuse(format, all && many);
  }
  return all || many;
}

/** What a server sorts by: these, each also from the other end. */
export function sorts(names: string): string[] {
  return names.split(" ").flatMap((name) => [name, `${name}_desc`]);
}

interface Identified {
  id: string;
}

/** What was printed so far. */
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

/** No more rows than that, counted. */
export async function* upTo<Row>(pages: AsyncIterable<Page<Row>>, limit: number, seen: Seen): AsyncIterable<Page<Row>> {
  let page = seen.page;
  for await (const one of pages) {
    const rows = one.rows.slice(0, limit - seen.rows);
    Object.assign(seen, { page: page++, pages: one.pages, items: one.items, cut: rows.length < one.rows.length });
    seen.rows += rows.length;
    yield { ...one, rows };
    if (seen.rows >= limit) return;
  }
}

/** How many of how many, and how to get the rest; undefined when nothing is left. */
export function left(
  plural: string,
  { rows, page, cut, pages = 1, items }: Seen,
  { first, limit, all }: { first: number; limit: number | undefined; all: boolean },
): string | undefined {
  if (rows === 0 || page >= pages && !cut || all) return undefined;
  const count = items === undefined || items < rows ? `${rows} ${plural} shown` : `${rows} of ${items} ${plural} shown`;
  if (limit !== undefined) return `${count}. More: a higher --limit, or --all.`;
  return `${count} (page ${first} of ${pages}). More: --page ${first + 1}, or --all.`;
}
