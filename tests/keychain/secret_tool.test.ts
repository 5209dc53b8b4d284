import assert from "node:assert/strict";
import { AppError } from "../../src/errors.ts";
import { type Keychain, keychainError, openKeychain, Unavailable } from "../../src/keychain/mod.ts";
import type { Clock, Ran, Spawn } from "../../src/system/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import { type FakeSecretTool, fakeSecretTool, noLibrary as ffi } from "../support/keychain/fake_secret_tool.ts";

const ACCOUNT = "shop.example:access";
const SECRET = "the-secret-itself";

/** Time that has always passed already. */
const clock: Clock = { now: () => 0, sleep: () => Promise.resolve() };
/** Time that never passes. */
const still: Clock = {
  ...clock,
  sleep: (_, signal) => new Promise((_, reject) => signal!.addEventListener("abort", () => reject(signal!.reason))),
};

function open(
  spawn: Spawn,
  more: { env?: Record<string, string>; clock?: Clock; waiting?: () => void } = {},
): Keychain {
  const host = { os: "linux", arch: "x86_64", uid: 1000, pid: 1 } as const;
  return openKeychain(
    { ...denoSystem(), spawn, ffi, env: more.env ?? {}, clock: more.clock ?? clock, host },
    more.waiting,
  );
}

/** Answers every call with the same output. */
function printing(stdout: string | Uint8Array, code: number | null = 0): Spawn {
  const bytes = typeof stdout === "string" ? new TextEncoder().encode(stdout) : stdout;
  return { run: () => Promise.resolve<Ran>({ code, stdout: bytes, stderr: new Uint8Array() }), launch: () => false };
}

const entry = (secret: string) =>
  `[/1]\nlabel = x\nsecret = ${secret}\ncreated = 2026-05-03 10:14:22\nmodified = 2026-05-03 10:14:22\n`;

Deno.test("KL-1: the secret is on stdin alone, and nothing of the environment but what libsecret needs", async () => {
  const tool = fakeSecretTool();
  const env = {
    HOME: "/h",
    DBUS_SESSION_BUS_ADDRESS: "unix:path=/b",
    AUTOCOM_TOKEN: "t",
    PATH: "/p",
    LD_PRELOAD: "/x",
  };
  await open(tool, { env }).set(ACCOUNT, SECRET);
  assert.ok(tool.calls.length > 0);
  for (const { args, options } of tool.calls) {
    assert.ok(!args.join(" ").includes(SECRET));
    assert.deepEqual(options.env, { HOME: "/h", DBUS_SESSION_BUS_ADDRESS: "unix:path=/b", LC_ALL: "C" });
    assert.equal(options.stdin, args[0] === "store" ? SECRET : undefined);
  }
});

Deno.test("KL-15: a secret-tool earlier in PATH is not used", async () => {
  const tool = fakeSecretTool();
  await open(tool, { env: { PATH: "/tmp/evil" } }).get(ACCOUNT);
  assert.deepEqual(tool.calls.map(({ command }) => command), ["/usr/bin/secret-tool"]);
});

Deno.test("in another user's home nothing is asked that would start a bus there, as after sudo -E", async () => {
  const home = await Deno.makeTempDir();
  // Root's own home would be a container's.
  if (Deno.uid() === 0) await Deno.chown(home, 4242, null);
  const asked = async (uid: number, env: Record<string, string>) => {
    const tool = fakeSecretTool();
    const host = { ...denoSystem().host, uid };
    const system = {
      ...denoSystem(),
      spawn: tool,
      ffi,
      clock: still,
      host,
      env: { HOME: home, DISPLAY: ":0", ...env },
    };
    const { state } = await openKeychain(system).get(ACCOUNT);
    return [state, tool.calls.length > 0];
  };
  try {
    const { uid } = await Deno.stat(home);
    const none: Record<string, string>[] = [{}, { XDG_RUNTIME_DIR: home }, { DBUS_SESSION_BUS_ADDRESS: "autolaunch:" }];
    for (const env of none) {
      assert.deepEqual(await asked(uid! + 1, env), ["unavailable", false], JSON.stringify(env));
      assert.deepEqual(await asked(uid!, env), ["missing", true], JSON.stringify(env));
    }
    const env = { DBUS_SESSION_BUS_ADDRESS: "unix:abstract=/nowhere" };
    assert.deepEqual(await asked(uid! + 1, env), ["missing", true], "there is one");
  } finally {
    await Deno.remove(home);
  }
});

