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
 * The line of a list, where one can be shown. `apart`: the rows go where nobody sees them; else it is looked whether they
 * come to the same screen, which it has to be before the permission to look is gone.
 */
export async function rowsLine(
  app: App,
  { format }: Pick<Destination, "format">,
  plural: string,
  { what = `Listing ${plural}`, apart = false }: { what?: string; apart?: boolean } = {},
): Promise<RowsLine | undefined> {
  const { system, globals, signal } = app;
  if (!system.io.stderr.isTerminal || !apart && await isSeen(app)) return undefined;
  const { progress } = await progressing();
  const line = progress({ system, globals, format, signal, what, unit: plural });
  return line && { over: (pages, from, bytes) => counted(line, pages, from, bytes), end: line.end };
}

/** Whether what is written to stdout may come to the same screen: it is the terminal, or goes to a program. */
export async function isSeen({ system: { io, files } }: App): Promise<boolean> {
  if (io.stdout.isTerminal) return true;
  try {
    const { isFifo, isSocket } = await files.stat("/dev/fd/1");
    return isFifo === true || isSocket === true;
  } catch {
    return true; // nobody knows
  }
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
