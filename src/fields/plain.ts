/** Rows as text that needs nothing escaped, nor quoted. */
export interface PlainLine<in R> {
  readonly text: (row: R) => string;
  /** A pattern: what `text` gives where that is so. */
  readonly shape: string;
}

/** A pattern goes back over a page in bounded memory: one that is longer is looked at cell by cell. */
const [MOST_CHARACTERS, LONGEST_SHAPE] = [1 << 17, 1 << 12];

/**
 * For who prints thousands of pages: all lines of a page in one text, where they are plain; else undefined, as for the first
 * page, because most lists have no other and the pattern has to be made.
 */
export function plainPages<R>(
  line: PlainLine<R> | undefined,
  end: "\n" | "\r\n",
): (rows: readonly R[]) => string | undefined {
  if (!line || line.shape.length > LONGEST_SHAPE) return () => undefined;
  let shape: RegExp | null | undefined;
  return (rows) => {
    if (shape === undefined) return void (shape = null);
    shape ??= new RegExp(`^(?:${line.shape}${end})*$`);
    let text = "";
    for (const row of rows) text += line.text(row) + end;
    return text.length <= MOST_CHARACTERS && lineBreaks(text) === rows.length && shape.test(text) ? text : undefined;
  };
}

/** It tells one in a cell from the end of a row. */
function lineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

/** Cells, each of which fits the pattern, with a character between that does not. */
export function plainCells<R>(
  columns: readonly { readonly cell: (row: R, whole: true) => string }[],
  between: string,
  cell: string,
): PlainLine<R> {
  return {
    shape: columns.map(() => cell).join(between),
    text(row) {
      let text = columns[0]!.cell(row, true);
      for (let at = 1; at < columns.length; at++) text += between + columns[at]!.cell(row, true);
      return text;
    },
  };
}
