/**
 * What is stored of a login: two entries, never one blob, so that each fits every keychain.
 *
 * @module
 */

import { isToken } from "../api/mod.ts";
import { AppError } from "../errors.ts";
import type { Random } from "../system/mod.ts";

export { endsWithin } from "./ends.ts";

/** Where a session is kept. */
export type Place = "keychain" | "file";

/** The entry that an ordinary command reads. */
export type Access = {
  v: 1;
  /** Scheme, host and port: compared on every read, so that no token goes elsewhere. */
  origin: string;
  kind: "oauth" | "pat";
  /**
   * Changes with every login and refresh; the two entries of one pair share it. Sixteen hexadecimal digits: the first
   * eight tell when the pair was obtained, see {@link lifeOf}, where that is known.
   */
  gen: string;
  access_token: string;
  /** Seconds since the epoch by the server's clock; null when unknown (a personal access token does not tell). */
  expires_at: number | null;
  /** Seconds that the server's clock is ahead of this machine's; absent when they agree. */
  skew?: number;
  name: string | null;
  email: string | null;
};

/** The entry that only a refresh reads. A personal access token has none. */
export type Refresh = {
  v: 1;
  origin: string;
  client_id: string;
  gen: string;
  refresh_token: string;
};

export type Session = {
  access: Access;
  refresh?: Refresh;
};

/** The two entries of a pair just obtained, or the one of a personal access token. */
export function pair(random: Random, of: {
  origin: string;
  kind: Access["kind"];
  clientId: string;
  tokens: { access_token: string; refresh_token?: string; expires_at?: number; issued_at?: number; skew?: number };
  name: string | null;
  email: string | null;
}): Session {
  const { origin, kind, clientId, name, email } = of;
  const { access_token, refresh_token, expires_at = null, issued_at, skew } = of.tokens;
  const chance = Array.from(random.bytes(8), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const gen = issued_at === undefined ? chance : moment(issued_at) + chance.slice(8);
  return {
    access: { v: 1, origin, kind, gen, access_token, expires_at, ...skew ? { skew } : {}, name, email },
    ...refresh_token ? { refresh: { v: 1, origin, client_id: clientId, gen, refresh_token } } : {},
  };
}

/** A second as eight digits, for 136 years. */
function moment(second: number): string {
  return (Math.max(second, 0) % 2 ** 32).toString(16).padStart(8, "0");
}

/** Seconds that the access token lives in all. A number that is none of its life (an older pair's) is years, or negative. */
export function lifeOf({ gen, expires_at }: Access): number {
  return (expires_at ?? NaN) - parseInt(gen.slice(0, 8), 16);
}

/**
 * `<host[:port]>:<entry>`; an IPv6 host loses its brackets, which some keychains do not take. Two origins can have one: both
 * schemes of a loopback address, and IPv6 hosts of which one has a port that the other has as its end.
 */
export function account(origin: string, entry: "access" | "refresh"): string {
  return `${new URL(origin).host.replace(/[\[\]]/g, "")}:${entry}`;
}

/** Whether the entry under that origin's account is another origin's, and not to be deleted with it. */
export function isOthers(text: string, origin: string): boolean {
  const entry = parse(text);
  return isEntry(entry) && (isAccess(entry) || isRefresh(entry)) && entry.origin !== origin;
}

/** The entry is another origin's; `other`: which one, where it stands under an account that both have. */
export class Elsewhere extends AppError {
  constructor(origin: string, place: string, readonly other: string | undefined) {
    super("unauthenticated", `not logged in to ${origin}: the session in ${place} is for another origin`, {
      hint: "autocom auth login",
    });
  }
}

/** Reads an entry back; anything but what was written by this version for this origin is refused (exit 4). */
export function parseAccess(text: unknown, origin: string, place: string): Access {
  return entryOf(text, isAccess, origin, place);
}

/** As {@link parseAccess}, for the other entry. */
export function parseRefresh(text: unknown, origin: string, place: string): Refresh {
  return entryOf(text, isRefresh, origin, place);
}

function entryOf<E extends Access | Refresh>(
  text: unknown,
  is: (entry: Record<string, unknown>) => boolean,
  origin: string,
  place: string,
): E {
  const inKeychain = typeof text === "string";
  const entry = inKeychain ? parse(text) : text;
  if (!isEntry(entry) || !is(entry)) {
    throw new AppError("unauthenticated", `the session for ${origin} in ${place} is damaged`, {
      hint: "autocom auth login",
    });
  }
  // A keychain's account name has no scheme, and a file can be edited.
  if (entry.origin !== origin) throw new Elsewhere(origin, place, inKeychain ? entry.origin : undefined);
  return entry as unknown as E;
}

function isEntry(value: unknown): value is { origin: string; [key: string]: unknown } {
  return isRecord(value) && value.v === 1 && typeof value.gen === "string" &&
    typeof value.origin === "string" && URL.parse(value.origin)?.origin === value.origin;
}

/** The last second that a date can be of. */
const LAST = 8.64e12;

function isAccess({ kind, access_token, expires_at, skew, name, email }: Record<string, unknown>): boolean {
  return (kind === "oauth" || kind === "pat") &&
    typeof access_token === "string" && isToken(access_token) &&
    (expires_at === null || (typeof expires_at === "number" && Math.abs(expires_at) <= LAST)) &&
    (skew === undefined || Number.isFinite(skew)) &&
    [name, email].every((text) => text === null || typeof text === "string");
}

function isRefresh({ client_id, refresh_token }: Record<string, unknown>): boolean {
  // As they are taken from a person and a server: what is in an entry may come from anybody.
  return typeof client_id === "string" && /^[A-Za-z0-9-]{1,64}$/.test(client_id) && isRefreshToken(refresh_token);
}

/** Whether it has the form that refresh tokens have. */
export function isRefreshToken(value: unknown): boolean {
  return typeof value === "string" && /^[\x21-\x7e]{1,16384}$/.test(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
