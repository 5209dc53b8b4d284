/**
 * Time that passes only while everybody waits, so that a run of many virtual processes is over in milliseconds and the
 * same every time: one of them runs at once, until it sleeps or ends.
 *
 * @module
 */

export class VirtualTime {
  now = Date.UTC(2026, 0, 1);
  #running = 0;
  #order = 0;
  #sleepers: { at: number; order: number; wake: () => void }[] = [];
  #over = Promise.withResolvers<void>();

  /** Adds processes, and resolves when all have ended or were killed; rejects when one threw. */
  async run(processes: (() => Promise<void>)[]): Promise<void> {
    for (const process of processes) {
      this.#running++;
      process().then(() => this.#pause(), this.#over.reject);
    }
    await this.#over.promise;
  }

  /** Once it is killed, the process does not come back from this. */
  async sleep(ms: number, isKilled = () => false): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#sleepers.push({ at: this.now + ms, order: this.#order++, wake: resolve });
    this.#pause();
    await promise;
    if (!isKilled()) return;
    this.#pause();
    await new Promise(() => {});
  }

  #pause(): void {
    if (--this.#running > 0) return;
    const next = this.#sleepers.sort((a, b) => a.at - b.at || a.order - b.order).shift();
    if (!next) return this.#over.resolve();
    this.now = next.at;
    this.#running++;
    next.wake();
  }
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function dice(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
