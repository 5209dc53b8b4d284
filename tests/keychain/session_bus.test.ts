import assert from "node:assert/strict";
import { type Keychain, keychainError, openKeychain, type Problem } from "../../src/keychain/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import type { Clock } from "../../src/system/mod.ts";
import { type FakeBus, fakeBus, put } from "./fake_bus.ts";
import { type FakeSecretTool, fakeSecretTool, noLibrary as ffi } from "./fake_secret_tool.ts";
import { gnomeKeyring, missingTools } from "./gnome_keyring.ts";
import { packMessage, type Sent, type Value } from "./wire.ts";

const ACCOUNT = "shop.example:access";
const FOUND = { state: "present", value: "of the bus" };
const BEHIND = { state: "present", value: "of the tool" };

/** A bus with one entry, and behind it a tool with another value of it: what was asked shows in the answer. */
async function scene(): Promise<AsyncDisposable & { bus: FakeBus; tool: FakeSecretTool }> {
  const [bus, tool] = [await fakeBus(), fakeSecretTool()];
  const attributes = { service: "autocom-cli", username: ACCOUNT };
  put(bus, { attributes, label: "", type: "", secret: new TextEncoder().encode(FOUND.value) });
  tool.items.push({ attributes, label: "", secret: BEHIND.value });
  return { bus, tool, [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose]() };
}

interface Situation {
  env?: Record<string, string>;
  clock?: Clock;
  waiting?: () => void;
}

function open(tool: FakeSecretTool, { env = {}, clock, waiting }: Situation): Keychain {
  const system = denoSystem();
  const host = { ...system.host, os: "linux" } as const;
  return openKeychain({ ...system, host, spawn: tool, ffi, env, ...clock && { clock } }, waiting);
}

function at(bus: FakeBus, more: Record<string, string> = {}): Record<string, string> {
  return { DBUS_SESSION_BUS_ADDRESS: bus.address, ...more };
}

/** A clock on which everything takes a hundredth of its time, and `late` ms more. */
function fast(late = 0): Clock {
  const { clock } = denoSystem();
  return { ...clock, sleep: (ms, signal) => clock.sleep(ms / 100 + late, signal) };
}

/** A run keeps its connection until its process ends. */
function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeResources: false });
}

const ADDRESSES: [string, (bus: FakeBus) => Record<string, string>][] = [
  ["an escaped path and a number", (bus) => at(bus)],
  [
    "several, the first of them dead",
    (bus) => at(bus, { DBUS_SESSION_BUS_ADDRESS: `unix:path=/no/bus;${bus.address}` }),
  ],
  ["one of another kind, then a path", (bus) => at(bus, { DBUS_SESSION_BUS_ADDRESS: `tcp:host=a;${bus.address};` })],
  ["an abstract one, then a path", (bus) => at(bus, { DBUS_SESSION_BUS_ADDRESS: `unix:abstract=/a;${bus.address}` })],
];

for (const [name, env] of ADDRESSES) {
  test(`the session bus is found by its address: ${name}`, async () => {
    await using all = await scene();
    assert.deepEqual(await open(all.tool, { env: env(all.bus) }).get(ACCOUNT), FOUND);
    assert.deepEqual(all.tool.calls, []);
  });
}

test("the session bus is found in the person's own folder when no variable names it, or when it says so", async () => {
  await using all = await scene();
  const folder = await Deno.makeTempDir();
  await Deno.rename(all.bus.path, `${folder}/bus`);
  const env = { XDG_RUNTIME_DIR: folder };
  assert.deepEqual(await open(all.tool, { env }).get(ACCOUNT), FOUND);
  const named = { ...env, DBUS_SESSION_BUS_ADDRESS: "unix:runtime=yes" };
  assert.deepEqual(await open(all.tool, { env: named }).get(ACCOUNT), FOUND);
  await Deno.rename(`${folder}/bus`, all.bus.path);
  await Deno.writeTextFile(`${folder}/bus`, "");
  assert.deepEqual(await open(all.tool, { env }).get(ACCOUNT), BEHIND);
  await Deno.remove(folder, { recursive: true });
});

const ELSEWHERE = [
  "unix:abstract=/tmp/dbus-x",
  "tcp:host=127.0.0.1,port=1",
  "unixexec:path=/bin/false",
  "autolaunch:",
  "unix:path=/nowhere/bus",
  "unix:path=/",
  "unix:path=/etc/passwd",
  "unix:path=relative/bus",
  "unix:path=",
  "unix:path",
  "unix:path=%zz",
  "unix:path=%e9",
  "unix:path=/a%00b",
  `unix:path=/${"x".repeat(200)}`,
  `unix:path=/${"x".repeat(200_000)}`,
  "unix:",
  ";;",
  "\u{1b}[2J",
];

for (const address of ELSEWHERE) {
  test(`an address that leads to no socket is left to libsecret: ${JSON.stringify(address.slice(0, 40))}`, async () => {
    await using all = await scene();
    const env = { DBUS_SESSION_BUS_ADDRESS: address };
    assert.deepEqual(await open(all.tool, { env }).get(ACCOUNT), BEHIND);
  });
}

