/**
 * Access tokens (RS256 JWTs), refresh tokens and codes (opaque hex), as Passport issues and looks them up.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash, createPrivateKey, type KeyObject, randomBytes, sign } from "node:crypto";
import type { Row } from "./database.ts";
import type { ClientKind, Platform, User } from "./platform.ts";
import key from "./test_key.json" with { type: "json" };

export interface Pair {
  access_token: string;
  refresh_token: string;
  /** Seconds. */
  expires_in: number;
}

let privateKey: KeyObject | undefined;

/** The JWT that Passport would sign: `exp`, `iat` and `nbf` have fractions, `sub` is a text, `scopes` is empty. */
function jwt(
  platform: Platform,
  client: ClientKind,
  id: string,
  user: number,
  issued: number,
  expires: number,
): string {
  const claims = {
    aud: platform.clientId(client),
    jti: id,
    iat: seconds(issued, 253),
    nbf: seconds(issued, 256),
    exp: seconds(expires, 118),
    sub: String(user),
    scopes: [],
  };
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${encode({ typ: "JWT", alg: "RS256" })}.${encode(claims)}`;
  privateKey ??= createPrivateKey({ key: key.jwk, format: "jwk" });
  return `${text}.${sign("sha256", Buffer.from(text), privateKey).toString("base64url")}`;
}

const seconds = (ms: number, microseconds: number): number => (Math.floor(ms) * 1000 + microseconds) / 1e6;

/** What defuse/php-encryption makes of a payload: as long, and as opaque. */
export const opaque = (payload: Record<string, unknown>): string =>
  `def50200${randomBytes(80 + JSON.stringify(payload).replaceAll("/", "\\/").length).toString("hex")}`;

/** A new pair for that user and the command line's client. */
export function issue(platform: Platform, client: ClientKind, user: number): Pair {
  const { now, tokenTtl, refreshTtl } = platform.options;
  const issued = now();
  const id = randomBytes(40).toString("hex");
  const access_token = jwt(platform, client, id, user, issued, issued + tokenTtl * 1000);
  const expires = issued + refreshTtl * 1000;
  const refresh_token = opaque({
    client_id: platform.clientKey(client),
    refresh_token_id: id,
    access_token_id: id,
    scopes: [],
    user_id: String(user),
    expire_time: Math.floor(expires / 1000),
  });
  const owner = { client, user_id: user };
  const expires_at = issued + tokenTtl * 1000;
  platform.central.insert("oauth_access_tokens", { id, jwt: access_token, ...owner, created_at: issued, expires_at });
  const row = { token: refresh_token, access_token_id: id, ...owner, expires_at: expires };
  platform.central.insert("oauth_refresh_tokens", row);
  return { access_token, refresh_token, expires_in: tokenTtl };
}

/** The user's seeded personal access token; it is signed when it is first asked for. */
export function personalAccessToken(platform: Platform, user: User): string {
  const row = platform.central.one(
    "select id, jwt, created_at, expires_at from oauth_access_tokens where client = 'personal' and user_id = ? order by created_at",
    user.id,
  ) as Row & { id: string; created_at: number; expires_at: number };
  if (row.jwt) return String(row.jwt);
  const token = platform.signed.get(row.id) ??
    jwt(platform, "personal", row.id, user.id, row.created_at, row.expires_at);
  platform.signed.set(row.id, token);
  platform.central.run("update oauth_access_tokens set jwt = ? where id = ?", token, row.id);
  return token;
}

/** The living token behind a bearer, with its user; undefined for every reason why Laravel would say 401. */
export function findToken(platform: Platform, bearer: string): { id: string; user: User } | undefined {
  const row = platform.central.one(
    "select id, client, user_id from oauth_access_tokens where jwt = ? and revoked = 0 and expires_at > ?",
    bearer,
    platform.options.now(),
  );
  const user = row && platform.clientLives(row.client as ClientKind) && platform.user(Number(row.user_id));
  return user ? { id: String(row.id), user } : undefined;
}

/** True while the user holds a living token of the client: then no consent is asked for. */
export const hasGranted = (platform: Platform, client: ClientKind, user: number): boolean =>
  platform.central.one(
    "select 1 from oauth_access_tokens where client = ? and user_id = ? and revoked = 0 and expires_at > ?",
    client,
    user,
    platform.options.now(),
  ) !== undefined;

export function revokeAccess(platform: Platform, id: string): void {
  platform.central.run("update oauth_access_tokens set revoked = 1 where id = ?", id);
}

/** True when the verifier belongs to the challenge. */
export const verifies = (method: string, verifier: string, challenge: string): boolean =>
  challenge === (method === "S256" ? createHash("sha256").update(verifier).digest("base64url") : verifier);
