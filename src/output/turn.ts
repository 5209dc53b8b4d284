/**
 * Whose turn it is at the terminal: a job in the background shares it with whoever types there.
 *
 * @module
 */

import type { Output, Signals } from "../system/mod.ts";

/** The terminals that were given away once, where it is not known to whom they belong. */
const GIVEN = new WeakSet<Output>();

/** Linux tells. Elsewhere who went on after a stop (`Ctrl-Z`, then `bg` or `fg`) counts as in the background for good. */
export function turns(terminal: Output, signals: Signals) {
  let deaf = () => {};
  return {
    isOurs: (): boolean => isForeground(terminal) ?? !GIVEN.has(terminal),
    begin() {
      if (!terminal.job) deaf = signals.onTerminal(() => void GIVEN.add(terminal), "SIGCONT");
    },
    end: (): void => deaf(),
  };
}

/** Whether this process is of the terminal's foreground group; undefined where nobody knows. */
function isForeground({ job }: Output): boolean | undefined {
  if (!job) return undefined;
  try {
    const bytes = new Uint8Array(512);
    job.seekSync(0, 0);
    const text = new TextDecoder().decode(bytes.subarray(0, job.readSync(bytes) ?? 0));
    // proc_pid_stat(5); the name before, in parentheses, may hold anything. -1: it is not this session's terminal.
    const [, , group, , , owner] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return owner === "-1" || owner === group;
  } catch {
    return undefined;
  }
}
