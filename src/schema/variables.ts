/**
 * What was typed → the variables of the document. What was not given is not sent: the server has its own defaults.
 *
 * @module
 */

import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { type Book, elementOf, type Operation, unwrap } from "./book.ts";
import { type Flags, isNeeded, isNullKey, MARK, pathOf, type Slot } from "./flags.ts";
import { isPaged } from "./paged.ts";
import type { Source } from "./source.ts";
import { InFile, Json } from "./values.ts";

/** A node on the way to values: its children by name or index, or the value itself. */
type Node = Map<string, Node> | { value: unknown };

/** Throws `usage` for what does not fit together, and for what must be given and is not. */
export async function variables(
  app: App,
  source: Source,
  book: Book,
  operation: Operation,
  flags: Flags,
  given: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const root = new Map<string, Node>();
  const wholes: [Slot, unknown][] = [];
  for (const [key, value] of Object.entries(given)) {
    if (!key.startsWith(MARK) || value === undefined || Array.isArray(value) && value.length === 0) continue;
    const path = pathOf(key);
    const flag = flags.flagAt(path)!;
    const slot = flags.slot(flag)!;
    const { name } = unwrap(slot.type);
    // An unset shell variable must not widen a list; other texts may be empty.
    const mayWiden = name === "ID" || name === "String" && isPaged(book, operation);
    const found = isNullKey(key) ? null : await read(app, value, slot, wholes);
    if (mayWiden && found !== null && [found].flat().some((one) => !String(one).trim())) {
      throw new AppError("usage", `${flag} must not be empty`, {
        hint: isNeeded({ ...slot.input, type: slot.type }) ? "give it a value" : "leave it out",
      });
    }
    insert(root, path, found, (at) => conflict(flag, flags.flagAt(at)!));
  }
  if (wholes.length > 0) await (await import("./whole.ts")).check(source, book, wholes);
  const found: [string, unknown][] = [];
  for (const { name, type, standard } of operation.args) {
    const node = root.get(name);
    if (node) found.push([name, valueOf(book, flags, node, [name], type)]);
    else if (
      type.endsWith("!") && standard === undefined &&
      !(name === "page" && isPaged(book, operation) && (given.all || given.query || given.limit || given.meta))
    ) {
      throw missing(flags, [name], operation);
    }
  }
  return Object.fromEntries(found);
}

/** Adds what was given as JSON to `wholes`. */
async function read(app: App, value: unknown, slot: Slot, wholes: [Slot, unknown][]): Promise<unknown> {
  if (Array.isArray(value) && value.some((one) => one[0] === "[")) {
    return (await import("./listed.ts")).listed(value, slot.flag);
  }
  if (!(value instanceof Json || value instanceof InFile)) return value;
  const found = await (await import("./whole.ts")).whole(app, value, slot);
  wholes.push([slot, found]);
  return found;
}

function insert(
  into: Map<string, Node>,
  path: readonly string[],
  value: unknown,
  conflict: (at: readonly string[]) => AppError,
): void {
  let node: Node = into;
  for (const [at, part] of path.entries()) {
    if (!(node instanceof Map)) throw conflict(path.slice(0, at));
    const last = at === path.length - 1;
    if (last && node.has(part)) throw conflict(path);
    const next: Node = node.get(part) ?? (last ? { value } : new Map());
    node.set(part, next);
    node = next;
  }
}

function valueOf(book: Book, flags: Flags, node: Node, path: readonly string[], type: string): unknown {
  if (!(node instanceof Map)) {
    if (node.value === null && type.endsWith("!")) {
      const flag = flags.flagAt(path)!;
      throw new AppError("usage", `${flag} cannot be null`, { hint: `its type is ${type}` });
    }
    return node.value;
  }
  const { lists, name } = unwrap(type);
  if (lists > 0) {
    const count = node.size;
    return Array.from({ length: count }, (_, at) => {
      const one = node.get(String(at));
      if (one) return valueOf(book, flags, one, [...path, String(at)], elementOf(type));
      const flag = flags.flagAt(path)!;
      throw new AppError("usage", `${flag}.${at} is missing: a list begins with 0 and leaves nothing out`, {
        hint: `number them: ${flag}.0, ${flag}.1, …`,
      });
    });
  }
  const entries: [string, unknown][] = [];
  for (const input of book.type(name)?.inputs ?? []) {
    const inner = node.get(input.name);
    if (inner) entries.push([input.name, valueOf(book, flags, inner, [...path, input.name], input.type)]);
    else if (input.type.endsWith("!") && input.standard === undefined) throw missing(flags, [...path, input.name]);
  }
  return Object.fromEntries(entries);
}

/** Of one option that is given once as null. */
function conflict(flag: string, other: string): AppError {
  const isNull = flag === other;
  return new AppError("usage", `${flag} and ${other}${isNull ? ":null" : ""} say the same thing twice`, {
    hint: isNull ? "leave one out" : `give ${other} as a whole, or its parts`,
  });
}

function missing(flags: Flags, path: readonly string[], operation?: Operation): AppError {
  const flag = flags.flagAt(path)!;
  return new AppError("usage", `${flag} is missing`, {
    hint: operation ? `see: autocom call ${operation.name} --help` : `write: ${flag} VALUE, or the whole as JSON`,
  });
}
