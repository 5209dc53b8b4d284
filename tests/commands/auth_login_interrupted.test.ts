/**
 * A login that is interrupted while it keeps the session, or waits to do so: what is said, kept and alive agrees.
 *
 * @module
 */

import assert from "node:assert/strict";
import { desktop, stored } from "../support/desk.ts";
import { autocom, pat, type World } from "../support/harness.ts";
import { entries, keepSession, LISTED, ORDERS, PLACES } from "../support/kept.ts";
import { systemOf } from "../support/world.ts";

type Way = (of: World) => string;
const WAYS: [how: string, way: Way, grants: number][] = [
  ["in the browser", () => "auth login --tenant acme", 1],
  ["with a token", (of) => (of.stdin = pat(of.sandbox), "auth login --token-stdin --tenant acme"), 0],
];

/** The signal comes at the first write into the place. */
function interruptedWhileKept(of: World, place: "keychain" | "file"): void {
  const { run } = of.keychain;
  of.keychain.run = (command, args, options) => {
    if (args[0] === "store") of.signal("SIGINT");
    return run(command, args, options);
  };
  if (place === "keychain") return;
  const { files } = systemOf(of);
  const rename: typeof files.rename = (from, to) => {
    if (`${to}`.endsWith("credentials")) of.signal("SIGINT");
    return files.rename(from, to);
  };
  of.system = { ...of.system, files: { ...files, rename } };
}

for (const [how, way, grants] of WAYS) {
  for (const place of PLACES) {
    Deno.test(`FT-9: Ctrl-C while a login ${how} keeps its session in the ${place} comes too late: it is kept, works, and exit 0 says so`, async () => {
      await using of = await desktop();
      const before = of.sandbox.alive();
      interruptedWhileKept(of, place);
      await autocom(`${way(of)} --store ${place}`, { err: /Saved tenant = acme .*\nLogged in to /s }, of);
      assert.equal((await stored(of)).place, place);
      assert.equal(of.sandbox.alive().access - before.access, grants);
      assert.ok(!of.sandbox.log.some(({ url }) => url.endsWith("/auth/logout")));
      await autocom(ORDERS, { out: LISTED }, of);
    });

    Deno.test(`FT-9: Ctrl-C while a login ${how} waits for the lock, which is free then, keeps the session that the ${place} has, and ends what it obtained`, async () => {
      await using of = await desktop();
      await keepSession(of, place, "owner");
      const [kept, before] = [await entries(of), of.sandbox.alive()];
      using lock = await Deno.open(`${of.home}/.autocom/session.lock`, { read: true, write: true, create: true });
      // Held from the moment at which the platform has told who logs in.
      const { fetch } = of;
      of.fetch = async (request) => {
        const answer = await fetch(request);
        if (request.url.endsWith("/profile")) await lock.lock(true);
        return answer;
      };
      interruptedAtNap(of, () => lock.unlock());
      await autocom(`${way(of)} --store ${place}`, { code: 130, err: /error: interrupted\n$/ }, of);
      assert.deepEqual([await entries(of), of.sandbox.alive()], [kept, before]);
    });
  }

  Deno.test(`FT-9: Ctrl-C while a login ${how} waits to save its tenant says that the session is kept, and how to choose it`, async () => {
    await using of = await desktop();
    await Deno.mkdir(`${of.home}/.autocom`, { mode: 0o700 });
    using lock = await Deno.open(`${of.home}/.autocom/.config.toml.lock`, { read: true, write: true, create: true });
    await lock.lock(true);
    interruptedAtNap(of);
    const said =
      /error: logged in as owner@example\.test \(session kept in Secret Service\), but interrupted\nhint: autocom tenants use acme\n$/;
    await autocom(way(of), { code: 130, err: said }, of);
    assert.ok(!of.sandbox.log.some(({ url }) => url.endsWith("/auth/logout")));
    await lock.unlock();
    await autocom("tenants use acme", { err: /tenant acme/ }, of);
    await autocom(ORDERS, { out: LISTED }, of);
  });
}

/** Who waits for a lock naps without anything that wakes them: there the signal comes. */
function interruptedAtNap(of: World, then = () => Promise.resolve()): void {
  const { clock } = systemOf(of);
  const sleep: typeof clock.sleep = (ms, signal) => {
    if (signal) return clock.sleep(ms, signal);
    of.signal("SIGINT");
    return then();
  };
  of.system = { ...of.system, clock: { ...clock, sleep } };
}
