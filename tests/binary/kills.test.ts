import assert from "node:assert/strict";
import { names } from "../support/storage/folder.ts";
import { binaryTest } from "../support/binary/driver.ts";
import { FULL, newScene } from "../support/binary/scene.ts";
import { KEYRING, signIn } from "../support/binary/situations.ts";
import { openStage } from "../support/binary/stage.ts";
import { save, systemAt, textOf, VICTIMS } from "../support/binary/victim.ts";
import { CACHED } from "../support/cached.ts";

/** Kills of each kind: 1,000 together in full. */
const KILLS = FULL ? 500 : 100;
const AT_ONCE = 4;

/** Numbers from 0 to 1, the same in every run (mulberry32). */
function* random(seed: number): Generator<number, never> {
  for (;;) {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

for (const victim of VICTIMS) {
  Deno.test(`CF-18: killed at ${KILLS} moments, the ${victim} are the old ones or the new ones, and the next run leaves nothing beside them`, async () => {
    const moments = random(20_260_503);
    const seen = new Map<string, number>();
    let left = KILLS;
    let interrupted = 0;
    const work = async () => {
      const home = await Deno.makeTempDir();
      const folder = `${home}/.autocom`;
      const { file, texts, beside } = textOf(victim);
      await save(systemAt(home), victim, 0);
      while (left-- > 0) {
        await killWhileWriting(victim, home, moments.next().value * 12);
        const text = await Deno.readTextFile(`${folder}/${file}`);
        assert.ok(texts.includes(text), `neither the old text nor the new one: ${text.slice(0, 200)}`);
        seen.set(text, (seen.get(text) ?? 0) + 1);
        const strays = (await names(folder)).filter((name) => name !== file && name !== beside);
        assert.ok(strays.length <= 1, strays.join()); // the run that was killed removed its predecessor's
        interrupted += strays.length;
      }
      for (const turn of [1, 0] as const) await save(systemAt(home), victim, turn); // one of them is a change
      assert.deepEqual(await names(folder), [beside, file].sort());
      await Deno.remove(home, { recursive: true });
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    assert.equal(seen.size, 2);
    assert.ok(interrupted > 0, "no kill met a write");
  });
}

/** Starts a victim, waits until it is in full swing, and kills it so many milliseconds later. */
async function killWhileWriting(victim: string, home: string, ms: number): Promise<void> {
  const program = `${import.meta.dirname}/../support/binary/victim.ts`;
  const args = ["run", "-A", "--no-check", ...CACHED, program, victim, home];
  const child = new Deno.Command(Deno.execPath(), { args, stdin: "null", stdout: "piped", stderr: "null" }).spawn();
  const reader = child.stdout.getReader();
  const { done } = await reader.read();
  assert.ok(!done, "the victim died by itself");
  await new Promise((resolve) => setTimeout(resolve, ms));
  child.kill("SIGKILL");
  await Promise.all([child.status, reader.cancel()]);
}

/** Calls of a write in their order, and how many new files there are then: the lock is there, all is written, all is safe. */
const CALLS = [["chmod", 0], ["fsync", 1], ["rename", 1]] as const;

/** The `shell` that kills the program when it is about to make that call. */
function dying(call: string): string {
  return `exec strace -f -qq -o /dev/null -e signal=none -e trace=${call} -e inject=${call}:signal=KILL "$@"`;
}

async function filesOf(home: string): Promise<{ temporary: string[]; others: string[] }> {
  const all = await names(`${home}/.autocom`);
  const temporary = all.filter((name) => name.endsWith(".tmp"));
  return { temporary, others: all.filter((name) => !temporary.includes(name)) };
}

binaryTest(
  "CF-18: config set, killed before each call of its write, changes nothing, and the next one cleans up",
  async (room) => {
    const file = `${room.home}/.autocom/config.toml`;
    for (const [call, left] of CALLS) {
      await room.run(["config", "set", "tenant", "acme"]);
      assert.equal((await room.run(["config", "set", "tenant", "globex"], { shell: dying(call) })).code, 137, call);
      assert.equal(await Deno.readTextFile(file), 'tenant = "acme"\n', call);
      assert.equal((await filesOf(room.home)).temporary.length, left, call);
      assert.equal((await room.run(["config", "set", "tenant", "globex"])).code, 0);
      assert.deepEqual(await filesOf(room.home), { temporary: [], others: [".config.toml.lock", "config.toml"] });
    }
  },
  ["strace"],
);

binaryTest(
  "CF-18: a login, killed before each call of its write, leaves the session as it was, and the next one cleans up",
  async (room) => {
    const login = ["auth", "login", "--token-stdin", "--store", "file", "--force", "--tenant", "acme"];
    const { owner, agent } = room.platform.users;
    const file = `${room.home}/.autocom/credentials`;
    for (const [call, left] of CALLS) {
      assert.equal((await room.run(login, { stdin: owner.pat })).code, 0);
      const before = await Deno.readTextFile(file);
      const { others } = await filesOf(room.home);
      assert.equal((await room.run(login, { stdin: agent.pat, shell: dying(call) })).code, 137, call);
      assert.equal(await Deno.readTextFile(file), before, call);
      assert.deepEqual((await filesOf(room.home)).temporary.length, left, call);
      assert.match((await room.run(["auth", "status"])).out, /owner@example\.test/);
      assert.equal((await room.run(login, { stdin: agent.pat })).code, 0);
      assert.deepEqual(await filesOf(room.home), { temporary: [], others });
    }
  },
  ["strace"],
);

for (const store of ["file", "keyring"] as const) {
  binaryTest(
    `RF-2: killed between the server's answer and the write to the ${store}, the next command says so and ends with 4`,
    async (room) => {
      await using stage = await openStage(room);
      const scene = await newScene(room, stage, store === "file" ? {} : await room.errand("keyring", "unlocked"));
      const { env, home } = scene;
      await signIn(scene, store, "ended");
      await stage.call("set", { latency: 60_000 });
      const running = room.start(["orders", "list"], { env });
      await stage.call("carriedOut", "/oauth/token"); // the old pair is dead at the server
      running.signal("SIGKILL");
      assert.equal((await running.ended).code, 137);
      await stage.call("set", { latency: 0 });
      const next = await room.run(["orders", "list"], { env });
      assert.deepEqual([next.code, next.out], [4, ""]);
      assert.match(
        next.err,
        /^error: the session for \S+ in .* was refused by the server \(.*cut off\)\nhint: autocom auth login\n$/,
      );
      const renewals = (await stage.call("exchanges")).filter(({ url }) => url.endsWith("/oauth/token"));
      assert.deepEqual(renewals.map(({ status }) => status), [200, 400]);
      const third = await room.run(["orders", "list"], { env });
      assert.deepEqual([third.code, third.out], [4, ""]);
      assert.match(third.err, /^error: not logged in .*\nhint: autocom auth login/);
      assert.deepEqual(await stage.call("exchanges"), []);
      assert.deepEqual((await filesOf(home)).temporary, []);
    },
    store === "file" ? [] : KEYRING,
  );
}

binaryTest(
  "RF-2: killed before each call of the write of a renewed session, the next command says so and ends with 4",
  async (room) => {
    await using stage = await openStage(room);
    for (const call of ["fsync", "rename"]) {
      const scene = await newScene(room, stage);
      await signIn(scene, "file", "ended");
      assert.equal((await room.run(["orders", "list"], { env: scene.env, shell: dying(call) })).code, 137);
      const { code, err } = await room.run(["orders", "list"], { env: scene.env });
      assert.equal(code, 4);
      assert.match(err, /was refused by the server \(.*cut off\)\nhint: autocom auth login\n$/);
      assert.deepEqual((await filesOf(scene.home)).temporary, []);
    }
  },
  ["strace"],
);
