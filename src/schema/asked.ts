import type { App } from "../app.ts";
import { askedOf, CHOOSE, REACH, REQUEST } from "../kinds/mod.ts";
import type { Book, Operation } from "./book.ts";
import type { Ours } from "./called.ts";
import type { Flags } from "./flags.ts";
import type { Selection } from "./selection.ts";

/** The run, of which `--query` takes what the operation prints: without a selection a list of its fields. */
export async function asked(
  app: App,
  query: string,
  book: Book,
  operation: Operation,
  { fields: names, dryRun, meta = false }: Ours,
  flags: Flags,
  selection?: Selection,
): Promise<App> {
  const { kind } = operation;
  const options = { ...CHOOSE, ...REACH, ...flags.shown() };
  if (!selection) return await askedOf(app, query, { rows: {} });
  if (dryRun && kind === "mutation") return await askedOf(app, query, {});
  const { of, shape } = selection;
  if (kind === "mutation") {
    const { resultOf, withRequest } = await import("./result.ts");
    const result = resultOf(book, operation, selection);
    const chosen = shape === "row" && typeof names === "string" ? withRequest(names) : undefined;
    return await askedOf(app, query, { of: { ...result, ...REQUEST }, fields: chosen });
  }
  const row = shape === "value" || shape === "values" ? { of, options } : { of, fields: names, options };
  return await askedOf(app, query, shape === "value" || shape === "row" ? row : { ...row, rows: { meta } });
}
