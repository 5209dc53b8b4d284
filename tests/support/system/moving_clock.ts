import type { Clock } from "../../../src/system/mod.ts";

/** A clock that the test moves. */
export class MovingClock implements Clock {
  #now = Date.parse("2026-05-03T10:00:00Z");
  readonly #sleepers = new Set<{ at: number; wake: () => void }>();

  readonly now = (): number => this.#now;

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper = { at: this.#now + ms, wake: resolve };
    if (signal?.aborted) reject(signal.reason);
    else this.#sleepers.add(sleeper);
    signal?.addEventListener("abort", () => {
      this.#sleepers.delete(sleeper);
      reject(signal.reason);
    });
    return promise;
  };

  /** So many milliseconds go by: whoever sleeps meanwhile is woken at its time, and does what it does then. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#sleepers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#sleepers.delete(next);
      this.#now = next.at;
      next.wake();
      await new Promise((resolve) => setTimeout(resolve));
    }
    this.#now = end;
  }

  /** How many wait. */
  get asleep(): number {
    return this.#sleepers.size;
  }
}
