import assert from "node:assert/strict";
import { autocom, beside, execute, pat, type World, world } from "../support/harness.ts";
import {
  asked,
  bytesOf,
  credentials,
  entries,
  expire,
  intercept,
  PLACES,
  renewals,
  sessionIn,
  tamper,
} from "../support/kept.ts";
import { html, json } from "../support/scripted.ts";

const NOTHING = JSON.stringify([[], null]);
const logouts = (of: World) => asked(of, "/auth/logout").map(({ status }) => status);

for (const place of PLACES) {
  for (const passport of [13, 12] as const) {
    Deno.test(`KL-18: logout ends the session at the server and deletes every copy (${place}, Passport ${passport})`, async () => {
      await using of = await sessionIn(place, { passport });
      const where = place === "file" ? credentials(of) : "Secret Service";
      const err = `Logged out of ${of.sandbox.origin}: the session is deleted from ${where}.\n`;
      await autocom("auth logout", { err }, of);
      assert.deepEqual([of.sandbox.alive(), await bytesOf(of)], [{ access: 0, refresh: 0 }, NOTHING]);
      // The proof that nothing lives on is a refresh token that is refused.
      assert.deepEqual([logouts(of), asked(of, "/oauth/token").map(({ status }) => status)], [[200], [
        passport === 13 ? 400 : 401,
      ]]);
      await autocom("auth status", { code: 4, err: /^error: not logged in/ }, of);
    });

    Deno.test(`logout ends the refresh token of an access token that has ended (${place}, Passport ${passport})`, async () => {
      await using of = await sessionIn(place, { passport });
      expire(of);
      await autocom("auth logout", { err: /^Logged out/ }, of);
      assert.deepEqual([of.sandbox.alive(), await bytesOf(of)], [{ access: 0, refresh: 0 }, NOTHING]);
    });
  }
}

Deno.test("logout at a server that ends the access token alone leaves no token that anybody has", async () => {
  await using of = await sessionIn("keychain", { logout: "naive" });
  const { access, refresh } = await entries(of);
  await autocom("auth logout", { err: /^Logged out/ }, of);
  assert.deepEqual([logouts(of), of.sandbox.alive().access], [[200, 200], 0]);
  assert.equal(of.sandbox.accepts(String(access!.access_token)), false);
  const body = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: of.sandbox.clientId,
    refresh_token: `${refresh!.refresh_token}`,
  });
  const answer = await of.sandbox.fetch(new Request(`${of.sandbox.origin}/oauth/token`, { method: "POST", body }));
  assert.equal(answer.status, 400);
});

const FAILURES: [about: string, answer: (request: Request) => Response | Promise<Response>][] = [
  ["404", json({ message: "The route api/v1/auth/logout could not be found." }, 404)],
  ["500", json({ message: "Server Error" }, 500)],
  ["503 with a page", html("<h1>Down", 503)],
  ["a redirect", () => new Response(null, { status: 302, headers: { Location: "/login" } })],
  ["429", json({ message: "Too Many Attempts." }, 429)],
  ["no connection", () => Promise.reject(new TypeError("connection refused"))],
  ["no answer in time", ({ signal }) => new Promise((_, refuse) => (signal.onabort = () => refuse(signal.reason)))],
];

for (const place of PLACES) {
  for (const [about, answer] of FAILURES) {
    Deno.test(`LO-1: ${about} at logout is a warning; the copies are deleted all the same (${place})`, async () => {
      await using of = await sessionIn(place);
      intercept(of, "/auth/logout", answer);
      await autocom("auth logout --timeout 0.01", {
        err: /^warning: the session may live on at the server: .*\nLogged out of \S+: the session is deleted from /,
      }, of);
      // Who cannot be reached is not tried twice.
      assert.deepEqual([await bytesOf(of), renewals(of)], [NOTHING, about.startsWith("no ") ? 0 : 1]);
    });
  }
}

Deno.test("LO-1: a session that the server no longer takes is no failure; it may have been renewed for nobody, and is not called revoked", async () => {
  await using of = await sessionIn("keychain");
  of.sandbox.revokeToken(String((await entries(of)).access!.access_token));
  of.sandbox.revokeToken(String((await entries(of)).refresh!.refresh_token));
  const { code, out, err } = await execute("auth logout -o json", of);
  assert.deepEqual([code, logouts(of), await bytesOf(of)], [0, [401], NOTHING]);
  assert.match(err, /^warning: the session may live on at the server: its refresh token was refused \(.*\)\n$/);
  assert.deepEqual(JSON.parse(out), { origin: of.sandbox.origin, deleted: true, revoked: false });
});

