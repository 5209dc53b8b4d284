import assert from "node:assert/strict";
import { keychainError, openKeychain, type Problem } from "../../src/keychain/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import type { Clock } from "../../src/system/mod.ts";
import { ACCOUNT, at, BEHIND, fast, FOUND, open, scene, test } from "../support/keychain/bus_scene.ts";
import { type FakeSecretTool, fakeSecretTool } from "../support/keychain/fake_secret_tool.ts";
import { gnomeKeyring, missingTools } from "../support/keychain/gnome_keyring.ts";

const SCREEN = { DISPLAY: ":0" };

test("FT-39: a keyring that grants each client apart is asked once for a whole run, which is one client", async () => {
  await using all = await scene();
  Object.assign(all.bus, { apart: true, person: "approves" });
  const keychain = open(all.tool, { env: at(all.bus, SCREEN), waiting() {} });
  assert.deepEqual(await keychain.get(ACCOUNT), FOUND);
  await keychain.set(ACCOUNT, "new");
  assert.deepEqual(await keychain.get(ACCOUNT), { state: "present", value: "new" });
  assert.equal(await keychain.delete(ACCOUNT), true);
  assert.deepEqual([all.bus.clients, all.bus.calls.filter((member) => member === "Prompt").length], [1, 1]);
  assert.deepEqual(all.tool.calls, []);
});

test("FT-39: what was granted to the secret-tool that asked is used, although the next one finds it locked", async () => {
  await using all = await scene();
  const { tool } = all;
  const spawn: FakeSecretTool = {
    ...tool,
    run(command, args, options) {
      tool.state = args[0] === "lookup" ? "unlocked" : "locked";
      return tool.run(command, args, options);
    },
  };
  assert.deepEqual(await open(spawn, { env: SCREEN, waiting() {} }).get(ACCOUNT), BEHIND);
});

test("KL-7: a dialog that is dismissed leaves the keyring locked; without a person, or a screen, there is none", async () => {
  await using all = await scene();
  Object.assign(all.bus, { state: "locked", person: "dismisses" });
  const waiting = () => {};
  assert.deepEqual(await open(all.tool, { env: at(all.bus, SCREEN), waiting }).get(ACCOUNT), { state: "locked" });
  assert.equal(all.bus.calls.filter((member) => member === "Prompt").length, 1);
  for (const situation of [{ env: at(all.bus, SCREEN) }, { env: at(all.bus), waiting }]) {
    assert.deepEqual(await open(all.tool, situation).get(ACCOUNT), { state: "locked" });
  }
  assert.equal(all.bus.calls.filter((member) => member === "Prompt").length, 1);
  all.bus.person = "approves";
  assert.deepEqual(await open(all.tool, { env: at(all.bus, SCREEN), waiting }).get(ACCOUNT), FOUND);
});

test("FT-39: a dialog that nobody answers is named in the hint; where there is none it is not", async () => {
  await using all = await scene();
  const hintOf = (found: { state: string }) => keychainError({ name: "x" }, found as Problem, "read").hint!;
  all.bus.state = "locked";
  let told = 0;
  const waiting = () => void told++;
  const asked = await open(all.tool, { env: at(all.bus, SCREEN), clock: fast(), waiting }).get(ACCOUNT);
  assert.deepEqual(asked, { state: "hung", dialog: true });
  assert.match(hintOf(asked), /close the dialog/);
  assert.equal(told, 1);
  all.bus.state = "hung";
  for (const situation of [{ waiting }, {}]) {
    const found = await open(all.tool, { env: at(all.bus, SCREEN), clock: fast(), ...situation }).get(ACCOUNT);
    assert.deepEqual(found, { state: "hung" });
    assert.doesNotMatch(hintOf(found), /dialog/);
  }
});

for (const silent of ["the service", "the bus"]) {
  test(`KL-9: where ${silent} never answers and nobody is there, 3 s are waited, whatever is asked`, async () => {
    await using all = await scene();
    if (silent === "the bus") all.bus.greeting = "OK";
    else all.bus.state = "hung";
    let slept = 0;
    const clock: Clock = { ...fast(), sleep: (ms, signal) => (slept += ms, fast().sleep(ms, signal)) };
    const keychain = open(all.tool, { env: at(all.bus, SCREEN), clock });
    assert.deepEqual(await keychain.get(ACCOUNT), { state: "hung" });
    await assert.rejects(keychain.set(ACCOUNT, "new"), /does not answer/);
    await assert.rejects(keychain.delete(ACCOUNT), /does not answer/);
    assert.deepEqual([slept, all.tool.calls], [3_000, []]);
  });
}

test("KL-9: a bus that breaks off late is not asked again by another way, which would take as long once more", async () => {
  await using all = await scene();
  const clock = fast();
  // In steps, as the patience is counted: on a busy machine both come late.
  all.bus.before = async (member) => {
    for (let turn = 0; member === "OpenSession" && turn < 20; turn++) await clock.sleep(100);
  };
  all.bus.tamper = (member, bytes) => member === "OpenSession" ? undefined : bytes;
  assert.deepEqual(await open(all.tool, { env: at(all.bus), clock }).get(ACCOUNT), { state: "hung" });
  assert.deepEqual(all.tool.calls, []);
});

for (const place of ["at a screen", "at a terminal alone"]) {
  test(`FT-39: a service that needs 5 s to start is waited for with a person ${place}, who is told`, async () => {
    await using all = await scene();
    const clock = fast();
    all.bus.before = async (member) => {
      if (member === "OpenSession") await clock.sleep(5_000);
    };
    let told = 0;
    const env = at(all.bus, place === "at a screen" ? SCREEN : {});
    assert.deepEqual(await open(all.tool, { env, clock, waiting: () => void told++ }).get(ACCOUNT), FOUND);
    assert.equal(told, 1);
  });
}

test("FT-57: where each turn of ours comes late the keyring is slow with us, and not hung", async () => {
  await using all = await scene();
  // 3 s are 30 ms here, and each of their thirty turns is 9 ms late: a machine ten times too busy.
  const clock = fast(9);
  all.bus.before = async (member) => {
    if (member === "OpenSession") await denoSystem().clock.sleep(100);
  };
  assert.deepEqual(await open(all.tool, { env: at(all.bus), clock }).get(ACCOUNT), FOUND);
});

Deno.test({
  name: "KL-7: somebody is asked to unlock a real keyring on the bus; where no dialog can be shown it stays locked",
  ignore: (await missingTools()).length > 0,
  sanitizeResources: false,
  async fn() {
    const world = await gnomeKeyring();
    try {
      const spawn = fakeSecretTool("missing");
      await world.become("unlocked");
      await openKeychain({ ...world.system, spawn }).set(ACCOUNT, "kept");
      await world.become("locked");
      const system = { ...world.system, spawn, env: { ...world.system.env, ...SCREEN } };
      assert.deepEqual(await openKeychain(system, () => {}).get(ACCOUNT), { state: "locked" });
      await assert.rejects(openKeychain(system, () => {}).set(ACCOUNT, "new"), /locked/);
      await world.become("unlocked");
      assert.deepEqual(await openKeychain(system, () => {}).get(ACCOUNT), { state: "present", value: "kept" });
      assert.deepEqual(spawn.calls, []);
    } finally {
      await world.close();
    }
  },
});
