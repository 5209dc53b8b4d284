/**
 * Many processes over one session, in virtual time: a token endpoint that misbehaves as servers do drives the real code,
 * and beside it the policy that one writes first. What differs is what the lock and the second look are for.
 *
 * @module
 */

import assert from "node:assert/strict";
import { credential } from "../../src/auth/mod.ts";
import { endsWithin, pair } from "../../src/auth/session.ts";
import type { SessionStore } from "../../src/auth/store.ts";
import { AppError } from "../../src/errors.ts";
import type { Fetch } from "../../src/system/mod.ts";
import { type Memory, memoryStore } from "./memory_store.ts";
import { Platform, type Weather } from "./rotating_platform.ts";
import { dice, VirtualTime } from "./virtual_time.ts";

const SEEDS = 15;
const PROCESSES = 10;
const ROUNDS = 24;
/** Seconds between two rounds, in which all processes want something within 50 ms: five rounds to an expiry. */
const PERIOD = 50;

const CALM: Weather = { limited: 0, broken: 0, slow: 0, dropped: 0 };

interface Plan {
  weather: Partial<Weather>;
  /** Probability that a process is killed in a round. */
  kills?: number;
  /** The round in which one process logs out. */
  logout?: number;
}

interface Seen {
  outcomes: Record<string, number>;
  /** A session was given up, or deleted, that the server would have renewed. */
  lost: string[];
  /** Renewed although its token had more than a minute to live. */
  early: number;
  memory: Memory;
  platform: Platform;
}

/** How a process gets its token; throws when there is none. */
type Policy = (of: { store: SessionStore; changes: Parameters<Parameters<SessionStore["exclusive"]>[0]>[0] }, with_: {
  fetch: Fetch;
  clock: Parameters<typeof credential>[0]["clock"];
  random: Parameters<typeof credential>[0]["random"];
}) => Promise<{ token: string; renew?: () => Promise<{ token: string }> }>;

const ours: Policy = ({ store }, { fetch, clock, random }) =>
  credential({ env: {}, clock, random }, {
    origin: Platform.ORIGIN,
    sessions: store,
    margin: 60,
    fetch,
    wait: 65_000,
    unsaved: (error) => Promise.reject(error),
  });

/** No lock, no second look, and any 4xx is taken for the end of the session. */
const naive: Policy = async ({ store, changes }, { fetch, clock, random }) => {
  const { access } = await store.find(Platform.ORIGIN) ?? {};
  const refresh = await store.refreshOf(Platform.ORIGIN, { place: "keychain", where: "" });
  if (!access || !refresh) throw new AppError("unauthenticated", "not logged in");
  if (!endsWithin(access, 60, clock.now())) return { token: access.access_token };
  const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: refresh.refresh_token });
  const answer = await fetch(new Request(`${Platform.ORIGIN}/oauth/token`, { method: "POST", body }));
  if (answer.status >= 400 && answer.status < 500) {
    await changes.remove(Platform.ORIGIN);
    throw new AppError("unauthenticated", "logged out");
  }
  if (answer.status !== 200) throw new AppError("server", "try later");
  const { access_token, refresh_token, expires_in } = await answer.json();
  const expires_at = clock.now() / 1000 + expires_in;
  const tokens = { access_token, refresh_token, expires_at };
  await changes.save(pair(random, { ...PERSON, tokens }), "keychain");
  return { token: access_token };
};

const PERSON = { origin: Platform.ORIGIN, kind: "oauth", clientId: "cli", name: "Ada", email: "ada@example.test" } as const;

async function simulate(policy: Policy, plan: Plan, seed: number): Promise<Seen> {
  const [time, roll] = [new VirtualTime(), dice(seed)];
  const random = {
    bytes: (length: number) => Uint8Array.from({ length }, () => roll() * 256),
    uuid: () => String(roll()),
  };
  const platform = new Platform(time, roll, { ...CALM, ...plan.weather });
  const memory: Memory = pairOf(platform.login());
  const seen: Seen = { outcomes: {}, lost: [], early: 0, memory, platform };
  function pairOf(tokens: { access_token: string; refresh_token: string; expires_at: number }) {
    return pair(random, { ...PERSON, tokens });
  }
  const isLiving = () => memory.refresh !== undefined && platform.renews(memory.refresh.refresh_token);
  platform.rotating = (access) => void (seen.early += Number(access.ends - time.now > 60_000));

  const processes = Array.from({ length: PROCESSES }, (_, number) => async () => {
    let killed = false;
    const me = {};
    const pause = (ms = 1 + roll() * 9) => time.sleep(ms, () => killed);
    const way = memoryStore({ ...memory }, me, pause);
    Object.assign(way, memoryStore(memory, me, pause));
    const clock = { now: () => time.now, sleep: pause, timeout: () => new AbortController().signal };
    const fetch: Fetch = async (request) => {
      const answer = await platform.token(await request.text(), pause);
      if (answer) return answer;
      throw new AppError("network", "the connection broke off");
    };
    const start = time.now;
    for (let round = 1; round <= ROUNDS; round++) {
      await time.sleep(start + round * PERIOD * 1000 + roll() * 50 - time.now);
      if (plan.kills && roll() < plan.kills) {
        // A new process takes its place; the lock is the system's to give back.
        setKill();
      }
      if (plan.logout === round && number === 0) {
        await way.store.remove(Platform.ORIGIN);
        continue;
      }
      const outcome = await command();
      seen.outcomes[outcome] = (seen.outcomes[outcome] ?? 0) + 1;
      if (outcome === "unauthenticated" && isLiving()) seen.lost.push(`given up at round ${round}`);
    }
  });
  await time.run(processes);
  return seen;
}
