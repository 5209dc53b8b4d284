import assert from "node:assert/strict";
import { createSandbox } from "../platform/sandbox/mod.ts";
import { ask, code, refresh, token, trade } from "../support/sandbox/client.ts";

const sandbox = await createSandbox();
const opens = async (bearer: unknown) =>
  (await ask(sandbox, "/api/v1/auth/tenants", { bearer: String(bearer) })).status === 200;

Deno.test("refreshing kills the old pair at once; a replay fails and leaves the new pair alive", async () => {
  for (const [passport, status, error] of [[13, 400, "invalid_grant"], [12, 401, "invalid_request"]] as const) {
    sandbox.reset();
    sandbox.options.passport = passport;
    const old = sandbox.signIn("owner");
    assert.equal(await opens(old.access_token), true);
    const fresh = await token(sandbox, refresh(sandbox, old.refresh_token));
    assert.deepEqual([fresh.status, fresh.at("expires_in")], [200, 1_296_000]);
    assert.equal(await opens(old.access_token), false);
    const replay = await token(sandbox, refresh(sandbox, old.refresh_token));
    assert.deepEqual([replay.status, replay.at("error"), replay.at("error_description"), replay.at("hint")], [
      status,
      error,
      "The refresh token is invalid.",
      "Token has been revoked",
    ]);
    assert.equal(await opens(fresh.at("access_token")), true);
    assert.equal((await token(sandbox, refresh(sandbox, String(fresh.at("refresh_token"))))).status, 200);
    assert.deepEqual(sandbox.alive(), { access: 1, refresh: 1 });
  }
});

Deno.test("refresh tokens that are no good are told apart by their hint alone", async () => {
  sandbox.reset();
  const { refresh_token } = sandbox.signIn("owner");
  const hint = async (text: string) => {
    const { status, at } = await token(sandbox, refresh(sandbox, text));
    assert.deepEqual([status, at("error")], [400, "invalid_grant"]);
    return at("hint");
  };
  const undecipherable = "Cannot decrypt the refresh token";
  assert.equal(await hint("garbage"), undecipherable);
  assert.equal(await hint(`${refresh_token.slice(0, -1)}${refresh_token.endsWith("0") ? 1 : 0}`), undecipherable);
  assert.equal(await hint(sandbox.pat("owner")), undecipherable);
  sandbox.expireRefreshTokens();
  assert.equal(await hint(refresh_token), "Token has expired");
});

Deno.test("other mistakes of a refresh do not consume the token", async () => {
  sandbox.reset();
  const { refresh_token, access_token } = sandbox.signIn("owner");
  const error = async (changes: Record<string, string | null>) => {
    const { status, at } = await token(sandbox, refresh(sandbox, refresh_token, changes));
    return [status, at("error")];
  };
  assert.deepEqual(await error({ refresh_token: "" }), [400, "invalid_request"]);
  assert.deepEqual(await error({ client_id: "nope" }), [401, "invalid_client"]);
  assert.deepEqual(await error({ scope: "orders" }), [400, "invalid_scope"]);
  assert.deepEqual(await error({ scope: "*" }), [400, "invalid_scope"]);
  assert.equal(await opens(access_token), true);
  assert.deepEqual(await error({ scope: "" }), [200, undefined]);
});

Deno.test("an expired or revoked access token does not stop a refresh", async () => {
  for (const kill of ["expire", "revoke"]) {
    sandbox.reset();
    const { access_token, refresh_token } = sandbox.signIn("owner");
    if (kill === "expire") sandbox.expireAccessTokens();
    else sandbox.revokeToken(access_token);
    assert.equal(await opens(access_token), false);
    assert.equal((await token(sandbox, refresh(sandbox, refresh_token))).status, 200);
  }
});

Deno.test("a revoked refresh token leaves its access token alive", async () => {
  sandbox.reset();
  const { access_token, refresh_token } = sandbox.signIn("owner");
  sandbox.revokeToken(refresh_token);
  assert.equal(await opens(access_token), true);
  assert.equal((await token(sandbox, refresh(sandbox, refresh_token))).at("hint"), "Token has been revoked");
});

Deno.test("a deleted user's refresh gives 200, and a token that opens nothing", async () => {
  sandbox.reset();
  const { refresh_token } = sandbox.signIn("agent");
  sandbox.deleteUser("agent@example.test");
  const { status, at } = await token(sandbox, refresh(sandbox, refresh_token));
  assert.equal(status, 200);
  assert.equal(await opens(at("access_token")), false);
});

Deno.test("replaced keys void access tokens, not refresh tokens", async () => {
  sandbox.reset();
  const { access_token, refresh_token } = sandbox.signIn("owner");
  sandbox.replaceKeys();
  assert.equal(await opens(access_token), false);
  const { status, at } = await token(sandbox, refresh(sandbox, refresh_token));
  assert.equal(status, 200);
  assert.equal(await opens(at("access_token")), true);
});

Deno.test("a revoked client: access 401, refresh invalid_client, authorize invalid_client", async () => {
  sandbox.reset();
  const { access_token, refresh_token } = sandbox.signIn("owner");
  const client_id = sandbox.clientId;
  sandbox.revokeClient();
  assert.equal(await opens(access_token), false);
  assert.equal((await token(sandbox, refresh(sandbox, refresh_token))).at("error"), "invalid_client");
  const query = new URLSearchParams({ client_id, response_type: "code" });
  assert.equal((await ask(sandbox, `/oauth/authorize?${query}`)).at("error"), "invalid_client");
});

Deno.test("Passport 12 numbers its clients, and its tokens are as long as measured", async () => {
  sandbox.reset();
  sandbox.options.passport = 12;
  assert.equal(sandbox.clientId, "1");
  const { at } = await token(sandbox, trade(sandbox, await code(sandbox)));
  assert.equal(String(at("refresh_token")).length, 706);
});
