import assert from "node:assert/strict";
import { classify } from "../../src/auth/classify.ts";
import type { Kind } from "../../src/errors.ts";

const AT = { origin: "https://api.example.com", clientId: "019e-client", action: "log in" };
const SPENT =
  "The request is missing a required parameter, includes an invalid parameter value, includes a parameter more than once, or is otherwise malformed.";

/** Bodies as league/oauth2-server 9 (Passport 13) and 8 (Passport 12) give them, and what is no OAuth error at all. */
const ANSWERS: [about: string, status: number, body: unknown, kind: Kind][] = [
  [
    "TK-1: a code that was used, league 9",
    400,
    error("invalid_grant", "The provided authorization grant …", "Authorization code has been revoked"),
    "unauthenticated",
  ],
  [
    "TK-2: a code that was used, league 8",
    400,
    error("invalid_request", SPENT, "Authorization code has been revoked"),
    "unauthenticated",
  ],
  [
    "TK-2: a code that has expired, league 8",
    400,
    error("invalid_request", SPENT, "Authorization code has expired"),
    "unauthenticated",
  ],
  [
    "TK-2: a code that is garbage, league 8",
    400,
    error("invalid_request", SPENT, "Cannot decrypt the authorization code"),
    "unauthenticated",
  ],
  ["a wrong verifier", 400, error("invalid_grant", "…", "Failed to verify `code_verifier`."), "unauthenticated"],
  [
    "RF-4: a dead refresh token, league 9",
    400,
    error("invalid_grant", "The refresh token is invalid.", "Token has been revoked"),
    "unauthenticated",
  ],
  [
    "RF-5: a dead refresh token, league 8",
    401,
    error("invalid_request", "The refresh token is invalid.", "Token has expired"),
    "unauthenticated",
  ],
  ["the same words with another status", 400, error("invalid_request", "The refresh token is invalid."), "failure"],
  ["TK-3: an unknown client", 401, error("invalid_client", "Client authentication failed"), "failure"],
  ["a client that may not", 400, error("unauthorized_client", "…"), "failure"],
  [
    "a verifier that is missing",
    400,
    error("invalid_request", SPENT, "Check the `code_verifier` parameter"),
    "failure",
  ],
  ["a redirect URI that differs", 400, error("invalid_request", SPENT, "Invalid redirect URI"), "failure"],
  [
    "a code of another client",
    400,
    error("invalid_request", SPENT, "Authorization code was not issued to this client"),
    "failure",
  ],
  ["RF-6: a scope that is too wide", 400, error("invalid_scope", "…"), "failure"],
  ["a grant that the server does not have", 400, error("unsupported_grant_type", "…"), "failure"],
  ["an error nobody knows", 400, error("slow_down", "…"), "failure"],
  ["TK-10: the rate limit", 429, { message: "Too Many Attempts." }, "rate-limited"],
  ["TK-10: the rate limit with an OAuth error", 429, error("temporarily_unavailable", "…"), "rate-limited"],
  ["TK-4: a redirect", 302, undefined, "server"],
  ["TK-11: a failure of the server", 500, { message: "Server Error" }, "server"],
  ["TK-11: a failure with an OAuth error", 503, error("server_error", "…"), "server"],
  ["a 401 that is not OAuth's", 401, { message: "Unauthenticated." }, "server"],
  ["a page instead of an answer", 404, undefined, "server"],
  ["an error that is no text", 400, { error: 400 }, "server"],
  ["an error that is inherited, not said", 400, Object.create({ error: "invalid_grant" }), "server"],
  ["a list", 400, ["invalid_grant"], "server"],
  ["success without a token", 201, {}, "server"],
  ...[201, 302, 403, 404, 408, 425].map((status): typeof ANSWERS[number] => [
    "RF-6: a dead grant by an answer that is not the token endpoint's",
    status,
    error("invalid_grant", "…"),
    "server",
  ]),
  ["RF-4: a dead grant with the other status of an OAuth error", 401, error("invalid_grant", "…"), "unauthenticated"],
];

for (const [about, status, body, kind] of ANSWERS) {
  Deno.test(`${about} is a failure of kind ${kind}`, () => {
    const found = classify(status, body, AT);
    assert.equal(found.kind, kind);
    assert.equal(found.status, status);
    assert.ok(found.message.includes(AT.origin), found.message);
  });
}

Deno.test("TK-3: what is said of an unknown client names its id and how to give another", () => {
  const { message, hint } = classify(401, error("invalid_client", "Client authentication failed"), AT);
  assert.match(message, /019e-client/);
  assert.match(hint!, /^set AUTOCOM_CLIENT_ID .*: autocom auth login --client-id UUID$/);
});

Deno.test("TK-3: where a session is renewed only another login changes its client id", () => {
  const { hint } = classify(401, error("invalid_client", "Client authentication failed"), { ...AT, renewal: true });
  assert.equal(hint, "autocom auth login --client-id UUID");
});

Deno.test("RF-6: a proxy that wants a password says nothing of the grant", () => {
  assert.equal(classify(407, error("invalid_grant", "…"), AT).kind, "network");
});

Deno.test("TK-10: the wait is named when the server told it", () => {
  assert.equal(classify(429, undefined, { ...AT, retryAfter: 42 }).hint, "try again in 42 s");
  assert.equal(classify(429, undefined, AT).hint, "try again in a minute");
});

Deno.test("LK-12: the server's words are not repeated, but for an error's name when it is one", () => {
  const hostile = "<b>\x1b[2J";
  const found = classify(400, error(hostile, hostile, hostile), AT);
  assert.ok(!`${found.message}${found.hint}`.includes("\x1b") && !found.message.includes("<b>"), found.message);
  assert.match(classify(400, error("slow_down", hostile), AT).message, /slow_down/);
});

function error(name: string, description: string, hint?: string): Record<string, string> {
  return { error: name, error_description: description, ...hint ? { hint } : {} };
}
