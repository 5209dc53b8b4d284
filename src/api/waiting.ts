import type { Connection } from "./mod.ts";

/** Seconds that nobody needs to be told of. */
const SHORT = 1;

/** Until when each connection was said to wait, in ms: several requests at once are told to. */
const told = new WeakMap<object, number>();

/** Says that the next try is so many seconds away. Loaded when one is. */
export async function waiting(
  to: Pick<Connection, "system" | "debug" | "note">,
  seconds: number,
): Promise<void> {
  to.debug(`next try in ${seconds} s`);
  const { clock, io: { stderr } } = to.system;
  const until = clock.now() + seconds * 1000;
  if (seconds <= SHORT || !stderr.isTerminal || (told.get(to) ?? 0) > until - SHORT * 1000) return;
  told.set(to, until);
  // To the end of the row: a line of progress may stand there.
  await to.note(`The server asks to wait: next try in ${seconds} s, Ctrl-C ends it.`.padEnd(stderr.columns() - 1));
}
