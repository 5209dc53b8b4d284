import { member } from "../../api/mod.ts";
import { detail, record, type View } from "../../output/mod.ts";
import { ONLINE, text, verb } from "../../cli/mod.ts";
import { absent, FIND_ORDER, findByNumber, isId, named, notFound } from "./find.ts";
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

const ACTION = "show the order";

export const get = verb({
  name: "get",
  aliases: ["view", "show"],
  needs: ONLINE,
  documents: { Order: DOCUMENT, FindOrder: FIND_ORDER },
  examples: ["autocom orders get ORD-20260503-1814", "autocom orders get ORD-20260503-1814 -o json"],
  summary: "show one order",
  does: "Show one order with its items and amounts.",
  permission: "orders.view",
  args: [{ name: "order", about: "its id, or its order number", value: text("order") }],
  async run(app, _given, word) {
    const wanted = named(word);
    const destination = await app.destination();
    const api = await app.api();
    const { id } = isId(wanted) ? { id: wanted } : await findByNumber(api, wanted, ACTION);
    const order = member(await api.query(DOCUMENT, { id }, ACTION).catch(absent(wanted)), "order");
    if (order === null) throw notFound(wanted);
    await detail(destination, ORDER, full(order));
  },
});

function full(value: unknown): FullOrder {
  const order = checked<FullOrder>(value, ACTION);
  const list = <T>(given: unknown, type: string) =>
    Array.isArray(given) ? given.filter((one): one is T => one !== null && typeof one === type) : [];
  return { ...order, items: list<Item>(order.items, "object"), tags: list<string>(order.tags, "string") };
}
