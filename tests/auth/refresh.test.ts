import assert from "node:assert/strict";
import { credential, lastToken } from "../../src/auth/mod.ts";
import { renew } from "../../src/auth/refresh.ts";
import { type Access, account, endsWithin, pair, type Session } from "../../src/auth/session.ts";
import type { Found } from "../../src/auth/store.ts";
import { AppError } from "../../src/errors.ts";
import type { Fetch } from "../../src/system/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import { type Memory, memoryStore } from "../support/auth/memory_store.ts";

const ORIGIN = "https://api.example.test";
const NOW = Date.UTC(2026, 0, 1) / 1000;
const { random, files, host } = denoSystem();

/** Pairs of one login, told apart by their number. */
function session(number: number, expires_at = NOW + 30): Session {
  const tokens = { access_token: `access-${number}`, refresh_token: `refresh-${number}`, expires_at };
  return pair(random, {
    origin: ORIGIN,
    kind: "oauth",
    clientId: "cli",
    tokens,
    name: "Ada",
    email: "ada@example.test",
  });
}

/** One process and a platform that answers with these in turn; what is stored may change before each answer. */
function process(memory: Memory, ...answers: (() => Response | Promise<Response>)[]) {
  const { store } = memoryStore(memory, {}, () => Promise.resolve());
  const asked: string[] = [];
  const fetch = async (request: Request) => {
    asked.push(new URLSearchParams(await request.text()).get("refresh_token")!);
    return await answers[asked.length - 1]!();
  };
  const system = {
    random,
    clock: { now: () => NOW * 1000, sleep: () => Promise.resolve() },
  };
  const found = (access = memory.access): Found => ({ ...access && { access }, place: "keychain", where: "memory" });
  return {
    store,
    asked,
    system,
    found,
    fetch,
    renew: (from = found()) =>
      renew(system, store, { origin: ORIGIN, found: from, alive: true, run: running(fetch), timeout: 50 }),
  };
}

const running = (fetch: Fetch) => ({
  tokenEndpoint: () => Promise.resolve(fetch),
  signal: new AbortController().signal,
  closing: [],
});
const renewed = (number: number) => () =>
  Response.json({
    token_type: "Bearer",
    expires_in: 600,
    access_token: `access-${number}`,
    refresh_token: `refresh-${number}`,
  });
const dead = () =>
  Response.json({ error: "invalid_grant", error_description: "The refresh token is invalid." }, { status: 400 });
const kind = (expected: string) => (error: unknown) => error instanceof AppError && error.kind === expected;

Deno.test("a renewed pair is stored with one new generation, and with the name of the old one", async () => {
  const memory: Memory = session(1);
  const old = memory.access!;
  const { access, own } = await process(memory, renewed(2)).renew();
  assert.deepEqual([own, access, memory.refresh!.refresh_token], [true, memory.access, "refresh-2"]);
  assert.deepEqual([access.expires_at, access.email, access.gen], [NOW + 600, "ada@example.test", memory.refresh!.gen]);
  assert.notEqual(access.gen, old.gen);
});

Deno.test("a pair that another process stored is taken, however short its life is, and not renewed in its turn", async () => {
  const memory: Memory = session(1);
  const before = process(memory);
  const found = before.found();
  Object.assign(memory, session(2, NOW + 1));
  assert.deepEqual(await before.renew(found), { access: memory.access, own: false });
  assert.deepEqual(before.asked, []);
});

Deno.test("a pair of another process's can be renewed when the server refuses it, one's own that is refused is the end", async () => {
  const memory: Memory = session(1);
  const { system, store, fetch, asked } = process(memory, renewed(3));
  const find = store.find;
  store.find = async (origin) => {
    const found = await find(origin);
    // Between the first look and the second, under the lock.
    if (found?.access?.access_token === "access-1") Object.assign(memory, session(2, NOW + 600));
    return found;
  };
  const unsaved = () => Promise.reject();
  const wanted = {
    origin: ORIGIN,
    sessions: store,
    margin: 60,
    run: running(fetch),
    timeout: 50,
    unsaved,
    warn: unsaved,
  };
  const another = await credential({ ...system, files, host, env: {} }, wanted);
  assert.deepEqual([another.token, asked], ["access-2", []]);
  const own = await another.renew!();
  assert.deepEqual([own.token, own.renew, asked], ["access-3", undefined, ["refresh-2"]]);
});

Deno.test("a pair of another process that has ended meanwhile is renewed", async () => {
  const memory: Memory = session(1);
  const before = process(memory, renewed(3));
  const found = before.found();
  Object.assign(memory, session(2, NOW - 1));
  assert.equal((await before.renew(found)).access.access_token, "access-3");
  assert.deepEqual(before.asked, ["refresh-2"]);
});

