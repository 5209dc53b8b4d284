import type { Field, Fields } from "../fields/mod.ts";

type Any = Readonly<Record<string, unknown>>;

/** `item_`, for what is in `items` */
function prefixOf(name: string): string {
  return `${name.replace(/s$/, "")}_`;
}

/** The fields that can stand in rows of their own. */
export function exploded(of: Fields): string[] {
  return Object.keys(of).filter((name) => of[name]!.is === "rows");
}

/**
 * One row for each of those in `name`: the others' columns repeated, theirs as `item_sku` where `items` stood. A row
 * without any stays one, with nothing in these columns.
 */
export function flat(of: Fields, name: string): { of: Fields; rows(row: Any): Any[] } {
  const inner = of[name]!;
  if (!("of" in inner)) throw new TypeError(`${name} has no rows`);
  const prefix = prefixOf(name);
  const parts = Object.keys(inner.of).map((key) => ({ key, as: prefix + key }));
  return {
    of: Object.fromEntries(
      Object.entries(of).flatMap(([key, field]) =>
        key !== name ? [[key, field]] : parts.map(({ key, as }) => [as, nullable(inner.of[key]!)])
      ),
    ),
    rows(row) {
      const inside = row[name] as readonly Any[];
      return (inside.length > 0 ? inside : [{}] as Any[]).map((one) => {
        const made: Record<string, unknown> = { ...row };
        for (const { key, as } of parts) made[as] = one[key] ?? null;
        return made;
      });
    },
  };
}

/** A row without inner ones has nothing there. */
function nullable(field: Field): Field {
  return { ...field, nullable: true };
}
