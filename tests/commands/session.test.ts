import assert from "node:assert/strict";
import { autocom, execute, loggedIn, type World, world } from "../support/harness.ts";
import { asked, bytesOf, dated, entries, intercept, later, type Place, sessionIn, tamper } from "./kept.ts";
import { html, json } from "./scripted.ts";

const PLACES: Place[] = ["keychain", "file"];
const LIFE = 1_296_000;
const ORDERS = "orders list --per-page 1";
const LISTED = /^ORDER\t.*\nORD-/;
const expired = (of: World) => later(of, LIFE + 60);
const renewals = (of: World) => asked(of, "/oauth/token").length;

for (const place of PLACES) {
  for (const passport of [13, 12] as const) {
    Deno.test(`a token with less than a minute to live is renewed first, in the ${place}, Passport ${passport}`, async () => {
      await using of = await sessionIn(place, { passport });
      const before = await entries(of);
      later(of, LIFE - 59);
      await autocom(ORDERS, { out: LISTED }, of);
      const after = await entries(of);
      assert.equal(renewals(of), 1);
      assert.equal(after.access!.gen, after.refresh!.gen);
      assert.notEqual(after.access!.gen, before.access!.gen);
      assert.notEqual(after.refresh!.refresh_token, before.refresh!.refresh_token);
      assert.equal(after.access!.email, "owner@example.test");
      assert.deepEqual(of.sandbox.alive(), { access: 1, refresh: 1 });
      await autocom(ORDERS, { out: LISTED }, of);
      assert.equal(renewals(of), 1);
    });

    const id = passport === 13 ? "RF-4" : "RF-5";
    Deno.test(`${id}: a dead refresh token ends this session and no other, in the ${place}, Passport ${passport}`, async () => {
      await using of = await sessionIn(place, { passport });
      const other = await anotherSession(of, place);
      of.sandbox.expireRefreshTokens();
      expired(of);
      await autocom(ORDERS, {
        code: 4,
        err:
          /^error: the session for http:\S+ in (Secret Service|\/\S+credentials) was refused by the server .*\nhint: autocom auth login\n$/,
      }, of);
      assert.equal(await bytesOf(of), other);
      await autocom(ORDERS, { code: 4, err: /^error: not logged in to / }, of);
      assert.equal(renewals(of), 1);
    });
  }
}

/** Adds a session of another platform; gives the bytes that are kept when it is the only one. */
async function anotherSession(of: World, place: Place): Promise<string> {
  const origin = "https://other.example";
  const access = { v: 1, origin, kind: "pat", gen: "1", access_token: "t", expires_at: null, name: null, email: null };
  if (place === "keychain") {
    const attributes = { service: "autocom-cli", username: "other.example:access" };
    of.keychain.items.push({ attributes, label: "", secret: JSON.stringify(access) });
    return JSON.stringify([of.keychain.items.slice(-1), null]);
  }
  const path = `${of.home}/.autocom/credentials`;
  const data = JSON.parse(await Deno.readTextFile(path));
  data.sessions[origin] = { access };
  await Deno.writeTextFile(path, JSON.stringify(data));
  return JSON.stringify([[], `${JSON.stringify({ v: 1, sessions: { [origin]: { access } } })}\n`]);
}

Deno.test("a token with more than a minute to live is used as it is", async () => {
  await using of = await sessionIn("keychain");
  later(of, LIFE - 65);
  await autocom(ORDERS, { out: LISTED }, of);
  assert.equal(renewals(of), 0);
});

Deno.test("--all renews a token with less than ten minutes to live, because it cannot once it runs", async () => {
  await using of = await sessionIn("keychain");
  later(of, LIFE - 590);
  await autocom(ORDERS, { out: LISTED }, of);
  assert.equal(renewals(of), 0);
  await autocom("orders list --all --from 2026-05-14", { out: LISTED }, of);
  assert.equal(renewals(of), 1);
});

