/**
 * Browser sessions: a cookie, a CSRF token, and what Passport keeps between two pages.
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import { Abort } from "./answers.ts";
import type { AuthRequest } from "./authorize.ts";
import type { Incoming } from "./incoming.ts";

const COOKIE = "autocom_session";
const LIFETIME = 7200;

export interface Session {
  /** The CSRF token, `_token` in forms. */
  token: string;
  userId?: number;
  /** Where the login goes on to. */
  intended?: string;
  previousUrl?: string;
  flash?: { error: string; email: string };
  authToken?: string;
  authRequest?: AuthRequest;
  promptedForLogin?: boolean;
}

export class Sessions {
  readonly #sessions = new Map<string, Session>();

  constructor(readonly now: () => number) {}

  /**
   * The request's session, a new one when it has none; the answer sets the cookies.
   * @throws a 419 when a form comes back without the session's token.
   */
  start(request: Incoming): Session {
    const cookie = request.cookies.get(COOKIE);
    const known = cookie === undefined ? undefined : this.#sessions.get(cookie);
    const session = known ?? { token: random(40) };
    const safe = ["GET", "HEAD", "OPTIONS"].includes(request.method);
    const passed = safe || (request.input._token ?? request.headers.get("x-csrf-token")) === session.token;
    this.#give(request, known ? cookie! : this.#add(session), passed);
    if (!passed) throw new Abort(419, "CSRF token mismatch.");
    return session;
  }

  /** A new cookie and a new CSRF token for the same session, as after a login. */
  regenerate(request: Incoming, session: Session): void {
    session.token = random(40);
    for (const [cookie, one] of this.#sessions) if (one === session) this.#sessions.delete(cookie);
    this.#give(request, this.#add(session));
  }

  /** Forgets all that the session held and gives it a new cookie and a new CSRF token. */
  invalidate(request: Incoming, session: Session): void {
    for (const key of Object.keys(session)) delete session[key as keyof Session];
    this.regenerate(request, session);
  }

  reset(): void {
    this.#sessions.clear();
  }

  #add(session: Session): string {
    const cookie = envelope();
    this.#sessions.set(cookie, session);
    return cookie;
  }

  /** Sets the session's cookie; that of the CSRF token only once a form had the right one. */
  #give(request: Incoming, cookie: string, passed = true): void {
    const expires = new Date(this.now() + LIFETIME * 1000).toUTCString();
    const rest = `expires=${expires}; Max-Age=${LIFETIME}; path=/`;
    const others = request.added.filter(([name]) => name !== "set-cookie");
    request.added.length = 0;
    request.added.push(...others);
    if (passed) {
      request.added.push(["set-cookie", `XSRF-TOKEN=${encodeURIComponent(envelope())}; ${rest}; samesite=lax`]);
    }
    request.added.push(["set-cookie", `${COOKIE}=${encodeURIComponent(cookie)}; ${rest}; httponly; samesite=lax`]);
  }
}

/** Letters and digits, as Laravel's `Str::random`. */
export const random = (length: number): string =>
  randomBytes(length * 2).toString("base64").replace(/[+/=]/g, "").slice(0, length);

/** Looks, and is as long, as a value that Laravel encrypted. */
const envelope = (): string =>
  btoa(JSON.stringify({
    iv: randomBytes(16).toString("base64"),
    value: randomBytes(96).toString("base64"),
    mac: randomBytes(32).toString("hex"),
    tag: "",
  }));
