/**
 * What changes products.
 *
 * @module
 */

import type { Row } from "./database.ts";
import type { Input } from "./incoming.ts";
import { find, has, type Place, refuse } from "./place.ts";
import { decimal, hundredths, PRODUCT_STATUSES } from "./seed.ts";
import { sqlTime } from "./time.ts";
import {
  between,
  boolean,
  integer,
  maxText,
  money,
  nullable,
  oneOf,
  type Rule,
  taken,
  text,
  validate,
} from "./validation.ts";

export const PRODUCT_MUTATIONS: Record<string, (place: Place, args: Input) => Row> = {
  products_create({ db, platform }, { input }) {
    const values = checked(input as Input, has(db, "products", "sku"));
    const row = { id: crypto.randomUUID(), ...values } as Row;
    priced(row);
    const now = sqlTime(platform.options.now());
    db.insert("products", { ...row, created_at: now, updated_at: now });
    return find(db, "product", row.id);
  },

  products_update({ db, platform }, { id, input }) {
    const product = find(db, "product", id);
    const values = checked(input as Input, has(db, "products", "sku", String(id)));
    const changed = Object.entries(values).filter(([name, value]) => product[name] !== value);
    priced({ ...product, ...values });
    if (changed.length === 0) return product;
    const columns = [...changed, ["updated_at", sqlTime(platform.options.now())] as const];
    const set = columns.map(([name]) => `${name} = ?`).join(", ");
    db.run(`update products set ${set} where id = ?`, ...columns.map(([, value]) => value), product.id!);
    return find(db, "product", id);
  },
};

/** The columns that are given, as the database holds them. */
function checked(input: Input, isTaken: (sku: string) => boolean): Row {
  const rules: Record<string, readonly Rule[]> = {
    sku: [text, maxText(64), taken(isTaken)],
    name: [text, maxText(255)],
    description: [nullable, text, maxText(2000)],
    price: [money],
    compare_at_price: [nullable, money],
    track_inventory: [boolean],
    stock_quantity: [integer, between(0, 1_000_000)],
    status: [oneOf(PRODUCT_STATUSES)],
  };
  return Object.fromEntries(
    Object.entries(validate(input, rules)).map(([name, value]) => {
      const amount = name === "price" || name === "compare_at_price";
      const stored = amount && value !== null ? decimal(hundredths(String(value))) : value;
      return [name, typeof stored === "boolean" ? Number(stored) : stored as string | number | null];
    }),
  );
}

/** A price to compare with is the higher one. */
function priced({ price, compare_at_price }: Row): void {
  if (compare_at_price == null || hundredths(String(compare_at_price)) > hundredths(String(price))) return;
  throw refuse("The compare at price must be more than the price.", "compare_at_price");
}
