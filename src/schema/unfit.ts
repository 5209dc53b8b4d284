/**
 * Options that do not fit together, are not enough, or are deprecated, in words. Loaded when there are some.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import type { App } from "../app.ts";
import type { Book } from "./book.ts";
import { type Flags, isNeeded, type Slot } from "./flags.ts";
import { typed } from "./values.ts";
import type { Node, Old, Value } from "./variables.ts";
import { unwrap } from "./wrapping.ts";

export async function warn({ say }: App, old: Old): Promise<void> {
  for (const [flag, why] of old) await say.warn(`${flag} is deprecated${why && `: ${why}`}`);
}

/** Two options for one place: `there` is in the way of what was `given`. */
export function twice(given: Value, there: Node): AppError {
  const [whole, part] = there instanceof Map ? [given, first(there)] : [there, given];
  const isNull = [whole, part].some(({ flag }) => flag.endsWith(":null"));
  return new AppError("usage", `${whole.flag} and ${part.flag} say the same thing twice`, {
    hint: isNull ? "leave one out" : `give ${whole.flag} as a whole, or its parts`,
  });
}

function first(node: Node): Value {
  return node instanceof Map ? first([...node.values()][0]!) : node;
}

export function empty({ flag, type, input }: Slot): AppError {
  return new AppError("usage", `${flag} must not be empty`, {
    hint: isNeeded({ ...input, type }) ? "give it a value" : "leave it out",
  });
}

export function noNull(flag: string, type: string): AppError {
  return new AppError("usage", `${flag} cannot be null`, { hint: `its type is ${type}` });
}

export function hole(flag: string, at: number): AppError {
  return new AppError("usage", `${flag}.${at} is missing: a list begins with 0 and leaves nothing out`, {
    hint: `number them: ${flag}.0, ${flag}.1, …`,
  });
}

export function missing(book: Book, flags: Flags, path: readonly string[]): AppError {
  const flag = flags.flagAt(path)!;
  return new AppError("usage", `${flag} is missing`, { hint: `write${example(book, flags, flags.slot(flag)!)}` });
}

/** An input by the first of its fields that must be given, with a word for it. */
function example(book: Book, flags: Flags, { flag, type, path }: Slot, within: readonly string[] = []): string {
  const { name, lists } = unwrap(type);
  const { kind, inputs = [] } = book.type(name) ?? {};
  const hasFields = kind === "INPUT_OBJECT" && lists < 2 && !within.includes(name);
  const field = hasFields ? inputs.find(isNeeded) ?? inputs[0] : undefined;
  const next = field && flags.slot(flags.flagAt([...path, ...lists > 0 ? [0] : [], field.name])!);
  if (next) return example(book, flags, next, [...within, name]);
  const { shown, schema } = typed(book, type).value;
  const [word] = schema.enum ?? [];
  return word === undefined ? `: ${flag} ${shown.toUpperCase()}` : `, for example: ${flag} ${word}`;
}
