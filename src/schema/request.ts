/**
 * One operation of the server's as a request: its document is made of introspected names, its values are variables.
 *
 * @module
 */

import { member, outcomes } from "../api/mod.ts";
import type { App } from "../app.ts";
import type { Book, Operation } from "./book.ts";
import { isPaged } from "./paged.ts";
import { named, type Selection, standard } from "./selection.ts";
import type { Source } from "./source.ts";

type Outcome = Awaited<ReturnType<Call["send"]>>;

/** The request, made anew when the schema turns out to be old or a field is refused. */
export class Call {
  readonly action: string;
  document = "";
  /** Whether another page can be asked for. */
  paged = false;
  selection!: Selection;
  /** Fields that the server refused, and why. */
  readonly #without: { name: string; why: string }[] = [];

  constructor(
    private readonly app: App,
    private readonly source: Source,
    private operation: Operation,
    public variables: Readonly<Record<string, unknown>>,
    public fields: string | undefined,
  ) {
    this.action = `call ${operation.name}`;
  }

  get name(): string {
    return this.operation.name;
  }

  /** Whether the schema says that it gives something in any case. */
  get required(): boolean {
    return this.operation.returns.endsWith("!");
  }

  plan(book: Book): void {
    const { operation, fields } = this;
    this.paged = isPaged(book, operation);
    const names = fields?.split(",").map((name) => name.trim());
    this.selection = names
      ? named(book, operation, names)
      : standard(book, operation, this.#without.map(({ name }) => name));
    this.document = documentOf(operation, Object.keys(this.variables), this.selection.text);
  }

  async send(variables = this.variables) {
    const { app, document: query } = this;
    const change = this.operation.kind === "mutation";
    const api = await this.source.api();
    const body = JSON.stringify({ query, variables });
    const headers = { "content-type": "application/json" };
    const loading = outcomes(); // while the server works
    const answer = await api.exchange({ method: "POST", path: "/graphql", headers, body, change }, this.action);
    return await (await loading).outcome(answer, app.system.clock.now());
  }

  /**
   * Once more when the server's schema is another than the one that the document was made of: nothing was done. An
   * argument that is gone is not left out: something else would be asked for.
   */
  async sent(): Promise<Outcome> {
    const first = await this.send();
    const { data, faults } = first;
    const wasRefused = data === null && faults.every(({ path }) => path.length === 0);
    if (!wasRefused || !faults.some(({ message }) => isForeign(message))) return first;
    const operation = (await this.source.again())?.book.operation(this.operation.name);
    if (operation?.kind !== this.operation.kind) return first;
    const known = operation.args.map(({ name }) => name);
    if (!Object.keys(this.variables).every((name) => known.includes(name))) return first;
    this.operation = operation;
    this.plan((await this.source.edition()).book);
    return await this.send();
  }

  /** The result. A field that was not asked for by name and is refused is left out, once. */
  async query(): Promise<unknown> {
    const { name } = this.operation;
    let found = await this.sent();
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
