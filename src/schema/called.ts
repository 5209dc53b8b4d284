/**
 * One operation of the server's, carried out and printed.
 *
 * @module
 */

import { member } from "../api/mod.ts";
import type { App } from "../app.ts";
import type { Given } from "../cli/mod.ts";
import { checker, type View, view } from "../fields/mod.ts";
import { type CHOOSE, chosen, left, printNames } from "../kinds/mod.ts";
import { detail, list } from "../output/mod.ts";
import type { Operation } from "./book.ts";
import type { Edition } from "./cache.ts";
import type { Flags } from "./flags.ts";
import { isPaged } from "./paged.ts";
import { Call } from "./request.ts";
import { present, type Selection } from "./selection.ts";
import type { Source } from "./source.ts";
import { variables as variablesOf } from "./variables.ts";

/** The options that are ours. */
export interface Ours extends Partial<Given<typeof CHOOSE>> {
  yes?: boolean;
  dryRun?: boolean;
  all?: boolean;
  limit?: number | undefined;
  meta?: boolean;
}

export async function perform(
  run: App,
  source: Source,
  edition: Edition,
  { operation, flags }: { operation: Operation; flags: Flags },
  given: Readonly<Record<string, unknown>> & Ours,
): Promise<void> {
  const { fields, query, yes = false, dryRun = false } = given;
  const asked = async (selection?: Selection) =>
    query === undefined
      ? run
      : await (await import("./asked.ts")).asked(run, query, edition.book, operation, given, flags, selection);
  if (fields === true) {
    const { choices } = await import("./choices.ts");
    return await printNames(await (await asked()).destination(), choices(edition.book, operation));
  }
  const variables = await variablesOf(run, source, edition.book, operation, flags, given);
  const call = new Call(run, source, operation, variables, fields);
  // What is wrong with the fields is said before anything is sent; the server may have gained one since it was read.
  const plan = async (by: Edition) => {
    await call.plan(by.book);
    if (fields !== undefined && call.selection.shape !== "values") {
      await chosen({ ...call.selection.of, ...call.selection.known }, fields);
    }
    edition = by;
  };
  await plan(edition).catch(async (error) => {
    const fresh = mayBeNew(error) ? await source.again() : undefined;
    const same = fresh?.book.operation(`${operation.kind}:${operation.name}`);
    if (!same) throw error;
    call.operation = same;
    await plan(fresh!);
  });
  const app = await asked(call.selection);
  if (query !== undefined) call.named = (await app.destination()).asked!.names;
  const { name } = operation;
  if (operation.deprecated !== undefined) {
    await app.say.warn(`${name} is deprecated${operation.deprecated && `: ${operation.deprecated}`}`);
  }
  // An expression is asked of all pages, unless fewer are named.
  const isWhole = query !== undefined && isPaged(edition.book, operation) && !Object.hasOwn(variables, "page");
  const all = given.all || isWhole && given.limit === undefined;
  if (all || given.limit !== undefined || given.meta) {
    const { printCall } = await import("./pages.ts");
    return await printCall(app, source, edition.book, operation, call, { ...given, all } as never);
  }
  if (operation.kind === "mutation") {
    const { change } = await import("./change.ts");
    return await change(app, source, call, flags, { fields, yes, dryRun });
  }
  await print(app, call, await source.holding(() => call.query()), fields);
}

/** A field that is like none that is known: one that is, is a slip of the person's, and the server is not asked. */
function mayBeNew({ message, hint = "" }: Error & { hint?: string }): boolean {
  return message.endsWith("there is no such field") && !hint.startsWith("did you mean");
}

async function print(app: App, call: Call, data: unknown, fields: string | undefined): Promise<void> {
  const { shape, of } = call.selection;
  const to = await app.destination();
  if (shape === "row" && data === null) throw (await import("./missing.ts")).nothing(call.action);
  if (shape === "value") return await detail(to, view(of), checker(of, call.action)({ [call.name]: data }) as never);
  const check = checker(of, call.action);
  const nothing = data === null && !call.required;
  if (shape === "values") {
    return void await printList(app, view(of), nothing ? [] : data, (value) => check({ value }), call);
  }
  const face: View<never> = fields === undefined ? view(of) : await chosen(of, fields);
  if (shape === "row") return await detail(to, face, check(data) as never);
  const none = shape === "page" && nothing;
  const rows = none ? [] : present(shape === "page" ? member(data, "data") : data, call.selection.list!);
  const count = await printList(app, face, rows, check, call);
  if (shape === "page") await sayLeft(app, count, member(data, "meta"), call.paged);
}

async function printList<R>(app: App, face: View<R>, rows: unknown, row: (value: unknown) => unknown, call: Call) {
  if (!Array.isArray(rows)) throw (await import("./missing.ts")).misshapen(call.action);
  const writer = list(await app.destination(), face, { none: "Nothing was found." });
  await writer.page(rows.map(row) as R[]);
  await writer.end();
  return rows.length;
}

/** The same words as of every list; where the operation takes no page there is no more to be had. */
async function sayLeft(app: App, rows: number, meta: unknown, paged: boolean): Promise<void> {
  const count = (...names: string[]) => names.map((name) => member(meta, name)).find((one) => typeof one === "number");
  const [page, pages] = [count("current_page"), count("total_pages", "last_page")];
  if (page === undefined || pages === undefined) return;
  const seen = { rows, page, pages, items: count("total_items", "total"), cut: false };
  const rest = left("rows", seen, { first: page, limit: undefined, all: false });
  if (rest) await app.say.left(paged ? rest : rest.replace(/ More.*/, ""));
}
