import assert from "node:assert/strict";
import { openKeychain } from "../../src/keychain/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import { keychainContract, type KeychainState, type Subject, type World } from "../contract/keychain.ts";
import { fakeAdvapi } from "../support/keychain/fake_advapi.ts";
import { fakeBus, put } from "../support/keychain/fake_bus.ts";
import { fakeSecretTool, noLibrary as ffi } from "../support/keychain/fake_secret_tool.ts";
import { fakeSecurity } from "../support/keychain/fake_security.ts";
import { gnomeKeyring, missingTools, noSockets } from "../support/keychain/gnome_keyring.ts";
import { ownKeychain } from "../support/keychain/login_keychain.ts";
import { libsecretAgent } from "../support/keychain/libsecret_agent.ts";
import type { Remote } from "../support/keychain/remote.ts";

const system = denoSystem();
const host = { arch: "x86_64", uid: 1000, pid: 1 };
const LINUX: readonly KeychainState[] = ["unlocked", "locked", "no-bus", "no-service", "no-keyring", "hung"];
const TOOL = "/usr/bin/secret-tool";

/** The rest of a keychain that `secret-tool` reaches. */
function secretTool(
  { spawn, env }: Pick<World["system"], "spawn" | "env">,
): Pick<Subject, "capacity" | "states" | "other"> {
  const options = () => ({ env: { ...env }, timeout: 60_000 });
  const attributesOf = (account: string) => ["service", "autocom-cli", "username", account];
  return {
    capacity: 8_000,
    states: LINUX,
    other: {
      async put(account, value, ...more) {
        const label = ["--label", `put ${more}`];
        await spawn.run(TOOL, ["store", ...label, ...attributesOf(account), ...more], { ...options(), stdin: value });
      },
      async all(account) {
        const { stdout } = await spawn.run(TOOL, ["search", "--all", ...attributesOf(account)], options());
        return Array.from(new TextDecoder().decode(stdout).matchAll(/^secret = (.*)$/gm), ([, value]) => value!);
      },
    },
  };
}

Deno.test("the emulated secret-tool meets the contract of a keychain", async (t) => {
  const spawn = fakeSecretTool();
  const world = { ...system, host: { ...host, os: "linux" }, env: {}, spawn, ffi } as const;
  await keychainContract(t, {
    ...secretTool(world),
    become: (state) => Promise.resolve(void (spawn.state = state)),
    open: () => openKeychain(world),
  });
});

Deno.test({
  name: "the emulated session bus meets the contract of a keychain",
  sanitizeResources: false, // a run keeps its connection until its process ends
  async fn(t) {
    await using bus = await fakeBus();
    const spawn = fakeSecretTool("no-bus");
    const env: Record<string, string> = {};
    const world = { ...system, host: { ...system.host, os: "linux" }, env, spawn, ffi } as const;
    const attributes = (account: string) => ({ service: "autocom-cli", username: account });
    await keychainContract(t, {
      capacity: 8_000,
      states: LINUX,
      other: {
        put(account, value, ...more) {
          const [name, text] = more;
          const extra: Record<string, string> = name ? { [name]: text! } : {};
          const secret = new TextEncoder().encode(value);
          put(bus, { attributes: { ...attributes(account), ...extra }, label: "", type: "", secret });
          return Promise.resolve();
        },
        all(account) {
          const found = [...bus.items.values()].filter(({ attributes }) => attributes.username === account);
          return Promise.resolve(found.map(({ secret }) => new TextDecoder().decode(secret)));
        },
      },
      become(state) {
        if (state === "no-bus") delete env.DBUS_SESSION_BUS_ADDRESS;
        else Object.assign(env, { DBUS_SESSION_BUS_ADDRESS: bus.address });
        bus.state = state === "no-bus" ? "unlocked" : state;
        return Promise.resolve();
      },
      open: () => openKeychain(world),
    });
  },
});

Deno.test("the emulated security of macOS meets the contract of a keychain", async (t) => {
  const spawn = fakeSecurity();
  const world = { ...system, host: { ...host, os: "darwin" }, env: {}, spawn } as const;
  await keychainContract(t, {
    capacity: 2_940,
    states: ["unlocked", "locked", "hung"],
    become: (state) => Promise.resolve(void (spawn.state = state as typeof spawn.state)),
    open: () => openKeychain(world),
  });
});

Deno.test("the emulated Credential Manager meets the contract of a keychain", async (t) => {
  const { ffi } = fakeAdvapi();
  const world = { ...system, host: { ...host, uid: null, os: "windows" }, env: {}, ffi } as const;
  await keychainContract(t, {
    capacity: 2_560,
    states: ["unlocked"],
    become: () => Promise.resolve(),
    open: () => openKeychain(world),
  });
});

const missing = await missingTools();
if (missing.length > 0) {
  console.warn(`SKIPPED: the real GNOME Keyring is not tested, there is no ${missing.join(", ")}`);
}

Deno.test({
  name: "GNOME Keyring on the session bus's own socket meets the contract of a keychain",
  ignore: missing.length > 0,
  sanitizeResources: false, // a run keeps its connection until its process ends
  async fn(t) {
    const world = await gnomeKeyring();
    try {
      const { spawn, env } = world.system;
      const run: typeof spawn.run = (...call) => {
        assert.ok(!env.DBUS_SESSION_BUS_ADDRESS, "something was left to secret-tool");
        return spawn.run(...call);
      };
      const open = () => openKeychain({ ...world.system, spawn: { ...spawn, run } });
      await keychainContract(t, { ...secretTool(world.system), become: world.become, open });
    } finally {
      await world.close();
    }
  },
});

Deno.test({
  name: "GNOME Keyring through secret-tool meets the contract of a keychain, where the socket is out of reach",
  ignore: missing.length > 0,
  async fn(t) {
    const world = await gnomeKeyring();
    try {
      const open = () => openKeychain({ ...world.system, sockets: noSockets });
      await keychainContract(t, { ...secretTool(world.system), become: world.become, open });
    } finally {
      await world.close();
    }
  },
});

Deno.test({
  name: "GNOME Keyring through libsecret meets the contract of a keychain, where there is no secret-tool",
  ignore: missing.length > 0,
  async fn(t) {
    const world = await gnomeKeyring();
    await using agents = new AsyncDisposableStack();
    agents.defer(() => world.close());
    const agent = () => agents.use(libsecretAgent(world));
    let current: { state: KeychainState; agent: Remote } | undefined;
    let state: KeychainState = "unlocked";
    await keychainContract(t, {
      ...secretTool(world.system),
      async become(next) {
        await world.become(state = next);
        if (current?.state !== state) current = undefined; // a process has one bus and one service, for all its life
      },
      open: () => (current ??= { state, agent: agent() }).agent.open(),
    });
  },
});

/** The keychain of the system that the tests run on, which can be in no other state. */
const own: Subject = {
  capacity: Deno.build.os === "darwin" ? 2_940 : 2_560,
  states: ["unlocked"],
  become: () => Promise.resolve(),
  open: () => openKeychain(system),
};

Deno.test({
  name: "a real keychain of macOS meets the contract of a keychain",
  ignore: Deno.build.os !== "darwin" || !Deno.env.has("CI"),
  async fn(t) {
    await using _ = await ownKeychain();
    await keychainContract(t, own);
  },
});

Deno.test({
  name: "the real Credential Manager meets the contract of a keychain",
  ignore: Deno.build.os !== "windows",
  fn: (t) => keychainContract(t, own),
});
