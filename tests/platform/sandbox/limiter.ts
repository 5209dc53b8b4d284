/**
 * Laravel's rate limiter: a count for a key, forgotten a minute after its first hit.
 *
 * @module
 */

import { Abort } from "./answers.ts";
import type { Incoming } from "./incoming.ts";

export class Limiter {
  readonly #counts = new Map<string, { hits: number; until: number }>();

  constructor(readonly now: () => number) {}

  /**
   * Counts a call, and adds `X-RateLimit-*` to the answer.
   * @throws a 429 with `Retry-After` when `key` has used up its `limit` of calls a minute.
   */
  hit(request: Incoming, key: string, limit: number): void {
    const now = Math.floor(this.now() / 1000);
    let count = this.#counts.get(key);
    if (!count || count.until <= now) this.#counts.set(key, count = { hits: 0, until: now + 60 });
    if (count.hits >= limit) {
      throw new Abort(429, "Too Many Attempts.", {
        "x-ratelimit-limit": String(limit),
        "x-ratelimit-remaining": "0",
        "retry-after": String(count.until - now),
        "x-ratelimit-reset": String(count.until),
      });
    }
    count.hits++;
    request.added.push(["x-ratelimit-limit", String(limit)], ["x-ratelimit-remaining", String(limit - count.hits)]);
  }

  reset(): void {
    this.#counts.clear();
  }
}
