/**
 * Points in time as people write them, as the server takes them. Loaded when one is given.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import { dayAt, midnight } from "./zone.ts";

/** Where and when a point in time is read. */
export interface Here {
  /** Where a day begins: a name of the IANA's, or `local`. */
  zone: string;
  /** Milliseconds since the epoch. */
  now: number;
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;
const DAY = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const AGO = /^(\d{1,6})([mhdw])$/i;
const MINUTES = { m: 1, h: 60, d: 1_440, w: 10_080 };

/** The first moment that is meant: the beginning of a day, so long ago, or an instant as it is. `flag` is for errors. */
export function beginning(text: string, flag: string, here: Here): string {
  return point(text, flag, here, 0);
}

/** The first moment that is not meant any more, because the server leaves `to` out: the midnight after a day. */
export function end(text: string, flag: string, here: Here): string {
  return point(text, flag, here, 1);
}

/** Both ends. Throws `usage` when nothing lies between them. */
export function period(given: { from?: string | undefined; to?: string | undefined }, here: Here) {
  const from = given.from === undefined ? undefined : beginning(given.from, "--from", here);
  const to = given.to === undefined ? undefined : end(given.to, "--to", here);
  const length = from === undefined || to === undefined ? 1n : nanoseconds(to) - nanoseconds(from);
  if (length <= 0n) {
    throw new AppError("usage", `--from "${given.from!.trim()}" is not before --to "${given.to!.trim()}"`, {
      // Nothing is what lies between an instant and itself, and in a day that clocks skipped.
      hint: length === 0n ? "nothing lies between them: give a later --to" : "swap them; a day of --to is included",
    });
  }
  return { from, to };
}

/** Since the epoch: the runtime's own parser drops what is less than a millisecond. */
function nanoseconds(instant: string): bigint {
  const [, fraction = ""] = /\.(\d+)/.exec(instant) ?? [];
  return BigInt(Date.parse(instant.replace(`.${fraction}`, ""))) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}

function point(text: string, flag: string, here: Here, plus: number): string {
  const word = text.trim();
  const [isInstant, date] = INSTANT.exec(word) ?? [];
  if (isInstant) {
    // 24:00:00 is the runtime's, and none of RFC 3339.
    if (!calendar(date!) || Number.isNaN(Date.parse(word)) || /t24/i.test(word)) {
      throw refused(word, flag, "there is no such time");
    }
    return word;
  }
  const [isAgo, count, unit] = AGO.exec(word) ?? [];
  if (isAgo) {
    if (unit === "M") throw ambiguous(word, flag, Number(count));
    const at = here.now - Number(count) * MINUTES[unit!.toLowerCase() as keyof typeof MINUTES] * 60_000;
    return written(Math.floor(at / 1000) * 1000) ?? tooFar(word, flag);
  }
  const day = dayOf(word, here);
  if (day === undefined) throw refused(word, flag);
  if (day === null) throw refused(word, flag, "there is no such day");
  const at = midnight(day + plus * DAY_MS, here.zone);
  // No day follows the last one that four digits can write, and none comes before the first.
  return written(at) ?? (at < 0 ? "0000-01-01T00:00:00Z" : "9999-12-31T23:59:59Z");
}

const DAY_MS = 86_400_000;

/** The day as its midnight in UTC; null when the calendar has none like it, undefined when it is written otherwise. */
function dayOf(word: string, { zone, now }: Here): number | null | undefined {
  const name = word.toLowerCase();
  if (name === "today") return dayAt(now, zone);
  if (name === "yesterday") return dayAt(now, zone) - DAY_MS;
  const [isDay, year, month, day] = DAY.exec(word) ?? [];
  if (!isDay) return undefined;
  return calendar(`${year}-${month!.padStart(2, "0")}-${day!.padStart(2, "0")}`) ?? null;
}

/** Undefined for what is not in the calendar: 2026-02-30 would roll over to March. */
function calendar(date: string): number | undefined {
  const at = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date) ? at : undefined;
}

/** RFC 3339; undefined for a year that four digits cannot write. */
function written(at: number): string | undefined {
  const text = new Date(at).toISOString();
  return /^\d{4}-/.test(text) ? text.replace(".000Z", "Z") : undefined;
}

function refused(word: string, flag: string, why = "it must be a day, a time ago or an instant"): AppError {
  return new AppError("usage", `cannot use ${flag} "${word}": ${why}`, {
    hint: `write, for example: ${flag} 2026-05-31, or today, yesterday, 24h, 7d, 2026-05-31T18:30:00Z`,
  });
}

/** Who means months, and got minutes, would be shown nothing and told nothing. */
function ambiguous(word: string, flag: string, count: number): AppError {
  const days = count > 0 && count <= 10_000 ? `${count * 30}d for months` : "a day, as 2026-05-31, for months";
  return new AppError("usage", `cannot use ${flag} "${word}": M could be months or minutes`, {
    hint: `write: ${flag} ${days}, or ${flag} ${count}m for minutes`,
  });
}

function tooFar(word: string, flag: string): never {
  throw refused(word, flag, "that is before the calendar begins");
}
