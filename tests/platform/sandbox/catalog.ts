/**
 * The lists, for REST and GraphQL alike. Bad filters are refused as Laravel's validator would.
 *
 * @module
 */

import type { SQLInputValue } from "node:sqlite";
import type { Database, Row } from "./database.ts";
import type { Input } from "./incoming.ts";
import { ORDER_STATUSES, PAYMENT_STATUSES, PRODUCT_STATUSES } from "./seed.ts";
import { parseTime } from "./time.ts";
import {
  array,
  between,
  date,
  integer,
  maxText,
  min,
  nullable,
  oneOf,
  type Rule,
  text,
  uuid,
  validate,
} from "./validation.ts";

export interface Page {
  data: Row[];
  meta: { current_page: number; total_pages: number; total_items: number; per_page: number };
}

const TIME = { from: [nullable, date], to: [nullable, date] };
const SEARCH = { search: [nullable, text, maxText(100)] };
const PAGING = { page: [nullable, integer, min(1)], per_page: [nullable, integer, between(1, 100)] };

/** Unless asked otherwise newest first. */
export const orders = (db: Database, filters: Input): Page =>
  list(db, filters, {
    from: "orders",
    sort: {
      created_at: "created_at",
      order_number: "order_number",
      total: "cast(total as real)",
    },
    by: "created_at_desc",
    rules: {
      status: [nullable, oneOf(ORDER_STATUSES)],
      payment_status: [nullable, oneOf(PAYMENT_STATUSES)],
      customer_id: [nullable, uuid],
      ...SEARCH,
      ...TIME,
    },
    equal: ["status", "payment_status", "customer_id"],
    like: ["order_number"],
  });

export const products = (db: Database, filters: Input): Page =>
  list(db, filters, {
    from: "products",
    sort: { sku: "sku", name: "name", price: "cast(price as real)", stock_quantity: "stock_quantity" },
    by: "sku",
    rules: {
      status: [nullable, oneOf(PRODUCT_STATUSES)],
      source_module: [nullable, text, maxText(50)],
      ...SEARCH,
    },
    equal: ["status", "source_module"],
    like: ["name", "sku"],
  });

export const customers = (db: Database, filters: Input): Page =>
  list(db, filters, {
    from: "customers",
    sort: { email: "email", last_name: "last_name", total_spent: "cast(total_spent as real)" },
    by: "email",
    rules: { tags: [nullable, array], source_module: [nullable, text, maxText(50)], ...SEARCH },
    equal: ["source_module"],
    holds: ["tags"],
    like: ["first_name", "last_name", "email", "phone"],
  });

/** The tenant's rows of the central audit log, newest first. */
export const audit = (central: Database, tenant: string, filters: Input): Page =>
  list(central, filters, {
    from: "module_bus_audit_log",
    sort: { id: "id" },
    by: "id_desc",
    rules: {
      operation: [nullable, text, maxText(100)],
      user_id: [nullable, integer],
      request_id: [nullable, text, maxText(100)],
      ...TIME,
    },
    equal: ["operation", "user_id", "request_id"],
    like: [],
    only: { tenant },
  });

interface Listing {
  from: string;
  /** What may be sorted by, as SQL; `_desc` turns it round. */
  sort: Record<string, string>;
  /** The sort that is taken when none is asked for. */
  by: string;
  rules: Record<string, readonly Rule[]>;
  equal: string[];
  like: string[];
  /** Columns with a JSON list that must hold every text asked for. */
  holds?: string[];
  only?: Record<string, string>;
}

function list(db: Database, filters: Input, listing: Listing): Page {
  const { from, sort, by, rules, equal, like, holds = [], only = {} } = listing;
  const sorts = Object.keys(sort).flatMap((name) => [name, `${name}_desc`]);
  const f = validate(filters, { ...rules, sort: [nullable, oneOf(sorts)], ...PAGING });
  const where: string[] = [];
  const values: SQLInputValue[] = [];
  const add = (condition: string, ...more: SQLInputValue[]) => {
    where.push(condition);
    values.push(...more);
  };
  for (const [column, value] of Object.entries(only)) add(`${column} = ?`, value);
  // `from` is included, `to` is not; an empty one is no filter.
  if (f.from) add("created_at >= ?", parseTime(String(f.from)));
  if (f.to) add("created_at < ?", parseTime(String(f.to)));
  for (const column of equal) if (f[column] != null) add(`${column} = ?`, String(f[column]));
  for (const column of holds) {
    for (const value of Object.values(f[column] ?? {})) {
      add(`exists (select 1 from json_each(${column}) where value = ?)`, String(value));
    }
  }
  if (f.search != null && like.length) {
    const term = `%${String(f.search).replace(/[%_\\]/g, "\\$&")}%`;
    add(`(${like.map((column) => `${column} like ? escape '\\'`).join(" or ")})`, ...like.map(() => term));
  }
  const condition = where.length ? `where ${where.join(" and ")}` : "";
  const page = Number(f.page ?? 1);
  const perPage = Number(f.per_page ?? 20);
  const total = Number(db.one(`select count(*) as n from ${from} ${condition}`, ...values)!.n);
  const wanted = String(f.sort ?? by);
  const column = sort[wanted.replace(/_desc$/, "")]!;
  const order = `${column} ${wanted.endsWith("_desc") ? "desc" : "asc"}, id`;
  const rows = `select * from ${from} ${condition} order by ${order} limit ? offset ?`;
  return {
    data: db.all(rows, ...values, perPage, (page - 1) * perPage),
    meta: {
      current_page: page,
      total_pages: Math.max(1, Math.ceil(total / perPage)),
      total_items: total,
      per_page: perPage,
    },
  };
}
