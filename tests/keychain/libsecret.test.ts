import assert from "node:assert/strict";
import { type Keychain, openKeychain } from "../../src/keychain/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import type { System } from "../../src/system/mod.ts";
import type { Remote } from "../support/keychain/remote.ts";
import { fakeSecretTool, noLibrary } from "../support/keychain/fake_secret_tool.ts";
import { gnomeKeyring, missingTools } from "../support/keychain/gnome_keyring.ts";
import { libsecretAgent } from "../support/keychain/libsecret_agent.ts";
import { type FakeBus, fakeBus, put } from "../support/keychain/fake_bus.ts";
import { packMessage, type Sent, type Value } from "../support/keychain/wire.ts";

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

/** libsecret in a process of its own, on a bus with so many entries of one account. */
async function onBus(entries: number, fn: (bus: FakeBus, agent: Remote) => Promise<void>): Promise<void> {
  await using bus = await fakeBus();
  for (let more = 0; more < entries; more++) {
    const attributes = { service: "autocom-cli", username: ACCOUNT, more: `${more}` };
    put(bus, { attributes, label: "", type: "", secret: new TextEncoder().encode(`${more}`) });
  }
  const env = { DBUS_SESSION_BUS_ADDRESS: bus.address };
  await using agent = libsecretAgent({ system: { ...denoSystem(), env } });
  await fn(bus, agent);
}

const ignore = (await missingTools()).length > 0;
const answer = (to: Sent, signature: string, values: Value[]) =>
  packMessage({ type: 2, serial: 9, fields: { to: to.serial, ...signature && { signature } }, values });

for (
  const [member, signature, values] of [
    ["OpenSession", "", []],
    ["OpenSession", "s", ["x"]],
    ["SearchItems", "", []],
    ["SearchItems", "u", [1]],
    ["SearchItems", "v", [["v", ["v", ["s", "x"]]]]],
    ["GetSecret", "", []],
    ["GetSecret", "s", ["x"]],
    ["GetSecret", "(oay)", [["/a", []]]],
  ] as [string, string, Value[]][]
) {
  Deno.test({
    name: `an answer of another type is refused by libsecret's side, and ends no process: ${member} "${signature}"`,
    ignore,
    fn: () =>
      onBus(1, async (bus, agent) => {
        bus.tamper = (called, bytes, to) => called === member ? answer(to, signature, values) : bytes;
        const found = await agent.open().get(ACCOUNT);
        assert.equal(found.state, "refused");
        bus.tamper = (_, bytes) => bytes;
        assert.deepEqual(await agent.open().get(ACCOUNT), { state: "present", value: "0" });
      }),
  });
}

Deno.test({
  name: "KL-2: an entry whose date is none is an old one, for libsecret's side",
  ignore,
  fn: () =>
    onBus(2, async (bus, agent) => {
      let first = true;
      bus.tamper = (member, bytes, to) => {
        if (member !== "Get" || !first) return bytes;
        first = false;
        return answer(to, "v", [["y", 1]]);
      };
      assert.deepEqual(await agent.open().get(ACCOUNT), { state: "present", value: "1" });
    }),
});

Deno.test({
  name: "KL-20: an entry that another process removes between libsecret's search and its reading is missing",
  ignore,
  fn: () =>
    onBus(1, async (bus, agent) => {
      bus.before = (member) => {
        if (member === "GetSecret") bus.items.clear();
      };
      assert.deepEqual(await agent.open().get(ACCOUNT), { state: "missing" });
    }),
});

Deno.test({
  name: "KL-9: entries that each take a second are given up when the time for one look is over",
  ignore,
  fn: () =>
    onBus(60, async (bus, agent) => {
      const over = new AbortController();
      const late = () => denoSystem().clock.sleep(1_000, over.signal).catch(() => {});
      bus.before = (member) => member === "Get" ? late() : undefined;
      assert.deepEqual(await agent.open().get(ACCOUNT), { state: "hung" });
      over.abort();
      assert.ok(bus.calls.filter((member) => member === "Get").length < 60);
    }),
});

Deno.test({
  name: "LK-7: a damaged message is not shown by GLib on stderr: it may hold a secret",
  ignore,
  fn: () =>
    onBus(1, async (bus, agent) => {
      bus.tamper = (member, bytes, to) =>
        member === "GetSecret" ? answer(to, "(oayays)", [["no path", [], [65], ""]]) : bytes;
      assert.notEqual((await agent.open().get(ACCOUNT)).state, "present");
      assert.equal(await agent.complaints(), "");
    }),
});
