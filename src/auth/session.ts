/**
 * What is stored of a login: two entries, never one blob, so that each fits every keychain.
 *
 * @module
 */

import { AppError } from "../errors.ts";

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
  /** Seconds since the epoch; null when unknown (a personal access token does not tell). */
  expires_at: number | null;
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
    [entry.name, entry.email].every((text) => text === null || typeof text === "string");
  if (!ok) throw damaged(origin, place);
  return entry as unknown as Access;
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
