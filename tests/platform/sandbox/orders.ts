/**
 * What changes orders.
 *
 * @module
 */

import type { Database, Row } from "./database.ts";
import type { Input } from "./incoming.ts";
import { find, has, type Place, refuse } from "./place.ts";
import type { Platform } from "./platform.ts";
import { decimal, hundredths, ORDER_STATUSES } from "./seed.ts";
import { sqlTime } from "./time.ts";
import {
  between,
  Check,
  exists,
  integer,
  maxText,
  minItems,
  money,
  nullable,
  oneOf,
  taken,
  text,
  validate,
} from "./validation.ts";

export const ORDER_MUTATIONS: Record<string, (place: Place, args: Input) => Row> = {
  orders_create: (place, { input }) => create(place, input as Input),

  orders_update_status({ db, platform }, args) {
    validate(args, { status: [oneOf(ORDER_STATUSES)] });
    return change(db, platform, find(db, "order", args.id), { status: String(args.status) });
  },

  orders_cancel({ db, platform }, args) {
    const order = find(db, "order", args.id);
    if (order.status === "delivered" || order.status === "cancelled") {
      throw refuse(
        `An order that is ${order.status} cannot be cancelled.`,
        "status",
        `The order is ${order.status}.`,
      );
    }
    return change(db, platform, order, { status: "cancelled", notes: noted(order, args) });
  },

  orders_process_refund({ db, platform }, args) {
    validate(args, { amount: [nullable, money], reason: [nullable, text, maxText(500)] });
    const order = find(db, "order", args.id);
    const [paid, refunded] = [hundredths(String(order.amount_paid)), hundredths(String(order.amount_refunded))];
    if (paid === 0) {
      throw refuse(
        "An order that is not paid cannot be refunded.",
        "payment_status",
        `The payment is ${order.payment_status}.`,
      );
    }
    const left = paid - refunded;
    if (left === 0) {
      throw refuse("The order is refunded already.", "payment_status", `The payment is ${order.payment_status}.`);
    }
    if (args.currency != null && args.currency !== order.currency) {
      throw refuse(`The order is in ${order.currency}.`, "currency");
    }
    const amount = args.amount == null ? left : hundredths(String(args.amount));
    if (amount === 0) throw refuse("The amount must be more than 0.00.", "amount");
    if (amount > left) throw refuse(`At most ${decimal(left)} ${order.currency} can be refunded.`, "amount");
    return change(db, platform, order, {
      amount_refunded: decimal(refunded + amount),
      payment_status: amount === left ? "refunded" : order.payment_status!,
      notes: noted(order, args),
    });
  },
};

const noted = (order: Row, { reason }: Input): string | null => reason == null ? order.notes as string : String(reason);

function change(db: Database, platform: Platform, order: Row, values: Row): Row {
  const changed = Object.entries(values).filter(([name, value]) => order[name] !== value);
  if (changed.length === 0) return order;
  const columns = [...changed, ["updated_at", sqlTime(platform.options.now())] as const];
  const set = columns.map(([name]) => `${name} = ?`).join(", ");
  db.run(`update orders set ${set} where id = ?`, ...columns.map(([, value]) => value), order.id!);
  return find(db, "order", order.id);
}

function create({ db, platform }: Place, input: Input): Row {
  const items = input.items as { sku: string; quantity: number }[];
  const check = new Check()
    .field("customer_id", input.customer_id, [nullable, exists(has(db, "customers", "id"))])
    .field("external_id", input.external_id, [nullable, text, maxText(100), taken(has(db, "orders", "external_id"))])
    .field("currency", input.currency, [oneOf(["INR", "USD", "EUR"])])
    .field("notes", input.notes, [nullable, text, maxText(500)])
    .field("items", items, [minItems(1)]);
  items.forEach(({ sku }, at) => check.field(`items.${at}.sku`, sku, [exists(has(db, "products", "sku"))]));
  items.forEach(({ quantity }, at) => check.field(`items.${at}.quantity`, quantity, [integer, between(1, 1000)]));
  check.done();

  return db.transaction(() => {
    const id = crypto.randomUUID();
    const now = sqlTime(platform.options.now());
    let sum = 0;
    items.forEach(({ sku, quantity }, at) => {
      const product = db.one("select * from products where sku = ?", sku)!;
      sell(db, product, quantity, at);
      const line = quantity * hundredths(String(product.price));
      sum += line;
      db.insert("order_items", {
        id: crypto.randomUUID(),
        order_id: id,
        product_id: product.id!,
        sku,
        name: product.name!,
        quantity,
        unit_price: product.price!,
        total: decimal(line),
      });
    });
    const number = Number(db.one("select count(*) as n from orders")!.n) + 1;
    db.insert("orders", {
      id,
      order_number: `ORD-${now.slice(0, 10).replaceAll("-", "")}-${String(number).padStart(4, "0")}`,
      customer_id: input.customer_id == null ? null : String(input.customer_id),
      external_id: input.external_id == null ? null : String(input.external_id),
      currency: String(input.currency ?? "INR"),
      notes: input.notes == null ? null : String(input.notes),
      subtotal: decimal(sum),
      total: decimal(sum),
      tags: JSON.stringify(input.tags ?? []),
      created_at: now,
      updated_at: now,
    });
    return find(db, "order", id);
  });
}

/** Takes the pieces out of the stock. */
function sell(db: Database, product: Row, quantity: number, at: number): void {
  const { sku, status, stock_quantity } = product;
  if (status !== "active") throw refuse(`${sku} is ${status}, it cannot be ordered.`, `items.${at}.sku`);
  if (!product.track_inventory) return;
  if (Number(stock_quantity) < quantity) {
    throw refuse(`Only ${stock_quantity} of ${sku} are in stock.`, `items.${at}.quantity`);
  }
  db.run("update products set stock_quantity = stock_quantity - ? where id = ?", quantity, product.id!);
}