Deno.test("KL-2: an entry has the attributes and the label of the tool before this one", async () => {
  const tool = fakeSecretTool();
  await open(tool).set(ACCOUNT, SECRET);
  const attributes = { service: "autocom-cli", username: ACCOUNT };
  assert.deepEqual(tool.items, [{ attributes, label: `Password for '${ACCOUNT}' on 'autocom-cli'`, secret: SECRET }]);
});

Deno.test("KL-16: without secret-tool and libsecret the keychain is unavailable, and both packages are named", async () => {
  const keychain = open(fakeSecretTool("missing"));
  const lookup = await keychain.get(ACCOUNT);
  assert.equal(lookup.state, "unavailable");
  assert.match((lookup as { why: string }).why, /libsecret-tools .*libsecret-1-0/);
  await assert.rejects(keychain.set(ACCOUNT, SECRET), Unavailable);
});

Deno.test("KL-11: a value that is too large never reaches secret-tool", async () => {
  const tool = fakeSecretTool();
  await assert.rejects(open(tool).set(ACCOUNT, "x".repeat(8_001)), (error: AppError) => {
    assert.match(error.message, /8001 bytes/);
    assert.match(error.hint!, /--store file/);
    return error instanceof Unavailable && error.exit === 12;
  });
  assert.deepEqual(tool.calls, []);
});

Deno.test("KL-19: an account that could be an option never reaches secret-tool", async () => {
  const tool = fakeSecretTool();
  await assert.rejects(open(tool).get("--unlock"), AppError);
  assert.deepEqual(tool.calls, []);
});

Deno.test("KL-13: an entry that is no text, too large or of an unknown form is there as the empty string", async () => {
  const damaged = { state: "present", value: "" };
  const [before, after] = entry("|").split("|").map((part) => new TextEncoder().encode(part)) as [
    Uint8Array,
    Uint8Array,
  ];
  assert.deepEqual(await open(printing(new Uint8Array([...before, 0xff, 0xfe, ...after]))).get(ACCOUNT), damaged);
  assert.deepEqual(await open(printing(entry("x".repeat(100_000)).slice(0, 65_536), null)).get(ACCOUNT), damaged);
  assert.deepEqual(await open(printing("password: 1\n")).get(ACCOUNT), damaged);
  assert.deepEqual(await open(printing(entry("a\0b"))).get(ACCOUNT), { state: "present", value: "a\0b" });
});

Deno.test("an entry without dates, without a path or with a schema is read (KWallet, KeePassXC, newer libsecret)", async () => {
  const output = "[no path]\nlabel = \nsecret = v\ncreated = \nmodified = \nschema = org.freedesktop.Secret.Generic\n";
  assert.deepEqual(await open(printing(output)).get(ACCOUNT), { state: "present", value: "v" });
});

Deno.test("of several entries for one account the one that was changed last is read", async () => {
  const stderr = new TextEncoder().encode(`attribute.username = ${ACCOUNT}\n`.repeat(3));
  const older = "[/2]\nlabel = y\nsecret = older\ncreated = \nmodified = 2026-05-03 10:14:21\n";
  const stdout = new TextEncoder().encode(older + entry("newest") + older);
  const spawn: Spawn = { run: () => Promise.resolve({ code: 0, stdout, stderr }), launch: () => false };
  assert.deepEqual(await open(spawn).get(ACCOUNT), { state: "present", value: "newest" });
});

