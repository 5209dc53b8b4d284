/** Orders with all that belongs to them, as an export asks for them. */

import { json, order, withToken } from "./scripted.ts";
import type { User, World } from "./harness.ts";

export interface Item {
  id: string;
  sku: string;
  name: string;
  quantity: number;
  unit_price: string;
  total: string;
}

export const item = (number: number, changes: Partial<Item> = {}): Item => ({
  id: `i-${number}`,
  sku: `ACM-${number}`,
  name: `Thing ${number}`,
  quantity: 2,
  unit_price: "10.00",
  total: "20.00",
  ...changes,
});

/** An order of one item. */
export const full = (number: number, changes: Record<string, unknown> = {}) => ({
  ...order(number),
  payment_status: "paid",
  fulfillment_status: "unfulfilled",
  customer_id: "c-1",
  external_id: null as string | null,
  source_module: "manual",
  items: [item(number)],
  subtotal: "2999.00",
  tax: "0.00",
  discount: "0.00",
  shipping_cost: "0.00",
  amount_paid: "2999.00",
  amount_refunded: "0.00",
  notes: null as string | null,
  tags: [] as string[],
  updated_at: "2026-05-03T10:14:22Z",
  ...changes,
});

/** One page of them. */
export const page = (orders: unknown, total_pages = 1, total_items = (orders as unknown[]).length * total_pages) =>
  json({ data: { orders: { data: orders, meta: { current_page: 1, total_pages, total_items, per_page: 100 } } } });

/** What a run left in the folder, hidden names too. */
export async function left(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) names.push(name);
  return names.sort();
}

/** A world with a folder of its own for what is written. */
export async function writing(user?: User, changes: Partial<World> = {}): Promise<World & { folder: string }> {
  const made = await withToken(user, changes);
  const folder = `${made.home}/out`;
  await Deno.mkdir(folder);
  return Object.assign(made, { folder });
}
