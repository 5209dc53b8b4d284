/**
 * A query that gives pages, over as many of them as are wanted. Loaded by who asks for more than one, or for the counts.
 *
 * @module
 */

import { member } from "../api/mod.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { checker, type View, view } from "../fields/mod.ts";
import { chosen, isMany, later, left, type Seen, stream, warnOfFewer } from "../kinds/mod.ts";
import { list } from "../output/mod.ts";
import { MOST_PER_PAGE, printPages, STREAM_MARGIN } from "../paging/mod.ts";
import { type Book, type Operation } from "./book.ts";
import type { Ours } from "./called.ts";
import type { Call } from "./request.ts";
import { choices } from "./choices.ts";
import { present, rowOf, TYPENAME } from "./selection.ts";
import type { Source } from "./source.ts";
import { unwrap } from "./wrapping.ts";

/** How pages are asked for: the names of arguments, the rows on a page where nothing is said, the names of counts. */
interface Paged {
  page: string;
  size: string | undefined;
  standard: number | null;
  pages: string;
  items: string;
}

/** Which pages are wanted. */
interface Wanted {
  paged: Paged;
  first: number;
  /** Null where the server decides. */
  size: number | null;
  /** That of a line with a page to start from. */
  usual: number | null;
}

/** A row with what tells it from others: its id, else its place. */
interface Identified {
  id: string;
  row: unknown;
}

/** Prints the rows that `call` gives. */
export async function printCall(
  app: App,
  source: Source,
  book: Book,
  operation: Operation,
  call: Call,
  { fields, all = false, limit, meta = false }: Ours & { fields?: string },
): Promise<void> {
  const to = await app.destination();
  const many = await isMany(to.asked ? "json" : to.format, { all, limit, meta });
  const paged = pagedBy(book, operation);
  const wanted = { ...start(call.variables, paged, many ? limit ?? Infinity : undefined), paged };
  const { first, size, usual } = wanted;
  const filtered = Object.keys(call.variables).some((name) => name !== paged.page && name !== paged.size);
  call.variables = {
    ...call.variables,
    [paged.page]: first,
    ...many && paged.size !== undefined && size !== null && { [paged.size]: size },
  };
  // Rows are told apart by their ids, also where those are not printed; and where they are of several types, by these.
  if (many && fields !== undefined && Object.hasOwn(choices(book, operation), "id")) {
    const kind = rowOf(book, operation).row?.kind;
    const apart = kind === "UNION" || kind === "INTERFACE" ? ["id", TYPENAME.name] : ["id"];
    call.fields = [...new Set([...fields.split(",").map((name) => name.trim()), ...apart])].join();
  }
  await call.plan(book);
  await source.holding(async () => {
    const api = await source.api(many ? STREAM_MARGIN : undefined);
    const asked = asking(call, wanted);
    const earliest = await asked(first); // a field that is refused is out of the selection from here on
    const ask = (page: number) => page === first ? Promise.resolve(earliest) : asked(page);
    const face = within(fields === undefined ? view(call.selection.of) : await chosen(call.selection.of, fields));
    const writer = list(to, face, { meta });
    const seen: Seen = { rows: 0, page: first, cut: false };
    // Loaded when somebody may see it.
    const line = many && app.system.io.stderr.isTerminal
      ? await (await later()).rowsLine(app, to, "rows", { what: `Calling ${call.name}` })
      : undefined;
    const open = () => ({ ask, row: identified(call) });
    const [of, { action }, per_page] = [{}, call, size ?? Infinity]; // each row is checked when it is told from others
    const pages = await stream(
      app,
      api,
      { of, action, open },
      { per_page: size ?? Number.MAX_VALUE },
      { many, limit, written: writer.written },
      seen,
    );
    const counts = () => ({
      current_page: seen.page,
      total_pages: seen.pages ?? null,
      total_items: seen.items ?? null,
      per_page: paged.size === undefined ? null : size,
      rows: seen.rows,
    });
    const out = {
      page: (rows: readonly Identified[]) => writer.page(rows),
      async end() {
        if (to.asked) await line?.end();
        await writer.end(meta ? counts() : undefined);
      },
    };
    const shown = line?.over(pages, { first, per_page, limit }) ?? pages;
    const over = to.asked?.over(shown, first, per_page, many ? limit : undefined);
    await printPages(over ?? shown, out, {
      first,
      all: many && !to.asked,
      limit,
      per_page: paged.size === undefined ? undefined : size ?? undefined,
      isSized: size !== usual,
      line: app.line,
    }).finally(
      line?.end,
    );
    if (seen.rows === 0) await app.say.note((await later()).nothing("rows", seen, filtered));
    // What stands before another page than the first is known by the size of pages alone, where it is asked for.
    if (all && seen.rows > 0 && (first === 1 || paged.size !== undefined && size !== null)) {
      await warnOfFewer(app, "rows", seen, first === 1 ? 0 : (first - 1) * size!);
    }
    const rest = left("rows", seen, { first, limit, all });
    if (rest) await app.say.left(rest);
  });
}