Deno.test("RF-4: a dead refresh token is looked up again: what a program without the lock wrote is the session now", async () => {
  const memory: Memory = session(1);
  const late = process(memory, () => (Object.assign(memory, session(2, NOW + 600)), dead()));
  assert.equal((await late.renew()).access.access_token, "access-2");
  assert.equal(memory.refresh!.refresh_token, "refresh-2");
});

Deno.test("RF-4: the same when it has written the refresh token alone so far: that one is tried", async () => {
  const memory: Memory = session(1);
  const late = process(memory, () => (memory.refresh = session(2).refresh, dead()), renewed(3));
  assert.equal((await late.renew()).access.access_token, "access-3");
  assert.deepEqual([late.asked, memory.refresh!.refresh_token], [["refresh-1", "refresh-2"], "refresh-3"]);
});

Deno.test("RF-4: a refresh token that is dead and still the same is the end of the session", async () => {
  const memory: Memory = session(1);
  const late = process(memory, dead);
  await assert.rejects(late.renew(), kind("unauthenticated"));
  assert.deepEqual([late.asked, memory.access, memory.refresh], [["refresh-1"], undefined, undefined]);
});

Deno.test("a logout in another process is not undone: nothing is sent, nothing is written", async () => {
  const memory: Memory = session(1);
  const waiting = process(memory);
  const found = waiting.found();
  memory.access = memory.refresh = undefined;
  await assert.rejects(waiting.renew(found), kind("unauthenticated"));
  assert.deepEqual([memory.access, memory.refresh], [undefined, undefined]);
});

Deno.test("RF-3: who cannot have the lock sends nothing", async () => {
  const memory: Memory = { ...session(1), holder: {} };
  const waiting = process(memory);
  await assert.rejects(waiting.renew(), kind("failure"));
  assert.deepEqual(waiting.asked, []);
});

Deno.test("RF-6: what is no dead grant keeps the session, whatever the store says meanwhile", async () => {
  const memory: Memory = session(1);
  const { access, refresh } = memory;
  await assert.rejects(process(memory, () => new Response("<html>", { status: 503 })).renew(), kind("server"));
  assert.deepEqual([memory.access, memory.refresh], [access, refresh]);
});

Deno.test("a last token is obtained and not kept; a session that the server renews no more has none", async () => {
  const memory: Memory = session(1);
  const before = { ...memory };
  const { system, store, fetch, found } = process(memory, renewed(2), dead, () => new Response(null, { status: 500 }));
  const of = { origin: ORIGIN, found: found(), fetch };
  assert.equal(await lastToken(system, store, of), "access-2");
  assert.equal(await lastToken(system, store, of), undefined);
  await assert.rejects(lastToken(system, store, of), kind("server"));
  memory.refresh = undefined;
  assert.equal(await lastToken(system, store, of), undefined);
  assert.deepEqual(memory.access, before.access);
});

/** [seconds to the end, the server's clock ahead by, margin, is it over] */
const ENDS: [left: number | null, skew: number | undefined, margin: number, over: boolean][] = [
  [61, undefined, 60, false],
  [60, undefined, 60, true],
  [0, undefined, 0, true],
  [1, undefined, 0, false],
  [null, undefined, 1e9, false],
  [86_400, 86_400, 60, true],
  [86_500, 86_400, 60, false],
  [-86_300, -86_400, 60, false],
  [-86_400, -86_400, 60, true],
];

for (const [left, skew, margin, over] of ENDS) {
  Deno.test(`RF-10: an end in ${left} s, by a clock ${skew ?? 0} s ahead, is ${over ? "" : "not "}within ${margin} s`, () => {
    const access = { expires_at: left === null ? null : NOW + left, skew } as Access;
    assert.equal(endsWithin(access, margin, NOW * 1000), over);
  });
}

Deno.test("the entries of a session are named by host and port; an IPv6 host loses its brackets", () => {
  assert.equal(account("https://api.example.test", "access"), "api.example.test:access");
  assert.equal(account("https://api.example.test:8443", "refresh"), "api.example.test:8443:refresh");
  assert.equal(account("http://[::1]:8790", "access"), "::1:8790:access");
});

Deno.test("a session without an end, a name or a refresh token says so", () => {
  const given = {
    origin: ORIGIN,
    kind: "pat",
    clientId: "",
    tokens: { access_token: "t" },
    name: null,
    email: null,
  } as const;
  const { access, refresh } = pair(random, given);
  const { gen, ...rest } = access;
  assert.deepEqual(rest, {
    v: 1,
    origin: ORIGIN,
    kind: "pat",
    access_token: "t",
    expires_at: null,
    name: null,
    email: null,
  });
  assert.match(gen, /^[0-9a-f]{16}$/);
  assert.equal(refresh, undefined);
});
