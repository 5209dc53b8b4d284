/**
 * What a row is made of, said once: name on the wire, type, column, key.
 *
 * @module
 */

/** What a value is on the wire. */
export interface Kinds {
  text: string;
  /** RFC 3339. */
  instant: string;
  /** Decimal text, as the server sent it: `2999.00`. */
  money: string;
  number: number;
  switch: boolean;
  texts: readonly string[];
  /** A setting's value, whatever it is. */
  value: string | number | boolean;
  /** Any JSON. */
  data: unknown;
}

interface Said {
  /** Its header in table, TSV and CSV; a field without one is for programs alone, unless it is asked for. */
  readonly column?: string;
  readonly nullable?: true;
  /** Text that goes on in the next line of a table where other text is cut. */
  readonly prose?: true;
  /** A person has to copy it, so a table never cuts it. */
  readonly key?: true;
  /** A key that programs read: where a table has no room it goes first, unless it is the only name of a row, or was asked for. */
  readonly spare?: true;
  /** Found out by the program: not asked of the server. */
  readonly made?: true;
  /** Columns stand in this order, the lowest first; 0 unless it is said. Keys stand as they are declared. */
  readonly place?: number;
  /** Of data: lists of money. */
  readonly amounts?: true;
  /** For documentation: `--fields` without a value prints it. */
  readonly about?: string;
}

type Plain = { [K in keyof Kinds]: Said & { readonly is: K; cell?(value: Kinds[K]): string } }[keyof Kinds];

/** One value of a row, or rows in it; they are `data` where they come in a way that none of ours do. */
export type Field =
  | Plain
  | Said & {
    readonly is: "rows" | "row" | "data";
    readonly of: Fields;
    /** What it is where it is chosen itself, and `of` has more because that was chosen beside it. */
    readonly alone?: Field;
    cell?(value: unknown): string;
  };

/** The name is that on the wire, in JSON and YAML, and in `--fields`. */
export type Fields = Readonly<Record<string, Field>>;

type Of<F extends Field> = F extends { is: infer I extends keyof Kinds } ? Kinds[I]
  : F extends { is: "rows"; of: infer O extends Fields } ? readonly Row<O>[]
  : F extends { is: "row"; of: infer O extends Fields } ? Row<O>
  : never;

/** A row that was checked by its declaration. */
export type Row<F extends Fields> = {
  readonly [K in keyof F]: Of<F[K]> | (F[K] extends { nullable: true } ? null : never);
};

/** Names what is wrong where a literal is not a `Field`, and keeps each name. */
export const fields = <const F extends Fields>(of: F): F => of;

/** Rows in a row; a cell shows each by `cell`. A function, because the row's type comes from the argument before. */
export const rows = <const F extends Fields, const S extends Said>(of: F, cell: (row: Row<F>) => string, said: S) =>
  ({ ...said, is: "rows", of, cell: (all: unknown) => (all as readonly Row<F>[]).map(cell).join(", ") }) as const;

/** One row in a row. */
export const row = <const F extends Fields, const S extends Said>(of: F, cell: (row: Row<F>) => string, said: S) =>
  ({ ...said, is: "row", of, cell: (one: unknown) => cell(one as Row<F>) }) as const;

/** What a GraphQL document asks for: `id order_number items { sku quantity }`. */
export function selection(of: Fields): string {
  return Object.entries(of).filter(([, { made }]) => !made)
    .map(([name, field]) => "of" in field ? `${name} { ${selection(field.of)} }` : name).join(" ");
}
