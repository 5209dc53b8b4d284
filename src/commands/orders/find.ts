import { type Api, member } from "../../api/mod.ts";
import { AppError } from "../../errors.ts";
import { checker, type Row, selection } from "../../fields/mod.ts";
import { only } from "../../kinds/mod.ts";
import { pagesOf } from "../../paging/mod.ts";
import { ORDER } from "./order.ts";

export const FIND_ORDER = `query FindOrder($search: String, $page: Int) {
  orders(search: $search, page: $page, per_page: 100) { data { ${selection(ORDER)} } meta { total_pages } }
}`;

export const BRIEF_ORDER = `query BriefOrder($id: ID!) {
  order(id: $id) { ${selection(ORDER)} }
}`;

/** Pages of 100 that are asked for a number: what is not among them was a small part of many. */
const MOST_PAGES = 10;

/** What the person named an order by, trimmed. */
export function wanted(text: string): string {
  const word = text.trim();
  if (word !== "" && word.length <= 100) return word;
  throw new AppError("usage", `"${word.slice(0, 40)}" is neither an order's id nor its number`, {
    hint: "autocom orders list",
  });
}

/** A UUID or a ULID; anything else is an order number. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) || /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i.test(text);
}

/** The order of that id or number. Throws `not-found` when there is none. */
export async function find(api: Api, word: string, action: string): Promise<Row<typeof ORDER>> {
  if (!isId(word)) return await findByNumber(api, word, action);
  const order = member(await api.query(BRIEF_ORDER, { id: word }, action).catch(absent(word)), "order");
  if (order === null) throw await notFound(word);
  return checker(ORDER, action)(order);
}

/** The server's search finds parts of a number; only the whole one counts, on whichever of the first pages it stands. */
export async function findByNumber(api: Api, number: string, action: string): Promise<Row<typeof ORDER>> {
  const ask = async (page: number) => member(await api.query(FIND_ORDER, { search: number, page }, action), "orders");
  let asked = 0, isPart = false;
  const wayOut = "name the order by its id";
  for await (const page of pagesOf({ first: 1, all: true, action, wayOut, ask, row: checker(ORDER, action) })) {
    const found = only(page.rows.filter((order) => order.order_number === number), "orders", number);
    if (found) return found;
    isPart ||= page.rows.length > 0;
    if (++asked === MOST_PAGES && page.pages > asked) throw (await import("./missing.ts")).tooMany(number, asked);
  }
  throw await notFound(number, undefined, isPart);
}

/**
 * The server's own "not found" does not say what; without its code (a 404) it is the address that leads nowhere. Its words
 * are loaded when they are said.
 */
export function absent(word: string): (error: unknown) => Promise<never> {
  return async (error) => {
    const isOrder = error instanceof AppError && error.kind === "not-found" && error.status === undefined;
    throw isOrder ? await notFound(word, error.requestId) : error;
  };
}

/** `isPart`: the search finds it in others. */
export async function notFound(word: string, requestId?: string, isPart?: boolean): Promise<AppError> {
  return (await import("./missing.ts")).notFound(word, requestId, isPart);
}
