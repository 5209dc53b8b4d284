import assert from "node:assert/strict";
import { autocom, beside, execute, loggedIn, type World, world } from "../support/harness.ts";
import {
  asked,
  bytesOf,
  dated,
  entries,
  expire,
  intercept,
  later,
  LIFE,
  LISTED,
  ORDERS,
  type Place,
  PLACES,
  renewals,
  sessionIn,
} from "../support/kept.ts";
import { json } from "../support/scripted.ts";

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
      expire(of);
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

for (const place of PLACES) {
  Deno.test(`--all leaves a token that lives five minutes in all to the run before it, until half of them are over (${place})`, async () => {
    await using of = await sessionIn(place, { tokenTtl: 300 });
    await autocom("auth refresh -q", {}, of);
    const stream = "orders list --all --from 2026-05-14";
    for (const [seconds, times] of [[0, 1], [145, 1], [155, 2], [156, 2]] as const) {
      later(of, seconds);
      await autocom(stream, { out: LISTED }, of);
      assert.equal(renewals(of), times, `${seconds} s later`);
    }
  });
}

Deno.test("a list that breaks off because another run renewed the session says so, and goes on with its --page", async () => {
  await using of = await sessionIn("keychain", { graphqlGates: "route" });
  const line = "orders list --all --per-page 15 --from 2026-05-13";
  let asked = 0;
  intercept(of, "/graphql", async () => {
    if (++asked === 2) assert.equal((await execute("auth refresh", beside(of))).code, 0);
    return undefined;
  });
  await autocom(line, {
    code: 4,
    out: LISTED,
    err:
      /^error: .* did not accept the token .*; another run may have renewed the session \(after 15 rows\) \(request \S+\)\nhint: to go on, add to the same command: --page 2\n$/,
  }, of);
  await autocom(`${line} --page 2`, { out: LISTED }, of);
  assert.equal(renewals(of), 1);
});

Deno.test("call --all does, too, also where it reads the schema first", async () => {
  for (const before of [[], ["schema refresh -q"]]) {
    await using of = await sessionIn("keychain");
    for (const line of before) await autocom(line, { out: /server/ }, of);
    later(of, LIFE - 590);
    await autocom("call orders --all --from 2026-05-14T00:00:00Z --fields id", { out: /^ID\n/ }, of);
    assert.equal(renewals(of), 1, before.join());
  }
});

Deno.test("a session that has ended is ended, even in the last minute of its token", async () => {
  await using of = await sessionIn("keychain");
  of.sandbox.expireRefreshTokens();
  later(of, LIFE - 30);
  await autocom(ORDERS, { code: 4, err: /was refused by the server/ }, of);
  assert.deepEqual(of.keychain.items, []);
});

Deno.test("a token that the server revoked is renewed once on a 401, and the request repeated", async () => {
  await using of = await sessionIn("keychain", { graphqlGates: "route" });
  of.sandbox.revokeToken(String((await entries(of)).access!.access_token));
  await autocom(ORDERS, { out: LISTED }, of);
  assert.equal(renewals(of), 1);
  assert.deepEqual(asked(of, "/graphql").map(({ status }) => status), [401, 200]);
});

Deno.test("a token that dies between the look at an order and its change: exit 4, and the change is sent once", async () => {
  await using of = await sessionIn("keychain", { graphqlGates: "route" });
  // The order is found with a token that is good, and then revoked.
  const { fetch } = of;
  let revoked = false;
  of.fetch = async (request) => {
    if (!revoked && (await request.clone().text()).includes("mutation")) {
      revoked = true;
      of.sandbox.revokeToken(String((await entries(of)).access!.access_token));
    }
    return await fetch(request);
  };
  const { code, err } = await execute("orders cancel ORD-20260101-0001 --yes", of);
  const sent = of.sandbox.log.filter(({ body }) => body.includes("mutation"));
  assert.deepEqual([code, sent.length], [4, 1], err);
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
    const outcome = await execute("auth refresh", beside(of));
    assert.equal(outcome.code, 0, outcome.err);
    return undefined;
  });
  await autocom(ORDERS, { out: LISTED }, of);
  assert.equal(renewals(of), 1);
});

for (const hours of [24, -24]) {
  Deno.test(`RF-10: a clock that is ${hours} h wrong costs nothing, and one renewal when it is set right`, async () => {
    await using of = await world();
    await using made = await loggedInAt(of, hours * 3600);
    await autocom(ORDERS, { out: LISTED }, made);
    await autocom("auth status", { out: /STATE\nowner.*\talive\n$/s }, made);
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

/** Where a clock may stand: a dead battery, a typing error, the ends of the calendar. */
const YEARS = [0, 1_000, Date.UTC(2016), Date.UTC(2036), Date.UTC(9999, 11, 31), 8.64e15];
for (const then of YEARS) {
  Deno.test(`a session that is renewed at ${new Date(then).toISOString()} works at every other time`, async () => {
    const { clock } = (await import("../../src/system/deno.ts")).denoSystem();
    const at = (ms: number) => ({ clock: { ...clock, now: () => ms } });
    await using w = await loggedIn();
    w.system = at(then);
    await autocom("auth refresh", { err: /^Renewed the session/ }, w);
    for (const now of [...YEARS, Date.now()]) {
      w.system = at(now);
      await autocom("orders list -q --per-page 1", { out: /\nORD-/ }, w);
      await autocom("auth status -o json", { out: /"usable": true/ }, w);
    }
  });
}

Deno.test("a personal access token that is refused in the middle of a list was renewed by nobody", async () => {
  await using of = await sessionIn("file", { kind: "pat", graphqlGates: "route" });
  let asked = 0;
  intercept(
    of,
    "/graphql",
    () => Promise.resolve(++asked === 2 ? Response.json({ message: "Unauthenticated." }, { status: 401 }) : undefined),
  );
  await autocom("orders list --all --per-page 15 --from 2026-05-13", {
    code: 4,
    out: LISTED,
    err: /^error: .* did not accept the token [^;]* \(after 15 rows\).*\nhint: autocom auth login; to go on, /,
  }, of);
});