const GONE = "/org/freedesktop/secrets/collection/login/7";
for (
  const [code, complaint] of [
    [1, `No such secret item at path: ${GONE}`],
    [0, `Object does not exist at path “${GONE}”`],
    [0, `No such interface “org.freedesktop.Secret.Item” on object at path ${GONE}`],
  ] as const
) {
  Deno.test(`KL-20: an entry that another process removes in the middle of a search is missing: ${complaint}`, async () => {
    const stdout = code === 0 ? entry("").replace("secret = \n", "") : "";
    const stderr = `secret-tool: ${complaint}\n${code === 0 ? `attribute.username = ${ACCOUNT}\n` : ""}`;
    const encoder = new TextEncoder();
    const first = { code, stdout: encoder.encode(stdout), stderr: encoder.encode(stderr) };
    const answers: Ran[] = [first, { code: 0, stdout: new Uint8Array(), stderr: new Uint8Array() }];
    const spawn = { ...printing(""), run: () => Promise.resolve(answers.shift()!) };
    assert.deepEqual(await open(spawn).get(ACCOUNT), { state: "missing" });
    assert.equal(answers.length, 0);
  });
}

Deno.test("KL-6: a locked keychain with a display and nobody there is not asked to unlock", async () => {
  const tool = fakeSecretTool();
  const keychain = open(tool, { env: { DISPLAY: ":0" } });
  await keychain.set(ACCOUNT, SECRET);
  tool.state = "locked";
  tool.calls.length = 0;
  assert.deepEqual(await keychain.get(ACCOUNT), { state: "locked" });
  await assert.rejects(keychain.set(ACCOUNT, "new"), AppError);
  assert.deepEqual(tool.calls.map(({ args, options }) => [args[0], options.timeout]), [
    ["search", 3_000],
    ["search", 3_000],
  ]);
});

Deno.test("KL-7: somebody at a screen is asked for a minute, is told so, and the value comes after the unlocking", async () => {
  const tool = fakeSecretTool();
  await open(tool).set(ACCOUNT, SECRET);
  tool.state = "locked";
  tool.calls.length = 0;
  const unlocking: Spawn = {
    ...tool,
    run(command, args, options) {
      if (args[0] === "lookup") tool.state = "unlocked";
      return tool.run(command, args, options);
    },
  };
  let told = 0;
  const keychain = open(unlocking, { env: { WAYLAND_DISPLAY: "wayland-0" }, waiting: () => void told++ });
  assert.deepEqual(await keychain.get(ACCOUNT), { state: "present", value: SECRET });
  const calls = tool.calls.map(({ args, options }) => [args[0], options.timeout]);
  assert.deepEqual(calls, [["search", 25_000], ["lookup", 60_000], ["search", 25_000]]);
  assert.equal(told, 1);
});

Deno.test("KL-7: a dialog that was closed leaves the keychain locked; without a screen there is none", async () => {
  const tool = fakeSecretTool();
  await open(tool).set(ACCOUNT, SECRET);
  tool.state = "locked";
  assert.deepEqual(await open(tool, { env: { DISPLAY: ":0" }, waiting() {} }).get(ACCOUNT), { state: "locked" });
  tool.calls.length = 0;
  assert.deepEqual(await open(tool, { waiting() {} }).get(ACCOUNT), { state: "locked" });
  assert.deepEqual(tool.calls.map(({ args }) => args[0]), ["search"]);
});

Deno.test("nobody is told to wait for a keychain that answers at once", async () => {
  const waiting = () => assert.fail("there was nothing to wait for");
  const keychain = open(fakeSecretTool(), { env: { DISPLAY: ":0" }, clock: still, waiting });
  await keychain.set(ACCOUNT, SECRET);
  assert.deepEqual(await keychain.get(ACCOUNT), { state: "present", value: SECRET });
});

Deno.test("LO-2: an entry that survives its removal is a failure, and is named", async () => {
  const tool = fakeSecretTool();
  await open(tool).set(ACCOUNT, SECRET);
  const stubborn = without(tool, "clear");
  await assert.rejects(open(stubborn).delete(ACCOUNT), (error: AppError) => {
    assert.match(error.message, /cannot remove "shop\.example:access": .*still there/);
    return error.exit === 12;
  });
});

