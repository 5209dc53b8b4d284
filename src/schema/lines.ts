/**
 * The lines of a book, written: see `book.ts`. Loaded when a schema is read from elsewhere.
 *
 * @module
 */

import { type Input, LETTERS, type Operation, type Type } from "./book.ts";

export function writeOperation({ kind, name, about, deprecated, returns, args, lacks = [] }: Operation): string {
  const letter = LETTERS[kind][lacks.length > 0 ? 2 : deprecated === undefined ? 0 : 1];
  const inputs = args.map(writeInput);
  return line(`${letter} ${name}`, about, [returns, inputs, deprecated ?? "", ...some(lacks)]);
}

export function writeType({ name, kind, about, fields, inputs, values, lacks = [] }: Type): string {
  const written = fields.map(({ name, type, about, demanding, deprecated }) => [
    name,
    type,
    about,
    (demanding ? 1 : 0) + (deprecated ? 2 : 0),
  ]);
  return line(`t ${name}`, about, [kind, written, inputs.map(writeInput), values, ...some(lacks)]);
}

/** Most have none. */
const some = (names: readonly string[]) => names.length > 0 ? [names] : [];

/** In ASCII: it is read faster, and nothing in it is an end of a line but the end of a line. */
function line(name: string, about: string, rest: unknown): string {
  return `${name}\t${JSON.stringify(about)}\t${JSON.stringify(rest)}`
    .replace(/[^\t\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const writeInput = ({ name, type, standard, about, deprecated }: Input) =>
  [name, type, standard ?? null, about, deprecated].slice(0, deprecated === undefined ? 4 : 5);
