import assert from "node:assert/strict";
import { openKeychain, Unavailable } from "../../src/keychain/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import { ACCOUNT, at, BEHIND, FOUND, open, scene, test } from "../support/keychain/bus_scene.ts";
import { type FakeBus, put } from "../support/keychain/fake_bus.ts";
import { noLibrary as ffi } from "../support/keychain/fake_secret_tool.ts";
import { packMessage, type Sent } from "../support/keychain/wire.ts";

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
  await Deno.chown(`${folder}/bus`, 12_345, null).then(
    async () => assert.deepEqual(await open(all.tool, { env }).get(ACCOUNT), BEHIND, "a socket of somebody else's"),
    () => {}, // only root can give a socket away
  );
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

/** The service's refusal of that call. */
const refusal = (to: Sent, name: string, words: string) =>
  packMessage({ type: 3, serial: 9, fields: { to: to.serial, error: name, signature: "s" }, values: [words] });

test("KL-20: an entry that another process removes between the search and the reading is missing", async () => {
  await using all = await scene();
  all.bus.before = (member) => {
    if (member === "GetSecret") all.bus.items.clear();
  };
  assert.deepEqual(await open(all.tool, { env: at(all.bus) }).get(ACCOUNT), { state: "missing" });
  assert.deepEqual(all.tool.calls, []);
});

test("a service that began anew does not know the session of before, and is given another one", async () => {
  await using all = await scene();
  const keychain = open(all.tool, { env: at(all.bus) });
  assert.deepEqual(await keychain.get(ACCOUNT), FOUND);
  let known = false;
  all.bus.tamper = (member, bytes, to) => {
    if (member === "OpenSession") known = true;
    const lost = member === "GetSecret" && !known;
    return lost ? refusal(to, "org.freedesktop.Secret.Error.NoSession", "The session does not exist") : bytes;
  };
  assert.deepEqual(await keychain.get(ACCOUNT), FOUND);
  assert.deepEqual(all.tool.calls, []);
});

test("FT-5: an entry that was found and is never given is refused, whatever the service says of it", async () => {
  await using all = await scene();
  const words = "Object does not exist at path “/a”";
  all.bus.tamper = (member, bytes, to) =>
    member === "GetSecret" ? refusal(to, "org.freedesktop.DBus.Error.UnknownMethod", words) : bytes;
  assert.deepEqual(await open(all.tool, { env: at(all.bus) }).get(ACCOUNT), { state: "refused", why: words });
  assert.equal(all.bus.calls.filter((member) => member === "GetSecret").length, 2);
});

const ENDED = { state: "refused", why: "the keyring service ended before it answered" };
const NAMED = [
  ["org.freedesktop.Secret.Error.IsLocked", "", { state: "locked" }],
  ["org.freedesktop.Secret.Error.IsLocked", "Gesperrt", { state: "locked" }],
  ["org.freedesktop.DBus.Error.ServiceUnknown", "The name is not activatable", {
    state: "unavailable",
    why: "no keyring service is running (Secret Service)",
  }],
  ["org.freedesktop.DBus.Error.AccessDenied", "\n\n", {
    state: "refused",
    why: "org.freedesktop.DBus.Error.AccessDenied",
  }],
  ["org.freedesktop.DBus.Error.AccessDenied", "no", { state: "refused", why: "no" }],
  ["org.freedesktop.DBus.Error.NoReply", "Message recipient disconnected from message bus without replying", ENDED],
  ["org.freedesktop.DBus.Error.NoReply", "Remote peer disconnected", ENDED], // dbus-broker
] as const;

for (const [name, words, expected] of NAMED) {
  test(`KL-4, KL-5: the name of an error tells where its words do not: ${name} ${JSON.stringify(words)}`, async () => {
    await using all = await scene();
    all.bus.tamper = (member, bytes, to) => member === "SearchItems" ? refusal(to, name, words) : bytes;
    assert.deepEqual(await open(all.tool, { env: at(all.bus) }).get(ACCOUNT), expected);
  });
}

test("FT-5: a keychain that goes away in the middle of a run may still hold what it held: that is no absence", async () => {
  await using all = await scene();
  const keychain = open(all.tool, { env: at(all.bus) });
  assert.deepEqual(await keychain.get(ACCOUNT), FOUND);
  all.bus.state = "no-service";
  const why = "no keyring service is running (Secret Service)";
  assert.deepEqual(await keychain.get(ACCOUNT), { state: "refused", why });
  for (const change of [() => keychain.delete(ACCOUNT), () => keychain.set(ACCOUNT, "new")]) {
    await assert.rejects(change, (error: Error) => !(error instanceof Unavailable) && error.message.includes(why));
  }
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
