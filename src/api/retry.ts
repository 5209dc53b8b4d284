import { AppError } from "../errors.ts";
import type { Answer, Ask, Call } from "./call.ts";
import type { Connection } from "./mod.ts";
import { ConnectionFailure } from "./transport.ts";

const TRIES = 3;
/** The longest wait that a server may ask for, in seconds; beyond it the person decides. */
const LONGEST = 30;
const BUSY = [429, 502, 503, 504];

/** The first and the last moment that a server can be right about, in ms: before and after them its clock is not set. */
const [EARLIEST, LATEST] = [Date.UTC(2020, 0), Date.UTC(2100, 0)];

/** Repeats what is safe to repeat: at most 3 tries, Retry-After honoured up to 30 s, else 0.5 s and 1 s. */
export function retry(to: Pick<Connection, "system" | "signal" | "debug" | "note">): (next: Ask) => Ask {
  const { clock } = to.system;
  return (next) => async (call) => {
    for (let tried = 1;; tried++) {
      const outcome = await attempt(next, tried === 1 ? { ...call, read: true } : call);
      if (outcome instanceof ConnectionFailure && outcome.twice) tried++;
      const wait = tried < TRIES ? pause(outcome, tried, clock.now()) : undefined;
      if (wait === undefined) {
        if (outcome instanceof AppError) throw outcome;
        return outcome;
      }
      await (await import("./waiting.ts")).waiting(to, wait);
      await clock.sleep(wait * 1000, to.signal);
    }
  };
}

async function attempt(next: Ask, call: Call): Promise<Answer | ConnectionFailure> {
  try {
    return await next(call);
  } catch (error) {
    if (error instanceof ConnectionFailure && error.brokeOff) return error;
    throw error;
  }
}

function pause(outcome: Answer | AppError, tried: number, now: number): number | undefined {
  if (outcome instanceof AppError) return tried / 2;
  if (!BUSY.includes(outcome.status)) return undefined;
  const asked = retryAfter(outcome.headers, now);
  if (asked === undefined) return tried / 2;
  return asked <= LONGEST ? asked : undefined;
}

/**
 * Seconds that `Retry-After` asks for, given in seconds or as a date; undefined when it is absent or cannot be. Of several
 * lines, which the runtime joins, the longest counts. A date is measured against the answer's own `Date`: the clock here
 * may be wrong.
 */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const text = headers.get("Retry-After") ?? "";
  if (/^\d+(, ?\d+)*$/.test(text)) return Math.max(...text.split(",").map(Number));
  const until = dateOf(text);
  if (until === undefined) return undefined;
  return Math.max(0, Math.ceil((until - (dateOf(headers.get("Date")) ?? now)) / 1000));
}

/** A date of HTTP in ms; undefined for one that cannot be. */
export function dateOf(text: string | null): number | undefined {
  // Number and sign alone are dates to `Date.parse`, not to HTTP.
  if (text === null || text.length > 40 || !/^[A-Z][a-z]{2,8},? /.test(text)) return undefined;
  const date = Date.parse(text);
  return date >= EARLIEST && date <= LATEST ? date : undefined;
}
