/**
 * Two logins that have looked at what is stored before either of them writes: the test holds the lock until both wait.
 *
 * @module
 */

import assert from "node:assert/strict";
import { sessionStore } from "../../src/auth/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import { approved, desktop, pasting, stored } from "../support/desk.ts";
import { beside, browserOf, execute, pat, type User, type World } from "../support/harness.ts";
import { PLACES } from "../support/kept.ts";
import { systemOf } from "../support/world.ts";

/** How a world logs in as that user: what is added to the command line. */
type Way = (of: World, user: User) => string;

const WAYS: Record<string, Way> = {
  "in the browser": (of, user) => {
    of.browser = browserOf(of.sandbox, user);
    return "";
  },
  "for programs": (of, user) => {
    of.browser = browserOf(of.sandbox, user);
    return "-o json";
  },
  "by a pasted address": (of, user) => {
    of.terminal = { stdin: true, stderr: true };
    of.stdin = pasting(async () => [await approved(of, user)]);
    return "--no-browser";
  },
  "with a token": (of, user) => {
    of.stdin = pat(of.sandbox, user);
    return "--token-stdin";
  },
};

/** Runs both lines in their worlds; each goes on to write only when both wait for the lock, or are over. */
async function atOnce(of: World, lines: [World, string][]) {
  const [held, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let isOver = false;
  const runs = lines.map(([each, line]) => {
    const [asks, waits] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { fetch } = each;
    let asked = false;
    each.fetch = async (request) => {
      asks.resolve();
      asked = true;
      await held.promise;
      return await fetch(request);
    };
    const { clock } = denoSystem();
    // Nothing else sleeps without a signal that ends it; before the server was asked, nobody writes.
    const sleep: typeof clock.sleep = async (ms, signal) => {
      if (signal || !asked || isOver) return await clock.sleep(ms, signal); // who waits counts what it slept
      waits.resolve();
      await over.promise;
    };
    each.system = { clock: { ...clock, sleep } };
    return { asks: asks.promise, waits: waits.promise, ended: execute(line, each) };
  });
  await Promise.all(runs.map(({ asks, ended }) => Promise.race([asks, ended])));
  await sessionStore(systemOf(of)).exclusive(async () => {
    held.resolve();
    await Promise.all(runs.map(({ waits, ended }) => Promise.race([waits, ended])));
  });
  isOver = true;
  over.resolve();
  return await Promise.all(runs.map(({ ended }) => ended));
}

for (const [how, way] of Object.entries(WAYS)) {
  for (const place of PLACES) {
    Deno.test(`OA-29: of two accounts that log in at the same moment ${how} one is kept in the ${place}, unreplaced`, async () => {
      await using of = await desktop();
      of.env.NO_COLOR = "1";
      const before = of.sandbox.alive();
      const worlds = [beside(of), beside(of)] as const;
      for (const each of worlds) each.answers = [false];
      const users: User[] = ["owner", "admin"];
      const lines = worlds.map((each, at): [World, string] => [
        each,
        `auth login --tenant acme --store ${place} ${way(each, users[at]!)}`,
      ]);
      const ended = await atOnce(of, lines);

      assert.deepEqual(ended.map(({ code }) => code).toSorted(), [0, 2], ended.map(({ err }) => err).join("\n"));
      const kept = ended.findIndex(({ code }) => code === 0);
      const [winner, loser] = [kept, 1 - kept].map((at) => `${users[at]}@example.test`);
      const session = await stored(of);
      assert.deepEqual([session.place, session.access!.email], [place, winner]);
      const change = `${winner} is logged in to ${of.sandbox.origin}; you are now ${loser}`;
      assert.ok(ended[1 - kept]!.err.includes(`not logged in: ${change}`), ended[1 - kept]!.err);
      const interactive = how === "by a pasted address";
      assert.deepEqual(worlds[1 - kept]!.seen.asked, interactive ? [`${change}. Replace the session?`] : []);
      // The grant that nobody keeps is over at the server; a token that was given is not ours to end.
      const grants = how === "with a token" ? 0 : 1;
      const { access, refresh } = of.sandbox.alive();
      assert.deepEqual([access - before.access, refresh - before.refresh], [grants, grants]);
    });
  }
}

Deno.test("OA-29: with --force the login that writes last is kept, also at the same moment", async () => {
  await using of = await desktop();
  const worlds = [beside(of), beside(of)] as const;
  const users: User[] = ["owner", "admin"];
  const lines = worlds.map((each, at): [World, string] => {
    each.browser = browserOf(of.sandbox, users[at]!);
    return [each, "auth login --tenant acme --force"];
  });
  const ended = await atOnce(of, lines);
  assert.deepEqual(ended.map(({ code, err }) => [code, /Logged in/.test(err)]), [[0, true], [0, true]]);
});
