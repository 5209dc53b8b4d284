import type { App } from "../app.ts";
import { type Given, ONLINE, type Options, type Said, type Verb, verb, whole } from "../cli/mod.ts";
import { choosing, type Fields, type View, view } from "../fields/mod.ts";
import { grouped, list } from "../output/mod.ts";
import { MOST_PER_PAGE, printPages, STREAM_MARGIN } from "../paging/mod.ts";
import { asking, CHOOSE, chosen, namesOf, printNames } from "./chosen.ts";
import { REACH } from "./reach.ts";
import type { Listed } from "./listed.ts";
import { type Seen, stream } from "./stream.ts";

/** What a list is, beside what every verb is and what its rows are. */
interface Listing<F extends Fields> {
  readonly of: F;
  /** All that a row has, for `--fields`; loaded when that is given. */
  readonly full?: () => Promise<Fields>;
  /** Completes "cannot …": `list orders`. */
  readonly action: string;
  /** Rows on a page, where nothing else is said. */
  readonly standard: number;
}

/** A verb that lists. */
// deno-lint-ignore ban-types
export function listing<const F extends Fields, const O extends Options = {}>(
  { of, full, plural, action, standard, options, typed = {}, filters, open, ...said }:
    & Omit<Said, "needs">
    & Listing<F>
    & Listed<O>,
): Verb {
  const paging = {
    page: { about: "page to show, or to start from", value: whole(1_000_000), otherwise: "1" },
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
    names: async () => await namesOf({ ...await full?.(), ...of }),
    options: { ...options, ...paging } as typeof paging,
    async run(app, { page, perPage, all: every_, limit, fields, query, meta, ...given }) {
      const row: Fields = fields === undefined || !full ? of : { ...await full(), ...of };
      const asked = query === undefined
        ? undefined
        : await asking(app, query, { of: row, fields, full, rows: { plural, meta }, options: every, direct: true });
      const to = asked ?? await app.destination();
      const first = page ?? 1;
      // Of all of them, whatever their pages, unless fewer are named.
      const all = every_ || asked !== undefined && page === undefined && limit === undefined;
      if (fields === true) return await printNames(to, row);
      const face: View<never> = fields === undefined ? view(of) : await chosen(row, fields);
      const sought = fields === undefined || !full ? of : (await choosing()).sought(row, fields);
      const many = await isMany(asked ? "json" : to.format, { all, limit, meta });
      // With a page to start from the limit moves it nowhere.
      const usual = first > 1 ? standard : limit ?? standard;
      const per_page = perPage ?? Math.min(all ? MOST_PER_PAGE : usual, MOST_PER_PAGE);
      if (app.globals.timeZone !== undefined) await app.settings.get("time_zone"); // also where no day is named
      const wanted = await filters(given as Given<O>, app);
      const writer = list(to, face, { meta });
      // Loaded when somebody may see it.
      const line = many && app.system.io.stderr.isTerminal
        ? await (await later()).rowsLine(app, to, plural)
        : undefined;
      const api = await app.api(many ? STREAM_MARGIN : undefined);
      const seen: Seen = { rows: 0, page: first, cut: false };
      const print = async () => {
        const pages = await stream(app, api, { of: sought, action, open }, { per_page, ...wanted }, {
          many,
          limit,
          written: writer.written,
        }, seen);
        const counts = () => ({
          current_page: seen.page,
          total_pages: seen.pages ?? null,
          total_items: seen.items ?? null,
          per_page,
          rows: seen.rows,
        });
        const out = {
          page: (rows: readonly never[]) => writer.page(rows),
          async end() {
            if (asked) await line?.end(); // then it is all printed, and perhaps warned of
            await writer.end(meta ? counts() : undefined);
          },
        };
        const shown = line?.over(pages, { first, per_page, limit }) ?? pages;
        const over = asked?.asked.over(shown, first, per_page, many ? limit : per_page);
        await printPages(over ?? shown, out, { first, all: many && !asked, limit, per_page, line: app.line }).finally(
          line?.end,
        );
      };
      // Loaded when the server refuses.
      await print().catch(async (error) => (await later()).named(every, typed)(error));
      const filtered = Object.values(wanted).some((value) => value !== undefined);
      if (seen.rows === 0) await app.say.note((await later()).nothing(plural, seen, filtered));
      if (all && seen.rows > 0) await warnOfFewer(app, plural, seen, (first - 1) * per_page);
      const rest = left(plural, seen, { first, limit, all });
      if (rest) await app.say.left(rest);
    },
  });
}

/** Whether there may be several pages. Throws `usage` for what does not fit together. */
export async function isMany(format: string, { all, limit, meta }: Given<typeof REACH>): Promise<boolean> {
  const many = limit !== undefined;
  if (meta && !/json$|yaml/.test(format) || all && many) (await later()).refuse(format, all && many);
  return all || many;
}

/** What a list needs now and then: see `later.ts`. */
export const later = () => import("./later.ts");

/** Says when a whole list has fewer rows than the server counts, `before` of them on pages that were not asked for. */
export async function warnOfFewer({ say }: App, plural: string, seen: Seen, before: number): Promise<void> {
  if (seen.items === undefined || seen.rows >= seen.items - before) return;
  await say.warn((await later()).fewer(plural, seen.rows, seen.items - before));
}

/** How many of how many, and how to get the rest; undefined when nothing is left. */
export function left(
  plural: string,
  { rows, page, cut, pages = 1, items }: Seen,
  { first, limit, all }: { first: number; limit: number | undefined; all: boolean },
): string | undefined {
  if (rows === 0 || page >= pages && !cut || all) return undefined;
  const of = items === undefined || items < rows ? "" : ` of ${grouped(items)}`;
  const count = `${grouped(rows)}${of} ${plural} shown`;
  if (limit !== undefined) return `${count}. More: a higher --limit, or --all.`;
  return `${count} (page ${first} of ${pages}). More: --page ${first + 1}, or --all.`;
}
