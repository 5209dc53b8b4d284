import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { authorizeUrl, judge, newAttempt } from "../../src/auth/pkce.ts";
import { denoSystem } from "../../src/system/deno.ts";

const { random } = denoSystem();
const ORIGIN = "https://api.example.com";
const REDIRECT = "http://127.0.0.1:8766/callback";
const CLIENT = "019e2c5a-7d1f-7000-8000-0123456789ab";
const attempt = await newAttempt(random);
const { state } = attempt;

Deno.test("OA-33: in 10,000 attempts no verifier and no state is ever the same, and each is 43 allowed characters", async () => {
  const seen = new Set<string>();
  for (let made = 0; made < 10_000; made++) {
    const { verifier, state } = await newAttempt(random);
    for (const text of [verifier, state]) {
      assert.match(text, /^[A-Za-z0-9._~-]{43}$/);
      seen.add(text);
    }
  }
  assert.equal(seen.size, 20_000);
});

Deno.test("the challenge is the verifier's SHA-256 in base64url", () => {
  assert.equal(attempt.challenge, createHash("sha256").update(attempt.verifier).digest("base64url"));
});

Deno.test("the example of RFC 7636, appendix B, comes out as it is printed there", async () => {
  const octets =
    "116,24,223,180,151,153,224,37,79,250,96,125,216,173,187,186,22,212,37,77,105,214,191,240,91,88,5,88,83," +
    "132,141,121";
  const bytes = () => new Uint8Array(octets.split(",").map(Number));
  const { verifier, challenge } = await newAttempt({ ...random, bytes });
  assert.equal(verifier, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  assert.equal(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
});

Deno.test("OA-34: the authorize URL asks for a code with S256 to 127.0.0.1, and holds nothing secret", () => {
  const url = new URL(authorizeUrl(ORIGIN, CLIENT, REDIRECT, attempt));
  assert.equal(url.origin + url.pathname, `${ORIGIN}/oauth/authorize`);
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    client_id: CLIENT,
    redirect_uri: REDIRECT,
    response_type: "code",
    scope: "",
    state,
    code_challenge: attempt.challenge,
    code_challenge_method: "S256",
    prompt: "consent",
  });
  assert.equal(url.searchParams.size, 8, "no parameter twice");
  assert.ok(!url.href.includes(attempt.verifier));
});

Deno.test("OA-35: whatever a client id holds, the authorize URL has one redirect_uri", () => {
  const id = "a&redirect_uri=https://evil#%26redirect_uri";
  const url = new URL(authorizeUrl(ORIGIN, id, REDIRECT, attempt));
  assert.deepEqual(url.searchParams.getAll("redirect_uri"), [REDIRECT]);
  assert.equal(url.searchParams.get("client_id"), id);
});

const swapped = state.replace(
  /[a-z]/i,
  (letter) => letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
);
const issuer = encodeURIComponent(ORIGIN);

