import type { App } from "../app.ts";
import { type Destination, type Progress, progressing } from "../output/mod.ts";
import type { Page } from "../paging/mod.ts";

/** How far a list is, told page by page. */
export interface RowsLine {
  /** The same pages, counted as they pass; the time begins. */
  over<Row>(
    pages: AsyncIterable<Page<Row>>,
    from: { first: number; per_page: number; limit?: number | undefined },
    bytes?: () => number,
  ): AsyncIterable<Page<Row>>;
  end(): Promise<void>;
}

/**
 * The line of a list, where one can be shown. `apart`: its rows do not go to stdout. What is asked of a query is printed
 * when the list is over.
 */
export async function rowsLine(
  { system, globals, signal }: App,
  { format, asked }: Pick<Destination, "format" | "asked">,
  plural: string,
  { what = `Listing ${plural}`, apart = false }: { what?: string; apart?: boolean } = {},
): Promise<RowsLine | undefined> {
  if (!system.io.stderr.isTerminal) return undefined;
  const { progress } = await progressing();
  const writes = !apart && !(asked && system.io.stdout.isTerminal);
  const line = await progress({ system, globals, format, signal, what, unit: plural, writes });
  return line && { over: (pages, from, bytes) => counted(line, pages, from, bytes), end: line.end };
}

async function* counted<Row>(
  line: Progress,
  pages: AsyncIterable<Page<Row>>,
  { first, per_page, limit = Infinity }: { first: number; per_page: number; limit?: number | undefined },
  bytes?: () => number,
): AsyncIterable<Page<Row>> {
  let rows = 0;
  line.begin();
  for await (const page of pages) {
    rows += page.rows.length;
    const all = page.items === undefined ? Infinity : page.items - (first - 1) * per_page;
    const of = Math.min(all, limit);
    line.tell(rows, Number.isFinite(of) ? of : undefined, bytes?.());
    yield page;
  }
}
