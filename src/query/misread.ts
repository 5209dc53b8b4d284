/**
 * What is wrong where an expression cannot be read, and what was probably meant.
 *
 * @module
 */

import type { AppError } from "../errors.ts";
import type { Token } from "./lexer.ts";
import { refused } from "./tree.ts";

const STRAY: Readonly<Record<string, string>> = {
  '"': "a name ends with the double quotes that it begins with; text stands in single quotes: 'pending'",
  "'": "text ends with the single quote that it begins with: 'pending'",
  "`": "a number ends with the backquote that it begins with: `10`",
  "=": "to compare write: ==",
  "-": "a negative number stands in backquotes: `-1`",
  "$": "the whole result is: @",
};

/** A sign that begins no token. */
export function stray(expression: string, at: number): AppError {
  const sign = String.fromCodePoint(expression.codePointAt(at)!);
  const open = "\"'`".includes(sign);
  const hint = STRAY[sign] ?? "a name with other signs than letters, digits and _ stands in double quotes";
  return refused(expression, at, open ? "a quote is not closed" : `${JSON.stringify(sign)} means nothing there`, hint);
}

/** A whole one stands as a shell takes it. */
const EXAMPLE = `write, for example: --query "[?status == 'pending'].id", or --query 'length(@)'`;
const HINTS: Readonly<Record<string, string>> = {
  "]": `close what was opened with [: --query '[0]', --query "[?status == 'pending']"`,
  ")": `close what was opened with (, with commas between arguments: --query "[?contains(status, 'ship')]"`,
  "}": "close what was opened with {: --query '[].{number: order_number, total: total}'",
  ":": "an object names each of its values: --query '[].{number: order_number, total: total}'",
  "[": "a list of values stands behind a point: --query '[].[id, status]'",
  "&": "& begins an expression that a function takes: --query 'sort_by(@, &status)'",
  "(": "a name of a function stands before (, and no list: --query 'length(@)'",
};

/** A token that cannot stand where it does; `wanted` is the only one that could. */
export function unexpected(expression: string, { at, is }: Token, wanted?: string): AppError {
  const missing = wanted ?? (is === "end" ? "something" : undefined);
  const why = missing ? `${missing} is missing` : "something else must stand there";
  return refused(expression, at, why, HINTS[wanted ?? is] ?? EXAMPLE);
}
