import { AppError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { some } from "../output/mod.ts";
import type { Book } from "./book.ts";

/** The server has no operation of that name; the nearest that it has is the hint. */
export function noSuch(word: string, book: Book): AppError {
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

/** Arguments that must be given have types that could not be read: no option can be made of them. */
export function lacking(name: string, lacks: readonly string[]): AppError {
  const what = `${lacks.length > 1 ? "the types of its arguments" : "the type of its argument"} ${some(lacks)}`;
  return new AppError("usage", `cannot call ${name}: the schema does not tell ${what}`, {
    hint: "write the document: autocom graphql",
  });
}

/** What was asked for by name is null. */
export function nothing(action: string): AppError {
  return new AppError("not-found", `cannot ${action}: there is no such thing in this tenant`, {
    hint: "check what you named",
  });
}

/** A list is none. */
export function misshapen(action: string): AppError {
  return new AppError("server", `cannot ${action}: the answer has another shape than the schema says`, {
    hint: "autocom schema refresh",
  });
}
