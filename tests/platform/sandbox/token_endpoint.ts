/**
 * `POST /oauth/token`: the code grant and the refresh grant.
 *
 * @module
 */

import { Abort, phpJson } from "./answers.ts";
import { parameter, PKCE } from "./authorize.ts";
import type { Incoming, Input } from "./incoming.ts";
import * as refuse from "./oauth_errors.ts";
import type { ClientKind, Platform } from "./platform.ts";
import { issue, revokeAccess, verifies } from "./tokens.ts";

/** The throttle, then the grant. Only the body counts, a form or JSON. */
export function token(platform: Platform, request: Incoming): Response {
  platform.limiter.hit(request, "token", platform.options.tokenRate || 60);
  if (request.malformed) throw new Abort(400, "Bad request.");
  const { form } = request;
  const grant = GRANTS.get(String(form.grant_type));
  if (!grant || (form.grant_type === "personal_access" && platform.options.passport === 13)) {
    throw refuse.unsupportedGrantType();
  }
  const client = clientOf(platform, request);
  const { access_token, refresh_token, expires_in } = issue(platform, client, grant(platform, form, client));
  return new Response(phpJson({ token_type: "Bearer", expires_in, access_token, refresh_token }), {
    headers: {
      pragma: "no-cache",
      "cache-control": "no-store, private",
      "content-type": "application/json; charset=UTF-8",
    },
  });
}

/** The client that the body, or else a Basic header, names. A secret of a public client is ignored. */
function clientOf(platform: Platform, { form, headers }: Incoming): ClientKind {
  const basic = /^Basic (.+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  let user: string | undefined;
  try {
    user = basic && /^(.+?):/.exec(atob(basic))?.[1];
  } catch {
    // No base64: as good as no header.
  }
  const id = parameter(form, "client_id") ?? user;
  if (!id) throw refuse.invalidRequest("client_id");
  const client = platform.client(id);
  if (!client) throw refuse.invalidClient();
  return client;
}

/** The user behind a code, which is spent by it. A wrong verifier does not burn the code. */
function exchange(platform: Platform, form: Input, client: ClientKind): number {
  const { passport, now } = platform.options;
  const code = parameter(form, "code");
  if (code === null) throw refuse.invalidRequest("code");
  const row = platform.central.one("select * from oauth_auth_codes where code = ?", code);
  if (!row) {
    const what = passport === 13
      ? "Cannot validate the provided authorization code"
      : "Cannot decrypt the authorization code";
    throw refuse.badCode(passport, what);
  }
  if (Math.floor(now() / 1000) > Math.floor(Number(row.expires_at) / 1000)) {
    throw refuse.badCode(passport, "Authorization code has expired");
  }
  if (row.revoked) throw refuse.badCode(passport, "Authorization code has been revoked");
  if (row.client !== client) throw refuse.invalidRequest("code", "Authorization code was not issued to this client");
  const redirectUri = parameter(form, "redirect_uri");
  if (row.redirect_uri !== null && redirectUri === null) throw refuse.invalidRequest("redirect_uri");
  if (redirectUri !== null && redirectUri !== row.redirect_uri) {
    throw refuse.invalidRequest("redirect_uri", "Invalid redirect URI");
  }
  const verifier = parameter(form, "code_verifier");
  if (verifier === null) throw refuse.invalidRequest("code_verifier");
  if (!PKCE.test(verifier)) {
    throw refuse.invalidRequest("code_verifier", "Code Verifier must follow the specifications of RFC-7636.");
  }
  if (!verifies(String(row.method), verifier, String(row.challenge))) {
    throw refuse.invalidGrant("Failed to verify `code_verifier`.");
  }
  platform.central.run("update oauth_auth_codes set revoked = 1 where code = ?", code);
  return Number(row.user_id);
}

/** The user behind a refresh token. It and its access token are dead from here on; a replay does not kill the new pair. */
function refresh(platform: Platform, form: Input, client: ClientKind): number {
  const { passport, now } = platform.options;
  const text = parameter(form, "refresh_token");
  if (text === null) throw refuse.invalidRequest("refresh_token");
  const row = platform.central.one("select * from oauth_refresh_tokens where token = ?", text);
  if (!row) throw refuse.badRefreshToken(passport, "Cannot decrypt the refresh token");
  if (row.client !== client) throw refuse.badRefreshToken(passport, "Token is not linked to client");
  if (Math.floor(Number(row.expires_at) / 1000) < Math.floor(now() / 1000)) {
    throw refuse.badRefreshToken(passport, "Token has expired");
  }
  if (row.revoked) throw refuse.badRefreshToken(passport, "Token has been revoked");
  for (const scope of (parameter(form, "scope") ?? "").split(" ")) if (scope) throw refuse.invalidScope(scope);
  revokeAccess(platform, String(row.access_token_id));
  platform.central.run("update oauth_refresh_tokens set revoked = 1 where token = ?", text);
  return Number(row.user_id);
}

const forConfidentialClients = (): never => {
  throw refuse.invalidClient();
};

/** The grants that are switched on. */
const GRANTS = new Map<string, typeof exchange>([
  ["authorization_code", exchange],
  ["refresh_token", refresh],
  ["client_credentials", forConfidentialClients],
  ["personal_access", forConfidentialClients],
]);
