/**
 * What is stored of a login: two entries, never one blob, so that each fits every keychain.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import type { Random } from "../system/mod.ts";

/** Where a session is kept. */
export type Place = "keychain" | "file";

/** The entry that an ordinary command reads. */
export type Access = {
  v: 1;
  /** Scheme, host and port: compared on every read, so that no token goes elsewhere. */
  origin: string;
  kind: "oauth" | "pat";
  /** Changes with every login and refresh; the two entries of one pair share it. */
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
  tokens: { access_token: string; refresh_token?: string; expires_at?: number; skew?: number };
  name: string | null;
  email: string | null;
}): Session {
  const { origin, kind, clientId, name, email } = of;
  const { access_token, refresh_token, expires_at = null, skew } = of.tokens;
  const gen = Array.from(random.bytes(8), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return {
    access: { v: 1, origin, kind, gen, access_token, expires_at, ...skew ? { skew } : {}, name, email },
    ...refresh_token ? { refresh: { v: 1, origin, client_id: clientId, gen, refresh_token } } : {},
  };
}

/** `<host[:port]>:<entry>`; an IPv6 host loses its brackets, which some keychains do not take. */
export function account(origin: string, entry: "access" | "refresh"): string {
  return `${new URL(origin).host.replace(/[\[\]]/g, "")}:${entry}`;
}

/** Reads an entry back; anything but what was written by this version for this origin is damaged (exit 4). */
export function parseAccess(text: unknown, origin: string, place: string): Access {
  const entry = typeof text === "string" ? parse(text) : text;
  const ok = isRecord(entry) && entry.v === 1 && entry.origin === origin &&
    (entry.kind === "oauth" || entry.kind === "pat") &&
    typeof entry.gen === "string" && typeof entry.access_token === "string" &&
    (entry.expires_at === null || Number.isFinite(entry.expires_at)) &&
    (entry.skew === undefined || Number.isFinite(entry.skew)) &&
    [entry.name, entry.email].every((text) => text === null || typeof text === "string");
  if (!ok) throw damaged(origin, place);
  return entry as unknown as Access;
}

/** As {@link parseAccess}, for the other entry. */
export function parseRefresh(text: unknown, origin: string, place: string): Refresh {
  const entry = typeof text === "string" ? parse(text) : text;
  const ok = isRecord(entry) && entry.v === 1 && entry.origin === origin &&
    [entry.client_id, entry.gen, entry.refresh_token].every((text) => typeof text === "string");
  if (!ok) throw damaged(origin, place);
  return entry as unknown as Refresh;
}

/** Whether the access token ends within so many seconds, as far as one can tell. `now` in ms. */
export function endsWithin(access: Access, seconds: number, now: number): boolean {
  if (access.expires_at === null) return false;
  return access.expires_at - seconds <= now / 1000 + (access.skew ?? 0);
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

function damaged(origin: string, place: string): AppError {
  return new AppError("unauthenticated", `the session for ${origin} in ${place} is damaged`, {
    hint: "autocom auth login replaces it",
  });
}