const KEPT: [about: string, answer: () => Response | Promise<Response>, code: number, err: RegExp][] = [
  [
    "401 invalid_client",
    json({ error: "invalid_client", error_description: "Client authentication failed" }, 401),
    1,
    /client id/,
  ],
  ["400 invalid_scope", json({ error: "invalid_scope" }, 400), 1, /invalid_scope/],
  [
    "400 invalid_request of another kind",
    json({ error: "invalid_request", error_description: "no" }, 400),
    1,
    /invalid_request/,
  ],
  ["429", json({ message: "Too Many Attempts." }, 429, { "Retry-After": "42" }), 9, /try again in 42 s/],
  ["500", json({ message: "Server Error" }, 500), 11, /status 500/],
  ["503 with a page", html("<h1>Down for maintenance", 503), 11, /status 503/],
  ["400 with a page", html("<h1>Bad request", 400), 11, /status 400/],
  ["401 that is not OAuth's", json({ message: "Unauthenticated." }, 401), 11, /status 401/],
  [
    "a redirect",
    () => new Response(null, { status: 302, headers: { Location: "https://evil.test/" } }),
    11,
    /redirect/,
  ],
  ["200 without a token", json({ token_type: "Bearer", expires_in: 60 }), 11, /without a usable token/],
  ["a reset", () => Promise.reject(new TypeError("connection reset")), 10, /broke off/],
  ["no way to the host", () => Promise.reject(new TypeError("dns error")), 10, /cannot find the host/],
];

for (const place of PLACES) {
  for (const [about, answer, code, err] of KEPT) {
    Deno.test(`RF-6: ${about} instead of new tokens is exit ${code} and leaves the ${place} as it is, byte for byte`, async () => {
      await using of = await sessionIn(place);
      expired(of);
      const before = await bytesOf(of);
      intercept(of, "/oauth/token", answer);
      await autocom(ORDERS, { code, err }, of);
      assert.equal(await bytesOf(of), before);
    });
  }
}

Deno.test("a token in its last minute is used while the server is too busy to renew it", async () => {
  await using of = await sessionIn("keychain");
  later(of, LIFE - 30);
  intercept(of, "/oauth/token", json({ message: "Too Many Attempts." }, 429));
  await autocom(ORDERS, { out: LISTED }, of);
});

Deno.test("a token that the server revoked is renewed once on a 401, and the request repeated", async () => {
  await using of = await sessionIn("keychain", { graphqlGates: "route" });
  of.sandbox.revokeToken(String((await entries(of)).access!.access_token));
  await autocom(ORDERS, { out: LISTED }, of);
  assert.equal(renewals(of), 1);
  assert.deepEqual(asked(of, "/graphql").map(({ status }) => status), [401, 200]);
});

Deno.test("RF-9: an API that always says 401 ends the command with exit 4 after one renewal", async () => {
  await using of = await sessionIn("keychain");
  let requests = 0;
  intercept(of, "/graphql", () => (requests++, json({ message: "Unauthenticated." }, 401)()));
  await autocom(ORDERS, { code: 4, err: /did not accept the token.*\nhint: autocom auth login\n$/s }, of);
  assert.deepEqual([renewals(of), requests], [1, 2]);
});

Deno.test("RF-9: a user who was deleted gets new tokens and 401 for them: exit 4, one renewal", async () => {
  await using of = await sessionIn("keychain", { graphqlGates: "route" });
  of.sandbox.deleteUser("owner@example.test");
  await autocom(ORDERS, { code: 4, err: /did not accept the token/ }, of);
  assert.equal(renewals(of), 1);
});

Deno.test("a refusal with status 200 comes after the permissions are gone: exit 4, and auth refresh mends it", async () => {
  await using of = await sessionIn("keychain", { graphqlGates: "field" });
  of.sandbox.revokeToken(String((await entries(of)).access!.access_token));
  await autocom(ORDERS, { code: 4, err: /did not accept the token.*\nhint: autocom auth refresh/s }, of);
  assert.equal(renewals(of), 0);
  await autocom("auth refresh", { err: /^Renewed the session for \S+, kept in Secret Service, until 20\S+Z\.\n$/ }, of);
  await autocom(ORDERS, { out: LISTED }, of);
});

Deno.test("a token that another autocom renewed in the meantime is taken from the store, not renewed again", async () => {
  await using of = await sessionIn("keychain", { graphqlGates: "route" });
  let raced = false;
  intercept(of, "/graphql", async () => {
    if (raced) return undefined;
    raced = true;
    const outcome = await execute("auth refresh", { ...of, seen: { ...of.seen } });
    assert.equal(outcome.code, 0, outcome.err);
    return undefined;
  });
  await autocom(ORDERS, { out: LISTED }, of);
  assert.equal(renewals(of), 1);
});

/** Time that jumps over the short naps of who waits for a lock; nothing else ends early. */
function impatient(of: World): () => number {
  const { clock } = of.system;
  let napped = 0;
  const sleep = (ms: number, signal?: AbortSignal) =>
    ms < 100 ? Promise.resolve(void (napped += ms)) : clock!.sleep(ms, signal);
  of.system = { ...of.system, clock: { ...clock!, sleep } };
  return () => napped;
}

