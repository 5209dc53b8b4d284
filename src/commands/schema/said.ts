import type { App } from "../../app.ts";
import { fields } from "../../fields/mod.ts";
import type { Edition } from "../../schema/mod.ts";

/** What is said of a schema that was read. */
export const COUNTS = fields({
  origin: { is: "text", column: "ORIGIN", key: true },
  tenant: { is: "text", column: "TENANT", nullable: true },
  operations: { is: "number", column: "OPERATIONS" },
  types: { is: "number", column: "TYPES" },
  from: { is: "text", column: "FROM" },
});

/** What is left out of a schema is said where it is looked at. */
export async function skippedNote(app: App, { skipped }: Edition): Promise<void> {
  if (skipped === 0) return;
  await app.say.left(
    `${skipped} ${
      skipped === 1 ? "name was" : "names were"
    } left out of the schema: not valid in GraphQL, of an unknown type, or nested too deep.`,
  );
}

/** `34 operations, 28 types` */
export function counted({ book }: Edition): { operations: number; types: number } {
  const text = String(book);
  return {
    operations: book.index().filter(({ kind }) => kind !== "subscription").length,
    types: text.split("\nt ").length - 1,
  };
}
