/**
 * The token endpoint: oauth4webapi for the protocol, and what it leaves to its caller (oauth.md 2): bounds, the form
 * of a token, errors that quote nothing. A chunk of its own, loaded by a login or a refresh.
 *
 * @module
 */

import * as oauth from "oauth4webapi";
import { dateOf, isToken, retryAfter } from "../api/mod.ts";
import { AppError } from "../errors.ts";
import type { Fetch } from "../system/mod.ts";
import { isRefreshToken } from "./session.ts";

/** A pair of tokens. */
export interface Tokens {
  access_token: string;
  /** Absent when the server gave none: then the session ends with its access token. */
  refresh_token?: string;
  /** Seconds since the epoch by the server's clock; absent when the server did not say. */
  expires_at?: number;
  /** When they were obtained, likewise; given with `expires_at`. */
  issued_at?: number;
  /** Seconds that the server's clock is ahead of ours; absent when they agree. */
  skew?: number;
}

export interface Exchange {
  origin: string;
  clientId: string;
  code: string;
  redirectUri: string;
  verifier: string;
}

/** Less than this, in seconds, is the time that an answer takes. */
const SKEW_NOTICED = 30;
const YEARS_10 = 10 * 366 * 86_400;
/** The last second that a date can be of: what is saved must be readable, whatever the clocks say. */
const LAST = 8.64e12;

/** Exchanges a code (RFC 6749, section 4.1.3; RFC 7636, section 4.5). `now` in ms, read after the answer. */
export async function exchangeCode(fetch: Fetch, now: () => number, with_: Exchange): Promise<Tokens> {
  const { server, client, options } = parties(fetch, with_.origin, with_.clientId);
  const params = oauth.validateAuthResponse(
    server,
    client,
    new URLSearchParams({ code: with_.code }),
    oauth.expectNoState,
  );
  const asked = oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    params,
    with_.redirectUri,
    with_.verifier,
    options,
  );
  return await tokens(
    asked,
    { ...with_, action: "log in" },
    now,
    (answer) => oauth.processAuthorizationCodeResponse(server, client, answer),
  ).catch(naming("log in", true));
}

/** Exchanges a refresh token (RFC 6749, section 6); the scope stays as it was. */
export async function refreshTokens(
  fetch: Fetch,
  now: () => number,
  origin: string,
  clientId: string,
  refreshToken: string,
): Promise<Tokens> {
  const { server, client, options } = parties(fetch, origin, clientId);
  const action = "renew the session";
  return await tokens(
    oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, options),
    { origin, clientId, action, renewal: true },
    now,
    (answer) => oauth.processRefreshTokenResponse(server, client, answer),
  ).catch(naming(action));
}

/** `spent`: it cannot be asked for again with what this one was given. */
function naming(action: string, spent = false): (error: unknown) => Promise<never> {
  return async (error) => {
    throw (await import("./classify.ts")).withAction(error, action, spent);
  };
}

function parties(fetch: Fetch, origin: string, clientId: string) {
  const server: oauth.AuthorizationServer = { issuer: origin, token_endpoint: `${origin}/oauth/token` };
  const client: oauth.Client = { client_id: clientId };
  const options = {
    // Only where `isSecure` lets plain http through: the loopback literals. The guard in `fetch` checks it again.
    [oauth.allowInsecureRequests]: origin.startsWith("http:"),
    [oauth.customFetch]: (url: string, init: RequestInit) => fetch(new Request(url, init)),
  };
  return { server, client, options };
}

async function tokens(
  asked: Promise<Response>,
  at: { origin: string; clientId: string; action: string; renewal?: boolean },
  now: () => number,
  process: (answer: Response) => Promise<oauth.TokenEndpointResponse>,
): Promise<Tokens> {
  const answer = await asked;
  if (answer.status !== 200) {
    const wait = retryAfter(answer.headers, now());
    throw (await import("./classify.ts")).classify(answer.status, await body(answer), { ...at, retryAfter: wait });
  }
  const { origin } = at;
  // The library looks at the type only when the body does not parse.
  if (!/^application\/json\b/i.test(answer.headers.get("Content-Type") ?? "")) throw unusable(origin);
  const given = await process(answer).catch(() => {
    throw unusable(origin); // the library's error holds the body, tokens and all
  });
  const { access_token, refresh_token, expires_in } = given;
  if (given.token_type !== "bearer" || !isToken(access_token)) throw unusable(origin);
  if (refresh_token !== undefined && !isRefreshToken(refresh_token)) throw unusable(origin);
  return {
    access_token,
    ...(refresh_token === undefined ? {} : { refresh_token }),
    ...(expires_in === undefined ? {} : expiry(expires_in, answer, now() / 1000)),
  };
}

/** By the answer's `Date`: a wrong clock here neither wears out the session nor keeps a dead token. */
function expiry(seconds: number, answer: Response, now: number): Omit<Tokens, "access_token"> {
  const date = (dateOf(answer.headers.get("Date")) ?? now * 1000) / 1000;
  const skew = Math.abs(date - now) > SKEW_NOTICED ? Math.round(date - now) : 0;
  const issued_at = Math.floor(now + skew);
  const expires_at = Math.min(Math.floor(now + skew + Math.min(Math.floor(seconds), YEARS_10)), LAST);
  return { expires_at, issued_at, ...skew !== 0 && { skew } };
}

async function body(answer: Response): Promise<unknown> {
  try {
    return JSON.parse(await answer.text());
  } catch {
    return undefined;
  }
}

function unusable(origin: string): AppError {
  return new AppError("server", `${origin} answered without a usable token`, {
    hint: "maintenance, a proxy, or not the API? check the address: autocom config get api_url",
  });
}