for (const [line, seconds] of [[ORDERS, 65], [`${ORDERS} --timeout 1`, 7], ["auth logout", 65]] as const) {
  Deno.test(`RF-3: autocom ${line} waits ${seconds} s for a process that holds the lock for ever, then names the lock`, async () => {
    await using of = await sessionIn("keychain");
    expired(of);
    const before = await bytesOf(of);
    const path = `${of.home}/.autocom/session.lock`;
    {
      using lock = await Deno.open(path, { read: true, write: true, create: true });
      await lock.lock(true);
      const napped = impatient(of);
      await autocom(line, {
        code: 1,
        err: (text) => {
          assert.ok(
            text.startsWith(`error: another autocom holds the lock ${path}, for more than ${seconds} s\n`),
            text,
          );
          assert.ok(text.endsWith(`hint: see who: fuser ${path}\n`), text);
        },
      }, of);
      assert.ok(Math.abs(napped() - seconds * 1000) < 100, String(napped()));
    }
    assert.deepEqual([of.sandbox.log.length, await bytesOf(of)], [0, before]);
    // The holder's end gives it back.
    await autocom(ORDERS, { out: LISTED }, of);
  });
}

/** The store refuses from the moment that the new pair is there. */
const REFUSING: Record<Place, (of: World) => void> = {
  keychain: (of) => void (of.keychain.state = "locked"),
  file: (of) => {
    const rename = () => Promise.reject(Object.assign(new Error("EROFS"), { code: "EROFS" }));
    of.system = { ...of.system, files: { ...Deno, rename } };
  },
};
const LOST = {
  keychain: /Secret Service \(.*the keychain is locked/,
  file: /credentials \(.*the file system is read-only/,
};

for (const place of PLACES) {
  Deno.test(`RF-7: a renewed session that the ${place} refuses is used, said loudly, and exit 1; the next run is exit 4`, async () => {
    await using of = await sessionIn(place);
    expired(of);
    const { system } = of;
    intercept(of, "/oauth/token", (request, next) => (REFUSING[place](of), next(request)));
    await autocom(ORDERS, {
      code: 1,
      out: LISTED,
      err: (text) => {
        assert.match(text, /^warning: the session was renewed, but could not be kept in /);
        assert.match(text, LOST[place]);
        assert.match(text, /\nerror: the session was renewed, .*\nhint: .*then: autocom auth login\n$/);
      },
    }, of);
    of.system = system;
    of.keychain.state = "unlocked";
    of.fetch = (request) => of.sandbox.fetch(request);
    await autocom(ORDERS, { code: 4, err: /was refused by the server \(expired, revoked, or renewed by a run/ }, of);
  });
}

Deno.test("RF-7: a session that could not be kept is also said when the command itself fails", async () => {
  await using of = await sessionIn("keychain");
  expired(of);
  intercept(of, "/oauth/token", (request, next) => (REFUSING.keychain(of), next(request)));
  await autocom("orders get ORD-00000000-0000", {
    code: 7,
    err: /^warning: the session was renewed, but .*\nerror: there is no order/,
  }, of);
});

Deno.test("RF-2: a run that died between the server's answer and the write leaves a session that ends with exit 4", async () => {
  await using of = await sessionIn("file");
  expired(of);
  const { client_id, refresh_token } = (await entries(of)).refresh!;
  const body = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: `${client_id}`,
    refresh_token: `${refresh_token}`,
  });
  await of.sandbox.fetch(new Request(`${of.sandbox.origin}/oauth/token`, { method: "POST", body }));
  await autocom(ORDERS, { code: 4, err: /renewed by a run that was cut off\)\nhint: autocom auth login\n$/ }, of);
  assert.equal(renewals(of), 2);
});

for (const hours of [24, -24]) {
  Deno.test(`RF-10: a clock that is ${hours} h wrong costs nothing, and one renewal when it is set right`, async () => {
    await using of = await world();
    await using made = await loggedInAt(of, hours * 3600);
    await autocom(ORDERS, { out: LISTED }, made);
    await autocom("auth status", { out: /USABLE\nowner.*\ttrue\n$/s }, made);
    assert.equal(renewals(made), 0);
    later(made, 0, "here");
    await autocom(ORDERS, { out: LISTED }, made);
    assert.ok(renewals(made) <= 1);
  });
}

/** Logs in while the machine's clock is that many seconds off; the platform says what time it is. */
async function loggedInAt(of: World, seconds: number): Promise<World> {
  later(of, seconds, "here");
  dated(of);
  return await loggedIn("owner", { sandbox: of.sandbox, system: of.system, fetch: of.fetch });
}
