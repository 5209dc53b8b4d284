/**
 * The databases: a central one for users, tenants, tokens and the audit log, and one for each tenant. All in memory.
 *
 * @module
 */

import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

export type Row = Record<string, string | number | null>;

const CENTRAL = `
create table users (id integer primary key, name text, email text unique, email_verified_at text, password text,
  is_super_admin integer default 0, last_login_at text, last_login_ip text, created_at text);
create table tenants (id text primary key, name text, status text);
create table tenant_users (tenant_id text, user_id integer references users on delete cascade, role text,
  status text default 'active', joined_at text, last_active_at text, primary key (tenant_id, user_id));
create table module_bus_audit_log (id integer primary key, user_id integer, tenant text, operation text, variables text,
  request_id text, user_agent text, result text, created_at text);
create table oauth_clients (kind text primary key, revoked integer default 0);
create table oauth_auth_codes (code text primary key, client text, user_id integer, redirect_uri text, challenge text,
  method text, revoked integer default 0, expires_at integer);
create table oauth_access_tokens (id text primary key, jwt text unique, client text, user_id integer,
  revoked integer default 0, created_at integer, expires_at integer);
create table oauth_refresh_tokens (token text primary key, access_token_id text, client text, user_id integer,
  revoked integer default 0, expires_at integer);`;

const TENANT = `
create table role_has_permissions (role text, permission text, primary key (role, permission));
create table model_has_roles (role text, user_id integer, primary key (role, user_id));
create table customers (id text primary key, email text, phone text, first_name text, last_name text,
  accepts_marketing integer default 0, source_module text default 'manual',
  total_orders integer default 0, total_spent text default '0.00', tags text, created_at text, updated_at text);
create table products (id text primary key, source_module text default 'manual', sku text unique, name text,
  description text, price text, compare_at_price text, track_inventory integer default 1,
  stock_quantity integer default 0, status text default 'active', created_at text, updated_at text);
create table orders (id text primary key, order_number text unique, source_module text default 'manual',
  external_id text, status text default 'pending', payment_status text default 'pending',
  fulfillment_status text default 'unfulfilled', customer_id text, subtotal text, tax text default '0.00',
  discount text default '0.00', shipping_cost text default '0.00', total text,
  amount_paid text default '0.00', amount_refunded text default '0.00', currency text default 'INR', notes text, tags text, created_at text, updated_at text);
create table order_items (id text primary key, order_id text, product_id text, sku text, name text, quantity integer,
  unit_price text, tax text default '0.00', discount text default '0.00', total text);
create table team_invitations (id integer primary key, email text, role_id integer, invited_by integer,
  expires_at text, created_at text);
create index items_of on order_items (order_id);
create index orders_of on orders (customer_id);`;

/** A database that knows its seeded state and goes back to it cheaply. */
export class Database {
  readonly #db = new DatabaseSync(":memory:");
  readonly #statements = new Map<string, StatementSync>();

  constructor(kind: "central" | "tenant", seed: (db: Database) => void) {
    this.#db.exec(kind === "central" ? CENTRAL : TENANT);
    this.#db.exec("begin");
    seed(this);
    this.#db.exec("commit; savepoint seeded");
  }

  one(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#prepare(sql).get(...values) as Row | undefined;
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepare(sql).all(...values) as Row[];
  }

  /** The number of rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  /** Adds a row; columns that are left out take their defaults. */
  insert(table: string, row: Row): void {
    const columns = Object.keys(row).join(", ");
    const places = columns.replace(/\w+/g, "?");
    this.run(`insert into ${table} (${columns}) values (${places})`, ...Object.values(row));
  }

  /** All or nothing. */
  transaction<T>(work: () => T): T {
    this.#db.exec("savepoint work");
    try {
      const result = work();
      this.#db.exec("release work");
      return result;
    } catch (error) {
      this.#db.exec("rollback to work; release work");
      throw error;
    }
  }

  /** Undoes everything since the seed. */
  reset(): void {
    this.#db.exec("rollback to seeded");
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, statement = this.#db.prepare(sql));
    return statement;
  }
}
