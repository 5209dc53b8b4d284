import type { App } from "../../app.ts";
import type { Listed } from "../../config/mod.ts";
import { fields, type Row } from "../../fields/mod.ts";

/** A setting with its value and where that came from. */
export const SETTING = fields({
  key: { is: "text", column: "KEY", key: true },
  value: { is: "value", column: "VALUE", key: true, nullable: true },
  origin: { is: "text", column: "ORIGIN" },
  source: { is: "text", column: "SOURCE", key: true, cell: (source) => source === "default" ? "" : source },
});

export function setting({ key, value, origin, source }: Omit<Listed, "value"> & Value): Row<typeof SETTING> {
  return { key, value: value ?? null, origin, source };
}

interface Value {
  value?: string | number | boolean | undefined;
}

/** Says so when what the file holds is not what counts. */
export async function warnIfHidden({ settings, say }: App, key: string): Promise<void> {
  const row = (await settings.list()).find((row) => row.key === key);
  if (row?.origin !== "flag" && row?.origin !== "environment") return;
  const way = row.origin === "environment" ? `; to end that: unset ${row.source}` : "";
  await say.warn(`${row.source} is set: it goes before the file's ${key}${way}`);
}
