/**
 * The lists, for REST and GraphQL alike. Bad filters are refused as Laravel's validator would.
 *
 * @module
 */

import type { SQLInputValue } from "node:sqlite";
import type { Database, Row } from "./database.ts";
import type { Input } from "./incoming.ts";
import { ORDER_STATUSES, PAYMENT_STATUSES } from "./seed.ts";
import { parseTime } from "./time.ts";
import {
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

/** Newest first. */
export const orders = (db: Database, filters: Input): Page =>
  list(db, filters, {
    from: "orders",
    by: "created_at desc, id",
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
    by: "sku",
    rules: {
      status: [nullable, oneOf(["active", "draft", "archived"])],
      source_module: [nullable, text, maxText(50)],
      ...SEARCH,
    },
    equal: ["status", "source_module"],
    like: ["name", "sku"],
  });

export const customers = (db: Database, filters: Input): Page =>
  list(db, filters, {
    from: "customers",
    by: "email",
    rules: SEARCH,
    equal: [],
    like: ["first_name", "last_name", "email", "phone"],
  });

/** The tenant's rows of the central audit log, newest first. */
export const audit = (central: Database, tenant: string, filters: Input): Page =>
  list(central, filters, {
    from: "module_bus_audit_log",
    by: "id desc",
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
  by: string;
  rules: Record<string, readonly Rule[]>;
  equal: string[];
  like: string[];
  only?: Record<string, string>;
}

function list(db: Database, filters: Input, { from, by, rules, equal, like, only = {} }: Listing): Page {
  const f = validate(filters, { ...rules, ...PAGING });
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
  if (f.search != null && like.length) {
    const term = `%${String(f.search).replace(/[%_\\]/g, "\\$&")}%`;
    add(`(${like.map((column) => `${column} like ? escape '\\'`).join(" or ")})`, ...like.map(() => term));
  }
  const condition = where.length ? `where ${where.join(" and ")}` : "";
  const page = Number(f.page ?? 1);
  const perPage = Number(f.per_page ?? 20);
  const total = Number(db.one(`select count(*) as n from ${from} ${condition}`, ...values)!.n);
  const rows = `select * from ${from} ${condition} order by ${by} limit ? offset ?`;
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
