/**
 * Many processes over one session, in virtual time: a token endpoint that misbehaves as servers do drives the real code,
 * and beside it the policy that one writes first. What differs is what the lock and the second look are for.
 *
 * @module
 */

import assert from "node:assert/strict";
import { credential } from "../../src/auth/mod.ts";
import { endsWithin, pair } from "../../src/auth/session.ts";
import { AppError } from "../../src/errors.ts";
import { denoSystem } from "../../src/system/deno.ts";
import type { System } from "../../src/system/mod.ts";
import { type Memory, memoryStore } from "../support/auth/memory_store.ts";
import { Platform, type Weather } from "../support/auth/rotating_platform.ts";
import { dice, VirtualTime } from "../support/auth/virtual_time.ts";

const { files, host } = denoSystem();
const SEEDS = 60;
const PROCESSES = 10;
const ROUNDS = 24;
/** Milliseconds between two rounds; in each, all processes want something within 50 ms. Five rounds are an expiry. */
const PERIOD = 50_000;

const { ORIGIN } = Platform;
const PERSON = { origin: ORIGIN, kind: "oauth", clientId: "cli", name: "Ada", email: "ada@example.test" } as const;

interface Plan {
  weather?: Partial<Weather>;
  /** Probability that a command is killed in the middle. */
  kills?: number;
  /** The round in which the first process logs out. */
  logout?: number;
}

interface Seen {
  /** How commands ended: `ok`, or the kind of the failure. */
  outcomes: Record<string, number>;
  /** Commands that gave up a session which could have been renewed, and such sessions that were deleted. */
  lost: number;
  /** Pairs replaced although their token had more than a minute to live. */
  early: number;
  /** Pairs replaced twice. */
  twice: number;
  /** Requests with a dead refresh token while a living one was stored. */
  futile: number;
  memory: Memory;
}

type Way = ReturnType<typeof memoryStore>;
type World = Pick<System, "env" | "files" | "host" | "clock" | "random" | "fetch">;

/** How a process gets a token. */
type Policy = (way: Way, world: World) => Promise<{ token: string; renew?: () => Promise<{ token: string }> }>;

const ours: Policy = ({ store }, world) =>
  credential(world, {
    origin: ORIGIN,
    sessions: store,
    margin: 60,
    run: {
      tokenEndpoint: () => Promise.resolve(world.fetch),
      signal: new AbortController().signal,
      closing: [],
    },
    timeout: 30_000,
    unsaved: (error) => Promise.reject(error),
    warn: (text) => Promise.reject(new Error(text)),
  });

/** No lock, no second look, and every 4xx is taken for the end of the session. */
const naive: Policy = async ({ store, changes }, { fetch, clock, random }) => {
  const found = await store.find(ORIGIN);
  const refresh = found && await store.refreshOf(ORIGIN, found);
  if (!found?.access || !refresh) throw new AppError("unauthenticated", "not logged in");
  if (!endsWithin(found.access, 60, clock.now())) return { token: found.access.access_token };
  const answer = await fetch(request(refresh.refresh_token));
  if (answer.status >= 500) throw new AppError("server", "try later");
  if (answer.status >= 400) {
    await changes.remove(ORIGIN);
    throw new AppError("unauthenticated", "logged out");
  }
  const { access_token, refresh_token, expires_in } = await answer.json();
  const tokens = { access_token, refresh_token, expires_at: clock.now() / 1000 + expires_in };
  await changes.save(pair(random, { ...PERSON, tokens }), "keychain");
  return { token: access_token };
};

function request(refresh_token: string): Request {
  return new Request(`${ORIGIN}/oauth/token`, { method: "POST", body: new URLSearchParams({ refresh_token }) });
}

