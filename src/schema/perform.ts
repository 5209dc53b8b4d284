/**
 * One operation of the server's, carried out: its document is made of introspected names, its values are variables.
 *
 * @module
 */

import { member, outcomes, readChange } from "../api/mod.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { checker, type Fields, fields, type View, view } from "../fields/mod.ts";
import { chosen, confirming, printNames, REQUEST } from "../kinds/mod.ts";
import { detail, list } from "../output/mod.ts";
import type { Book, Operation } from "./book.ts";
import type { Edition } from "./cache.ts";
import type { Flags } from "./flags.ts";
import { choices, named, type Selection, standard } from "./selection.ts";
import type { Source } from "./source.ts";
import { variables as variablesOf } from "./variables.ts";

/** The options that are ours. */
export interface Ours {
  fields?: string | true | undefined;
  yes?: boolean;
  dryRun?: boolean;
}

type Outcome = Awaited<ReturnType<Call["send"]>>;

export async function perform(
  app: App,
  source: Source,
  edition: Edition,
  { operation, flags }: { operation: Operation; flags: Flags },
  given: Readonly<Record<string, unknown>> & Ours,
): Promise<void> {
  const { fields, yes = false, dryRun = false } = given;
  const to = await app.destination();
  if (fields === true) return await printNames(to, choices(edition.book, operation));
  const variables = await variablesOf(app, edition.book, operation, flags, given);
  const call = new Call(app, source, operation, variables, fields);
  call.plan(edition.book);
  if (fields !== undefined) await chosen(call.selection.of, fields); // what is wrong with them is said before anything is sent
  const { name } = operation;
  if (operation.deprecated !== undefined) {
    await app.say.warn(`${name} is deprecated${operation.deprecated && `: ${operation.deprecated}`}`);
  }
  if (operation.kind !== "mutation") {
    const data = await source.holding(() => call.query());
    return await print(app, call, data, fields);
  }
  const { confirm, mayChange } = await confirming();
  mayChange(app, { yes, dryRun }, call.action);
  if (dryRun) {
    await detail(to, view(PLAN), { operation: name, variables, document: call.document });
    return await app.say.note("Nothing was sent: this was a dry run.");
  }
  await confirm(app, yes, `${name} in tenant ${await app.tenant()}: ${JSON.stringify(variables)}`, {
    question: `Call ${name}?`,
    no: `${name} was not called`,
  });
  const { data, requestId } = await source.holding(() => call.mutate(flags));
  await printChange(app, call, data, requestId, fields);
  await app.say.note(`${name} was carried out. Request ${requestId}: autocom audit list --request-id ${requestId}`);
}

const PLAN = fields({
  operation: { is: "text", column: "OPERATION", key: true },
  variables: { is: "data", column: "VARIABLES" },
  document: { is: "text", column: "DOCUMENT" },
});

/** The request, made anew when the schema turns out to be old or a field is refused. */
class Call {
  readonly action: string;
  document = "";
  selection!: Selection;
  /** Fields that the server refused, and why. */
  readonly #without: { name: string; why: string }[] = [];

  constructor(
    private readonly app: App,
    private readonly source: Source,
    private operation: Operation,
    private readonly variables: Readonly<Record<string, unknown>>,
    private readonly fields: string | undefined,
  ) {
    this.action = `call ${operation.name}`;
  }

  get name(): string {
    return this.operation.name;
  }

  plan(book: Book): void {
    const { operation, fields } = this;
    const names = fields?.split(",").map((name) => name.trim());
    this.selection = names
      ? named(book, operation, names)
      : standard(book, operation, this.#without.map(({ name }) => name));
    this.document = documentOf(operation, Object.keys(this.variables), this.selection.text);
  }

  async send() {
    const { app, document: query, variables } = this;
    const change = this.operation.kind === "mutation";
    const api = await this.source.api();
    const body = JSON.stringify({ query, variables });
    const headers = { "content-type": "application/json" };
    const loading = outcomes(); // while the server works
    const answer = await api.exchange({ method: "POST", path: "/graphql", headers, body, change }, this.action);
    return await (await loading).outcome(answer, app.system.clock.now());
  }

  /** Once more when the server's schema is another than the one that the document was made of: nothing was done. */
  async #sent(): Promise<Outcome> {
    const first = await this.send();
    if (!first.faults.some(({ path, message }) => path.length === 0 && isForeign(message))) return first;
    const operation = (await this.source.again())?.book.operation(this.operation.name);
    if (!operation || operation.kind !== this.operation.kind) return first;
    this.operation = operation;
    this.plan((await this.source.edition()).book);
    return await this.send();
  }

