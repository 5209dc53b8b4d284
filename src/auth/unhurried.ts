import type { Clock } from "../system/mod.ts";

/** How long an interrupted run may take to learn what it would leave behind, in milliseconds. */
const LONGEST = 3_000;

/**
 * An interruption does not end `work` at once: tokens that nobody got could be neither kept nor ended. What it is given
 * aborts a while later.
 */
export async function unhurried<T>(
  clock: Pick<Clock, "sleep">,
  signal: AbortSignal,
  work: (until: AbortSignal) => Promise<T>,
): Promise<T> {
  const [late, done] = [new AbortController(), new AbortController()];
  const hurry = () => void clock.sleep(LONGEST, done.signal).then(() => late.abort(signal.reason), () => {});
  signal.addEventListener("abort", hurry);
  try {
    return await work(late.signal);
  } finally {
    signal.removeEventListener("abort", hurry);
    done.abort();
  }
}