for (const path of ["/oauth/token", "/auth/logout"] as const) {
  Deno.test(`FT-9: Ctrl-C while a logout ends what a last renewal gives (at ${path}) leaves nothing alive: exit 0, and revoked`, async () => {
    await using of = await sessionIn("keychain", { logout: "naive" });
    let answers = 0;
    intercept(of, path, async (request, next) => {
      const answer = await next(request);
      // The first one ends the access token that is kept.
      if (path === "/oauth/token" || ++answers === 2) of.signal("SIGINT");
      request.signal.throwIfAborted();
      return answer;
    });
    const { code, out, err } = await execute("auth logout -o json", of);
    assert.deepEqual([code, err, logouts(of)], [0, "", [200, 200]]);
    assert.deepEqual([of.sandbox.alive().access, await bytesOf(of)], [0, NOTHING]);
    assert.deepEqual(JSON.parse(out), { origin: of.sandbox.origin, deleted: true, revoked: true });
  });
}

Deno.test("a stderr that takes nothing keeps no session: it is deleted before a word is said", async () => {
  for (const kind of ["oauth", "pat"] as const) {
    await using of = await sessionIn("keychain", { kind });
    intercept(of, "/auth/logout", json({ message: "Server Error" }, 500));
    of.seen.say = (stream) => {
      if (stream === "stderr") throw new Error("EIO");
    };
    const { code } = await execute("auth logout", of);
    assert.deepEqual([code > 0, await bytesOf(of)], [true, NOTHING]);
  }
});

Deno.test("LO-1: a refresh token that outlived its revoked access token is ended through a last pair", async () => {
  await using of = await sessionIn("keychain");
  of.sandbox.revokeToken(String((await entries(of)).access!.access_token));
  await autocom("auth logout", { err: /^Logged out/ }, of);
  assert.deepEqual([logouts(of), of.sandbox.alive()], [[401, 200], { access: 0, refresh: 0 }]);
});

Deno.test("LO-1: an access token that has ended at a server that renews none now: the refresh token may live on, and that is said", async () => {
  await using of = await sessionIn("keychain");
  expire(of);
  intercept(of, "/oauth/token", json({ message: "Too Many Attempts." }, 429));
  await autocom("auth logout", { err: /^warning: the session may live on at the server: .*\nLogged out/ }, of);
  assert.deepEqual([logouts(of), await bytesOf(of)], [[], NOTHING]);
});

for (
  const [about, answer] of [
    ["429", json({ message: "Too Many Attempts." }, 429)],
    ["503 with a page", html("<h1>Down", 503)],
    ["no connection", () => Promise.reject(new TypeError("connection refused"))],
  ] as [string, (request: Request) => Response | Promise<Response>][]
) {
  Deno.test(`LO-1: ${about} where the refresh token is proved dead: it may live on, and is not called revoked`, async () => {
    await using of = await sessionIn("keychain", { logout: "naive" });
    intercept(of, "/oauth/token", answer);
    const { code, out, err } = await execute("auth logout -o json", of);
    assert.deepEqual([code, logouts(of), of.sandbox.alive().refresh, await bytesOf(of)], [0, [200], 1, NOTHING]);
    assert.match(err, /^warning: the session may live on at the server: .*\n$/);
    assert.deepEqual(JSON.parse(out), { origin: of.sandbox.origin, deleted: true, revoked: false });
  });
}

Deno.test("LO-1: a refresh token that cannot be read may live on, and is not called revoked", async () => {
  await using of = await sessionIn("keychain", { logout: "naive" });
  await tamper(of, "refresh", { v: 7 });
  const { code, out, err } = await execute("auth logout -o json", of);
  assert.deepEqual([code, logouts(of), await bytesOf(of)], [0, [200], NOTHING]);
  assert.match(err, /^warning: the session may live on at the server: .* in Secret Service is damaged\n$/);
  assert.equal(JSON.parse(out).revoked, false);
});

