/**
 * Times as the databases hold them and as they are answered. All UTC.
 *
 * @module
 */

/** Milliseconds → `2026-05-17 19:00:00`; fractions of a second are cut off. */
export const sqlTime = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace("T", " ");

/** `2026-05-17 19:00:00` → `2026-05-17T19:00:00Z`, as GraphQL and the profile answer it. */
export const zulu = (text: string): string => `${text.replace(" ", "T")}Z`;

/** `2026-05-17 19:00:00` → `2026-05-17T19:00:00.000000Z`, Eloquent's default, as REST lists answer it. */
export const micros = (text: string): string => `${text.replace(" ", "T")}.000000Z`;

/** The part of PHP's `strtotime` that holds a full date; the zone defaults to UTC. */
const DATE =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d))?|(\d\d)(\d\d))(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:\.\d+)?)?)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/i;

/** A date or a time → {@link sqlTime}; null when it is none, or not in the calendar. */
export function parseTime(text: string): string | null {
  const match = DATE.exec(text);
  if (!match) return null;
  const part = (...groups: number[]) => Number(groups.map((group) => match[group]).find((one) => one !== undefined));
  const [year, month, day] = [part(1), part(2, 4), part(3, 5) || (match[4] ? 0 : 1)];
  const [hour, minute, second] = [part(6) || 0, part(7) || 0, part(8) || 0];
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (month < 1 || month > 12 || day < 1 || day > days || hour > 24 || minute > 59 || second > 60) return null;
  const zone = /^([+-])(\d\d):?(\d\d)?$/.exec(match[9] ?? "");
  const offset = zone ? (Number(zone[2]) * 60 + Number(zone[3] ?? 0)) * (zone[1] === "-" ? -1 : 1) : 0;
  return sqlTime(Date.UTC(year, month - 1, day, hour, minute - offset, second));
}
