import type { App } from "../../app.ts";
import type { Listed } from "../../config/mod.ts";
import type { View } from "../../output/mod.ts";

type Row = Omit<Listed, "value"> & { value?: string | number | boolean };

/** A setting with its value and where that came from. */
export const SETTING: View<Row> = {
  columns: {
    KEY: { key: "key" },
    VALUE: { key: ({ value }) => value ?? "" },
    ORIGIN: "origin",
    SOURCE: { key: ({ origin, source }) => origin === "default" ? "" : source },
  },
  fields: ["key", "value", "origin", "source"],
};

/** Says so when what the file holds is not what counts. */
export async function warnIfHidden({ settings, say }: App, key: string): Promise<void> {
  const row = (await settings.list()).find((row) => row.key === key);
  if (row?.origin !== "flag" && row?.origin !== "environment") return;
  await say.warn(`${row.source} is set: it goes before the file's ${key}`);
}
