import type { Clock } from "../system/mod.ts";

/** A request on its way. */
export interface Flight {
  /** Milliseconds that it may take, from its start; it may get more meanwhile. */
  ms: number;
  /** Ends it; called once. */
  end(reason: unknown): void;
  /** What it ends with when its time is over. */
  late(): unknown;
}

/**
 * One alarm for all requests of a connection: two timers and two signals each cost more than a small answer takes to read.
 * Returns what starts one; that returns what to call when it has landed. What ends the person's run ends each of them.
 */
export function alarm(clock: Clock, signal: AbortSignal): (flight: Flight) => () => void {
  /** When each began, in milliseconds since the first alarm. */
  const flights = new Map<Flight, number>();
  let timer: AbortController | undefined;
  let [passed, armed, length] = [0, 0, 0];

  /** A clock that is set meanwhile ends nothing too early: a sleep that goes on has passed a part of it at most, or all. */
  const now = () => {
    if (!timer) return passed;
    const since = clock.now() - armed;
    return passed + (since < 0 ? length : Math.min(since, length));
  };
  const arm = (ms: number) => {
    const mine = timer = new AbortController();
    [armed, length] = [clock.now(), ms];
    void clock.sleep(ms, mine.signal).then(() => timer === mine && ring(), () => {});
  };
  const ring = () => {
    timer = undefined;
    passed += length;
    let next = Infinity;
    for (const [flight, began] of flights) {
      const left = began + flight.ms - passed;
      if (left > 0) next = Math.min(next, left);
      else if (flights.delete(flight)) flight.end(flight.late());
    }
    if (next < Infinity) arm(next);
    else quiet();
  };
  const interrupted = () => {
    for (const flight of [...flights.keys()]) flight.end(signal.reason);
  };
  const quiet = () => {
    signal.removeEventListener("abort", interrupted);
    passed = now();
    timer?.abort(OVER);
    timer = undefined;
  };

  return (flight) => {
    if (flights.size === 0) signal.addEventListener("abort", interrupted);
    flights.set(flight, now());
    if (signal.aborted) flight.end(signal.reason);
    if (!timer) arm(flight.ms);
    return () => {
      if (flights.delete(flight) && flights.size === 0) quiet();
    };
  };
}

/** A reason of its own: the runtime's is an exception with a stack. */
const OVER = "over";
