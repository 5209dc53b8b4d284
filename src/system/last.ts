/**
 * The last catch: whatever escapes every other one ends with 70 and one sentence, never with 0 and never with the
 * runtime's own text, which may quote a token. Out of memory is the runtime's alone.
 *
 * @module
 */

import { defect } from "../errors.ts";

type Listener = (reason: unknown) => void;

const listeners = new Set<Listener>();
let watching = false;

/**
 * Calls `listener` with what nobody caught: a rejection, an exception in a listener of events or a timer. Returns the
 * way to stop.
 */
export function onCrash(listener: Listener): () => void {
  watch();
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Runs the program to its end, and the process with it. Not awaited at the top: what never settles would end it first. */
export function toTheEnd(work: () => Promise<number>): void {
  watch();
  globalThis.addEventListener("beforeunload", giveUp); // nothing is under way any more, and nobody said how it ended
  Promise.try(work).then((code) => Deno.exit(code), giveUp);
}

function watch(): void {
  if (watching) return;
  watching = true;
  globalThis.addEventListener("unhandledrejection", (event) => tell(event, event.reason));
  globalThis.addEventListener("error", (event) => tell(event, event.error));
}

function tell(event: Event, reason: unknown): void {
  event.preventDefault();
  if (listeners.size === 0) giveUp();
  for (const listener of listeners) listener(reason);
}

function giveUp(): never {
  const { message, hint, exit } = defect();
  try {
    Deno.stderr.writeSync(new TextEncoder().encode(`error: ${message}\nhint: ${hint}\n`));
  } catch { /* nobody can be told: the code still says it */ }
  Deno.exit(exit);
}
