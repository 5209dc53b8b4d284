/**
 * What both test platforms hold: `../seed.json` and the rule that makes shops of it, as in the Laravel application's
 * DatabaseSeeder (a linear congruence started with the tenant's CRC-32, ids as UUID version 5).
 *
 * @module
 */

import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Database } from "./database.ts";
import seed from "../seed.json" with { type: "json" };
import { sqlTime } from "./time.ts";

export type UserName = keyof typeof seed.users;
export type TenantId = keyof typeof seed.tenants;

export const USER_NAMES = Object.keys(seed.users) as UserName[];
export const TENANT_IDS = Object.keys(seed.tenants) as TenantId[];
export const PASSWORD = seed.password;

/** The user's e-mail address. */
export const emailOf = (user: UserName): string => `${user}@example.test`;

/** The tenants of a user with the role in each. */
export const tenantsOf = (user: UserName): Partial<Record<TenantId, string>> => seed.users[user].tenants;

export const ORDER_STATUSES = [
  "pending",
  "confirmed",
  "processing",
  "ready_to_ship",
  "shipped",
  "out_for_delivery",
  "delivered",
  "rto_initiated",
  "rto_received",
  "cancelled",
  "failed",
] as const;
export const PAYMENT_STATUSES = ["pending", "paid", "refunded", "partial", "failed", "cod"] as const;

export const PRODUCT_STATUSES = ["active", "draft", "archived"] as const;

/** The roles by their ids; the owner is 1 and is never invited. */
export const ROLE_IDS = { 2: "admin", 3: "manager", 4: "agent", 5: "viewer" } as const;

/** The UUID (version 5, namespace URL) of a thing, e.g. `acme/order/1`. */
export function uuidOf(name: string): string {
  const hash = createHash("sha1").update(NAMESPACE_URL).update(`https://example.test/${name}`).digest("hex");
  const variant = (parseInt(hash[16]!, 16) & 3 | 8).toString(16);
  const [a, b, c, d, e] = [
    hash.slice(0, 8),
    hash.slice(8, 12),
    hash.slice(13, 16),
    hash.slice(17, 20),
    hash.slice(20, 32),
  ];
  return `${a}-${b}-5${c}-${variant}${d}-${e}`;
}

const NAMESPACE_URL = Uint8Array.fromHex("6ba7b8119dad11d180b400c04fd430c8");

/** `149849` → `1498.49`. */
export const decimal = (hundredths: number): string =>
  `${Math.trunc(hundredths / 100)}.${String(hundredths % 100).padStart(2, "0")}`;

/** `1498.49` → `149849`, `1498.5` → `149850`. */
export function hundredths(money: string): number {
  const [whole = "", part = ""] = money.split(".");
  return Number(whole) * 100 + Number(part.padEnd(2, "0"));
}

/** Fills the central database: clients, users, tenants, memberships, and a personal access token for each user. */
export function seedCentral(db: Database, now: number, patTtl: number): void {
  const at = sqlTime(now);
  for (const kind of ["cli", "personal"]) db.insert("oauth_clients", { kind });
  for (const [id, { name, status }] of Object.entries(seed.tenants)) db.insert("tenants", { id, name, status });
  USER_NAMES.forEach((user, index) => {
    const id = index + 1;
    const { name } = seed.users[user];
    const { password } = seed;
    db.insert("users", { id, name, email: emailOf(user), email_verified_at: at, password, created_at: at });
    for (const [tenant_id, role] of Object.entries(tenantsOf(user))) {
      db.insert("tenant_users", { tenant_id, user_id: id, role, joined_at: at });
    }
    const pat = createHash("sha256").update(`pat/${user}`).digest("hex").padEnd(80, "0");
    const expires_at = now + patTtl * 1000;
    db.insert("oauth_access_tokens", { id: pat, client: "personal", user_id: id, created_at: now, expires_at });
  });
}

/** Fills a tenant's database: roles, permissions, who has which role, and the shop. */
export function seedTenant(db: Database, id: TenantId): void {
  for (const role of Object.keys(seed.roles)) {
    for (const permission of permissionsOf(role)) db.insert("role_has_permissions", { role, permission });
  }
  USER_NAMES.forEach((user, index) => {
    const role = tenantsOf(user)[id];
    if (role) db.insert("model_has_roles", { role, user_id: index + 1 });
  });
  const { shop } = seed.tenants[id];
  if (!shop) return;
  const below = random(crc32(id));
  const born = sqlTime(Date.parse(shop.start));
  const products = seedProducts(db, id, born, below);
  const customers = seedCustomers(db, id, born, below);
  seedOrders(db, id, shop, products, customers, below);
}

