import { AppError } from "../errors.ts";
import type { Clock } from "../system/mod.ts";
import type { Answer, Ask, Call } from "./call.ts";
import { BrokenOff } from "./transport.ts";

const TRIES = 3;
/** The longest wait that a server may ask for, in seconds; beyond it the person decides. */
const LONGEST = 30;
const BUSY = [429, 502, 503, 504];

/** Repeats what is safe to repeat: at most 3 tries, Retry-After honoured up to 30 s, else 0.5 s and 1 s. */
export function retry(
  to: { system: { clock: Clock }; signal: AbortSignal; debug: (line: string) => void },
): (next: Ask) => Ask {
  const { clock } = to.system;
  return (next) => async (call) => {
    for (let tried = 1;; tried++) {
      const outcome = await attempt(next, call);
      const wait = tried < TRIES ? pause(outcome, tried, clock.now()) : undefined;
      if (wait === undefined) {
        if (outcome instanceof AppError) throw outcome;
        return outcome;
      }
      to.debug(`next try in ${wait} s`);
      await clock.sleep(wait * 1000, to.signal);
    }
  };
}

async function attempt(next: Ask, call: Call): Promise<Answer | AppError> {
  try {
    return await next(call);
  } catch (error) {
    if (error instanceof BrokenOff) return error;
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

/** Seconds that `Retry-After` asks for, given in seconds or as a date; undefined when it is absent or nonsense. */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const text = headers.get("Retry-After")?.trim();
  if (!text) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const date = Date.parse(text);
  return Number.isNaN(date) || !/[A-Za-z]/.test(text) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}
