import type { Api } from "../api/mod.ts";
import type { App } from "../app.ts";
import type { Given, Options, Sound } from "../cli/mod.ts";
import type { Fields } from "../fields/mod.ts";

/** Where the rows of a list come from. */
export interface Source {
  /** Said where there are several. */
  name?: string;
  /** What the server keeps from this person, in a sentence. */
  lacks?: string;
  /** The answer for one page: `{ data, meta: { total_pages, total_items } }`. */
  ask(page: number): Promise<unknown>;
  /** Makes a row of what the server sent, before it is checked. */
  row?(value: unknown): unknown;
}

/** What is wanted of each row, and what for. */
export interface Asked {
  readonly of: Fields;
  /** Completes "cannot …": `list orders`. */
  readonly action: string;
  /** Begins the name of its document, where that is not the list's. */
  readonly as?: string;
}

/** Which rows there are and how they are asked for: what the list and the export of a noun have in common. */
export interface Listed<O extends Options> {
  /** Completes "no … match": `orders`. */
  readonly plural: string;
  readonly options?: O & Sound<O>;
  /** Variables that are called otherwise than the option: `customer_id` is `customer`. */
  readonly typed?: Readonly<Record<string, string>>;
  /** The variables that the options are; throws `usage` before anything is sent. */
  readonly filters: (given: Given<O>, app: App) => Record<string, unknown> | Promise<Record<string, unknown>>;
  /** `variables` are the filters and `per_page`; `page` is the first that will be asked for. */
  readonly open: (
    api: Api,
    variables: Record<string, unknown>,
    page: number,
    asked: Asked,
  ) => Source | Promise<Source>;
}

/** Keeps the types of the options for whoever uses them. */
// deno-lint-ignore ban-types
export const listed = <const O extends Options = {}>(of: Listed<O>): Listed<O> => of;

/** What a server sorts by: these, each also from the other end. */
export function sorts(names: string): string[] {
  return names.split(" ").flatMap((name) => [name, `${name}_desc`]);
}