test("a socket that nobody listens at any more is left to libsecret", async () => {
  const all = await scene();
  await all[Symbol.asyncDispose]();
  assert.deepEqual(await open(all.tool, { env: at(all.bus) }).get(ACCOUNT), BEHIND);
});

for (
  const greeting of [
    "REJECTED EXTERNAL\r\n",
    "ERROR\r\n",
    "\r\n",
    "HTTP/1.1 400 Bad Request\r\n\r\n",
    "x".repeat(5_000),
  ]
) {
  test(`a bus that does not admit us is left to libsecret: ${JSON.stringify(greeting.slice(0, 20))}`, async () => {
    await using all = await scene();
    all.bus.greeting = greeting;
    assert.deepEqual(await open(all.tool, { env: at(all.bus) }).get(ACCOUNT), BEHIND);
  });
}

const answer = (to: Sent, signature: string, values: Value[]) =>
  packMessage({ type: 2, serial: 9, fields: { to: to.serial, signature }, values });
/** With other bytes from there on. */
const patched = (bytes: Uint8Array, at: number, ...others: number[]) => {
  bytes.set(others, at);
  return bytes;
};
const MANY = Array.from({ length: 2_000 }, (_, at) => `/org/freedesktop/secrets/collection/login/${at}`);
const SIGNAL = packMessage({
  type: 4,
  serial: 3,
  fields: { path: "/a", of: "a.b", member: "C", signature: "s" },
  values: ["x".repeat(20_000)],
});

const HOSTILE: [string, string, FakeBus["tamper"]][] = [
  ["noise", "SearchItems", (_, bytes) => bytes.map((byte) => byte ^ 0x5a)],
  ["the other byte order", "SearchItems", (_, bytes) => patched(bytes, 0, 66)],
  ["another version", "SearchItems", (_, bytes) => patched(bytes, 3, 2)],
  ["a body of 4 GB", "SearchItems", (_, bytes) => patched(bytes, 4, 255, 255, 255, 255)],
  ["a head of 4 GB", "SearchItems", (_, bytes) => patched(bytes, 12, 255, 255, 255, 255)],
  ["a field beyond the head", "SearchItems", (_, bytes) => patched(bytes, 12, 9, 0)],
  ["a field of an unknown type", "SearchItems", (_, bytes) => patched(bytes, 18, 120)],
  ["another signature", "SearchItems", (_, __, to) => answer(to, "s", ["/a"])],
  ["no body", "SearchItems", (_, __, to) => answer(to, "", [])],
  ["a cut off body", "SearchItems", (_, __, to) => {
    const bytes = answer(to, "aoao", [["/a"], []]);
    return patched(bytes, 4, 4).subarray(0, bytes.length);
  }],
  ["an array beyond the body", "SearchItems", (_, __, to) => {
    const bytes = answer(to, "aoao", [["/a/b"], []]);
    return patched(bytes, bytes.length - 20, 255, 255, 255, 255);
  }],
  ["an array that ends within a path", "SearchItems", (_, __, to) => {
    const bytes = answer(to, "aoao", [["/a/b"], []]);
    return patched(bytes, bytes.length - 20, 6);
  }],
  ["a path that is none", "SearchItems", (_, __, to) => answer(to, "aoao", [["a b"], []])],
  ["a path with a line end", "SearchItems", (_, __, to) => answer(to, "aoao", [["/a\nb"], []])],
  ["a path that is no UTF-8", "SearchItems", (_, __, to) => {
    const bytes = answer(to, "aoao", [["/aaa"], []]);
    return patched(bytes, bytes.length - 11, 255, 254);
  }],
  ["2,000 entries", "SearchItems", (_, __, to) => answer(to, "aoao", [MANY, []])],
  ["the end", "SearchItems", () => undefined],
  ["half an answer, then the end", "SearchItems", (_, bytes) => bytes.subarray(0, 30)],
  ["a session that is no path", "OpenSession", (_, __, to) => answer(to, "vo", [["s", ""], "x"])],
  ["the secret of another session", "GetSecret", (_, __, to) => answer(to, "(oayays)", [["/s/other", [], [65], "t"]])],
  ["a secret with a key", "GetSecret", (_, __, to) => {
    return answer(to, "(oayays)", [["/org/freedesktop/secrets/session/s1", [1], [65], "t"]]);
  }],
  ["a secret beyond the body", "GetSecret", (_, __, to) => {
    const bytes = answer(to, "(oayays)", [["/org/freedesktop/secrets/session/s1", [], [65], ""]]);
    return patched(bytes, bytes.length - 13, 255, 255);
  }],
  [
    "signals without end",
    "SearchItems",
    () => Uint8Array.from({ length: SIGNAL.length * 60 }, (_, at) => SIGNAL[at % SIGNAL.length]!),
  ],
];

