import assert from "node:assert/strict";
import { autocom, pat, world } from "../support/harness.ts";
import {
  asked,
  bytesOf,
  credentials,
  entries,
  expire,
  intercept,
  keepSession,
  LISTED,
  ORDERS,
  PLACES,
  renewals,
  sessionIn,
  tamper,
} from "../support/kept.ts";
import { json } from "../support/scripted.ts";

const ELSEWHERE = { AUTOCOM_API_URL: "https://elsewhere.example/api/v1" };

Deno.test("TR-8: a session of one platform is not sent to another: exit 4, and no request at all", async () => {
  await using of = await sessionIn("keychain");
  of.env = { ...of.env, ...ELSEWHERE };
  of.fetch = () => assert.fail("a request was sent");
  for (const line of [ORDERS, "whoami --refresh", "auth token", "auth refresh", "auth status"]) {
    await autocom(line, {
      code: 4,
      err: /^error: not logged in to https:\/\/elsewhere\.example: no session in /,
    }, of);
  }
});

for (const place of PLACES) {
  for (const entry of ["access", "refresh"] as const) {
    Deno.test(`TR-9: an entry (${entry}) in the ${place} that says it is for another origin is not used, and left alone`, async () => {
      await using of = await sessionIn(place);
      expire(of);
      if (entry === "refresh") await tamper(of, "access", null);
      await tamper(of, entry, { origin: "https://evil.example" });
      const before = await bytesOf(of);
      of.fetch = () => assert.fail("a request was sent");
      await autocom(ORDERS, {
        code: 4,
        err: /^error: not logged in to \S+: the session in \S.* is for another origin\nhint: autocom auth login\n$/,
      }, of);
      assert.equal(await bytesOf(of), before);
    });
  }
}

const DAMAGED: [about: string, changes: Record<string, unknown>][] = [
  ["TR-16: a token with a line break", { access_token: "first\nX-Evil: 1" }],
  ["TR-16: a token with a control character", { access_token: "eyJ\x1b[2J" }],
  ["a token of 17,000 characters", { access_token: "a".repeat(17_000) }],
  ["an empty token", { access_token: "" }],
  ["KL-14: another version", { v: 2 }],
  ["a kind that does not exist", { kind: "session" }],
  ["no generation", { gen: null }],
  ["an end that is no number", { expires_at: "tomorrow" }],
  ["an end beyond all dates", { expires_at: 1e300 }],
  ["a name that is no text", { name: {} }],
  ["a skew that is no number", { skew: null }],
];

for (const [about, changes] of DAMAGED) {
  Deno.test(`${about} in the store is a damaged session: exit 4, nothing sent, nothing shown of it`, async () => {
    await using of = await sessionIn("file");
    await tamper(of, "access", changes);
    const before = await bytesOf(of);
    of.fetch = () => assert.fail("a request was sent");
    for (const line of [ORDERS, "auth status", "whoami"]) {
      const err = `error: the session for ${of.sandbox.origin} in ${credentials(of)} is damaged\n` +
        "hint: autocom auth login\n";
      await autocom(line, { code: 4, err }, of);
    }
    assert.equal(await bytesOf(of), before);
  });
}

Deno.test("KL-14: an entry that was cut off is a damaged session", async () => {
  await using of = await sessionIn("keychain");
  for (const item of of.keychain.items) item.secret = item.secret.slice(0, 100);
  await autocom(ORDERS, { code: 4, err: /in Secret Service is damaged\n/ }, of);
});

const OPAQUE: [about: string, token: string][] = [
  ["a JWT that ended long ago, in fractions of a second", jwt({ alg: "RS256" }, { exp: 1.5, iat: 0.25 })],
  ["a JWT without an end", jwt({ alg: "RS256" }, {})],
  ["a JWT without a signature's algorithm", jwt({ alg: "none" }, { exp: 4e9 })],
  ["no JWT at all", "a-token"],
];

for (const [about, token] of OPAQUE) {
  Deno.test(`RF-12: ${about} is a token like any other: the server decides, and a refusal renews it`, async () => {
    await using of = await sessionIn("keychain", { graphqlGates: "route" });
    await tamper(of, "access", { access_token: token });
    await autocom(ORDERS, { out: LISTED }, of);
    assert.equal(asked(of, "/graphql")[0]!.headers.authorization, `Bearer ${token}`);
    assert.equal(renewals(of), 1);
  });
}

function jwt(...parts: Record<string, unknown>[]): string {
  return `${parts.map((part) => btoa(JSON.stringify(part)).replace(/=+$/, "")).join(".")}.c2ln`;
}

Deno.test("a token whose end is not known is used until the server refuses it", async () => {
  await using of = await sessionIn("keychain", { graphqlGates: "route" });
  await tamper(of, "access", { expires_at: null });
  expire(of);
  await autocom(ORDERS, { out: LISTED }, of);
  assert.deepEqual(asked(of, "/graphql").map(({ status }) => status), [401, 200]);
});

