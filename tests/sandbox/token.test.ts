import assert from "node:assert/strict";
import { createSandbox } from "../platform/sandbox/mod.ts";
import { ask, code, refresh, token, trade } from "../support/sandbox/client.ts";

let now = Date.parse("2026-06-01T12:00:00.250Z");
const sandbox = await createSandbox({ now: () => now });

const GRANT =
  "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is " +
  "invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to " +
  "another client.";
const REQUEST =
  "The request is missing a required parameter, includes an invalid parameter value, includes a parameter " +
  "more than once, or is otherwise malformed.";
const opens = async (bearer: unknown) =>
  (await ask(sandbox, "/api/v1/auth/tenants", { bearer: String(bearer) })).status === 200;

Deno.test("a code becomes a pair: the keys in order, the sizes and headers as measured", async () => {
  sandbox.reset();
  const { status, json, at, headers } = await token(sandbox, trade(sandbox, await code(sandbox)));
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(json as object), ["token_type", "expires_in", "access_token", "refresh_token"]);
  assert.deepEqual([at("token_type"), at("expires_in")], ["Bearer", 1_296_000]);
  assert.match(String(at("refresh_token")), /^[\da-f]{780}$/);
  assert.equal(headers.get("content-type"), "application/json; charset=UTF-8");
  assert.equal(headers.get("cache-control"), "no-store, private");
  assert.equal(headers.get("pragma"), "no-cache");
  assert.equal(headers.get("x-ratelimit-limit"), "60");
});

Deno.test("the access token is an RS256 JWT as Passport signs it", async () => {
  sandbox.reset();
  const { at } = await token(sandbox, trade(sandbox, await code(sandbox)));
  const parts = String(at("access_token")).split(".");
  assert.equal(parts.length, 3);
  const part = (index: number) =>
    JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(parts[index]!, { alphabet: "base64url" })));
  assert.deepEqual(part(0), { typ: "JWT", alg: "RS256" });
  const { jti, iat, nbf, exp, ...rest } = part(1);
  assert.deepEqual(rest, { aud: sandbox.clientId, sub: "1", scopes: [] });
  assert.match(jti, /^[\da-f]{80}$/);
  for (const time of [iat, nbf, exp]) assert.equal(Number.isInteger(time), false);
  assert.equal(Math.round(exp - iat), 1_296_000);

  const { default: { jwk } } = await import("../platform/sandbox/test_key.json", { with: { type: "json" } });
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const publicKey = { kty: jwk.kty, n: jwk.n, e: jwk.e };
  const key = await crypto.subtle.importKey("jwk", publicKey, algorithm, false, ["verify"]);
  const signature = Uint8Array.fromBase64(parts[2]!, { alphabet: "base64url" });
  const signed = new TextEncoder().encode(`${parts[0]}.${parts[1]}`);
  assert.equal(await crypto.subtle.verify(algorithm.name, key, signature, signed), true);
});

Deno.test("a form and JSON are both read, and a secret is ignored", async () => {
  sandbox.reset();
  const secret = await token(sandbox, trade(sandbox, await code(sandbox), { client_secret: "x" }));
  assert.equal(secret.status, 200);
  const headers = { "content-type": "application/json" };
  const json = await ask(sandbox, "/oauth/token", {
    headers,
    body: JSON.stringify(trade(sandbox, await code(sandbox))),
  });
  assert.equal(json.status, 200);
});

Deno.test("the token endpoint's refusals, in both dialects", async () => {
  for (const passport of [13, 12] as const) {
    sandbox.reset();
    sandbox.options.passport = passport;
    const good = await code(sandbox);
    const grant = (hint: string) => [400, "invalid_grant", GRANT, hint];
    const request = (hint: string) => [400, "invalid_request", REQUEST, hint];
    const client = [401, "invalid_client", "Client authentication failed", undefined];
    const garbage = passport === 13
      ? grant("Cannot validate the provided authorization code")
      : request("Cannot decrypt the authorization code");
    const table: [changes: Record<string, string | null>, expected: unknown[]][] = [
      [{ code: "garbage" }, garbage],
      [{ code: null }, request("Check the `code` parameter")],
      [{ code_verifier: "w".repeat(43) }, grant("Failed to verify `code_verifier`.")],
      [{ code_verifier: null }, request("Check the `code_verifier` parameter")],
      [{ code_verifier: "short" }, request("Code Verifier must follow the specifications of RFC-7636.")],
      [{ redirect_uri: "http://127.0.0.1:8766/callback" }, request("Invalid redirect URI")],
      [{ redirect_uri: "http://127.0.0.1/callback" }, request("Invalid redirect URI")],
      [{ redirect_uri: "http://localhost:8765/callback" }, request("Invalid redirect URI")],
      [{ redirect_uri: null }, request("Check the `redirect_uri` parameter")],
      [{ client_id: "nope" }, client],
    ];
    for (const [changes, expected] of table) {
      const { status, at, headers } = await token(sandbox, trade(sandbox, good, changes), { accept: "text/html" });
      assert.deepEqual([status, at("error"), at("error_description"), at("hint")], expected, JSON.stringify(changes));
      assert.equal(at("message"), passport === 12 ? at("error_description") : undefined);
      assert.equal(headers.get("content-type"), "application/json");
      assert.equal(headers.get("cache-control"), "no-cache, private");
    }
    for (const grant_type of ["password", "constructor", null]) {
      const { status, at } = await token(sandbox, trade(sandbox, good, { grant_type }));
      assert.deepEqual([status, at("error")], [400, "unsupported_grant_type"], String(grant_type));
    }
    // None of that burnt the code.
    assert.equal((await token(sandbox, trade(sandbox, good))).status, 200);
  }
});

Deno.test("grant_type personal_access is refused, each dialect in its way", async () => {
  for (const [passport, status, error] of [[13, 400, "unsupported_grant_type"], [12, 401, "invalid_client"]] as const) {
    sandbox.reset();
    sandbox.options.passport = passport;
    const answer = await token(sandbox, { grant_type: "personal_access", client_id: sandbox.clientId });
    assert.deepEqual([answer.status, answer.at("error")], [status, error]);
  }
});

Deno.test("a reused code is refused, and what its first use gave lives on", async () => {
  for (const [passport, error] of [[13, "invalid_grant"], [12, "invalid_request"]] as const) {
    sandbox.reset();
    sandbox.options.passport = passport;
    const used = await code(sandbox);
    const first = await token(sandbox, trade(sandbox, used));
    const second = await token(sandbox, trade(sandbox, used));
    assert.deepEqual(
      [second.status, second.at("error"), second.at("hint")],
      [400, error, "Authorization code has been revoked"],
    );
    assert.equal(await opens(first.at("access_token")), true);
    assert.equal((await token(sandbox, refresh(sandbox, String(first.at("refresh_token"))))).status, 200);
  }
});

Deno.test("a code lives ten minutes", async () => {
  for (const [wait, status] of [[590_000, 200], [605_000, 400]] as const) {
    sandbox.reset();
    const fresh = await code(sandbox);
    now += wait;
    const answer = await token(sandbox, trade(sandbox, fresh));
    assert.equal(answer.status, status);
    if (status === 400) assert.equal(answer.at("hint"), "Authorization code has expired");
  }
});

Deno.test("an access token lives as long as it says, and expires_in says it", async () => {
  sandbox.reset();
  sandbox.options.tokenTtl = 60;
  const { access_token, expires_in } = sandbox.signIn("owner");
  assert.equal(expires_in, 60);
  now += 59_000;
  assert.equal(await opens(access_token), true);
  now += 2_000;
  assert.equal(await opens(access_token), false);
});
