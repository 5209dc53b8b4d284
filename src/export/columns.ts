import { choosing, type Column, type Fields, type View, view } from "../fields/mod.ts";

type Any = Readonly<Record<string, unknown>>;

/**
 * What a file has of each row: every declared field unless some are named, under the names that `--fields` takes. A cell
 * holds text as it is, nothing for null, and a list or an object as JSON with the digits of the server; in a file for
 * people texts are joined.
 */
export async function columns(
  of: Fields,
  names = Object.keys(of).join(","),
  { forPeople = false }: { forPeople?: boolean } = {},
): Promise<View<Any>> {
  const { choose } = await choosing();
  const chosen = choose(of, names);
  /** The quick way for 100,000 rows, where no name leads into a row. */
  const face = (names: readonly string[]) =>
    (names.some((name) => !Object.hasOwn(of, name)) ? choose(of, names.join(",")) : view(of, names)) as View<Any>;
  const { record, from } = face(chosen.columns.map(({ name }) => name));
  return {
    record,
    from,
    columns: chosen.columns.map((column): Column<Any> => {
      const { name } = column;
      const field = Object.hasOwn(of, name) ? of[name]! : undefined;
      const isPlain = field !== undefined && !("of" in field) && field.is !== "texts" && field.is !== "data";
      const { record } = face([name]);
      if (forPeople && field?.is === "texts") return { ...column, header: name };
      return { ...column, header: name, cell: (row) => cell(isPlain ? row[name] : record(row)[name]) };
    }),
  };
}

function cell(value: unknown): string {
  if (typeof value === "string") return value;
  if (value == null) return "";
  if (typeof value !== "object") return String(value);
  return JSON.isRawJSON(value) ? value.rawJSON : JSON.stringify(value);
}
