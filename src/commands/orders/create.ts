import type { Value } from "../../cli/mod.ts";
import { AppError } from "../../errors.ts";
import { selection } from "../../fields/mod.ts";
import { given, INPUT, objectOf } from "../../input/mod.ts";
import { changing, confirming } from "../../kinds/mod.ts";
import { ORDER } from "./order.ts";

const DOCUMENT = `mutation CreateOrder($input: OrderInput!) {
  orders_create(input: $input) { ${selection(ORDER)} }
}`;

const ACTION = "create the order";

interface Item {
  sku: string;
  quantity: number;
}

/** `ACM-001=2`, or `ACM-001` for one. No quotes in any shell; a SKU that ends in `=2` is for `--input`. */
const item: Value<Item> = {
  shown: "sku[=n]",
  schema: { type: "string" },
  parse(text, from) {
    const sign = text.lastIndexOf("=");
    const [sku, digits] = sign < 0 ? [text.trim(), "1"] : [text.slice(0, sign).trim(), text.slice(sign + 1).trim()];
    if (sku !== "" && /^[1-9]\d{0,8}$/.test(digits)) return { sku, quantity: Number(digits) };
    throw new AppError("usage", `${from} must be a SKU and how many of it, not "${text.slice(0, 40)}"`, {
      hint: `write, for example: ${from} ACM-001=2`,
    });
  },
};

export const create = changing({
  name: "create",
  documents: { CreateOrder: DOCUMENT },
  examples: [
    "autocom orders create --item ACM-001=2 --item ACM-002 --notes gift --yes",
    "autocom orders create --item ACM-001 --external-id SHOP-7 --dry-run",
  ],
  summary: "make an order",
  does: "Make an order of products that are sold and in stock, after showing it and asking. Prices are the server's.",
  permission: "orders.create",
  of: ORDER,
  action: ACTION,
  document: DOCUMENT,
  field: "orders_create",
  args: [],
  options: {
    item: { about: "a product by its SKU, and how many of it (default: 1)", value: item, many: true },
    customer: { about: "the customer's id", value: given("id") },
    externalId: { about: "the order's id where it comes from; no two orders have the same", value: given("id") },
    currency: { about: "INR unless it is said", value: given("code") },
    notes: { about: "kept with the order", value: given("text") },
    tag: { about: "a tag", value: given("text"), many: true },
    ...INPUT,
  },
  typed: { customer_id: "customer", items: "item", tags: "tag" },
  words: ["Create", "created"],
  told: ({ order_number, total, currency }) => `order ${order_number} was created: ${total} ${currency}`,
  async read(app, { item, customer, externalId, currency, notes, tag, file }) {
    if (customer) (await import("./missing.ts")).mustBeId(customer);
    const some = <T>(all: readonly T[]) => all.length > 0 ? all : undefined;
    const order = await objectOf(app, file, {
      items: some(item),
      customer_id: customer,
      external_id: externalId,
      currency,
      notes,
      tags: some(tag),
    });
    if (order.items !== undefined) return order;
    throw new AppError("usage", `cannot ${ACTION}: it has no items`, {
      hint: "write, for example: --item ACM-001=2, or --input FILE",
    });
  },
  async prepare(_api, { body }) {
    const { stated } = await confirming();
    return {
      what: "a new order",
      before: null,
      after: body,
      change: Object.entries(body).map(([name, value]) =>
        name === "items"
          ? itemsOf(value, stated)
          : `${name}: ${typeof value === "string" ? stated(value) : JSON.stringify(value)}`
      ).join(", "),
      variables: { input: body },
    };
  },
});

/** `2 × ACM-001, 1 × ACM-002`; what a file says otherwise, or more of, as it stands there: all that is sent is seen. */
function itemsOf(items: unknown, stated: (text: string) => string): string {
  const known = (one: unknown): one is { sku: string; quantity?: unknown } =>
    typeof one === "object" && one !== null && "sku" in one && typeof one.sku === "string" &&
    Object.keys(one).every((name) => name === "sku" || name === "quantity");
  if (!Array.isArray(items) || items.length === 0 || !items.every(known)) return `items: ${JSON.stringify(items)}`;
  return items.map(({ sku, quantity = 1 }) => `${JSON.stringify(quantity)} × ${stated(sku)}`).join(", ");
}
