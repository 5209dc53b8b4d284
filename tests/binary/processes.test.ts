import assert from "node:assert/strict";
import { pair, type Place, sessionStore } from "../../src/auth/mod.ts";
import type { System } from "../../src/system/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import { gnomeKeyring, noSockets } from "../support/keychain/gnome_keyring.ts";
import { createSandbox, serveSandbox } from "../platform/sandbox/mod.ts";
import { binaryTest } from "../support/binary/driver.ts";

const CROWD = 50;

binaryTest(
  `RF-1: of ${CROWD} processes that find an expired token in the file one renews it, and all have their answer`,
  async ({ binary, home }) => await crowd(binary, { ...denoSystem(), env: { HOME: home } }, "file"),
);

binaryTest(
  "RF-1: so it is when they share a credentials file and each third of them has another home",
  async ({ binary, home }) => {
    const homes = ["a", "b", "c"].map((name) => `${home}/${name}`);
    for (const folder of [...homes, `${home}/shared`]) await Deno.mkdir(folder, { mode: 0o700 });
    const env = { HOME: homes[0]!, AUTOCOM_CREDENTIALS_FILE: `${home}/shared/cred` };
    await crowd(binary, { ...denoSystem(), env }, "file", (number) => ({ HOME: homes[number % homes.length]! }));
  },
);

for (
  const [name, others] of [
    [
      `RF-1: of ${CROWD} processes that find an expired token in the keyring one renews it, and all have their answer`,
      0,
    ],
    [`FT-57: ${CROWD} processes that wait for one keyring on a machine that is busy otherwise have their answer`, 6],
  ] as const
) {
  binaryTest(name, async ({ binary }) => {
    const keyring = await gnomeKeyring();
    const busy = Array.from({ length: others }, () => new Deno.Command("sh", { args: ["-c", "while :; do :; done"] }));
    const children = busy.map((command) => command.spawn());
    try {
      await keyring.become("unlocked");
      // What the program reads on the bus's socket was written through libsecret.
      await crowd(binary, { ...denoSystem(), ...keyring.system, sockets: noSockets }, "keychain");
    } finally {
      for (const child of children) child.kill("SIGKILL");
      await Promise.all(children.map(({ status }) => status));
      await keyring.close();
    }
  }, ["secret-tool", "gnome-keyring-daemon", "dbus-daemon", "dbus-send"]);
}

/** Lets them all start at once, in the environment of that system, with what else each has. */
async function crowd(
  binary: string,
  system: System,
  place: Place,
  own: (number: number) => Record<string, string> = () => ({}),
): Promise<void> {
  const sandbox = await createSandbox();
  const { url, shutdown } = serveSandbox(sandbox);
  const { expires_in, ...tokens } = sandbox.signIn("owner");
  const session = pair(system.random, {
    origin: url,
    kind: "oauth",
    clientId: sandbox.clientId,
    tokens: { ...tokens, expires_at: Math.floor(Date.now() / 1000) - expires_in },
    name: "Owner Example",
    email: "owner@example.test",
  });
  const store = sessionStore(system);
  await store.save(session, place);
  sandbox.expireAccessTokens();

  const env = { ...system.env, AUTOCOM_API_URL: `${url}/api/v1`, AUTOCOM_TENANT: "acme" };
  const args = ["orders", "list", "-q", "--per-page", "1", "-o", "json"];
  const one = (number: number) =>
    new Deno.Command(binary, { args, env: { ...env, ...own(number) }, clearEnv: true, stdin: "null" }).output();
  const ended = await Promise.all(Array.from({ length: CROWD }, (_, number) => one(number)));

  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert.deepEqual(
    ended.map(({ code }) => code),
    Array(CROWD).fill(0),
    text(ended.find(({ code }) => code)?.stderr ?? new Uint8Array()),
  );
  assert.deepEqual(new Set(ended.map(({ stdout }) => JSON.parse(text(stdout)).length)), new Set([1]));
  assert.deepEqual(new Set(ended.map(({ stderr }) => text(stderr))), new Set([""]));
  const asked = (path: string) =>
    sandbox.log.filter((request) => request.url.endsWith(path)).map(({ status }) => status);
  assert.deepEqual(asked("/oauth/token"), [200]);
  assert.deepEqual(asked("/graphql"), Array(CROWD).fill(200));
  assert.deepEqual(sandbox.alive(), { access: 1, refresh: 1 });
  const { access } = (await store.find(url))!;
  assert.ok(sandbox.accepts(access!.access_token));
  assert.notEqual(access!.gen, session.access.gen);
  await shutdown();
  sandbox.close();
}
