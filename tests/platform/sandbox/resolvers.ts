/**
 * One function for each field of Query and Mutation.
 *
 * @module
 */

import { audit, customers, orders, products } from "./catalog.ts";
import type { Database, Row } from "./database.ts";
import type { Input } from "./incoming.ts";
import { ORDER_MUTATIONS } from "./orders.ts";
import { find, type Place } from "./place.ts";
import { PRODUCT_MUTATIONS } from "./products.ts";
import { describe } from "./rest.ts";

export type { Place } from "./place.ts";

export const RESOLVERS: Record<string, (place: Place, args: Input) => unknown> = {
  profile: ({ platform, user, tenant }) => describe(platform, user, tenant),
  orders: ({ db }, args) => orders(db, args),
  order: ({ db }, { id }) => find(db, "order", id),
  products: ({ db }, args) => products(db, args),
  product: ({ db }, { id }) => find(db, "product", id),
  customers: ({ db }, args) => customers(db, args),
  customer: ({ db }, { id }) => find(db, "customer", id),
  audit_log: ({ platform, tenant }, args) => audit(platform.central, tenant.id, args),
  ...ORDER_MUTATIONS,
  ...PRODUCT_MUTATIONS,
};

/** The fields of a row that lead to other rows. */
export const RELATIONS: Record<string, (db: Database, row: Row) => Row | Row[] | undefined> = {
  "Order.customer": (db, row) => db.one("select * from customers where id = ?", row.customer_id!),
  "Order.items": (db, row) => db.all("select * from order_items where order_id = ?", row.id!),
  "Customer.orders": (db, row) => db.all("select * from orders where customer_id = ?", row.id!),
};
