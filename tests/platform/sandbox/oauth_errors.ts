/**
 * league/oauth2-server's errors, in both dialects.
 *
 * @module
 */

import { away, json } from "./answers.ts";
import type { Incoming } from "./incoming.ts";
import { escape } from "./pages.ts";

/** An OAuth error: JSON, or a redirect to the client when `redirect` says where. */
export class OAuthError extends Error {
  constructor(
    readonly error: string,
    message: string,
    readonly status: number,
    readonly hint: string | null = null,
    readonly redirect: string | null = null,
    /** Comes before `error` in a redirect. */
    readonly first: Record<string, string | null> = {},
  ) {
    super(message);
  }

  render(request: Incoming, passport: 13 | 12): Response {
    const payload: Record<string, string | null> = {
      ...this.first,
      error: this.error,
      error_description: this.message,
    };
    if (this.hint !== null) payload.hint = this.hint;
    if (passport === 12) payload.message = this.message;
    if (this.redirect !== null) {
      const location = this.redirect + (this.redirect.includes("?") ? "&" : "?") + phpQuery(payload);
      return away(location);
    }
    const response = json(payload, this.status);
    const scheme = request.headers.get("authorization");
    if (this.error === "invalid_client" && scheme) {
      response.headers.set("www-authenticate", `${scheme.startsWith("Bearer") ? "Bearer" : "Basic"} realm="OAuth"`);
    }
    return response;
  }
}

/** PHP's `http_build_query`; what is null is left out. */
export function phpQuery(values: Record<string, string | null>): string {
  const set = Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== null);
  return new URLSearchParams(set).toString().replaceAll("*", "%2A");
}

/** league's `makeRedirectUri`. */
export const withQuery = (uri: string, values: Record<string, string | null>): string =>
  uri + (uri.includes("?") ? "&" : "?") + phpQuery(values);

export const unsupportedGrantType = (): OAuthError =>
  new OAuthError(
    "unsupported_grant_type",
    "The authorization grant type is not supported by the authorization server.",
    400,
    "Check that all required parameters have been provided",
  );

export const invalidRequest = (parameter: string, hint = `Check the \`${parameter}\` parameter`): OAuthError =>
  new OAuthError(
    "invalid_request",
    "The request is missing a required parameter, includes an invalid parameter value, includes a parameter more than once, or is otherwise malformed.",
    400,
    hint,
  );

export const invalidClient = (): OAuthError => new OAuthError("invalid_client", "Client authentication failed", 401);

export const invalidScope = (scope: string, redirect: string | null = null): OAuthError =>
  new OAuthError(
    "invalid_scope",
    "The requested scope is invalid, unknown, or malformed",
    400,
    `Check the \`${escape(scope)}\` scope`,
    redirect,
  );

/** A code that is no good: `invalid_grant` since league 9, `invalid_request` before. */
export const badCode = (passport: 13 | 12, hint: string): OAuthError =>
  passport === 13 ? invalidGrant(hint) : invalidRequest("code", hint);

export const invalidGrant = (hint: string): OAuthError =>
  new OAuthError(
    "invalid_grant",
    "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.",
    400,
    hint,
  );

/** A refresh token that is no good: 400 `invalid_grant` since league 9, 401 `invalid_request` before. */
export const badRefreshToken = (passport: 13 | 12, hint: string): OAuthError =>
  passport === 13
    ? new OAuthError("invalid_grant", "The refresh token is invalid.", 400, hint)
    : new OAuthError("invalid_request", "The refresh token is invalid.", 401, hint);

export const accessDenied = (hint: string, redirect: string): OAuthError =>
  new OAuthError(
    "access_denied",
    "The resource owner or authorization server denied the request.",
    401,
    hint,
    redirect,
  );
