/**
 * Where a day begins: the arithmetic of time zones, from the runtime's own tables.
 *
 * @module
 */

/** Farther from Greenwich no clock ever was (Manila and Alaska before their date line moved: 15 h 56 min, 15 h 14 min). */
const FARTHEST = 16 * 3_600_000;

/** The day at an instant there, as that day's midnight in UTC; all in milliseconds since the epoch. */
export function dayAt(at: number, zone: string): number {
  const clock = clockOf(zone);
  return Math.floor(clock(at) / 86_400_000) * 86_400_000;
}

/**
 * The instant at which a day begins there. `day` is its midnight in UTC. Where midnight comes twice the first one counts;
 * where clocks skip it, or the whole day, the first instant after it does. So each instant belongs to one day.
 */
export function midnight(day: number, zone: string): number {
  if (zone === "UTC") return day;
  const clock = clockOf(zone);
  const [before, after] = [day - FARTHEST, day + FARTHEST];
  const offsets = [before, day, after].map((at) => clock(at) - at);
  const found = offsets.map((offset) => day - offset).filter((at) => clock(at) === day);
  if (found.length > 0) return Math.min(...found);
  // Skipped: the clock is behind it at one instant, and beyond it at the next.
  let [low, high] = [before, after];
  while (high - low > 1000) {
    const middle = low + Math.floor((high - low) / 2000) * 1000;
    if (clock(middle) < day) low = middle;
    else high = middle;
  }
  return high;
}

/** What a clock there shows at an instant (whole seconds), as if it showed UTC. */
function clockOf(zone: string): (at: number) => number {
  if (zone === "UTC") return (at) => at;
  const format = new Intl.DateTimeFormat("en-US", {
    ...zone === "local" ? {} : { timeZone: zone },
    calendar: "iso8601",
    era: "short",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const [year, month, day, hour, minute, second] = ["year", "month", "day", "hour", "minute", "second"]
      .map((name) => Number(parts[name]));
    const shown = new Date(0);
    shown.setUTCFullYear(parts.era?.startsWith("B") ? 1 - year! : year!, month! - 1, day!);
    shown.setUTCHours(hour!, minute!, second!);
    return shown.getTime();
  };
}
