import type { Format } from "./format.ts";
import type { UnderWay } from "./progress.ts";

/** Milliseconds of a wait that nobody needs to be told of. */
const SHORT = 1_000;

/** Who waits, at which screen. */
export interface Waiting extends Pick<UnderWay, "system" | "globals" | "signal"> {
  destination(tolerant: boolean): Promise<{ format: Format }>;
}

/**
 * Who sits at a terminal sees what is waited for once that took a second, until rows come there. Undefined where stdout
 * goes elsewhere: to a pager, perhaps, on the same screen.
 */
export function patience(to: Waiting) {
  const { globals: { quiet }, system: { io: { stdout, stderr }, clock } } = to;
  if (quiet || !stdout.isTerminal || !stderr.isTerminal) return undefined;
  return async <T>(host: string, work: () => Promise<T>): Promise<T> => {
    if (stdout.begun) return await work();
    const over = new AbortController();
    const long = clock.sleep(SHORT, over.signal).then(async () =>
      (await import("./progress.ts")).waited(to, host, SHORT)
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
