/**
 * The authorization request and the judgement of its answer (RFC 6749, 7636, 8252, 9207). Pure: no I/O.
 *
 * @module
 */

import { timingSafeEqual } from "node:crypto";
import type { Random } from "../system/mod.ts";

/** Fresh for every login; lives in memory only. */
export interface Attempt {
  /** 43 characters, 256 random bits (RFC 7636, section 4.1). */
  readonly verifier: string;
  /** SHA-256 of the verifier, base64url. */
  readonly challenge: string;
  /** 43 characters that only the browser we sent knows. */
  readonly state: string;
}

export async function newAttempt(random: Random): Promise<Attempt> {
  const verifier = base64url(random.bytes(32));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return { verifier, challenge: base64url(new Uint8Array(digest)), state: base64url(random.bytes(32)) };
}

/** The page to approve. `prompt=consent`: else another local program could get a code without a click. */
export function authorizeUrl(origin: string, clientId: string, redirectUri: string, attempt: Attempt): string {
  const url = new URL("/oauth/authorize", origin);
  url.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: "code",
    scope: "",
    state: attempt.state,
    code_challenge: attempt.challenge,
    code_challenge_method: "S256",
    prompt: "consent",
  }).toString();
  return url.href;
}

/** What a callback's parameters mean. Only `code` and `refused` may end a login. */
export type Verdict =
  | { code: string }
  | { refused: string }
  /** Not an answer to this attempt; `stray` when it looks like an error that lost its state (league 8 does that). */
  | { ignored: string; stray?: boolean };

const CODE = /^[\x21-\x7e]{1,8192}$/;

export function judge(params: URLSearchParams, attempt: Attempt, origin: string): Verdict {
  const states = params.getAll("state");
  const error = params.get("error");
  if (states.length !== 1 || !same(states[0]!, attempt.state)) {
    return { ignored: "it does not belong to this login", ...(error && states.length === 0 ? { stray: true } : {}) };
  }
  if (params.getAll("iss").some((issuer) => issuer !== origin)) return { ignored: "it comes from another server" };
  if (error !== null) return { refused: refusal(error) };
  const codes = params.getAll("code");
  if (codes.length !== 1 || !CODE.test(codes[0]!)) return { ignored: "it has no usable code" };
  return { code: codes[0]! };
}

/** The server's words are never shown: this text comes through a browser. */
function refusal(error: string): string {
  switch (error) {
    case "access_denied":
      return "the request was denied in the browser";
    case "invalid_scope":
      return "the server refused the requested scope";
    case "login_required":
    case "consent_required":
      return "the browser was not logged in or did not approve";
    default:
      return "the server refused the request";
  }
}

function same(a: string, b: string): boolean {
  const [x, y] = [new TextEncoder().encode(a), new TextEncoder().encode(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
