/**
 * An operation of the server's → a verb like any other: its options go through the same pass.
 *
 * @module
 */

import { ONLINE, type Options, type Seek, type Verb } from "../cli/mod.ts";
import { AppError } from "../errors.ts";
import { CHOOSE, CONFIRMABLE, REACH } from "../kinds/mod.ts";
import { nearest } from "../nearest.ts";
import { type Book, type Operation, saidOf } from "./book.ts";
import type { Edition } from "./cache.ts";
import { Flags, oneLine } from "./flags.ts";
import { type Ours, perform } from "./perform.ts";
import { isPaged } from "./selection.ts";
import { Source } from "./source.ts";

/** The verb of that name, asking the server when it is not known. Throws `usage` with the nearest when there is none. */
export async function find(word: string, { app, fresh }: Seek): Promise<Verb> {
  const source = Source.of(await app());
  let edition = await source.edition();
  if (fresh) edition = await source.again() ?? edition;
  let operation = edition.book.operation(word);
  if (!operation && !fresh) {
    edition = await source.again() ?? edition;
    operation = edition.book.operation(word);
  }
  if (!operation) throw noSuch(word, edition.book);
  if (operation.kind === "subscription") throw subscription(operation.name);
  return verbOf(operation, edition, source);
}

/** Without a source it can be read about, and not be run. */
export function verbOf(operation: Operation, edition: Edition, source?: Source): Verb {
  const { name, kind, about } = operation;
  const flags = new Flags(edition.book, operation);
  const ours: Options = kind === "mutation"
    ? { ...CHOOSE, ...CONFIRMABLE }
    : isPaged(edition.book, operation)
    ? { ...REACH, ...CHOOSE }
    : CHOOSE;
  const { alias, text } = saidOf(about);
  const summary = oneLine(text || alias || "").slice(0, 200);
  return {
    name,
    aliases: [],
    summary: operation.deprecated === undefined ? summary : `deprecated; ${summary}`,
    does: does(operation, summary),
    needs: ONLINE,
    examples: [`autocom call ${name}${examples(operation, flags)}`],
    documents: {},
    args: [],
    options: ours,
    option: (flag) => flags.find(flag),
    more: () => flags.shown(),
    ...kind === "mutation" && { changes: true as const },
    async run(app, given) {
      const from = source?.as(app) ?? Source.of(app);
      await perform(app, from, edition, operation, given as Record<string, unknown> & Ours);
    },
  };
}

function does({ kind, returns, deprecated: why }: Operation, summary: string): string {
  const said = summary && `${summary.replace(/\.$/, "")}. `;
  const what = kind === "mutation" ? "A mutation: it is shown and asked for before it is sent." : "A query.";
  const old = why === undefined ? "" : ` Deprecated${why ? `: ${oneLine(why)}` : "."}`;
  return `${said}${what} It gives ${returns}.${old}`;
}

/** What must be given, with a word for each. */
function examples({ kind }: Operation, flags: Flags): string {
  const words = flags.needed().map((flag) => ` ${flag} …`).join("");
  return kind === "mutation" ? `${words} --dry-run` : words;
}

function noSuch(word: string, book: Book): AppError {
  const all = book.index().filter(({ kind, deprecated }) => kind !== "subscription" && !deprecated).map(({ name }) =>
    name
  );
  const plain = word.replaceAll(/([a-z\d])([A-Z])/g, "$1_$2").replaceAll(/[.-]/g, "_").toLowerCase();
  const meant = nearest(plain, all) ?? (plain.length > 3 ? all.find((name) => name.includes(plain)) : undefined);
  const shown = word.length > 40 ? `${word.slice(0, 40)}…` : word;
  return new AppError("usage", `the server has no operation "${shown}"`, {
    hint: meant ? `did you mean: autocom call ${meant}` : "see which there are: autocom schema list",
  });
}

function subscription(name: string): AppError {
  return new AppError(
    "usage",
    `cannot call ${name}: it is a subscription, and those need a connection that stays open`,
    {
      hint: "ask again and again instead: autocom schema list shows the queries",
    },
  );
}
