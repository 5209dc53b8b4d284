import assert from "node:assert/strict";
import { createSandbox } from "../platform/sandbox/mod.ts";
import { ask, refresh, token } from "../support/sandbox/client.ts";

const sandbox = await createSandbox();
const logout = (bearer: string) => ask(sandbox, "/api/v1/auth/logout", { method: "POST", bearer });

Deno.test("a full logout ends access and refresh, and needs no tenant", async () => {
  sandbox.reset();
  const { access_token, refresh_token } = sandbox.signIn("owner");
  const first = await logout(access_token);
  assert.deepEqual([first.status, first.text], [200, '{"message":"Successfully logged out"}']);
  assert.equal((await logout(access_token)).status, 401);
  const { status, at } = await token(sandbox, refresh(sandbox, refresh_token));
  assert.deepEqual([status, at("hint")], [400, "Token has been revoked"]);
  assert.deepEqual(sandbox.alive(), { access: 0, refresh: 0 });
});

Deno.test("a naive logout leaves the refresh token, which brings the session back", async () => {
  sandbox.reset();
  sandbox.options.logout = "naive";
  const { access_token, refresh_token } = sandbox.signIn("owner");
  assert.equal((await logout(access_token)).status, 200);
  assert.equal(sandbox.accepts(access_token), false);
  const { status, at } = await token(sandbox, refresh(sandbox, refresh_token));
  assert.equal(status, 200);
  assert.equal(sandbox.accepts(String(at("access_token"))), true);
});

Deno.test("a logout ends one session, not its neighbours", async () => {
  sandbox.reset();
  const [one, other] = [sandbox.signIn("owner"), sandbox.signIn("owner")];
  await logout(one.access_token);
  assert.equal(sandbox.accepts(other.access_token), true);
  assert.equal((await token(sandbox, refresh(sandbox, other.refresh_token))).status, 200);
});

Deno.test("a logout with a personal access token revokes that token", async () => {
  sandbox.reset();
  const pat = sandbox.pat("admin");
  assert.equal((await logout(pat)).status, 200);
  assert.equal((await logout(pat)).status, 401);
});

Deno.test("a personal access token differs by its audience, lives a year, and cannot be refreshed", () => {
  sandbox.reset();
  const claims = (jwt: string) =>
    JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(jwt.split(".")[1]!, { alphabet: "base64url" })));
  const { aud, iat, exp, sub, scopes, jti } = claims(sandbox.pat("manager"));
  assert.notEqual(aud, sandbox.clientId);
  assert.deepEqual([sub, scopes, Math.round(exp - iat)], ["3", [], 31_536_000]);
  assert.match(jti, /^[\da-f]{80}$/);
  assert.equal(claims(sandbox.signIn("manager").access_token).aud, sandbox.clientId);
  assert.equal(sandbox.pat("manager"), sandbox.pat("manager"));
});

Deno.test("Passport's other routes are not there", async () => {
  const absent = ["oauth/tokens", "oauth/personal-access-tokens", "oauth/clients", "oauth/scopes", "oauth/revoke"];
  for (const path of [...absent, "oauth/introspect", "oauth/device", ".well-known/oauth-authorization-server"]) {
    const { status, at } = await ask(sandbox, `/${path}`, { as: "owner" });
    assert.deepEqual([status, at("message")], [404, `The route ${path} could not be found.`]);
  }
  const transient = await ask(sandbox, "/oauth/token/refresh", { method: "POST", as: "owner" });
  assert.deepEqual([transient.status, transient.at("message")], [419, "CSRF token mismatch."]);
});

Deno.test("FT-58: Passport 12 has its JSON routes, and a bearer is refused there", async () => {
  sandbox.reset();
  sandbox.options.passport = 12;
  const pages = ["oauth/tokens", "oauth/personal-access-tokens", "oauth/clients", "oauth/scopes"];
  for (const path of pages) {
    const { status, text } = await ask(sandbox, `/${path}`, { as: "owner" });
    assert.deepEqual([status, text], [401, '{"message":"Unauthenticated."}'], path);
  }
  const changes = [["POST", "clients"], ["PUT", "clients/1"], ["DELETE", "clients/1"], ["DELETE", "tokens/1"], [
    "POST",
    "personal-access-tokens",
  ]] as const;
  for (const [method, path] of changes) {
    const { status, at } = await ask(sandbox, `/oauth/${path}`, { method, as: "owner" });
    assert.deepEqual([status, at("message")], [419, "CSRF token mismatch."], `${method} ${path}`);
  }
});

Deno.test("FT-58: the scheme `bearer` in lower case is known to Passport 13 alone", async () => {
  for (
    const [passport, scheme, expected] of [[13, "bearer", 200], [12, "Bearer", 200], [12, "bearer", 401], [
      12,
      "BEARER",
      401,
    ]] as const
  ) {
    sandbox.reset();
    sandbox.options.passport = passport;
    const headers = { authorization: `${scheme} ${sandbox.pat("owner")}` };
    const { status } = await ask(sandbox, "/api/v1/auth/tenants", { headers });
    assert.equal(status, expected, `${scheme} on ${passport}`);
  }
});
