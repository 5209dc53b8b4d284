import type { Access } from "./session.ts";

/** Whether the access token ends within so many seconds, as far as one can tell. `now` in ms. */
export function endsWithin(access: Access, seconds: number, now: number): boolean {
  if (access.expires_at === null) return false;
  return access.expires_at - seconds <= now / 1000 + (access.skew ?? 0);
}