Deno.test("a store that ends with 0 and keeps something else is a failure", async () => {
  const tool = fakeSecretTool();
  await open(tool).set(ACCOUNT, "old");
  await assert.rejects(open(without(tool, "store")).set(ACCOUNT, SECRET), (error: AppError) => {
    assert.match(error.message, /does not give back what was saved/);
    return error.exit === 12 && !(error instanceof Unavailable) && !error.message.includes(SECRET);
  });
});

const COMPLAINTS = [
  ["there is no session bus (D-Bus)", [
    "Cannot autolaunch D-Bus without X11 $DISPLAY",
    "Error auto-launching: Cannot autolaunch D-Bus without X11 $DISPLAY",
    "Cannot spawn a message bus without a machine-id: Unable to load /etc/machine-id",
    "Error spawning command line “dbus-launch --autolaunch=x”: Child process exited with code 1",
    "Could not connect: No such file or directory",
    "Could not connect to 127.0.0.1: Connection refused",
    "Error resolving “bus.example”: Name or service not known",
    "Address element “%” does not contain a colon (:)",
    "Error in address “unix:” — the unix transport requires exactly one of the keys “path” or “abstract” to be set",
    "Unknown or unsupported transport “foo” for address “foo:bar=1”",
    "Error unescaping key or value in Key/Value pair 0, “path=%zz”, in address element “unix:path=%zz”",
  ]],
  ["the session bus refused the connection (D-Bus)", [
    "The connection is closed",
    "Error sending data: Broken pipe",
    "Error receiving data: Connection reset by peer",
    "Unexpected lack of content trying to read a line",
    "In WaitingForReject: Expected 'REJECTED am1 am2 ... amN', got 'garbage'",
    "Exhausted all available authentication mechanisms (tried: EXTERNAL) (available: ANONYMOUS)",
  ]],
  ["no keyring service is running (Secret Service)", [
    "The name org.freedesktop.secrets was not provided by any .service files",
    "The name is not activatable", // dbus-broker
  ]],
  ["the keyring service cannot be started (Secret Service)", [
    "GDBus.Error:org.freedesktop.DBus.Error.Spawn.ChildExited: Process org.freedesktop.secrets exited with status 1",
    "GDBus.Error:org.freedesktop.DBus.Error.Spawn.ExecFailed: Failed to execute program org.freedesktop.secrets: x",
    "Failed to activate service 'org.freedesktop.secrets': timed out (service_start_timeout=120000ms)",
    "Could not activate remote peer 'org.freedesktop.secrets': activation request failed: unknown unit", // dbus-broker
  ]],
] as const;

for (const [why, complaints] of COMPLAINTS) {
  for (const complaint of complaints) {
    Deno.test(`KL-3, KL-4: there is no keychain where the tool says: ${complaint.slice(0, 60)}`, async () => {
      const spawn = { ...printing(""), run: () => Promise.resolve(failed(complaint)) };
      assert.deepEqual(await open(spawn).get(ACCOUNT), { state: "unavailable", why });
    });
  }
}

for (
  const complaint of [
    "Message recipient disconnected from message bus without replying",
    "Remote peer disconnected", // dbus-broker
    "Did not receive a reply. Possible causes include: the message bus security policy blocked the reply, or the reply " +
    "timeout expired",
  ]
) {
  Deno.test(`FT-5: a keyring that ends in the middle of a question is no absence of one: ${complaint.slice(0, 40)}`, async () => {
    const spawn = { ...printing(""), run: () => Promise.resolve(failed(complaint)) };
    const why = "the keyring service ended before it answered";
    assert.deepEqual(await open(spawn).get(ACCOUNT), { state: "refused", why });
  });
}

