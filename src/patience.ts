import type { App } from "./app.ts";

/** Milliseconds of a wait that nobody needs to be told of. */
const SHORT = 1_000;

/**
 * Who sits at a terminal sees what is waited for once that took a second. Undefined where stdout goes elsewhere: to a
 * pager, perhaps, on the same screen.
 */
export function patience(app: App) {
  const { globals: { quiet }, system: { io: { stdout, stderr }, clock } } = app;
  if (quiet || !stdout.isTerminal || !stderr.isTerminal) return undefined;
  return async <T>(host: string, work: () => Promise<T>): Promise<T> => {
    const over = new AbortController();
    const long = clock.sleep(SHORT, over.signal).then(async () =>
      (await import("./waited.ts")).waited(app, host, SHORT)
    );
    const shown = long.catch(() => {}); // it was over before
    try {
      return await work();
    } finally {
      over.abort("over"); // the runtime's own reason has a stack
      await (await shown)?.end();
    }
  };
}