/** Query → what it means: the code, or the kind of verdict. */
const VERDICTS: [id: string, about: string, query: string, verdict: string][] = [
  ["", "code and state", `code=abc&state=${state}`, "code abc"],
  ["", "more parameters", `x=1&code=abc&state=${state}&session_state=2`, "code abc"],
  [
    "",
    "a code of every printable character",
    `code=${encodeURIComponent('!~+/= "'.replace(" ", ""))}&state=${state}`,
    'code !~+/="',
  ],
  ["", "a code of 8,192 characters", `code=${"c".repeat(8192)}&state=${state}`, `code ${"c".repeat(8192)}`],
  ["OA-12", "no state", "code=abc", "ignored"],
  ["OA-13", "another state", `code=abc&state=${"A".repeat(43)}`, "ignored"],
  ["OA-14", "a state without its last character", `code=abc&state=${state.slice(0, -1)}`, "ignored"],
  ["OA-14", "a state with a character more", `code=abc&state=${state}A`, "ignored"],
  ["OA-14", "a state in other case", `code=abc&state=${swapped}`, "ignored"],
  ["OA-14", "an empty state", "code=abc&state=", "ignored"],
  ["OA-14", "a state with a NUL", `code=abc&state=${state}%00`, "ignored"],
  ["OA-14", "a state with a NUL for its last character", `code=abc&state=${state.slice(0, -1)}%00`, "ignored"],
  [
    "OA-14",
    "a state that is as many bytes but other characters",
    `code=abc&state=${state.slice(0, -2)}%C3%A4`,
    "ignored",
  ],
  ["", "the right state twice", `code=abc&state=${state}&state=${state}`, "ignored"],
  ["", "the right state and a wrong one", `code=abc&state=${state}&state=x`, "ignored"],
  ["OA-16", "an error without a state", "error=access_denied", "stray"],
  ["OA-16", "an error with a wrong state", "error=access_denied&state=x", "ignored"],
  ["OA-17", "a denial", `error=access_denied&state=${state}`, "refused: the request was denied in the browser"],
  [
    "",
    "a scope that the server does not have",
    `state=${state}&error=invalid_scope`,
    "refused: the server refused the requested scope",
  ],
  [
    "",
    "prompt=none without a login",
    `state=${state}&error=login_required`,
    "refused: the browser was not logged in or did not approve",
  ],
  [
    "",
    "prompt=none without an approval",
    `state=${state}&error=consent_required`,
    "refused: the browser was not logged in or did not approve",
  ],
  [
    "OA-20",
    "an error with markup",
    `error=%3Cscript%3Ealert(1)%3C/script%3E&state=${state}`,
    "refused: the server refused the request",
  ],
  [
    "OA-22",
    "an error with escapes",
    `error=%1b]0;x%07%1b[2J&state=${state}`,
    "refused: the server refused the request",
  ],
  [
    "",
    "an error beside a code",
    `code=abc&error=access_denied&state=${state}`,
    "refused: the request was denied in the browser",
  ],
  ["OA-19", "no code", `state=${state}`, "ignored"],
  ["OA-19", "an empty code", `code=&state=${state}`, "ignored"],
  ["OA-19", "two codes", `code=a&code=b&state=${state}`, "ignored"],
  ["OA-19", "a code with CR LF", `code=a%0d%0aX-Evil:1&state=${state}`, "ignored"],
  ["OA-19", "a code that ends in LF", `code=abc%0a&state=${state}`, "ignored"],
  ["OA-19", "a code with a space", `code=a+b&state=${state}`, "ignored"],
  ["OA-19", "a code that is not ASCII", `code=%C3%A4&state=${state}`, "ignored"],
  ["OA-19", "a code of 9,000 characters", `code=${"c".repeat(9000)}&state=${state}`, "ignored"],
  ["OA-25", "another issuer", `code=abc&state=${state}&iss=https://evil`, "ignored"],
  ["OA-25", "our issuer and another one", `code=abc&state=${state}&iss=${issuer}&iss=https://evil`, "ignored"],
  ["OA-25", "a denial by another issuer", `error=access_denied&state=${state}&iss=https://evil`, "ignored"],
  ["OA-25", "an empty issuer", `code=abc&state=${state}&iss=`, "ignored"],
  ["", "our issuer", `code=abc&state=${state}&iss=${issuer}`, "code abc"],
];

for (const [id, about, query, verdict] of VERDICTS) {
  const said = verdict.startsWith("code")
    ? "is taken"
    : verdict.startsWith("refused")
    ? "ends the login"
    : "is ignored";
  Deno.test(`${id && `${id}: `}a callback with ${about} ${said}`, () => {
    const judged = judge(new URLSearchParams(query), attempt, ORIGIN);
    const text = "code" in judged
      ? `code ${judged.code}`
      : "refused" in judged
      ? `refused: ${judged.refused}`
      : judged.stray
      ? "stray"
      : "ignored";
    assert.equal(text, verdict);
  });
}
