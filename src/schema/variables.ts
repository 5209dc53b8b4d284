/**
 * What was typed → the variables of the document. What was not given is not sent: the server has its own defaults.
 *
 * @module
 */

import type { App } from "../app.ts";
import type { Book, Input, Operation } from "./book.ts";
import { type Flags, isNeeded, isNullKey, keyOf, MARK, pathOf, type Slot } from "./flags.ts";
import { isPaged } from "./paged.ts";
import type { Source } from "./source.ts";
import { InFile, Json } from "./values.ts";
import { elementOf, unwrap } from "./wrapping.ts";

/** With the option that gave it. */
export interface Value {
  value: unknown;
  flag: string;
}

/** A node on the way to values: its children by name or index, or the value itself. */
export type Node = Map<string, Node> | Value;

/** What is deprecated of that which was given, and why. */
export type Old = Map<string, string>;

const unfit = () => import("./unfit.ts");

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
    const slot = flags.slot(flags.flagAt(path)!)!;
    const { name } = unwrap(slot.type);
    // An unset shell variable must not widen a list; other texts may be empty.
    const mayWiden = name === "ID" || name === "String" && isPaged(book, operation);
    const found = isNullKey(key) ? null : await read(app, book, value, slot, wholes);
    if (mayWiden && found !== null && [found].flat().some((one) => !String(one).trim())) {
      throw (await unfit()).empty(slot);
    }
    const one = { value: found, flag: slot.flag + key.slice(keyOf(slot).length) };
    const there = insert(root, path, one);
    if (there) throw (await unfit()).twice(one, there);
  }
  if (wholes.length > 0) await (await import("./whole.ts")).check(source, book, wholes);
  const found: [string, unknown][] = [];
  const old: Old = new Map();
  for (const input of operation.args) {
    const { name, type, standard } = input;
    const node = root.get(name);
    if (node) found.push([name, await valueOf(book, flags, node, [name], input, old)]);
    else if (
      isNeeded({ type, standard }) &&
      !(name === "page" && isPaged(book, operation) && (given.all || given.query || given.limit || given.meta))
    ) {
      throw (await unfit()).missing(book, flags, [name]);
    }
  }
  for (const [{ flag, type }, value] of wholes) (await import("./whole.ts")).outdated(book, value, type, flag, old);
  if (old.size > 0) await (await unfit()).warn(app, old);
  return Object.fromEntries(found);
}

/** Adds what was given as JSON to `wholes`. */
async function read(app: App, book: Book, value: unknown, slot: Slot, wholes: [Slot, unknown][]): Promise<unknown> {
  if (Array.isArray(value) && value.some((one) => one[0] === "[")) {
    return (await import("./listed.ts")).listed(book, value, slot, wholes);
  }
  if (!(value instanceof Json || value instanceof InFile)) return value;
  const found = await (await import("./whole.ts")).whole(app, value, slot);
  wholes.push([slot, found]);
  return found;
}

/** Returns what is in the way. */
function insert(into: Map<string, Node>, path: readonly string[], value: Value): Node | undefined {
  let node = into;
  for (const [at, part] of path.entries()) {
    const there = node.get(part);
    const isLast = at === path.length - 1;
    if (there && (isLast || !(there instanceof Map))) return there;
    const next = there ?? new Map<string, Node>();
    node.set(part, isLast ? value : next);
    node = next;
  }
  return undefined;
}

async function valueOf(
  book: Book,
  flags: Flags,
  node: Node,
  path: readonly string[],
  { type, deprecated }: Pick<Input, "type" | "deprecated">,
  old: Old,
): Promise<unknown> {
  if (deprecated !== undefined) old.set(flags.flagAt(path)!, deprecated);
  if (!(node instanceof Map)) {
    if (node.value === null && type.endsWith("!")) throw (await unfit()).noNull(flags.flagAt(path)!, type);
    return node.value;
  }
  const { lists, name } = unwrap(type);
  if (lists > 0) {
    const all: unknown[] = [];
    while (all.length < node.size) {
      const at = String(all.length);
      const one = node.get(at);
      if (!one) throw (await unfit()).hole(flags.flagAt(path)!, all.length);
      all.push(await valueOf(book, flags, one, [...path, at], { type: elementOf(type) }, old));
    }
    return all;
  }
  const entries: [string, unknown][] = [];
  for (const input of book.type(name)?.inputs ?? []) {
    const inner = node.get(input.name);
    const at = [...path, input.name];
    if (inner) entries.push([input.name, await valueOf(book, flags, inner, at, input, old)]);
    else if (isNeeded(input)) throw (await unfit()).missing(book, flags, at);
  }
  return Object.fromEntries(entries);
}
