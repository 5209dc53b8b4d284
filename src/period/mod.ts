/**
 * Points in time as people write them, as the server takes them.
 *
 * @module
 */

import { AppError } from "../errors.ts";

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** The beginning of a UTC day, or an instant as it is. */
export function from(text: string): string {
  return instant(text, "--from") ?? day(text, "--from", 0);
}

/** The end of a UTC day, as the next midnight (the server leaves `to` out); or an instant as it is. */
export function to(text: string): string {
  return instant(text, "--to") ?? day(text, "--to", 1);
}

/** As {@link from}, or so long ago: `24h`, `7d`, `30m`. `now` in ms. */
export function since(text: string, now: number): string {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text.trim()) ?? [];
  if (!count) return instant(text, "--since") ?? day(text, "--since", 0);
  const minutes = Number(count) * { m: 1, h: 60, d: 1440 }[unit as "m" | "h" | "d"];
  return new Date(now - minutes * 60_000).toISOString().replace(/\.\d+Z$/, "Z");
}

function instant(text: string, flag: string): string | undefined {
  const trimmed = text.trim();
  if (!INSTANT.test(trimmed)) return undefined;
  if (!midnight(trimmed.slice(0, 10)) || Number.isNaN(Date.parse(trimmed))) throw refused(text, flag);
  return trimmed;
}

function day(text: string, flag: string, plus: number): string {
  const date = midnight(text.trim());
  if (!date) throw refused(text, flag);
  date.setUTCDate(date.getUTCDate() + plus);
  // No day follows the last one that four digits can write.
  return date.getUTCFullYear() > 9999 ? `${text.trim()}T23:59:59Z` : date.toISOString().replace(".000Z", "Z");
}

/** Undefined for what is not in the calendar: 2026-02-30 would roll over to March. */
function midnight(text: string): Date | undefined {
  const date = new Date(DAY.test(text) ? `${text}T00:00:00Z` : NaN);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? date : undefined;
}

function refused(text: string, flag: string): AppError {
  return new AppError("usage", `cannot use ${flag} "${text}": it is neither a day nor an instant`, {
    hint: `write 2026-05-31, or 2026-05-31T18:30:00Z${flag === "--since" ? ", or 24h, or 7d" : ""}`,
  });
}
