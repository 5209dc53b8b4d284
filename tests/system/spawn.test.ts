import assert from "node:assert/strict";
import { join } from "node:path";
import { denoSystem } from "../../src/system/deno.ts";
import { Running } from "../support/binary/running.ts";
import { CACHED } from "../support/cached.ts";

const { spawn } = denoSystem();
const sh = (script: string, more: { timeout?: number; limit?: number; stdin?: string } = {}) =>
  spawn.run("/bin/sh", ["-c", script], { env: { GIVEN: "1" }, timeout: 60_000, ...more });
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const ignore = Deno.build.os === "windows";

/** A test that needs a shell. */
const shellTest = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore, fn });

shellTest("a program runs with its stdin and exactly the environment that it is given", async () => {
  const ran = await sh('cat; echo "${PATH-} $GIVEN ${HOME-unset}" >&2; exit 3', { stdin: "read\n" });
  assert.equal(ran.code, 3);
  assert.equal(text(ran.stdout), "read\n");
  assert.match(text(ran.stderr), / 1 unset\n$/);
});

shellTest(
  "KL-13: what writes more than the limit is killed, and its output says so, even when the first piece is too large",
  async () => {
    for (const limit of [10, 100_000]) {
      const ran = await sh("while :; do echo 0123456789; done", { limit });
      assert.equal(ran.code, null);
      assert.ok(ran.stdout.length > limit);
    }
  },
);

shellTest("KM-7: a program that takes too long is killed, and has not written too much", async () => {
  const ran = await sh("exec sleep 60", { timeout: 100 });
  assert.deepEqual([ran.code, ran.stdout.length], [null, 0]);
});

shellTest(
  "KM-7: what a program leaves running keeps its outputs open, and nobody waiting: ended, or killed",
  async () => {
    for (const [end, timeout, code] of [["exit 3", 60_000, 3], ["wait", 2_000, null]] as const) {
      const ran = await sh(`sleep 60 & echo $!; ${end}`, { timeout });
      assert.equal(ran.code, code);
      assert.match(text(ran.stdout), /^\d+\n$/);
      Deno.kill(Number(text(ran.stdout)), "SIGKILL"); // throws when it has ended: then it was waited for
    }
  },
);

shellTest("a program that does not read its stdin is no failure", async () => {
  assert.equal((await sh("exit 0", { stdin: "x".repeat(1 << 20) })).code, 0);
});

shellTest("KL-6, KL-7: a program that is waited for ends with the process that a signal ends", async () => {
  const folder = await Deno.makeTempDir();
  try {
    // The pipe is open for writing as long as the program lives.
    const pipe = join(folder, "pipe");
    assert.equal((await new Deno.Command("mkfifo", { args: [pipe] }).output()).code, 0);
    const reader = new Running("cat", { args: [pipe] });
    const script = join(import.meta.dirname!, "../support/system/waiting.ts");
    const holder = ["/bin/sh", "-c", 'exec >"$0"; echo there; exec sleep 60', pipe];
    const waiting = new Running(Deno.execPath(), {
      args: ["run", "-A", ...CACHED, script, ...holder],
    });
    await reader.until("out", /there/);
    waiting.signal("SIGTERM");
    assert.equal((await waiting.end()).code, 143);
    assert.deepEqual(await reader.ended, { code: 0, out: "there\n", err: "" });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a program that is not there is the system's NotFound", async () => {
  await assert.rejects(
    spawn.run("/nowhere/program", [], { env: {}, timeout: 1_000 }),
    (error: Error) => error.name === "NotFound",
  );
});
