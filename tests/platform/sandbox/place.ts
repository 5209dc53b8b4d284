import type { Database, Row } from "./database.ts";
import type { Tenant } from "./gates.ts";
import type { Platform, User } from "./platform.ts";
import { Refused } from "./refused.ts";

/** Where a field is resolved: all gates are passed. */
export interface Place {
  platform: Platform;
  user: User;
  tenant: Tenant;
  db: Database;
}

/** The row of that id. @throws Refused when there is none. */
export function find(db: Database, what: "order" | "product" | "customer", id: unknown): Row {
  const row = db.one(`select * from ${what}s where id = ?`, String(id));
  if (!row) throw new Refused("NOT_FOUND", `There is no such ${what}.`);
  return row;
}

/** A business rule says no: the message, and the fields that it is about. */
export const refuse = (message: string, field: string, text = message): Refused =>
  new Refused("VALIDATION", message, { fields: { [field]: [text] } });

/** A column that may not hold one value twice. */
export const has = (db: Database, table: string, column: string, but = "") => (value: string): boolean =>
  db.one(`select 1 from ${table} where ${column} = ? and id <> ?`, value, but) !== undefined;
