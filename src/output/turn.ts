/**
 * Whose turn it is at the terminal: a job in the background shares it with whoever types there.
 *
 * @module
 */

import type { Output, Signals } from "../system/mod.ts";

/** The terminals that were given away once, where nobody knows who has them. */
const GIVEN = new WeakSet<Output>();

/** Linux tells. Elsewhere a run that was stopped (`Ctrl-Z`, then `bg` or `fg`) counts as in the background for good. */
export function turns(terminal: Output, signals: Signals) {
  let deaf = () => {};
  return {
    isOurs: (): boolean => terminal.isOurs?.() ?? !GIVEN.has(terminal),
    begin() {
      if (terminal.isOurs?.() === undefined) deaf = signals.onTerminal(() => void GIVEN.add(terminal), "SIGCONT");
    },
    end: (): void => deaf(),
  };
}
