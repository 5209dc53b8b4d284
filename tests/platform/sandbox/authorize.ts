/**
 * `/oauth/authorize`: the request's checks, the consent page, and its two buttons.
 *
 * @module
 */

import { Abort, away, html, Unauthenticated } from "./answers.ts";
import type { Incoming, Input } from "./incoming.ts";
import { accessDenied, invalidClient, invalidRequest, invalidScope, OAuthError, withQuery } from "./oauth_errors.ts";
import { unsupportedGrantType } from "./oauth_errors.ts";
import { consentPage, stockConsentPage } from "./pages.ts";
import type { ClientKind, Platform } from "./platform.ts";
import { random, type Session } from "./sessions.ts";
import { hasGranted, opaque } from "./tokens.ts";

/** The only address registered, for the client of the command line. */
const REGISTERED = "http://127.0.0.1/callback";
const CODE_LIFETIME = 600_000;

/** A checked authorization request; null is what was not sent. */
export interface AuthRequest {
  client: ClientKind;
  redirectUri: string | null;
  state: string | null;
  challenge: string;
  method: string;
}

/** `GET /oauth/authorize` */
export function authorize(platform: Platform, request: Incoming, session: Session): Response {
  const asked = check(platform, request);
  const { prompt } = request.input;
  const user = session.userId === undefined ? undefined : platform.user(session.userId);
  if (!user) {
    if (prompt === "none") throw refused(platform, asked, "login_required");
    session.promptedForLogin = true;
    throw new Unauthenticated();
  }
  if (prompt === "login" && !session.promptedForLogin) {
    platform.sessions.invalidate(request, session);
    session.promptedForLogin = true;
    throw new Unauthenticated();
  }
  delete session.promptedForLogin;
  if (prompt !== "consent" && hasGranted(platform, asked.client, user.id)) return approved(platform, asked, user.id);
  if (prompt === "none") throw refused(platform, asked, "consent_required");

  session.authToken = random(16);
  session.authRequest = asked;
  const page = platform.options.passport === 13 ? consentPage : stockConsentPage;
  return html(page({
    action: `${request.url.origin}/oauth/authorize`,
    csrf: session.token,
    authToken: session.authToken,
    client: "AutoCom CLI",
    clientId: platform.clientId(asked.client),
    email: user.email,
    state: String(request.input.state ?? ""),
  }));
}

/** `POST` and `DELETE /oauth/authorize`: the buttons of the consent page. */
export function decide(platform: Platform, request: Incoming, session: Session, approve: boolean): Response {
  const user = session.userId === undefined ? undefined : platform.user(session.userId);
  if (!user) throw new Unauthenticated();
  const asked = remembered(platform, request, session);
  if (approve) return approved(platform, asked, user.id);
  throw accessDenied("The user denied the request", withQuery(asked.redirectUri ?? REGISTERED, { state: asked.state }));
}

/** One request per browser session: Passport 13 takes it out, 12 leaves it for a second click. */
function remembered(platform: Platform, request: Incoming, session: Session): AuthRequest {
  const { authToken, authRequest } = session;
  const once = platform.options.passport === 13;
  const sent = request.input.auth_token ?? null;
  if (once) delete session.authToken;
  if (once ? sent === null || sent !== authToken : "auth_token" in request.input && sent !== (authToken ?? null)) {
    delete session.authToken;
    delete session.authRequest;
    throw new Abort(403, "The provided auth token for the request is different from the session auth token.");
  }
  if (once) delete session.authRequest;
  if (!authRequest) throw new Abort(500, "Server Error");
  return authRequest;
}

/** Checks in league's order: client and redirect first, so that both errors show without a login. */
function check(platform: Platform, { query }: Incoming): AuthRequest {
  const { passport } = platform.options;
  if (query.response_type == null && passport === 13) throw invalidRequest("response_type");
  if (query.response_type !== "code" || query.client_id == null) throw unsupportedGrantType();
  const client = platform.client(parameter(query, "client_id") ?? "");
  if (!client) throw invalidClient();
  const redirectUri = parameter(query, "redirect_uri");
  if (redirectUri === null ? client !== "cli" : !allows(client, redirectUri)) throw invalidClient();

  const state = parameter(query, "state");
  const back = redirectUri ?? REGISTERED;
  for (const scope of (parameter(query, "scope") ?? "").split(" ")) {
    if (scope && scope !== "*") throw invalidScope(scope, passport === 13 ? withQuery(back, { state }) : back);
  }
  const challenge = parameter(query, "code_challenge");
  if (challenge === null) throw invalidRequest("code_challenge", "Code challenge must be provided for public clients");
  const method = parameter(query, "code_challenge_method") ?? "plain";
  if (method !== "S256" && method !== "plain") {
    throw invalidRequest("code_challenge_method", "Code challenge method must be one of `S256`, `plain`");
  }
  if (!PKCE.test(challenge)) {
    throw invalidRequest("code_challenge", "Code challenge must follow the specifications of RFC-7636.");
  }
  return { client, redirectUri, state, challenge, method };
}

/** What RFC 7636 allows in a verifier and a challenge. */
export const PKCE = /^[A-Za-z0-9\-._~]{43,128}$/;

/** A parameter as league reads it: a trimmed text; null when it is missing or empty. */
export function parameter(from: Input, name: string): string | null {
  const value = from[name] ?? "";
  if (typeof value === "object") throw invalidRequest(name);
  return (value === true ? "1" : value === false ? "" : String(value)).trim() || null;
}

/** The registered address, with any port: RFC 8252, section 7.3. The scheme's case is no matter, all the rest is. */
function allows(client: ClientKind, uri: string): boolean {
  const loopback = /^http:\/\/127\.0\.0\.1(?::\d*)?(\/.*)?$/i.exec(uri);
  return client === "cli" && loopback !== null && `http://127.0.0.1${loopback[1] ?? ""}` === REGISTERED;
}

function approved(platform: Platform, asked: AuthRequest, user: number): Response {
  const expires = platform.options.now() + CODE_LIFETIME;
  const code = opaque({
    client_id: platform.clientKey(asked.client),
    redirect_uri: asked.redirectUri,
    auth_code_id: "0".repeat(80),
    scopes: [],
    user_id: String(user),
    expire_time: Math.floor(expires / 1000),
    code_challenge: asked.challenge,
    code_challenge_method: asked.method,
  });
  platform.central.insert("oauth_auth_codes", {
    code,
    client: asked.client,
    user_id: user,
    redirect_uri: asked.redirectUri,
    challenge: asked.challenge,
    method: asked.method,
    expires_at: expires,
  });
  return away(withQuery(asked.redirectUri ?? REGISTERED, { code, state: asked.state }));
}

/** `prompt=none` without a login or a consent. */
function refused(platform: Platform, asked: AuthRequest, error: "login_required" | "consent_required"): OAuthError {
  const back = asked.redirectUri ?? REGISTERED;
  const login = error === "login_required";
  if (platform.options.passport === 12) {
    return login
      ? accessDenied("Unauthenticated", `${back}?state=${asked.state ?? ""}`)
      : accessDenied("The user denied the request", withQuery(back, { state: asked.state }));
  }
  return new OAuthError(
    error,
    `The authorization server requires end-user ${login ? "authentication" : "consent"}.`,
    401,
    login ? "The user is not authenticated" : null,
    back,
    { state: asked.state },
  );
}