function pagedBy(book: Book, { args, returns }: Operation): Paged {
  const size = args.find(({ name, type }) => /^per_?page$/i.test(name) && /^Int!?$/.test(type));
  const meta = book.type(unwrap(returns).name)?.fields.find(({ name }) => name === "meta");
  const counts = book.type(unwrap(meta!.type).name)?.fields.map(({ name }) => name) ?? [];
  return {
    page: "page",
    size: size?.name,
    standard: /^\d+$/.test(size?.standard ?? "") ? Number(size!.standard) : null,
    pages: counts.includes("total_pages") ? "total_pages" : "last_page",
    items: counts.includes("total_items") ? "total_items" : "total",
  };
}

/** `limit` is undefined where one page is wanted. What is no page and no size the server refuses. */
function start(given: Readonly<Record<string, unknown>>, { page, size, standard }: Paged, limit: number | undefined) {
  const number = (name: string | undefined) =>
    name === undefined ? undefined : given[name] as number | null | undefined;
  const first = number(page) ?? 1;
  const usual = number(size) ?? standard;
  // With a page to start from the limit moves it nowhere, nor does --all.
  const isUsual = limit === undefined || first > 1 || number(size) !== undefined;
  return { first, usual, size: isUsual ? usual : Math.min(limit, MOST_PER_PAGE) };
}

/** Asks for pages as a list's: `{ data, meta: { total_pages, total_items } }`. */
function asking(call: Call, { paged, first }: Wanted): (page: number) => Promise<unknown> {
  return async (page) => {
    const answer = page === first ? await call.query() : await again(call, { [paged.page]: page });
    if (answer === null && page === first && !call.required) return { data: [], meta: { total_pages: 0 } };
    const [data, meta] = [present(member(answer, "data"), call.selection.list!), member(answer, "meta")];
    const [at, pages] = [member(meta, "current_page"), member(meta, paged.pages)];
    if (typeof at === "number" && typeof pages === "number" && at !== page && page <= pages) {
      throw new AppError("server", `cannot ${call.action}: the server sent page ${at} when asked for ${page}`, {
        hint: "ask for one page at a time with --page",
      });
    }
    return {
      data: Array.isArray(data) ? data.map((row, at) => ({ row, at, page })) : data,
      meta: { total_pages: pages, total_items: member(meta, paged.items) },
    };
  };
}

/** The result with other values: what is refused now is an error. */
async function again(call: Call, changed: Readonly<Record<string, unknown>>): Promise<unknown> {
  const found = await call.send({ ...call.variables, ...changed });
  await found.refuse();
  return member(found.data, call.name);
}

function identified(call: Call): (value: unknown) => Identified {
  const check = checker(call.selection.of, call.action);
  return (value) => {
    const { row, at, page } = value as { row: unknown; at: number; page: number };
    const id = member(row, "id") ?? `${page}.${at}`;
    const type = member(row, TYPENAME.name); // of several types each has ids of its own
    return {
      row: check(row),
      id: `${typeof type === "string" ? type : ""} ${typeof id === "string" ? id : JSON.stringify(id)}`,
    };
  };
}

/** The same view, of what holds a row. */
function within({ columns, record }: View<never>): View<Identified> {
  return {
    columns: columns.map((column) => ({ ...column, cell: ({ row }, whole) => column.cell(row as never, whole) })),
    record: ({ row }) => record(row as never),
  };
}