Deno.test("KL-4: what the tool complains of is found behind what GLib warns of, and behind attributes", async () => {
  const warning = "\n(secret-tool:7): GLib-GIO-WARNING **: 10:14:22.069: Received a reply with unexpected signature ()";
  for (const before of [warning, "attribute.service = autocom-cli"]) {
    const complaint = `${before}\nsecret-tool: The name is not activatable\n`;
    const stderr = new TextEncoder().encode(complaint);
    const spawn = { ...printing(""), run: () => Promise.resolve({ code: 1, stdout: new Uint8Array(), stderr }) };
    assert.partialDeepStrictEqual(await open(spawn).get(ACCOUNT), { state: "unavailable" });
  }
});

Deno.test("KL-3: a complaint that repeats an address of 127 KB is heard, although the tool was killed for its length", async () => {
  const stderr = new TextEncoder().encode(`secret-tool: Address element “${"x".repeat(127_000)}`);
  const spawn = { ...printing(""), run: () => Promise.resolve({ code: null, stdout: new Uint8Array(), stderr }) };
  assert.deepEqual(await open(spawn).get(ACCOUNT), { state: "unavailable", why: "there is no session bus (D-Bus)" });
});

for (
  const [kind, mode, why] of [
    ["that may not be executed", 0o644, "Permission denied (os error 13)"],
    ["of another machine", 0o755, "Exec format error (os error 8)"],
  ] as const
) {
  Deno.test({
    name: `KL-16: a secret-tool ${kind} is no way to a keychain, and no defect`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      const tool = await Deno.makeTempFile();
      try {
        await Deno.writeTextFile(tool, "\x7fELF");
        await Deno.chmod(tool, mode);
        const { spawn } = denoSystem();
        const found = await open({ ...spawn, run: (_, ...more) => spawn.run(tool, ...more) }).get(ACCOUNT);
        assert.deepEqual(found, { state: "unavailable", why: `/usr/bin/secret-tool cannot be started: ${why}` });
      } finally {
        await Deno.remove(tool);
      }
    },
  });
}

Deno.test("a machine that has no room for another process just now says nothing about what the keychain holds", async () => {
  const full = new Error("Failed to spawn '/usr/bin/secret-tool': Resource temporarily unavailable (os error 11)");
  assert.deepEqual(await open({ ...printing(""), run: () => Promise.reject(full) }).get(ACCOUNT), {
    state: "refused",
    why: "/usr/bin/secret-tool cannot be started: Resource temporarily unavailable (os error 11)",
  });
});

Deno.test("FT-5: an unknown complaint of the tool's is no absence of a keychain, and is told in one line", async () => {
  const spawn = { ...printing(""), run: () => Promise.resolve(failed("Timeout was reached\nmore")) };
  assert.deepEqual(await open(spawn).get(ACCOUNT), { state: "refused", why: "Timeout was reached" });
});

Deno.test("each answer that is neither an entry nor its absence has an error with exit 12", () => {
  const keychain = { name: "Secret Service" };
  const error = keychainError(keychain, { state: "locked" }, "read the session");
  assert.equal(error.exit, 12);
  assert.equal(error.message, "cannot read the session: the keychain is locked: Secret Service");
  assert.match(error.hint!, /unlock it.*--store file/);
  assert.match(keychainError(keychain, { state: "hung" }, "read").message, /does not answer/);
  assert.ok(keychainError(keychain, { state: "unavailable", why: "gone" }, "read") instanceof Unavailable);
});

Deno.test("each system has its keychain, named without asking anything", () => {
  const names = (["linux", "darwin", "windows"] as const).map((os) => {
    return openKeychain({ ...denoSystem(), host: { os, arch: "x86_64", uid: 1, pid: 1 } }).name;
  });
  assert.deepEqual(names, ["Secret Service", "Keychain", "Credential Manager"]);
});

function failed(complaint: string): Ran {
  return { code: 1, stdout: new Uint8Array(), stderr: new TextEncoder().encode(`secret-tool: ${complaint}\n`) };
}

/** The tool, but for one verb that only claims to have worked. */
function without(tool: FakeSecretTool, verb: string): Spawn {
  const done = printing("");
  return {
    ...tool,
    run: (command, args, options) => (args[0] === verb ? done : tool).run(command, args, options),
  };
}
