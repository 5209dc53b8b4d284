import { type Api, member } from "../../api/mod.ts";
import { AppError } from "../../errors.ts";
import { detail, record, type View } from "../../output/mod.ts";
import { Command, ONLINE, verb } from "../verb.ts";
import { checked, type Order } from "./order.ts";

interface Item {
  id: string;
  sku: string;
  name: string;
  quantity: number;
  unit_price: string;
  total: string;
}

interface FullOrder extends Order {
  payment_status: string;
  fulfillment_status: string;
  customer_id: string | null;
  items: Item[];
  subtotal: string;
  tax: string;
  discount: string;
  shipping_cost: string;
  notes: string | null;
  tags: string[];
  updated_at: string;
}

const ITEM = ["id", "sku", "name", "quantity", { money: "unit_price" }, { money: "total" }] as const;

const ORDER: View<FullOrder> = {
  columns: {
    ORDER: "order_number",
    ID: "id",
    STATUS: "status",
    PAYMENT: "payment_status",
    FULFILLMENT: "fulfillment_status",
    CUSTOMER: "customer_id",
    ITEMS: ({ items }) => items.map(({ quantity, sku }) => `${quantity} × ${sku}`).join(", "),
    SUBTOTAL: "subtotal",
    TAX: "tax",
    DISCOUNT: "discount",
    SHIPPING: "shipping_cost",
    TOTAL: "total",
    CURRENCY: "currency",
    NOTES: "notes",
    TAGS: ({ tags }) => tags.join(", "),
    CREATED: "created_at",
    UPDATED: "updated_at",
  },
  fields: [
    "id",
    "order_number",
    "status",
    "payment_status",
    "fulfillment_status",
    "customer_id",
    { key: "items", value: ({ items }) => items.map((item) => record<Item>(ITEM, item)) },
    { money: "subtotal" },
    { money: "tax" },
    { money: "discount" },
    { money: "shipping_cost" },
    { money: "total" },
    "currency",
    "notes",
    "tags",
    "created_at",
    "updated_at",
  ],
};

const DOCUMENT = `query Order($id: ID!) {
  order(id: $id) {
    id order_number status payment_status fulfillment_status customer_id
    items { id sku name quantity unit_price total }
    subtotal tax discount shipping_cost total currency notes tags created_at updated_at
  }
}`;

const FIND = `query FindOrder($search: String, $page: Int) {
  orders(search: $search, page: $page, per_page: 100) { data { id order_number } meta { total_pages } }
}`;

const ACTION = "show the order";

export const get = verb({
  needs: ONLINE,
  documents: { Order: DOCUMENT, FindOrder: FIND },
  examples: ["autocom orders get ORD-20260503-1814", "autocom orders get ORD-20260503-1814 -o json"],
  command: () =>
    new Command("get")
      .aliases(["view", "show"])
      .summary("show one order")
      .description("Show one order with its items and amounts.")
      .argument("<order>", "its id, or its order number"),
  async run(app, _options, text) {
    const wanted = text.trim();
    if (wanted === "" || wanted.length > 100) {
      throw new AppError("usage", `"${wanted.slice(0, 40)}" is neither an order's id nor its number`, {
        hint: "autocom orders list",
      });
    }
    const destination = await app.destination();
    const api = await app.api();
    const id = isId(wanted) ? wanted : await findByNumber(api, wanted);
    const order = member(await api.query(DOCUMENT, { id }, ACTION).catch(absent(wanted)), "order");
    if (order === null) throw notFound(wanted);
    await detail(destination, ORDER, full(order));
  },
});

/** A UUID or a ULID; anything else is an order number. */
function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) || /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i.test(text);
}

/** The server's search finds parts of a number; only the whole one counts, on whichever page it stands. */
async function findByNumber(api: Api, number: string): Promise<string> {
  for (let page = 1, more = true; more; page++) {
    const answer = member(await api.query(FIND, { search: number, page }, ACTION), "orders");
    const data = member(answer, "data");
    const orders = Array.isArray(data) ? data : [];
    const id = member(orders.find((order) => member(order, "order_number") === number), "id");
    if (typeof id === "string") return id;
    more = orders.length > 0 && page < Number(member(member(answer, "meta"), "total_pages"));
  }
  throw notFound(number);
}

function full(value: unknown): FullOrder {
  const order = checked<FullOrder>(value, ACTION);
  const list = <T>(given: unknown, type: string) =>
    Array.isArray(given) ? given.filter((one): one is T => one !== null && typeof one === type) : [];
  return { ...order, items: list<Item>(order.items, "object"), tags: list<string>(order.tags, "string") };
}

/** The server's own "not found" does not say what; without its code (a 404) it is the address that leads nowhere. */
function absent(wanted: string): (error: unknown) => never {
  return (error) => {
    const isOrder = error instanceof AppError && error.kind === "not-found" && error.status === undefined;
    throw isOrder ? notFound(wanted, error.requestId) : error;
  };
}

function notFound(wanted: string, requestId?: string): AppError {
  return new AppError("not-found", `there is no order "${wanted}" in this tenant`, {
    hint: "search for it: autocom orders list --search PART",
    ...(requestId ? { requestId } : {}),
  });
}
