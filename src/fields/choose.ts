/**
 * `--fields a,b.c`: which fields are printed, and in which order. Loaded when the option is given.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import type { Field, Fields } from "./declaration.ts";
import { cells, type View, view } from "./view.ts";

/** A field that is asked for by its dotted name, with the way to it. */
interface Chosen {
  name: string;
  way: readonly string[];
  field: Field;
}

/**
 * The view of those fields. A part of nested rows (`items.sku`) is a list in JSON, and joined in a cell of a table; its key is the
 * name as it was typed. Throws `usage` for a name that the declaration does not have, with the nearest as the hint.
 */
export function choose(of: Fields, text: string): View<Record<string, unknown>> {
  const names = split(text);
  const chosen = names.map((name) => find(of, name));
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw refused(text, `"${twice}" is named twice`, "name each field once");
  const flat = Object.fromEntries(chosen.map(({ name, field }) => [name, field]));
  const base = view<Fields>(flat, names);
  const parts = chosen.map(({ way, field }) => ({ way, face: view<Fields>({ it: field }, ["it"]) }));
  return {
    columns: base.columns.map((column, at) => {
      const { way, face } = parts[at]!;
      return way.length === 1 ? column : {
        ...column,
        header: column.name.toUpperCase(),
        right: false,
        cell(row, whole) {
          const found = whole ? reach(row, way, (value) => face.record({ it: value as never }).it) : undefined;
          if (Array.isArray(found)) return JSON.stringify(found);
          return [reach(row, way, (value) => cells(face, { it: value as never })[0]!)].flat().join(", ");
        },
      };
    }),
    record: (row) =>
      Object.fromEntries(parts.map(({ way, face }, at) => [
        names[at]!,
        reach(row, way, (value) => face.record({ it: value as never }).it),
      ])),
  };
}

/** The names as they are given. Throws `usage` for a comma that parts nothing. */
export function split(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  const given = names.filter((name) => name !== "");
  if (given.length === 0 || given.length === names.length) return names;
  throw refused(text, "there is a comma too many", `write: --fields ${given.join(",")}`);
}

/** Every name that `--fields` takes, with what it is. */
export function namesIn(of: Fields, before = ""): { name: string; is: string; about: string }[] {
  return Object.entries(of).flatMap(([name, field]) => [
    { name: before + name, is: field.is, about: field.about ?? "" },
    ...("of" in field ? namesIn(field.of, `${before}${name}.`) : []),
  ]);
}

/** What is asked of a server for them: whole what each begins with, and the `id`, which tells rows apart. */
export function sought(of: Fields, text: string): Fields {
  const tops = text.split(",").map((name) => name.trim().split(".")[0]);
  return Object.fromEntries(Object.entries(of).filter(([name]) => name === "id" || tops.includes(name)));
}

function find(of: Fields, name: string): Chosen {
  const way = name.split(".");
  let within: Fields | undefined = of, field: Field | undefined;
  for (const part of way) {
    field = within && Object.hasOwn(within, part) ? within[part] : undefined;
    within = field && "of" in field ? field.of : undefined;
  }
  if (field) return { name, way, field: "of" in field && field.alone || field };
  const all = namesIn(of).map((one) => one.name);
  throw refused(name, "there is no such field", likely(name, all) ?? `the fields are ${all.join(", ")}`);
}

function refused(text: string, why: string, hint: string): AppError {
  return new AppError("usage", `cannot use --fields "${text.slice(0, 80)}": ${why}`, { hint });
}

/** The most alike, else one that the word is a part of. */
function likely(name: string, all: readonly string[]): string | undefined {
  const word = name.toLowerCase();
  const meant = nearest(name, all) ??
    (word.length > 1 ? all.find((one) => one.includes(word) || word.startsWith(one)) : undefined);
  return meant && `did you mean: ${meant}`;
}

/** What stands at the end of the way; a list of it where the way leads through rows. */
function reach(value: unknown, [first, ...rest]: readonly string[], end: (value: unknown) => unknown): unknown {
  if (value == null) return null;
  if (first === undefined) return end(value);
  if (Array.isArray(value)) return value.map((one) => reach(one, [first, ...rest], end));
  const found = (value as Record<string, unknown>)[first];
  return rest.length > 0 ? reach(found, rest, end) : end(found);
}
