import assert from "node:assert/strict";
import { AppError } from "../../src/errors.ts";
import { type Keychain, type Lookup, openKeychain, Unavailable } from "../../src/keychain/mod.ts";
import type { Clock, Spawn } from "../../src/system/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import { type FakeSecurity, fakeSecurity } from "../support/keychain/fake_security.ts";

const ACCOUNT = "shop.example:access";
const SECRET = "the-secret-itself";
const FIND = ["find-generic-password", "-s", "autocom-cli", "-a", ACCOUNT, "-w"];

function open(
  spawn: Spawn,
  { env = {}, clock, waiting }: { env?: Record<string, string>; clock?: Clock; waiting?: () => void } = {},
): Keychain {
  const host = { os: "darwin", arch: "aarch64", uid: 501, pid: 1 } as const;
  const system = denoSystem();
  return openKeychain({ ...system, env, host, spawn, clock: clock ?? system.clock }, waiting);
}

/** A tool that ends with this code and says nothing. */
const ending = (code: number): Spawn => ({
  run: () => Promise.resolve({ code, stdout: new Uint8Array(), stderr: new Uint8Array() }),
  launch: () => false,
});

function keep(tool: FakeSecurity, value: string): void {
  tool.items.set(`autocom-cli\n${ACCOUNT}`, new TextEncoder().encode(value));
}

Deno.test("KM-1: the secret is on stdin alone, in one line of `security -i`, and nothing of the environment but HOME", async () => {
  const tool = fakeSecurity();
  await open(tool, { env: { HOME: "/Users/x", AUTOCOM_TOKEN: "t", PATH: "/p", DYLD_INSERT_LIBRARIES: "/x" } })
    .set(ACCOUNT, SECRET);
  assert.deepEqual(tool.calls.map(({ args }) => args), [FIND, ["-i"], FIND]);
  for (const { options } of tool.calls) assert.deepEqual(options.env, { HOME: "/Users/x" });
  const line = `add-generic-password -U -s autocom-cli -a ${ACCOUNT} -w go-keyring-base64:${btoa(SECRET)}\n`;
  assert.deepEqual(tool.calls.map(({ options }) => options.stdin), [undefined, line, undefined]);
});

const ENCODINGS: [string, string, string][] = [
  ["as it is", "plain-token", "plain-token"],
  ["in hexadecimal", "go-keyring-encoded:c3a420e282ac0a", "ä €\n"],
  ["in base64", "go-keyring-base64:w6Qg4oKsCg==", "ä €\n"],
  ["in base64, empty", "go-keyring-base64:", ""],
];

for (const [how, kept, value] of ENCODINGS) {
  Deno.test(`KM-2: a value that go-keyring wrote ${how} is read`, async () => {
    const tool = fakeSecurity();
    keep(tool, kept);
    assert.deepEqual(await open(tool).get(ACCOUNT), { state: "present", value });
  });
}

for (const kept of ["go-keyring-base64:!", "go-keyring-base64:/w==", "go-keyring-encoded:6", "go-keyring-encoded:ff"]) {
  Deno.test(`KM-2: a value that is damaged after its mark is there as the empty string: ${kept}`, async () => {
    const tool = fakeSecurity();
    keep(tool, kept);
    assert.deepEqual(await open(tool).get(ACCOUNT), { state: "present", value: "" });
  });
}

Deno.test("KM-3: a value that would make the line longer than 4,000 characters never reaches the tool", async () => {
  for (const account of ["a", ACCOUNT, "a".repeat(128)]) {
    const tool = fakeSecurity();
    const keychain = open(tool);
    const size = await largest(keychain, account);
    const line = tool.calls.find(({ args }) => args[0] === "-i")!.options.stdin!;
    assert.ok(line.length <= 4_001 && line.length > 4_001 - 4, `${line.length} for ${account}`);
    tool.calls.length = 0;
    await assert.rejects(keychain.set(account, "x".repeat(size + 1)), Unavailable);
    assert.deepEqual(tool.calls, []);
  }
});

