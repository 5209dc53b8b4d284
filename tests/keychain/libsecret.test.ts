import assert from "node:assert/strict";
import { type Keychain, openKeychain } from "../../src/keychain/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import type { System } from "../../src/system/mod.ts";
import { fakeSecretTool, noLibrary } from "../support/keychain/fake_secret_tool.ts";
import { gnomeKeyring, missingTools } from "../support/keychain/gnome_keyring.ts";
import { libsecretAgent } from "../support/keychain/libsecret_agent.ts";

const ACCOUNT = "shop.example:access";

/** Without a `secret-tool`. */
function open(dlopen: () => unknown, env: Record<string, string> = {}): Keychain {
  const system = denoSystem();
  const files = { ...system.files, stat: () => Promise.reject(new Deno.errors.NotFound()) };
  const host = { os: "linux", arch: "x86_64", uid: 1000, pid: 1 } as const;
  const ffi = { ...noLibrary, dlopen: dlopen as System["ffi"]["dlopen"] };
  return openKeychain({ ...system, env, files, host, ffi, spawn: fakeSecretTool("missing") });
}

/** A library whose functions may not be called. */
const untouchable = () => ({ symbols: {}, close() {} });

for (const address of [undefined, "autolaunch:", "unix:path=/nowhere;autolaunch:"]) {
  Deno.test(`LK-1: no bus is started, which would inherit our environment: address ${address}`, async () => {
    const keychain = open(untouchable, address ? { DBUS_SESSION_BUS_ADDRESS: address } : { XDG_RUNTIME_DIR: "/x" });
    const lookup = await keychain.get(ACCOUNT);
    assert.deepEqual(lookup, { state: "unavailable", why: "there is no session bus (D-Bus)" });
  });
}

Deno.test("libsecret is loaded by the name that the system's loader knows, when something is asked", async () => {
  const asked: unknown[] = [];
  const keychain = open((...args: unknown[]) => (asked.push(args[0]), untouchable()));
  assert.deepEqual(asked, []);
  await keychain.get(ACCOUNT);
  assert.deepEqual(asked, ["libsecret-1.so.0"]);
});

Deno.test("a library that may not be loaded any more is a defect, not a missing library", async () => {
  const keychain = open(() => {
    throw new Deno.errors.NotCapable("Requires ffi access");
  });
  await assert.rejects(keychain.get(ACCOUNT), (error: Error) => error.name === "NotCapable");
});

Deno.test({
  name: "KL-7: somebody is asked to unlock through libsecret; where no dialog can be shown the keychain stays locked",
  ignore: (await missingTools()).length > 0,
  async fn() {
    const world = await gnomeKeyring();
    try {
      await world.become("unlocked");
      {
        await using before = libsecretAgent(world);
        await before.open().set(ACCOUNT, "kept");
      }
      await world.become("locked");
      const screen = { system: { ...world.system, env: { ...world.system.env, DISPLAY: ":99" } } };
      await using agent = libsecretAgent(screen, "--somebody");
      assert.deepEqual(await agent.open().get(ACCOUNT), { state: "locked" });
    } finally {
      await world.close();
    }
  },
});