for (const [name, at_, tamper] of HOSTILE) {
  test(`nothing of the bus is believed beyond its bounds, and libsecret is asked: ${name}`, async () => {
    await using all = await scene();
    all.bus.tamper = (member, bytes, to) => member === at_ ? tamper(member, bytes, to) : bytes;
    if (name.startsWith("half")) all.bus.endsAfter = at_;
    const keychain = open(all.tool, { env: at(all.bus) });
    assert.deepEqual(await keychain.get(ACCOUNT), BEHIND);
    assert.ok(all.bus.calls.includes(at_), `${all.bus.calls}`);
    // What spoke no sense once is not asked again in that run.
    all.bus.tamper = (_, bytes) => bytes;
    assert.deepEqual(await keychain.get(ACCOUNT), BEHIND);
  });
}

test("answers to other calls, signals and answers of nobody are passed over", async () => {
  await using all = await scene();
  const noise = [
    SIGNAL,
    packMessage({ type: 2, serial: 5, fields: { to: 4_000, signature: "s" }, values: ["x"] }),
    packMessage({ type: 3, serial: 6, fields: { error: "a.b" }, values: [] }),
    packMessage({ type: 1, serial: 7, fields: { path: "/", of: "a.b", member: "Ping" }, values: [] }),
  ];
  all.bus.tamper = (_, bytes) => Uint8Array.from([...noise.flatMap((message) => [...message]), ...bytes]);
  assert.deepEqual(await open(all.tool, { env: at(all.bus) }).get(ACCOUNT), FOUND);
});

for (
  const [name, secret] of [["no UTF-8", Uint8Array.of(0xff, 0xfe)], [
    "100 KB",
    new Uint8Array(100_000).fill(65),
  ]] as const
) {
  test(`KL-13: an entry that is ${name} is there as the empty string`, async () => {
    await using all = await scene();
    for (const item of all.bus.items.values()) item.secret = secret;
    const keychain = open(all.tool, { env: at(all.bus) });
    for (let turn = 0; turn < 2; turn++) {
      assert.deepEqual(await keychain.get(ACCOUNT), { state: "present", value: "" });
    }
    assert.deepEqual(all.tool.calls, []);
  });
}

test("KL-2: of several entries the one that was changed last is read", async () => {
  await using all = await scene();
  const attributes = { service: "autocom-cli", username: ACCOUNT, more: "1" };
  const path = put(all.bus, { attributes, label: "", type: "", secret: new TextEncoder().encode("newest") });
  assert.deepEqual(await open(all.tool, { env: at(all.bus) }).get(ACCOUNT), { state: "present", value: "newest" });
  all.bus.items.get(path)!.modified = 1n;
  assert.deepEqual(await open(all.tool, { env: at(all.bus) }).get(ACCOUNT), FOUND);
});

test("KL-2: what is written is as go-keyring writes it", async () => {
  await using all = await scene();
  all.bus.items.clear();
  await open(all.tool, { env: at(all.bus) }).set(ACCOUNT, "tok-ä-€");
  const [path, { modified: _, ...item }] = [...all.bus.items][0]!;
  assert.match(path, /^\/org\/freedesktop\/secrets\/collection\/login\//);
  assert.deepEqual(item, {
    attributes: { service: "autocom-cli", username: ACCOUNT },
    label: `Password for '${ACCOUNT}' on 'autocom-cli'`,
    type: "text/plain; charset=utf8",
    secret: new TextEncoder().encode("tok-ä-€"),
  });
});

test("FT-5: a complaint of the service's that is not known leaves open what it holds", async () => {
  await using all = await scene();
  all.bus.tamper = (member, bytes, to) => {
    if (member !== "SearchItems") return bytes;
    const fields = { to: to.serial, error: "org.freedesktop.DBus.Error.Failed", signature: "s" };
    return packMessage({ type: 3, serial: 9, fields, values: ["the disk is\nfull"] });
  };
  const keychain = open(all.tool, { env: at(all.bus) });
  assert.deepEqual(await keychain.get(ACCOUNT), { state: "refused", why: "the disk is" });
  assert.deepEqual(all.tool.calls, []);
});

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
  all.bus.before = () => clock.sleep(2_000);
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

test("a connection that was lost between two calls is no loss", async () => {
  await using all = await scene();
  const keychain = open(all.tool, { env: at(all.bus) });
  assert.deepEqual(await keychain.get(ACCOUNT), FOUND);
  all.bus.tamper = (member, bytes) => member === "GetSecret" ? undefined : bytes;
  assert.deepEqual(await keychain.get(ACCOUNT), BEHIND);
});

test("a bus that may not be reached any more is left to libsecret, which says what is missing", async () => {
  await using all = await scene();
  const system = denoSystem();
  const connect = () => Promise.reject(new Deno.errors.NotCapable("Requires write access"));
  const host = { ...system.host, os: "linux" } as const;
  const keychain = openKeychain({ ...system, host, sockets: { connect }, spawn: all.tool, ffi, env: at(all.bus) });
  assert.deepEqual(await keychain.get(ACCOUNT), BEHIND);
});
