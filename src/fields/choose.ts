/**
 * `--fields a,b.c`: which fields are printed, and in which order. Loaded when the option is given.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import type { Field, Fields } from "./declaration.ts";
import { cells, type View, view } from "./view.ts";

/** A field that is asked for by its dotted name, with the way to it. */
interface Chosen {
  name: string;
  way: readonly string[];
  field: Field;
}

/**
 * The view of those fields. A part of nested rows (`items.sku`) is a list in JSON, and joined in a cell; its key is the
 * name as it was typed. Throws `usage` for a name that the declaration does not have, with the nearest as the hint.
 */
export function choose(of: Fields, text: string): View<Record<string, unknown>> {
  const names = text.split(",").map((name) => name.trim());
  const chosen = names.map((name) => find(of, name));
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw refused(text, `"${twice}" is named twice`, "name each field once");
  const flat = Object.fromEntries(chosen.map(({ name, field }) => [name, field]));
  const base = view<Fields>(flat, names);
  const parts = chosen.map(({ way, field }) => ({ way, face: view<Fields>({ it: field }, ["it"]) }));
  return {
    columns: base.columns.map((column, at) => {
      const { way, face } = parts[at]!;
      return way.length === 1 ? { ...column, cell: (row) => cells(face, { it: row[way[0]!] as never })[0]! } : {
        ...column,
        header: column.name.toUpperCase(),
        right: false,
        cell: (row) => [reach(row, way, (value) => cells(face, { it: value as never })[0]!)].flat().join(", "),
      };
    }),
    record: (row) =>
      Object.fromEntries(parts.map(({ way, face }, at) => [
        names[at]!,
        reach(row, way, (value) => face.record({ it: value as never }).it),
      ])),
  };
}

/** Every name that `--fields` takes, with what it is. */
export function named(of: Fields, before = ""): { name: string; is: string; about: string }[] {
  return Object.entries(of).flatMap(([name, field]) => [
    { name: before + name, is: field.is, about: field.about ?? "" },
    ...("of" in field ? named(field.of, `${before}${name}.`) : []),
  ]);
}

function find(of: Fields, name: string): Chosen {
  const way = name.split(".");
  let within: Fields | undefined = of, field: Field | undefined;
  for (const part of way) {
    field = within && Object.hasOwn(within, part) ? within[part] : undefined;
    within = field && "of" in field ? field.of : undefined;
  }
  if (field) return { name, way, field };
  const all = named(of).map((one) => one.name);
  throw refused(name, "there is no such field", nearest(name, all) ?? `the fields are ${all.join(", ")}`);
}

function refused(text: string, why: string, hint: string): AppError {
  return new AppError("usage", `cannot use --fields "${text.slice(0, 80)}": ${why}`, { hint });
}

function nearest(name: string, all: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, "").slice(0, 40);
  const wanted = plain(name);
  const [best] = all.map((one) => ({ one, far: distance(plain(one), wanted) })).sort((a, b) => a.far - b.far);
  const alike = best &&
    (best.far <= Math.max(1, wanted.length / 3) || wanted !== "" && plain(best.one).startsWith(wanted));
  const begun = wanted.length > 1 ? all.find((one) => plain(one).includes(wanted)) : undefined;
  const meant = alike ? best.one : begun;
  return meant && `did you mean: ${meant}`;
}

/** Levenshtein's: how many letters differ. */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(change, above[column]! + 1, current[column - 1]! + 1));
    }
    above = current;
  }
  return above[b.length]!;
}

/** What stands at the end of the way; a list of it where the way leads through rows. */
function reach(value: unknown, [first, ...rest]: readonly string[], end: (value: unknown) => unknown): unknown {
  if (value == null) return null;
  if (first === undefined) return end(value);
  if (Array.isArray(value)) return value.map((one) => reach(one, [first, ...rest], end));
  const found = (value as Record<string, unknown>)[first];
  return rest.length > 0 ? reach(found, rest, end) : end(found);
}
