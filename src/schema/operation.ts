/**
 * An operation of the server's → a verb like any other: its options go through the same pass.
 *
 * @module
 */

import { ONLINE, type Options, type Seek, type Verb } from "../cli/mod.ts";
import { AppError } from "../errors.ts";
import { CHOOSE, CONFIRMABLE, REACH } from "../kinds/mod.ts";
import { type Operation, saidOf } from "./book.ts";
import type { Edition } from "./cache.ts";
import { Flags, oneLine } from "./flags.ts";
import type { Ours } from "./called.ts";
import { isPaged } from "./paged.ts";
import type { Source } from "./source.ts";
import { namesWithin } from "./within.ts";

/** The verb of that name, asking the server when it is not known. Throws `usage` with the nearest when there is none. */
export async function find(word: string, { app, fresh }: Seek): Promise<Verb> {
  const [{ Source }, run] = await Promise.all([import("./source.ts"), app()]);
  const source = Source.of(run);
  let edition = await source.edition();
  if (fresh) edition = await source.again() ?? edition;
  let operation = edition.book.operation(word);
  if (!operation && !fresh) {
    edition = await source.again() ?? edition;
    operation = edition.book.operation(word);
  }
  if (!operation) throw (await import("./missing.ts")).noSuch(word, edition.book);
  if (operation.lacks) throw (await import("./missing.ts")).lacking(operation.name, operation.lacks);
  if (operation.kind === "subscription") throw subscription(operation.name);
  if (!word.includes(":") && edition.book.isTwice(operation.name)) throw twice(operation.name);
  return verbOf(operation, edition, source);
}

/** Without a source it can be read about, and not be run. */
export function verbOf(operation: Operation, edition: Edition, source?: Source): Verb {
  const { name, kind } = operation;
  const flags = new Flags(edition.book, operation);
  const ours: Options = kind === "mutation"
    ? { ...CHOOSE, ...CONFIRMABLE }
    : isPaged(edition.book, operation)
    ? { ...REACH, ...CHOOSE }
    : CHOOSE;
  return {
    name,
    aliases: [],
    // Who runs it needs none of these.
    get summary() {
      return `${operation.deprecated === undefined ? "" : "deprecated; "}${summaryOf(operation)}`;
    },
    get does() {
      return does(operation, summaryOf(operation));
    },
    needs: ONLINE,
    get examples() {
      const word = edition.book.isTwice(name) ? `${kind}:${name}` : name;
      return [`autocom call ${word}${examples(operation, flags)}`];
    },
    documents: {},
    args: [],
    options: ours,
    option: (flag) => flags.find(flag),
    beyond: (word) => edition.book.operation(`${name}_${word.replaceAll("-", "_")}`)?.name,
    more: (typed) => flags.shown(typed),
    names: (typed) => Promise.resolve(namesWithin(edition.book, operation, typed)),
    ...kind === "mutation" && { changes: true as const },
    async run(app, given) {
      const [{ perform }, { Source }] = await Promise.all([import("./called.ts"), import("./source.ts")]);
      const from = source?.as(app) ?? Source.of(app);
      await perform(app, from, edition, { operation, flags }, given as Record<string, unknown> & Ours);
    },
  };
}

function summaryOf({ about }: Operation): string {
  const { alias, text } = saidOf(about);
  return oneLine(text || alias || "").slice(0, 200);
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

function twice(name: string): AppError {
  return new AppError("usage", `${name} is a query and a mutation`, {
    hint: `say which: autocom call query:${name}, or mutation:${name}`,
  });
}

function subscription(name: string): AppError {
  return new AppError(
    "usage",
    `cannot call ${name}: it is a subscription, and those need a connection that stays open`,
    {
      hint: "ask again and again instead, with a query: autocom schema list",
    },
  );
}
