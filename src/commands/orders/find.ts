import { type Api, member } from "../../api/mod.ts";
import { AppError } from "../../errors.ts";

/** What a change has to know of an order. */
export interface Brief {
  id: string;
  order_number: string;
  status: string;
}

export const FIND_ORDER = `query FindOrder($search: String, $page: Int) {
  orders(search: $search, page: $page, per_page: 100) { data { id order_number status } meta { total_pages } }
}`;

export const BRIEF_ORDER = `query BriefOrder($id: ID!) {
  order(id: $id) { id order_number status }
}`;

/** What the person named an order by, trimmed. */
export function named(text: string): string {
  const wanted = text.trim();
  if (wanted !== "" && wanted.length <= 100) return wanted;
  throw new AppError("usage", `"${wanted.slice(0, 40)}" is neither an order's id nor its number`, {
    hint: "autocom orders list",
  });
}

/** A UUID or a ULID; anything else is an order number. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) || /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i.test(text);
}

/** The order of that id or number. Throws `not-found` when there is none. */
export async function find(api: Api, wanted: string, action: string): Promise<Brief> {
  if (!isId(wanted)) return await findByNumber(api, wanted, action);
  const order = brief(member(await api.query(BRIEF_ORDER, { id: wanted }, action).catch(absent(wanted)), "order"));
  if (!order) throw notFound(wanted);
  return order;
}

/** The server's search finds parts of a number; only the whole one counts, on whichever page it stands. */
export async function findByNumber(api: Api, number: string, action: string): Promise<Brief> {
  for (let page = 1, more = true; more; page++) {
    const answer = member(await api.query(FIND_ORDER, { search: number, page }, action), "orders");
    const data = member(answer, "data");
    const orders = Array.isArray(data) ? data : [];
    const found = brief(orders.find((order) => member(order, "order_number") === number));
    if (found) return found;
    more = orders.length > 0 && page < Number(member(member(answer, "meta"), "total_pages"));
  }
  throw notFound(number);
}

function brief(value: unknown): Brief | undefined {
  const [id, order_number, status] = ["id", "order_number", "status"].map((name) => member(value, name));
  if (typeof id !== "string" || typeof order_number !== "string") return undefined;
  return { id, order_number, status: String(status) };
}

/** The server's own "not found" does not say what; without its code (a 404) it is the address that leads nowhere. */
export function absent(wanted: string): (error: unknown) => never {
  return (error) => {
    const isOrder = error instanceof AppError && error.kind === "not-found" && error.status === undefined;
    throw isOrder ? notFound(wanted, error.requestId) : error;
  };
}

export function notFound(wanted: string, requestId?: string): AppError {
  return new AppError("not-found", `there is no order "${wanted}" in this tenant`, {
    hint: "search for it: autocom orders list --search PART",
    ...(requestId ? { requestId } : {}),
  });
}
