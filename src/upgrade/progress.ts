import type { App } from "../app.ts";
import { isMachine } from "../output/mod.ts";
import type { Format } from "../output/mod.ts";

/** Downloads below that are over before they are read. */
const WORTH = 1_000_000;
/** Milliseconds between two lines. */
const PACE = 200;

export interface Progress {
  (bytes: number): void;
  /** Takes the line away. */
  end(): Promise<void>;
}

/** One line on a terminal: bytes, share and rate. Nothing elsewhere, with `--quiet` or in a machine's format. */
export function progress(
  { system, globals }: Pick<App, "system" | "globals">,
  format: Format,
  what: string,
  size: number,
): Progress {
  const { io: { stderr }, clock } = system;
  const shown = stderr.isTerminal && !globals.quiet && !isMachine(format) && size >= WORTH;
  const begun = clock.now();
  let last = begun;
  let writing = Promise.resolve();
  let drawn = false;
  const draw = (text: string) => {
    writing = writing.then(() => stderr.write(text)).catch(() => {});
  };
  const tell = (bytes: number) => {
    const now = clock.now();
    if (!shown || now - last < PACE) return;
    last = now;
    drawn = true;
    const rate = bytes / Math.max(1, now - begun) / 1_000;
    const line = `${what}: ${mega(bytes)} of ${mega(size)} MB (${Math.floor(bytes / size * 100)} %), ${
      rate.toFixed(1)
    } MB/s`;
    draw(`\r\x1b[K${line.slice(0, Math.max(0, stderr.columns() - 1))}`);
  };
  return Object.assign(tell, {
    end: async () => {
      if (drawn) draw("\r\x1b[K");
      await writing;
    },
  });
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
