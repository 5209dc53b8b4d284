/**
 * A command that waits for a lock which another autocom holds: it can be interrupted, and a terminal is told.
 *
 * @module
 */

import assert from "node:assert/strict";
import { autocom, execute, type World } from "../support/harness.ts";
import { bytesOf, expire, ORDERS, renewals, sessionIn } from "../support/kept.ts";
import { MovingClock } from "../support/system/moving_clock.ts";
import { systemOf } from "../support/world.ts";

const SESSION = "session.lock";
const SETTINGS = ".config.toml.lock";

/** Holds the lock; at the first nap of who waits for it `happens` comes. */
async function held(of: World, name: string, happens: (lock: Deno.FsFile) => unknown): Promise<Deno.FsFile> {
  await Deno.mkdir(`${of.home}/.autocom`, { mode: 0o700, recursive: true });
  const lock = await Deno.open(`${of.home}/.autocom/${name}`, { read: true, write: true, create: true });
  await lock.lock(true);
  const { clock } = systemOf(of);
  const sleep: typeof clock.sleep = async (ms, signal) => {
    if (signal) return await clock.sleep(ms, signal);
    await happens(lock);
  };
  of.system = { ...of.system, clock: { ...clock, sleep } };
  return lock;
}

const kept = async (of: World) => [
  await bytesOf(of),
  await Deno.readTextFile(`${of.home}/.autocom/config.toml`).catch(() => null),
  renewals(of),
];

const WAITING: [line: string, lock: string, kind?: "pat"][] = [
  ["config set ring edge", SETTINGS],
  ["config unset ring", SETTINGS],
  ["tenants use acme", SETTINGS],
  ["auth logout", SESSION],
  ["auth logout", SESSION, "pat"],
  ["auth refresh", SESSION],
  [ORDERS, SESSION],
];
const SIGNALS = [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const;

for (const [line, name, kind = "oauth"] of WAITING) {
  Deno.test(`RF-3: ${line} (${kind}) is interrupted while it waits for ${name}, and does nothing, though the lock is free then`, async () => {
    for (const [signal, code] of SIGNALS) {
      await using of = await sessionIn("keychain", { kind });
      if (line === ORDERS) expire(of);
      const before = await kept(of);
      using _lock = await held(of, name, async (lock) => {
        of.signal(signal);
        await lock.unlock();
      });
      await autocom(line, { code, err: "error: interrupted\n" }, of);
      assert.deepEqual(await kept(of), before);
    }
  });
}

Deno.test("what is done when the signal comes is done: exit 0, and no word of an interruption", async () => {
  await using of = await sessionIn("keychain");
  const { files } = systemOf(of);
  const rename: typeof files.rename = async (from, to) => {
    of.signal("SIGINT");
    await files.rename(from, to);
  };
  of.system = { files: { ...files, rename } };
  await autocom("config set ring edge", { err: /^Saved ring = edge in \S+\.\n$/ }, of);
  assert.match(await Deno.readTextFile(`${of.home}/.autocom/config.toml`), /ring = "edge"/);
});

const TOLD: [ms: number, terminal: boolean, said: number[]][] = [[2_400, true, [1, 2]], [900, true, []], [
  2_400,
  false,
  [],
]];
for (const [ms, terminal, said] of TOLD) {
  Deno.test(`WP-95: who waits ${ms} ms for another autocom ${terminal ? "at a terminal" : "elsewhere"} is told ${said.length} times, with the lock's path`, async () => {
    for (const [line, name] of [["config set ring edge", SETTINGS], ["auth logout", SESSION]] as const) {
      await using of = await sessionIn("keychain");
      Object.assign(of.env, { NO_COLOR: "1", TERM: "xterm" });
      of.terminal = { stdout: terminal, stderr: terminal };
      of.columns = 200;
      using lock = await held(of, name, () => {});
      const clock = new MovingClock();
      let napped = 0;
      const sleep: typeof clock.sleep = async (length, signal) => {
        if (signal) return await clock.sleep(length, signal);
        await clock.pass(length);
        if ((napped += length) >= ms) await lock.unlock();
      };
      of.system = { ...of.system, clock: { now: clock.now, sleep } };
      const { code, err } = await execute(line, of);
      assert.equal(code, 0, err);
      const path = `${of.home}/.autocom/${name}`;
      const told = [...err.matchAll(/Waiting for another autocom \((\S+)\): (\d+) s/g)];
      assert.deepEqual(
        [...new Set(told.map(([, at, seconds]) => `${at} ${seconds}`))],
        said.map((at) => `${path} ${at}`),
      );
    }
  });
}