/** Keeps the largest value that is taken, and gives its size. */
async function largest(keychain: Keychain, account: string): Promise<number> {
  for (let size = 2_960;; size--) {
    try {
      await keychain.set(account, "x".repeat(size));
      return size;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
    }
  }
}

Deno.test("KM-5: 3,000 secrets of any bytes are each one command, and come back", async () => {
  const tool = fakeSecurity();
  const keychain = open(tool);
  let seed = 1;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 3_000; round++) {
    const length = random(round % 100 === 0 ? 900 : 40);
    const secret = String.fromCharCode(...Array.from({ length }, () => random(0xd800)));
    tool.commands.length = 0;
    await keychain.set(ACCOUNT, secret);
    assert.deepEqual(tool.commands.map(([name]) => name), [FIND[0], "add-generic-password", FIND[0]]);
    assert.deepEqual(await keychain.get(ACCOUNT), { state: "present", value: secret });
  }
});

const CODES: [number, Lookup["state"]][] = [
  [44, "missing"],
  [36, "locked"],
  [29, "locked"],
  [24, "locked"],
  [37, "unavailable"],
  [45, "refused"],
  [51, "refused"],
  [1, "refused"],
];

for (const [code, state] of CODES) {
  Deno.test(`KM-6: exit ${code} of the tool means ${state}`, async () => {
    const keychain = open(ending(code));
    assert.equal((await keychain.get(ACCOUNT)).state, state);
    if (state === "missing") return;
    await assert.rejects(keychain.set(ACCOUNT, SECRET), (error: AppError) => {
      return error.exit === 12 && error.hint!.includes("--store file") &&
        error instanceof Unavailable === (state === "unavailable");
    });
    await assert.rejects(keychain.delete(ACCOUNT), (error: AppError) => error.exit === 12);
  });
}

Deno.test("KM-6: who closes the system's question with Cancel has ended the command", async () => {
  const interrupted = (error: AppError) => error.exit === 130;
  await assert.rejects(open(ending(128)).get(ACCOUNT), interrupted);
  await assert.rejects(open(ending(128)).set(ACCOUNT, SECRET), interrupted);
  await assert.rejects(open(ending(128)).delete(ACCOUNT), interrupted);
});

Deno.test("KM-8: a tool that ends with 0 and keeps something else is a failure", async () => {
  const tool = fakeSecurity();
  keep(tool, "old");
  const lying: Spawn = { ...tool, run: (...call) => call[1][0] === "-i" ? ending(0).run(...call) : tool.run(...call) };
  await assert.rejects(open(lying).set(ACCOUNT, SECRET), (error: AppError) => {
    assert.match(error.message, /does not give back what was saved/);
    return error.exit === 12 && !(error instanceof Unavailable) && !error.message.includes(SECRET);
  });
});

Deno.test("KM-9: a security earlier in PATH is not used", async () => {
  const tool = fakeSecurity();
  await open(tool, { env: { PATH: "/tmp/evil" } }).get(ACCOUNT);
  assert.deepEqual(tool.calls.map(({ command }) => command), ["/usr/bin/security"]);
});

Deno.test("KM-7: somebody at the terminal is waited for a minute, and told; nobody is waited for 3 s", async () => {
  const tool = fakeSecurity();
  await open(tool).get(ACCOUNT);
  const passing: Clock = { ...denoSystem().clock, sleep: () => Promise.resolve() };
  let told = 0;
  await open(tool, { clock: passing, waiting: () => void told++ }).get(ACCOUNT);
  assert.deepEqual(tool.calls.map(({ options }) => options.timeout), [3_000, 60_000]);
  assert.equal(told, 1);
});

Deno.test("without the tool the keychain is unavailable", async () => {
  const tool = Object.assign(fakeSecurity(), { state: "missing" });
  assert.deepEqual(await open(tool).get(ACCOUNT), { state: "unavailable", why: "there is no /usr/bin/security" });
});