/** Every permission of a role; roles include one another, `owner` all. */
function permissionsOf(role: string): string[] {
  const { includes, permissions } = seed.roles[role as keyof typeof seed.roles];
  return [...includes ? permissionsOf(includes) : [], ...permissions];
}

/** A number from 0 to below the limit. */
type Below = (limit: number) => number;

interface Product {
  id: string;
  sku: string;
  name: string;
  /** In hundredths. */
  price: number;
}

function seedProducts(db: Database, tenant: TenantId, born: string, below: Below): Product[] {
  const { count, names, statuses } = seed.products;
  const special: Record<string, string | undefined> = seed.products.special;
  return range(count).map((n) => {
    const id = uuidOf(`${tenant}/product/${n}`);
    const sku = `${tenant.slice(0, 3).toUpperCase()}-${String(n).padStart(3, "0")}`;
    const name = special[n] ?? `${pick(names, n)} no. ${n}`;
    const price = 4900 + below(499_900 - 4900);
    const times = { created_at: born, updated_at: born };
    const stock_quantity = below(200);
    db.insert("products", {
      id,
      sku,
      name,
      price: decimal(price),
      stock_quantity,
      status: pick(statuses, n),
      ...times,
    });
    return { id, sku, name, price };
  });
}

function seedCustomers(db: Database, tenant: TenantId, born: string, below: Below): string[] {
  const { count, first_names, last_names } = seed.customers;
  const special: Record<string, { first_name: string; last_name: string } | undefined> = seed.customers.special;
  return range(count).map((n) => {
    const id = uuidOf(`${tenant}/customer/${n}`);
    db.insert("customers", {
      id,
      email: `customer${n}@${tenant}.test`,
      phone: `+9198${String(below(99_999_999)).padStart(8, "0")}`,
      ...special[n] ?? { first_name: pick(first_names, n), last_name: pick(last_names, n) },
      accepts_marketing: n % 2 === 0 ? 1 : 0,
      tags: n % 3 === 0 ? '["vip"]' : "[]",
      created_at: born,
      updated_at: born,
    });
    return id;
  });
}

function seedOrders(
  db: Database,
  tenant: TenantId,
  shop: { orders: number; start: string; minutes: number },
  products: Product[],
  customers: string[],
  below: Below,
): void {
  const bought = new Map(customers.map((id) => [id, { orders: 0, spent: 0 }]));
  for (const n of range(shop.orders)) {
    const id = uuidOf(`${tenant}/order/${n}`);
    const at = sqlTime(Date.parse(shop.start) + n * shop.minutes * 60_000);
    let subtotal = 0;
    for (let item = 0, last = below(3); item <= last; item++) {
      const { id: product_id, sku, name, price } = products[below(products.length)]!;
      const quantity = 1 + below(3);
      const line = { unit_price: decimal(price), total: decimal(quantity * price) };
      subtotal += quantity * price;
      db.insert("order_items", { id: id.slice(0, -1) + item, order_id: id, product_id, sku, name, quantity, ...line });
    }
    const tax = Math.trunc(subtotal * 18 / 100);
    const payment_status = pick(PAYMENT_STATUSES, n);
    const paid = { paid: 1, refunded: 1, partial: 0.5 }[payment_status as string] ?? 0;
    const amount_paid = Math.trunc((subtotal + tax) * paid);
    const amount_refunded = payment_status === "refunded" ? amount_paid : 0;
    const customer_id = pick(customers, n);
    const buyer = bought.get(customer_id)!;
    buyer.orders++;
    buyer.spent += amount_paid - amount_refunded;
    db.insert("orders", {
      id,
      order_number: `ORD-${at.slice(0, 10).replaceAll("-", "")}-${String(n).padStart(4, "0")}`,
      status: pick(ORDER_STATUSES, n),
      payment_status,
      customer_id,
      subtotal: decimal(subtotal),
      tax: decimal(tax),
      total: decimal(subtotal + tax),
      amount_paid: decimal(amount_paid),
      amount_refunded: decimal(amount_refunded),
      tags: "[]",
      created_at: at,
      updated_at: at,
    });
  }
  for (const [id, { orders, spent }] of bought) {
    db.run("update customers set total_orders = ?, total_spent = ? where id = ?", orders, decimal(spent), id);
  }
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const pick = <T>(list: readonly T[], n: number): T => list[n % list.length]!;

/** Numbers below a limit; only the low 31 bits of the state count, which `Math.imul` keeps. */
function random(state: number): Below {
  return (limit) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.trunc(state / 65536) % limit;
  };
}