for (const place of PLACES) {
  Deno.test(`a pair of which only the refresh token was written (${place}) is renewed, whole again, without a name`, async () => {
    await using of = await sessionIn(place);
    await tamper(of, "access", null);
    await autocom("auth status", { out: /\tended, will be renewed\n$/ }, of);
    await autocom(ORDERS, { out: LISTED }, of);
    const { access, refresh } = await entries(of);
    assert.equal(access!.gen, refresh!.gen);
    assert.equal(access!.email, null);
    assert.equal(renewals(of), 1);
  });

  Deno.test(`a refresh token of another login than the access token beside it (${place}) takes no name from that`, async () => {
    await using of = await sessionIn(place);
    expire(of);
    await tamper(of, "access", { gen: "before", email: "before@example.test" });
    await autocom(ORDERS, { out: LISTED }, of);
    assert.equal((await entries(of)).access!.email, null);
  });

  Deno.test(`RF-11: an answer without a refresh token keeps the old one (${place})`, async () => {
    await using of = await sessionIn(place);
    const { refresh_token } = (await entries(of)).refresh!;
    expire(of);
    intercept(of, "/oauth/token", async (request, next) => {
      const { refresh_token: _, ...rest } = await (await next(request)).json();
      return Response.json(rest);
    });
    await autocom(ORDERS, { out: LISTED }, of);
    const after = await entries(of);
    assert.deepEqual([after.refresh!.refresh_token, after.refresh!.gen], [refresh_token, after.access!.gen]);
  });

  Deno.test(`TK-9: a session without a refresh token (${place}) ends with its token: exit 4, no request for another`, async () => {
    await using of = await sessionIn(place);
    await tamper(of, "refresh", null);
    await autocom(ORDERS, { out: LISTED }, of);
    expire(of);
    await autocom(
      ORDERS,
      { code: 4, err: /cannot be renewed: it has no refresh token\nhint: autocom auth login\n$/ },
      of,
    );
    assert.equal(renewals(of), 0);
  });

  Deno.test(`a personal access token (${place}) is never renewed: 401 is exit 4`, async () => {
    await using of = await sessionIn(place, { kind: "pat", graphqlGates: "route" });
    await autocom(ORDERS, { out: LISTED }, of);
    of.sandbox.revokeToken(of.sandbox.pat("owner"));
    await autocom(ORDERS, { code: 4, err: /did not accept the token/ }, of);
    await autocom("auth refresh", {
      code: 2,
      err: /^error: cannot renew the personal access token in \S.*\nhint: autocom auth login\n$/,
    }, of);
    assert.equal(renewals(of), 0);
  });
}

Deno.test("AUTOCOM_TOKEN is never renewed nor stored: 401 is exit 4 and names it", async () => {
  await using of = await world({ env: { AUTOCOM_TENANT: "acme" } });
  of.env.AUTOCOM_TOKEN = ` ${pat(of.sandbox)}\n`;
  await autocom(ORDERS, { out: LISTED }, of);
  intercept(of, "/graphql", json({ message: "Unauthenticated." }, 401));
  await autocom(ORDERS, { code: 4, err: /did not accept the token.*\nhint: .*AUTOCOM_TOKEN/s }, of);
  await autocom("auth refresh", {
    code: 2,
    err: /^error: cannot renew AUTOCOM_TOKEN: .*\nhint: unset AUTOCOM_TOKEN, then: autocom auth login\n$/,
  }, of);
  assert.deepEqual([renewals(of), of.keychain.calls.length], [0, 0]);
  for (const text of ["not a token", " \n"]) {
    of.env.AUTOCOM_TOKEN = text;
    await autocom(ORDERS, { code: 2, err: /^error: AUTOCOM_TOKEN (has characters|holds no token)/ }, of);
  }
});

Deno.test("KL-20: of a session in the file and one in the keychain the file's is used; the next login removes the other", async () => {
  await using of = await sessionIn("keychain", { user: "admin" });
  const stale = [...of.keychain.items];
  await keepSession(of, "file", "owner");
  of.keychain.items.push(...stale);
  await autocom("whoami", { out: /\towner@example\.test\t/ }, of);
  expire(of);
  await autocom(ORDERS, { out: LISTED }, of);
  // A renewal asks nobody, so it takes nothing from another account.
  assert.deepEqual(of.keychain.items, stale);
  of.stdin = pat(of.sandbox);
  await autocom("auth login --token-stdin --tenant acme --store file --force", { err: /Logged in/ }, of);
  assert.deepEqual(of.keychain.items, []);
  assert.equal((await entries(of)).access!.email, "owner@example.test");
  await keepSession(of, "keychain", "owner");
  await assert.rejects(Deno.lstat(credentials(of)), Deno.errors.NotFound);
});

Deno.test("a personal access token that takes a session's place leaves no refresh token behind", async () => {
  await using of = await sessionIn("keychain");
  await keepSession(of, "keychain", "owner", "pat");
  assert.deepEqual(Object.keys(await entries(of)), ["access"]);
});
