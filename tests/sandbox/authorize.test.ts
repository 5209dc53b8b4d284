import assert from "node:assert/strict";
import { walkAuthorize } from "../platform/browser.ts";
import { createSandbox } from "../platform/sandbox/mod.ts";
import { ask, authorizeUrl, callback, code, token, trade } from "../support/sandbox/client.ts";

const sandbox = await createSandbox();
const OWNER = { email: "owner@example.test", password: "password" };
const open = (changes: Record<string, string | null> = {}, accept = "text/html") =>
  ask(sandbox, authorizeUrl(sandbox, changes), { accept });

Deno.test("the loopback address is taken with any port, and nothing else", async () => {
  const taken = async (redirect_uri: string) => {
    const { status, headers } = await open({ redirect_uri });
    return status === 302 && headers.get("location") === `${sandbox.origin}/login`;
  };
  for (
    const uri of [
      "http://127.0.0.1:1/callback",
      "http://127.0.0.1:65535/callback",
      "http://127.0.0.1/callback",
      "http://127.0.0.1:0/callback",
      "http://127.0.0.1:99999/callback",
      "HTTP://127.0.0.1:8765/callback",
    ]
  ) assert.equal(await taken(uri), true, uri);
  for (
    const uri of [
      "http://localhost:8765/callback",
      "http://localhost/callback",
      "http://[::1]:8765/callback",
      "https://127.0.0.1:8765/callback",
      "http://127.0.0.2:8765/callback",
      "http://user@127.0.0.1:8765/callback",
      "http://127.0.0.1:8765/callback/",
      "http://127.0.0.1:8765/Callback",
      "http://127.0.0.1:8765/other",
      "http://127.0.0.1:8765/callback?x=1",
      "http://127.0.0.1:8765/callback#f",
      "http://127.0.0.1.evil.test:8765/callback",
    ]
  ) assert.equal(await taken(uri), false, uri);
});

Deno.test("a wrong redirect and an unknown client are the same JSON, without a login", async () => {
  for (const [name, value] of [["redirect_uri", "http://localhost:8765/callback"], ["client_id", "nope"]] as const) {
    const { status, text, headers } = await open({ [name]: value });
    assert.equal(status, 401);
    assert.equal(text, '{"error":"invalid_client","error_description":"Client authentication failed"}');
    assert.equal(headers.get("content-type"), "application/json");
  }
});

Deno.test("errors of the request itself are JSON in the browser", async () => {
  const failure = async (changes: Record<string, string | null>) => {
    const { status, at } = await open(changes);
    return [status, at("error"), at("hint")];
  };
  const challenge = "Code challenge must be provided for public clients";
  assert.deepEqual(await failure({ code_challenge: null }), [400, "invalid_request", challenge]);
  assert.deepEqual((await failure({ code_challenge_method: "s256" })).slice(0, 2), [400, "invalid_request"]);
  assert.deepEqual((await failure({ code_challenge: "short" })).slice(0, 2), [400, "invalid_request"]);
  assert.deepEqual((await failure({ response_type: "token" })).slice(0, 2), [400, "unsupported_grant_type"]);
  assert.deepEqual((await failure({ client_id: null })).slice(0, 2), [400, "unsupported_grant_type"]);
});

Deno.test("plain, or no method, is taken", async () => {
  for (const code_challenge_method of ["plain", null]) {
    assert.equal((await open({ code_challenge_method })).status, 302);
  }
});

Deno.test("an unknown scope goes back to the client; league 8 forgets the state", async () => {
  sandbox.reset();
  const back = async () => new URL((await open({ scope: "nope" })).headers.get("location")!);
  const nine = await back();
  assert.equal(nine.origin, "http://127.0.0.1:8765");
  assert.deepEqual([nine.searchParams.get("error"), nine.searchParams.get("state")], ["invalid_scope", "the state"]);
  sandbox.options.passport = 12;
  const eight = await back();
  assert.deepEqual([eight.searchParams.get("error"), eight.searchParams.get("state")], ["invalid_scope", null]);
  assert.equal(eight.searchParams.get("message"), eight.searchParams.get("error_description"));
});

Deno.test("a guest is sent to the login and back; JSON gets 401", async () => {
  sandbox.reset();
  const guest = await open();
  assert.deepEqual([guest.status, guest.headers.get("location")], [302, `${sandbox.origin}/login`]);
  const json = await open({}, "application/json");
  assert.deepEqual([json.status, json.text], [401, '{"message":"Unauthenticated."}']);
});

Deno.test("approved: a code of 860 characters, a URL of 906 and more, the state as it was", async () => {
  for (const passport of [13, 12] as const) {
    sandbox.reset();
    sandbox.options.passport = passport;
    const back = await callback(sandbox, { state: "a b&c=d~*é" });
    assert.deepEqual([...back.keys()], ["code", "state"]);
    assert.equal(back.get("state"), "a b&c=d~*é");
    assert.match(back.get("code")!, passport === 13 ? /^[\da-f]{860}$/ : /^[\da-f]{786}$/);
  }
});

Deno.test("denied: the client hears access_denied", async () => {
  sandbox.reset();
  const back = await walkAuthorize(sandbox.fetch, authorizeUrl(sandbox, { state: "xyz" }), OWNER, "deny");
  assert.equal(
    back,
    "http://127.0.0.1:8765/callback?state=xyz&error=access_denied&error_description=The+resource+owner+or+" +
      "authorization+server+denied+the+request.&hint=The+user+denied+the+request",
  );
  const stateless = await walkAuthorize(sandbox.fetch, authorizeUrl(sandbox, { state: null }), OWNER, "deny");
  assert.match(stateless, /^http:\/\/127\.0\.0\.1:8765\/callback\?&error=access_denied&/);
});

Deno.test("without a redirect address the answer goes to port 80", async () => {
  sandbox.reset();
  const back = await walkAuthorize(sandbox.fetch, authorizeUrl(sandbox, { redirect_uri: null }), OWNER);
  assert.match(back, /^http:\/\/127\.0\.0\.1\/callback\?code=/);
});

Deno.test("wrong credentials lead back to the form, with a word", async () => {
  sandbox.reset();
  await assert.rejects(
    walkAuthorize(sandbox.fetch, authorizeUrl(sandbox), { email: "owner@example.test", password: "wrong" }),
    /These credentials do not match our records/,
  );
  await assert.rejects(
    walkAuthorize(sandbox.fetch, authorizeUrl(sandbox, { client_id: "nope" }), OWNER),
    /answered 401.*invalid_client/,
  );
});

Deno.test("the other users of the platform can log in too", async () => {
  sandbox.reset();
  const back = await callback(sandbox, {}, "approve", "viewer");
  const { at } = await token(sandbox, trade(sandbox, back.get("code")!));
  const me = await ask(sandbox, "/api/v1/profile", { bearer: String(at("access_token")), tenant: "acme" });
  assert.equal(me.at("email"), "viewer@example.test");
  assert.notEqual(me.at("last_login_at"), null);
  assert.notEqual(await code(sandbox), back.get("code"));
});