async function simulate(policy: Policy, { weather, kills = 0, logout }: Plan, seed: number): Promise<Seen> {
  const [time, roll] = [new VirtualTime(), dice(seed)];
  const random = { bytes: (length: number) => Uint8Array.from({ length }, () => roll() * 256), uuid: () => "" };
  const calm = { limited: 0, broken: 0, slow: 0, dropped: 0 };
  const platform = new Platform(time, roll, { ...calm, ...weather }, seed % 2 ? 12 : 13);
  const { ends, ...tokens } = platform.issue();
  const memory: Memory = pair(random, { ...PERSON, tokens: { ...tokens, expires_at: ends / 1000 } });
  const seen: Seen = { outcomes: {}, lost: 0, early: 0, twice: 0, futile: 0, memory };

  const isLiving = () => memory.refresh !== undefined && platform.renews(memory.refresh.refresh_token);
  memory.removing = () => void (seen.lost += Number(isLiving()));
  platform.rotating = (old) => void (seen.early += Number(old.ends - time.now > 60_000));

  const process = async (number: number) => {
    let dies = Infinity;
    const me = {};
    const pause = (ms = 1 + roll() * 9) =>
      time.sleep(ms, () => {
        if (time.now < dies) return false;
        // The lock is the system's.
        if (memory.holder === me) memory.holder = undefined;
        return true;
      });
    const way = memoryStore(memory, me, pause);
    const world: World = {
      env: {},
      files,
      host,
      clock: { now: () => time.now, sleep: pause },
      random,
      async fetch(request) {
        const living = isLiving();
        const futile = platform.futile;
        const answer = await platform.token(request, pause);
        seen.futile += Number(living && platform.futile > futile);
        if (answer) return answer;
        throw new AppError("network", "the connection broke off");
      },
    };
    const command = async () => {
      try {
        let held = await policy(way, world);
        await pause();
        if (!platform.opens(held.token) && held.renew) {
          held = await held.renew();
          await pause();
        }
        return platform.opens(held.token) ? "ok" : "unauthenticated";
      } catch (error) {
        if (error instanceof AppError) return error.kind;
        throw error;
      }
    };
    const start = time.now;
    for (let round = 1; round <= ROUNDS; round++) {
      await time.sleep(Math.max(0, start + round * PERIOD + roll() * 50 - time.now));
      if (logout === round && number === 0) {
        memory.removing = undefined;
        await way.store.remove(ORIGIN);
        return;
      }
      dies = roll() < kills ? time.now + roll() * 100 : Infinity;
      const outcome = await command();
      seen.outcomes[outcome] = (seen.outcomes[outcome] ?? 0) + 1;
      seen.lost += Number(outcome === "unauthenticated" && isLiving());
    }
  };
  await time.run(Array.from({ length: PROCESSES }, (_, number) => () => process(number)));
  seen.twice = platform.exchanged.values().filter((times) => times > 1).toArray().length;
  return seen;
}

/** Runs that plan with every seed; gives the runs. */
async function runs(policy: Policy, plan: Plan): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) seen.push(await simulate(policy, plan, seed));
  return seen;
}

function total(seen: Seen[], count: (one: Seen) => number): number {
  return seen.reduce((sum, one) => sum + count(one), 0);
}
const BUSY = { limited: 0.2, broken: 0.2, slow: 0.2 };

const PLANS: [about: string, plan: Plan][] = [
  ["a server that only answers", {}],
  ["RF-6: 429, 503 with a page, and answers that take up to 25 s", { weather: BUSY }],
  ["answers that never arrive", { weather: { ...BUSY, dropped: 0.1 } }],
  ["RF-2: processes that are killed in the middle", { kills: 0.05 }],
];

for (const [about, plan] of PLANS) {
  Deno.test(`RF-1: no living session is lost and none renewed twice, with ${about}`, async () => {
    const seen = await runs(ours, plan);
    for (const count of ["lost", "twice", "futile"] as const) assert.equal(total(seen, (one) => one[count]), 0, count);
    assert.equal(total(seen, ({ outcomes }) => outcomes.failure ?? 0), 0, "the lock was not given back");
    assert.ok(total(seen, ({ outcomes }) => outcomes.ok ?? 0) > SEEDS * ROUNDS);
  });
}

for (const [about, plan] of PLANS.slice(0, 2)) {
  Deno.test(`RF-1: every command has its token, renewed in the last minute alone, with ${about}`, async () => {
    const seen = await runs(ours, plan);
    assert.equal(total(seen, ({ outcomes }) => outcomes.unauthenticated ?? 0), 0);
    assert.equal(total(seen, ({ early }) => early), 0);
    assert.ok(seen.every(({ memory }) => memory.access && memory.access.gen === memory.refresh!.gen));
  });
}

Deno.test("the naive policy loses living sessions, renews the same pair twice, and fresh pairs at once", async () => {
  const seen = await runs(naive, {});
  for (const count of ["lost", "twice", "futile", "early"] as const) {
    assert.ok(total(seen, (one) => one[count]) > 0, count);
  }
  assert.ok(seen.filter(({ memory }) => !memory.access).length > SEEDS / 2, "most sessions are gone at the end");
});

Deno.test("without the lock ours is hardly better: the second look alone comes too early", async () => {
  const unlocked: Policy = ({ store, changes }, world) =>
    ours({ store: { ...store, exclusive: (work) => work(changes) }, changes }, world);
  const seen = await runs(unlocked, {});
  for (const count of ["lost", "twice"] as const) assert.ok(total(seen, (one) => one[count]) > 0, count);
});

Deno.test("a logout is not undone by those who were renewing; by the naive policy it is", async () => {
  const plan = { logout: 10, weather: { slow: 0.5 } };
  assert.equal(total(await runs(ours, plan), ({ memory }) => Number(memory.access !== undefined)), 0);
  assert.ok(total(await runs(naive, plan), ({ memory }) => Number(memory.access !== undefined)) > 0);
});
