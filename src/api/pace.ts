import type { Answer, Ask } from "./call.ts";

/** Fewer requests left than this, and they are sent one after another. */
const FEW = 8;

/**
 * Requests of one connection that are sent at once, as long as the server does not mind: from the first answer on that
 * counts few of them left, or asks to wait, each waits for the one before it. `seen` looks at every answer, `gate` holds a
 * request until it is its turn, tries and pauses between them included.
 */
export function pace(): { seen(next: Ask): Ask; gate(next: Ask): Ask } {
  let single = false;
  let before = Promise.resolve();
  return {
    seen: (next) => async (call) => {
      const answer = await next(call);
      if (!single) single = asksForLess(answer);
      return answer;
    },
    gate: (next) => (call) => {
      const turn = single ? before.then(() => next(call)) : next(call);
      before = turn.then(over, over);
      return turn;
    },
  };
}

function asksForLess({ status, headers }: Answer): boolean {
  const left = headers.get("X-RateLimit-Remaining");
  return status === 429 || headers.has("Retry-After") || left !== null && Number(left) < FEW;
}

/** Keeps nothing of the answer. */
function over(): void {}