  /** The result. A field that was not asked for by name and is refused is left out, once. */
  async query(): Promise<unknown> {
    const { name } = this.operation;
    let found = await this.#sent();
    const refused = found.faults.map((fault) => ({ fault, name: this.#fieldOf(fault.path) }));
    if (refused.length > 0 && refused.every((one) => one.name !== undefined)) {
      for (const one of refused) {
        if (this.#without.some((known) => known.name === one.name)) continue;
        this.#without.push({ name: one.name!, why: one.fault.message });
      }
      this.plan((await this.source.edition()).book);
      found = await this.send();
    }
    await found.refuse();
    for (const { name, why } of this.#without) {
      await this.app.say.left(`Left out, because it was refused: ${name} (${why})`);
    }
    return member(found.data, name);
  }

  /** The result and the request. What fails below the operation itself fails after it was carried out. */
  async mutate(flags: Flags): Promise<{ data: unknown; requestId: string }> {
    const { name } = this.operation;
    const { data, faults, requestId, refuse } = await this.#sent();
    const below = faults.find(({ path }) => path.length > 1 && path[0] === name);
    if (below && faults.every(({ path }) => path.length > 1)) throw incomplete(name, below.message, requestId);
    try {
      await refuse();
    } catch (error) {
      throw inFlags(error, flags);
    }
    return { data: member(data, name) ?? null, requestId };
  }

  /** The field of a row that an error is about, when it may be left out. */
  #fieldOf(path: readonly (string | number)[]): string | undefined {
    const [first, ...rest] = path.filter((part) => typeof part === "string");
    const names = this.selection.shape === "page" ? rest.slice(1) : rest;
    return first === this.operation.name && names.length === 1 && this.selection.optional.includes(names[0]!)
      ? names[0]
      : undefined;
  }
}

/** Names were introspected, and are GraphQL's. */
function documentOf({ kind, name, args }: Operation, given: readonly string[], selection: string): string {
  const sent = args.filter((arg) => given.includes(arg.name));
  const declared = sent.map((arg) => `$${arg.name}: ${arg.type}`).join(", ");
  const passed = sent.map((arg) => `${arg.name}: $${arg.name}`).join(", ");
  return `${kind} Call${declared && `(${declared})`} { ${name}${passed && `(${passed})`}${selection} }`;
}

/** What webonyx and graphql-js say of a name that their schema does not have. */
function isForeign(message: string): boolean {
  return /^(Cannot query field|Unknown (argument|type|field)|Field "?\w+"? (must not have|of type)|Variable .* (expects|used in position))/i
    .test(message);
}

/** The change is done; a script must not take this for a refusal, and must not repeat it. */
function incomplete(name: string, why: string, requestId: string): AppError {
  return new AppError("server", `${name} was carried out, the answer is incomplete: ${why}`, {
    hint: `do not repeat it: autocom audit list --request-id ${requestId}`,
    requestId,
  });
}

/** The server's field errors name its own arguments: a person finds them under the flags. */
function inFlags(error: unknown, flags: Flags): unknown {
  if (!(error instanceof AppError) || error.fields === undefined) return error;
  const entries = Object.entries(error.fields).map(([name, texts]) => [flags.flagAt(name.split(".")) ?? name, texts]);
  return new AppError(error.kind, error.message, { ...error, fields: Object.fromEntries(entries) });
}

/** What came back, with the request that its row in the audit log is of. */
async function printChange(app: App, call: Call, data: unknown, requestId: string, names: string | undefined) {
  const { of, shape } = call.selection;
  const isRow = shape === "row" && data !== null;
  const result: Fields = isRow ? of : { [call.name]: { is: "data", column: call.name.toUpperCase(), nullable: true } };
  const row = readChange(requestId, () => checker(result, call.action)(isRow ? data : { [call.name]: data }));
  const every = { ...result, ...REQUEST };
  const face = isRow && names !== undefined ? await chosen(every, `${names},request_id`) : view(every);
  await detail(await app.destination(), face, { ...row, request_id: requestId } as never);
}

async function print(app: App, call: Call, data: unknown, fields: string | undefined): Promise<void> {
  const { shape, of } = call.selection;
  const to = await app.destination();
  if (shape === "row" && data === null) {
    throw new AppError("not-found", `cannot ${call.action}: there is no such thing in this tenant`, {
      hint: "check what you named",
    });
  }
  if (shape === "value") return await detail(to, view(of), { [Object.keys(of)[0]!]: data } as never);
  const face: View<never> = fields === undefined ? view(of) : await chosen(of, fields);
  if (shape === "row") return await detail(to, face, checker(of, call.action)(data) as never);
  if (shape === "values") return await printList(app, view(VALUES), data, (value) => ({ value }), call);
  const rows = shape === "page" && data !== null ? member(data, "data") : data;
  await printList(app, face, rows, checker(of, call.action), call);
  if (shape === "page") await sayLeft(app, member(data, "meta"));
}

const shown = (value: unknown) => typeof value === "string" ? value : JSON.stringify(value);
const VALUES = fields({ value: { is: "data", column: "VALUE", nullable: true, cell: shown } });

async function printList<R>(app: App, face: View<R>, rows: unknown, row: (value: unknown) => unknown, call: Call) {
  if (rows !== null && !Array.isArray(rows)) {
    throw new AppError("server", `cannot ${call.action}: the answer has another shape than the schema says`, {
      hint: "autocom schema refresh",
    });
  }
  const all = (rows ?? []).filter((one: unknown) => one !== null || call.selection.shape === "values");
  const writer = list(await app.destination(), face, { none: "Nothing was found." });
  await writer.page(all.map(row) as R[]);
  await writer.end();
}

async function sayLeft(app: App, meta: unknown): Promise<void> {
  const [page, pages, items] = ["current_page", "total_pages", "total_items"].map((name) => member(meta, name));
  if (typeof page !== "number" || typeof pages !== "number" || page >= pages) return;
  await app.say.left(
    `Page ${page} of ${pages}${typeof items === "number" ? `, ${items} in all` : ""}. More: --page ${page + 1}`,
  );
}
