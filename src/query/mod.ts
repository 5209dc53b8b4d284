/**
 * `--query`: JMESPath over a whole result. Our own, because an expression comes from anywhere: what it takes is bounded
 * (steps, text, depth), nothing of a prototype is reached, amounts keep their digits, and what is wrong is said before
 * anything is sent. Loaded when it is given.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { some } from "../output/mod.ts";
import { Evaluation } from "./evaluate.ts";
import { parse } from "./parser.ts";
import { foresee, type Missing, repaired, type Shape } from "./shape.ts";
import { type Node, quoted } from "./tree.ts";
import { Meter } from "./values.ts";

export { printResult } from "./print.ts";
export type { Members, Shape } from "./shape.ts";
export { quoted } from "./tree.ts";
export { Meter, MOST_TEXT } from "./values.ts";

/** Characters. */
const LONGEST = 16_384;

export interface Query {
  /** What is probably wrong, seen before it is asked. */
  readonly warnings: readonly string[];
  /** What it asks for by name. */
  readonly names: ReadonlySet<string>;
  /** The result, which can be printed, and what was seen on the way. Throws `usage`. */
  of(value: unknown): { result: unknown; warnings: readonly string[] };
}

/** Reads an expression; `more` is what the rows have once `--fields` names it. Throws `usage`. */
export function query(expression: string, shape: Shape, more: readonly string[] = []): Query {
  if (expression.trim() === "") {
    throw new AppError("usage", "--query must not be empty", { hint: "write, for example: --query 'length(@)'" });
  }
  if (expression.length > LONGEST) {
    throw new AppError("usage", "cannot use --query: it is longer than 16,384 characters", {
      hint: "take less of it, and jq for the rest: -o jsonl | jq FILTER",
    });
  }
  const tree = parse(expression);
  const { asText, noNumber, missing, mixes, names } = foresee(tree, shape);
  if (noNumber.size > 0) {
    throw new AppError("usage", "cannot use --query: money is text, and a function takes a number", {
      hint: better(expression, [...noNumber, ...asText]),
    });
  }
  const foreseen = asText.size > 0 ? [asTextWarning(expression, asText)] : [];
  for (const { node, known } of missing.slice(0, 1)) foreseen.push(unknown(expression, node, known, more));
  return {
    warnings: foreseen,
    names,
    of(value) {
      const evaluation = new Evaluation(expression);
      const result = evaluation.of(tree)(value);
      new Meter("its result has").whole(result);
      const seen = asText.size === 0 && evaluation.asText.size > 0;
      const warnings = seen ? [asTextWarning(expression, evaluation.asText)] : [];
      if (evaluation.unread !== undefined) warnings.push(unreadWarning(evaluation.unread));
      const currencies = mixes ? currenciesOf(value) : [];
      if (currencies.length > 1) warnings.push(mixedWarning(currencies));
      return { result, warnings };
    },
  };
}

function asTextWarning(expression: string, nodes: Iterable<Node>): string {
  return '--query sorts or compares money, which is text here: "100.00" stands before "9.00", and no number equals it; ' +
    better(expression, nodes);
}

/** Of the rows of a list, with `--meta` or without. */
function currenciesOf(value: unknown): string[] {
  const rows = Array.isArray(value) ? value : (value as { data?: unknown } | null)?.data;
  const found = Array.isArray(rows) ? rows.map((row) => row?.currency).filter((one) => typeof one === "string") : [];
  return [...new Set<string>(found)].sort();
}

function mixedWarning(currencies: readonly string[]): string {
  const one = currencies.find((name) => /^\w{1,9}$/.test(name)) ?? "EUR";
  return `--query adds or compares amounts of ${some(currencies)} as if they were of one currency; ` +
    `choose one first: [?currency == '${one}']`;
}

function unreadWarning(text: string): string {
  return `--query: to_number() gives null for ${
    JSON.stringify(text)
  }, which is not a number as JSON writes it (1234.50)`;
}

/** What is long would be cut in a message, and could not be typed. */
function better(expression: string, nodes: Iterable<Node>): string {
  const whole = repaired(expression, nodes);
  return whole.length > 600 ? "write to_number(…) around each amount" : `write: --query ${quoted(whole)}`;
}

function unknown(
  expression: string,
  { name, at, end }: Missing["node"],
  known: Missing["known"],
  more: readonly string[],
): string {
  const written = expression.slice(at, Math.min(end, at + 80));
  const said = `--query names ${written}`;
  if (!known) return `${said}, and a list has no names: write [].${written}`;
  if (more.includes(name)) {
    return `${said}, which is left out of a list: name all that it takes with --fields ${name},…`;
  }
  const meant = nearest(name, known);
  if (!meant && written.startsWith('"')) {
    return `${said}, which is not there; text stands in single quotes: '${name.slice(0, 80)}'`;
  }
  return `${said}, which is not there: ${meant ? `did you mean ${meant}` : `there are ${some(known)}`}`;
}
