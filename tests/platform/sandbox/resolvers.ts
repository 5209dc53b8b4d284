/**
 * One function for each field of Query and Mutation.
 *
 * @module
 */

import { audit, customers, orders, products } from "./catalog.ts";
import type { Database, Row } from "./database.ts";
import type { Tenant } from "./gates.ts";
import type { Input } from "./incoming.ts";
import type { Platform, User } from "./platform.ts";
import { Refused } from "./refused.ts";
import { describe } from "./rest.ts";
import { decimal, hundredths, ORDER_STATUSES } from "./seed.ts";
import { sqlTime } from "./time.ts";
import { between, Check, exists, integer, maxText, minItems, nullable, oneOf, text, validate } from "./validation.ts";

/** Where a field is resolved: all gates are passed. */
export interface Place {
  platform: Platform;
  user: User;
  tenant: Tenant;
  db: Database;
}

export const RESOLVERS: Record<string, (place: Place, args: Input) => unknown> = {
  profile: ({ platform, user, tenant }) => describe(platform, user, tenant),
  orders: ({ db }, args) => orders(db, args),
  order: ({ db }, { id }) => find(db, "order", id),
  products: ({ db }, args) => products(db, args),
  product: ({ db }, { id }) => find(db, "product", id),
  customers: ({ db }, args) => customers(db, args),
  customer: ({ db }, { id }) => find(db, "customer", id),
  audit_log: ({ platform, tenant }, args) => audit(platform.central, tenant.id, args),
  orders_create: (place, { input }) => create(place, input as Input),

  orders_update_status({ db, platform }, args) {
    validate(args, { status: [oneOf(ORDER_STATUSES)] });
    return change(db, platform, find(db, "order", args.id), { status: String(args.status) });
  },

  orders_cancel({ db, platform }, args) {
    const order = find(db, "order", args.id);
    if (order.status === "delivered" || order.status === "cancelled") {
      const fields = { status: [`The order is ${order.status}.`] };
      throw new Refused("VALIDATION", `An order that is ${order.status} cannot be cancelled.`, { fields });
    }
    const notes = args.reason == null ? order.notes! : String(args.reason);
    return change(db, platform, order, { status: "cancelled", notes });
  },
};

/** The fields of a row that lead to other rows. */
export const RELATIONS: Record<string, (db: Database, row: Row) => Row | Row[] | undefined> = {
  "Order.customer": (db, row) => db.one("select * from customers where id = ?", row.customer_id!),
  "Order.items": (db, row) => db.all("select * from order_items where order_id = ?", row.id!),
  "Customer.orders": (db, row) => db.all("select * from orders where customer_id = ?", row.id!),
};

function find(db: Database, what: "order" | "product" | "customer", id: unknown): Row {
  const row = db.one(`select * from ${what}s where id = ?`, String(id));
  if (!row) throw new Refused("NOT_FOUND", `There is no such ${what}.`);
  return row;
}

function change(db: Database, platform: Platform, order: Row, values: Row): Row {
  const next = { ...order, ...values };
  if (next.status === order.status && next.notes === order.notes) return order;
  const now = sqlTime(platform.options.now());
  db.run(
    "update orders set status = ?, notes = ?, updated_at = ? where id = ?",
    next.status!,
    next.notes!,
    now,
    order.id!,
  );
  return find(db, "order", order.id);
}

function create({ db, platform }: Place, input: Input): Row {
  const items = input.items as { sku: string; quantity: number }[];
  const has = (table: string, column: string) => (value: string) =>
    db.one(`select 1 from ${table} where ${column} = ?`, value) !== undefined;
  const check = new Check()
    .field("customer_id", input.customer_id, [nullable, exists(has("customers", "id"))])
    .field("currency", input.currency, [oneOf(["INR", "USD", "EUR"])])
    .field("notes", input.notes, [nullable, text, maxText(500)])
    .field("items", items, [minItems(1)]);
  items.forEach(({ sku }, at) => check.field(`items.${at}.sku`, sku, [exists(has("products", "sku"))]));
  items.forEach(({ quantity }, at) => check.field(`items.${at}.quantity`, quantity, [integer, between(1, 1000)]));
  check.done();

  return db.transaction(() => {
    const id = crypto.randomUUID();
    const now = sqlTime(platform.options.now());
    let sum = 0;
    for (const { sku, quantity } of items) {
      const product = db.one("select * from products where sku = ?", sku)!;
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
    }
    const number = Number(db.one("select count(*) as n from orders")!.n) + 1;
    db.insert("orders", {
      id,
      order_number: `ORD-${now.slice(0, 10).replaceAll("-", "")}-${String(number).padStart(4, "0")}`,
      customer_id: input.customer_id == null ? null : String(input.customer_id),
      currency: String(input.currency ?? "INR"),
      notes: input.notes == null ? null : String(input.notes),
      subtotal: decimal(sum),
      total: decimal(sum),
      tags: "[]",
      created_at: now,
      updated_at: now,
    });
    return find(db, "order", id);
  });
}
