/**
 * One operation of the server's as a request: its document is made of introspected names, its values are variables.
 *
 * @module
 */

import { member, type Outcome, outcomes, type Outgoing } from "../api/mod.ts";
import type { App } from "../app.ts";
import { choosing } from "../fields/mod.ts";
import type { Book, Operation } from "./book.ts";
import { isPaged } from "./paged.ts";
import { type Selection, standard } from "./selection.ts";
import type { Source } from "./source.ts";

/** The request, made anew when the schema turns out to be old or a field is refused. */
export class Call {
  readonly action: string;
  document = "";
  /** Whether another page can be asked for. */
  paged = false;
  selection!: Selection;
  /** What a `--query` asks for by name. */
  named: ReadonlySet<string> | undefined;
  /** Fields that the server refused, and why. */
  #without: ReadonlyMap<string, string> = new Map();
  /** What is told of a change, the same however often its document is made anew. */
  told: Pick<Outgoing, "changes" | "marks"> = {};

  constructor(
    private readonly app: App,
    private readonly source: Source,
    public operation: Operation,
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

  async plan(book: Book): Promise<void> {
    const { operation, fields } = this;
    this.paged = isPaged(book, operation);
    const names = fields === undefined ? undefined : (await choosing()).split(fields);
    this.selection = names
      ? (await import("./named.ts")).chosenFields(book, operation, names)
      : standard(book, operation, [...this.#without.keys()]);
    this.document = documentOf(operation, Object.keys(this.variables), this.selection.text);
  }

  async send(variables = this.variables): Promise<Outcome> {
    const { app, document: query } = this;
    const change = this.operation.kind === "mutation";
    const api = await this.source.api();
    const body = JSON.stringify({ query, variables });
    const headers = { "content-type": "application/json" };
    const loading = outcomes(); // while the server works
    const request = { method: "POST", path: "/graphql", headers, body, change, ...this.told };
    const answer = await api.exchange(request, this.action);
    return await (await loading).outcome(answer, app.system.clock.now());
  }

  /** Once more when the server's schema is another than the one that the document was made of: see `successor.ts`. */
  async sent(): Promise<Outcome> {
    const first = await this.send();
    if (first.faults.length === 0) return first;
    const { successor } = await import("./successor.ts");
    const operation = await successor(first, this.source, this.operation, Object.keys(this.variables));
    if (!operation) return first;
    this.operation = operation;
    await this.plan((await this.source.edition()).book);
    return await this.send();
  }

  /** The result. A field that was not asked for by name and is refused is left out, once. */
  async query(): Promise<unknown> {
    let found = await this.sent();
    if (found.faults.length > 0) {
      const { leftOut } = await import("./left_out.ts");
      const refused = leftOut(found.faults, this.name, this.selection, this.named);
      if (refused) {
        this.#without = new Map([...refused, ...this.#without]);
        await this.plan((await this.source.edition()).book);
        found = await this.send();
      }
    }
    await found.refuse();
    const { say } = this.app;
    for (const [name, why] of this.#without) {
      const said = `Left out, because it was refused: ${name} (${why})`;
      await (this.named ? say.warn(said) : say.left(said)); // of what is computed nobody sees that something is missing
    }
    return member(found.data, this.name);
  }
}

/** Names were introspected, and are GraphQL's. */
function documentOf({ kind, name, args }: Operation, given: readonly string[], selection: string): string {
  const sent = args.filter((arg) => given.includes(arg.name));
  const declared = sent.map((arg) => `$${arg.name}: ${arg.type}`).join(", ");
  const passed = sent.map((arg) => `${arg.name}: $${arg.name}`).join(", ");
  return `${kind} Call${declared && `(${declared})`} { ${name}${passed && `(${passed})`}${selection} }`;
}
