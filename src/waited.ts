/**
 * A line for who waits: loaded when an answer takes longer than nobody needs to be told of.
 *
 * @module
 */

import type { App } from "./app.ts";
import { type Progress, progressing } from "./output/mod.ts";

/** Says what is waited for, and how long, `passed` ms of it already; undefined where that cannot be seen. */
export async function waited(
  { system, globals, signal, destination }: App,
  host: string,
  passed: number,
): Promise<Progress | undefined> {
  const since = system.clock.now() - passed;
  const [{ progress }, { format }] = await Promise.all([progressing(), destination(true)]);
  const what = `Waiting for ${host}`;
  const line = await progress({ system, globals, format, signal, what, unit: "seconds", writes: false, since });
  line?.begin();
  return line;
}