for (const place of PLACES) {
  Deno.test(`a personal access token (${place}) is only deleted here, and that is said; the server is not asked`, async () => {
    await using of = await sessionIn(place, { kind: "pat" });
    await autocom("auth logout", {
      err:
        /^The personal access token stays valid\. End it in the web app, or log in with it once more, then: autocom auth logout --revoke\nLogged out of /,
    }, of);
    assert.deepEqual([of.sandbox.log.length, await bytesOf(of)], [0, NOTHING]);
    assert.ok(of.sandbox.accepts(pat(of.sandbox)));
  });

  Deno.test(`the way to end a personal access token (${place}) that a logout names works once it is read`, async () => {
    await using of = await sessionIn(place, { kind: "pat" });
    await autocom("auth logout", { err: /log in with it once more, then: autocom auth logout --revoke\n/ }, of);
    of.stdin = pat(of.sandbox);
    await autocom("auth login --token-stdin", { err: /Logged in/ }, of);
    await autocom("auth logout --revoke", { err: /^Logged out/ }, of);
    assert.equal(of.sandbox.accepts(pat(of.sandbox)), false);
  });

  Deno.test(`auth logout --revoke ends a personal access token (${place}) everywhere`, async () => {
    await using of = await sessionIn(place, { kind: "pat" });
    const token = pat(of.sandbox);
    await autocom("auth logout --revoke", { err: /^Logged out/ }, of);
    assert.deepEqual([logouts(of), renewals(of), await bytesOf(of)], [[200], 0, NOTHING]);
    assert.equal(of.sandbox.accepts(token), false);
  });
}

Deno.test("LO-4: AUTOCOM_TOKEN cannot be logged out: exit 2, and the variable is named", async () => {
  await using of = await sessionIn("keychain");
  of.env.AUTOCOM_TOKEN = pat(of.sandbox);
  const before = await bytesOf(of);
  await autocom("auth logout", {
    code: 2,
    err: "error: cannot log out of AUTOCOM_TOKEN: the token is only in that variable\nhint: unset AUTOCOM_TOKEN\n",
  }, of);
  assert.deepEqual([of.sandbox.log.length, await bytesOf(of)], [0, before]);
});

Deno.test("LO-5: logout without a session is exit 0, says so and asks nobody", async () => {
  await using of = await world();
  const err = `Nothing to log out of: there is no session for ${of.sandbox.origin}.\n`;
  for (const line of ["auth logout", "logout"]) await autocom(line, { err }, of);
  assert.equal(of.sandbox.log.length, 0);
});

Deno.test("a logout waits for a renewal under way, and ends what that has brought", async () => {
  await using of = await sessionIn("file");
  expire(of);
  const { promise: renewing, resolve } = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  intercept(of, "/oauth/token", async () => {
    resolve();
    await answered.promise;
    return undefined;
  });
  const renewal = execute("auth refresh", beside(of));
  await renewing;
  const logout = execute("auth logout", beside(of));
  answered.resolve();
  assert.deepEqual([(await renewal).code, (await logout).code], [0, 0]);
  assert.deepEqual([of.sandbox.alive(), await bytesOf(of)], [{ access: 0, refresh: 0 }, NOTHING]);
});

Deno.test("FT-42: with -o json and yaml logout prints what it did", async () => {
  for (const place of PLACES) {
    await using of = await sessionIn(place);
    const { origin } = of.sandbox;
    const done = { origin, deleted: true, revoked: true };
    await autocom("auth logout -o json", { out: (text) => assert.deepEqual(JSON.parse(text), done) }, of);
    await autocom("auth logout -o yaml", { out: `---\norigin: ${origin}\ndeleted: false\nrevoked: false\n` }, of);
  }
});

for (const format of ["table", "tsv", "json", "yaml"]) {
  Deno.test(`FT-42: a revocation that failed is a warning with -o ${format} and -q, and the result says so`, async () => {
    await using of = await sessionIn("keychain");
    intercept(of, "/auth/logout", html("<h1>Down", 503));
    const { code, out, err } = await execute(`auth logout -q -o ${format}`, of);
    assert.deepEqual([code, await bytesOf(of)], [0, NOTHING]);
    assert.match(err, /^warning: the session may live on at the server: .*\n$/);
    if (format === "json") {
      assert.deepEqual(JSON.parse(out), { origin: of.sandbox.origin, deleted: true, revoked: false });
    }
    if (format === "table" || format === "tsv") assert.equal(out, "");
  });
}

Deno.test("FT-42: a personal access token that was only deleted is not called revoked", async () => {
  await using of = await sessionIn("file", { kind: "pat" });
  const { out } = await execute("auth logout -o json", of);
  assert.deepEqual(JSON.parse(out), { origin: of.sandbox.origin, deleted: true, revoked: false });
});
