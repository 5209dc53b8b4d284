/**
 * An export on its way: everything that can be wrong with it is said before the server is asked, and what was written is
 * put under its name when the last row is in it.
 *
 * @module
 */

import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import type { Fields, View } from "../fields/mod.ts";
import { type Destination, isMachine, safe } from "../output/mod.ts";
import { later, printNames, type Seen, stream } from "../kinds/mod.ts";
import { MOST_PER_PAGE, printPages, STREAM_MARGIN } from "../paging/mod.ts";
import { columns } from "./columns.ts";
import { flat } from "./explode.ts";
import type { Exported, Wanted } from "./exporting.ts";
import { begin, type Draft, standing } from "./file.ts";
import { type FileFormat, formatOf } from "./format.ts";
import { sheet } from "./sheet.ts";
import { Unique } from "./unique.ts";
import { tell, unwritten, written } from "./told.ts";

export { SUMMARY } from "./told.ts";

type Any = Readonly<Record<string, unknown>>;

/** How the rows become bytes. */
interface Form {
  format: FileFormat;
  face: View<Any>;
  /** What is asked of the server. */
  asked: Fields;
  /** The rows that one becomes, where that is not one. */
  rows: ((row: Any) => readonly Any[]) | undefined;
}

export async function perform(
  app: App,
  exported: Exported,
  wanted: Wanted,
  filters: () => Record<string, unknown> | Promise<Record<string, unknown>>,
): Promise<void> {
  const { fields, explode, outputFile: path } = wanted;
  const to = await app.destination();
  if (fields === true) return await printNames(to, explode === undefined ? exported.of : flat(exported.of, explode).of);
  const form = await formOf(app, exported, { ...wanted, fields });
  if (app.globals.timeZone !== undefined) await app.settings.get("time_zone"); // also where no day is named
  const variables = await filters();
  const replaced = path === undefined ? undefined : await agreed(app, path, wanted.force);
  // Begun while that is allowed; and what cannot be written is said before anybody is asked.
  const draft = path === undefined ? undefined : await begin(app.system, path, replaced);
  try {
    await run(app, exported, wanted, form, variables, draft, to);
  } finally {
    await draft?.close();
  }
}

async function formOf(
  app: App,
  { of, action }: Exported,
  { format: asked, outputFile: path, fields, explode }: Wanted & { fields: string | undefined },
): Promise<Form> {
  const { output } = app.globals;
  // Typed, it is meant for what goes to stdout; of the environment and the file it is how lists look.
  if (!asked && path === undefined && output !== undefined && output !== "csv" && output !== "jsonl") {
    const hint = `add --format ${isMachine(output) ? "jsonl" : "csv"}`;
    throw new AppError("usage", `cannot ${action}: there is no ${output} export`, { hint });
  }
  const format = formatOf(asked, path, output === "jsonl" ? output : "csv");
  if (format === "xlsx" && path === undefined && app.system.io.stdout.isTerminal) {
    throw new AppError("usage", "cannot show xlsx on a terminal", { hint: "add --output-file FILE.xlsx" });
  }
  const shape = explode === undefined ? { of, rows: undefined } : flat(of, explode);
  const face = await columns(shape.of, fields, { forPeople: format === "xlsx" });
  const tops = face.columns.map(({ name }) => name.split(".")[0]);
  const needed = Object.entries(of).filter(([name]) => name === "id" || name === explode || tops.includes(name));
  return { format, face, asked: Object.fromEntries(needed), rows: shape.rows };
}

/** What stands at that name and may be replaced; undefined for nothing. */
async function agreed(app: App, path: string, force: boolean) {
  const found = await standing(app.system, path);
  if (!found || force) return found;
  if (!app.interactive) {
    throw new AppError("usage", `cannot write "${path}": it is there already`, {
      hint: "name another file, or replace it: --force",
    });
  }
  if (await app.system.io.prompt.confirm(safe(`Replace ${path}?`), app.paint)) return found;
  throw new AppError("failure", `"${path}" was not replaced: you said no`);
}

async function run(
  app: App,
  { open, plural, action }: Exported,
  { outputFile: path, page: first, perPage, limit }: Wanted,
  { format, face, asked, rows }: Form,
  variables: Record<string, unknown>,
  draft: Draft | undefined,
  to: Destination,
): Promise<void> {
  const { system: { io } } = app;
  // What comes before a page is counted in pages of the size that is documented, whatever the limit is.
  const per_page = perPage ?? (first > 1 ? MOST_PER_PAGE : Math.min(limit ?? MOST_PER_PAGE, MOST_PER_PAGE));
  const made = await sheet(format, face, { title: plural, id: ({ id }) => String(id) });
  const ids = new Unique();
  const count = { rows: 0, bytes: 0 };
  const { put, written: isOut } = behind(async (bytes) => {
    count.bytes += bytes.length;
    await (draft ?? io.stdout).write(bytes);
  });
  const finish = async () => (await put(await made.end()), await put());
  const out = {
    async page(page: readonly { id: string }[]) {
      const fresh = page.filter(({ id }) => ids.add(id));
      const once = rows ? fresh.flatMap(rows) : fresh;
      count.rows += once.length;
      await put(await made.page(once));
    },
    // What went to stdout stays, so it is made whole.
    end: draft ? put : finish,
  };
  const what = `Exporting ${plural}`;
  const line = await (await later()).rowsLine(app, to, plural, { what, apart: draft !== undefined });
  const api = await app.api(STREAM_MARGIN);
  const seen: Seen = { rows: 0, page: first, cut: false };
  try {
    const source = { of: asked, action, as: "Export", open };
    const pages = await stream(
      app,
      api,
      source,
      { per_page, ...variables },
      { many: true, limit, written: isOut },
      seen,
    );
    const counted = line?.over(pages, { first, per_page, limit }, () => count.bytes) ?? pages;
    await printPages(counted, out, { first, all: !draft, limit, per_page, line: app.line }).finally(line?.end);
    if (draft) await finish();
    app.signal.throwIfAborted();
    await draft?.place();
  } catch (error) {
    throw draft ? unwritten(error, path!, seen) : error;
  }
  const filtered = Object.values(variables).some((value) => value !== undefined);
  const done = { plural, path, format, seen, again: ids.again, ...count, made, first, per_page, limit, filtered };
  await tell(app, to, done).catch((error) => {
    throw path === undefined ? error : written(error, path);
  });
}

/** Writes while the next is made: what goes wrong is said by the next, or by the end. */
function behind(write: (bytes: Uint8Array) => Promise<void>) {
  let pending: Promise<void> | undefined;
  return {
    async put(bytes?: Uint8Array): Promise<void> {
      await pending;
      pending = bytes && bytes.length > 0 ? write(bytes) : undefined;
      pending?.catch(() => {});
    },
    written: () => pending ?? Promise.resolve(),
  };
}
