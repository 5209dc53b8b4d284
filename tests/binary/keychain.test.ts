import assert from "node:assert/strict";
import { binaryTest } from "../support/binary/driver.ts";
import type { Room } from "../support/binary/room.ts";
import { onTerminal } from "../support/binary/tty.ts";
import { callsOf, traced, tracing } from "../support/binary/trace.ts";

const KEYRING = ["secret-tool", "gnome-keyring-daemon", "dbus-daemon", "dbus-send"];

/** `secret-tool lookup` of one of the session's two entries; undefined when there is none. */
async function entry(room: Room, env: Record<string, string>, name: "access" | "refresh") {
  const attributes = ["service", "autocom-cli", "username", `${new URL(room.apiUrl).host}:${name}`];
  const { out } = await room.program(["secret-tool", "lookup", ...attributes], { env }).end();
  return out === "" ? undefined : JSON.parse(out);
}

binaryTest(
  "KL-1 LK-1: a login keeps its session in the keyring, and no child's arguments or environment hold a secret",
  async (room) => {
    const env = await room.errand("keyring", "unlocked");
    const { code, out, err, callback } = await room.logIn([], { env, shell: tracing(room, "execve") });
    assert.equal(code, 0, err);
    assert.match(JSON.parse(out.split("\n")[1]!).store, /^Secret Service/);

    const access = await entry(room, env, "access");
    const refresh = await entry(room, env, "refresh");
    assert.partialDeepStrictEqual(access, {
      v: 1,
      origin: room.platform.url,
      kind: "oauth",
      email: "owner@example.test",
    });
    assert.partialDeepStrictEqual(refresh, { v: 1, origin: room.platform.url, client_id: room.platform.client_id });
    assert.equal(access.gen, refresh.gen);
    await assert.rejects(Deno.stat(`${env.HOME}/.autocom/credentials`), Deno.errors.NotFound);

    const [own, ...children] = (await callsOf(room)).filter((call) => call.startsWith("execve("));
    assert.ok(own?.includes(room.binary), "strace did not see the program");
    const params = new URL(callback).searchParams;
    const secrets = [access.access_token, refresh.refresh_token, params.get("code")!, params.get("state")!];
    for (const secret of secrets) {
      assert.equal((await room.program(["grep", "-rlsF", "-D", "skip", secret, env.HOME!]).end()).out, "");
    }
    for (const call of children) {
      assert.ok(!secrets.some((secret) => call.includes(secret)), call);
      assert.doesNotMatch(call, /AUTOCOM_/);
    }
    assert.deepEqual((await room.inhabitants()).filter((command) => command.includes("secret-tool")), []);
  },
  ["strace", ...KEYRING],
);

binaryTest("KL-18: whoami and orders read the keyring, logout empties it", async (room) => {
  const env = await room.errand("keyring", "unlocked");
  assert.equal((await room.logIn([], { env })).code, 0);
  const whoami = await room.run(["whoami"], { env });
  assert.match(whoami.out, /^Owner Example\towner@example\.test\tacme\t/m);
  const orders = await room.run(["orders", "list", "-q", "--per-page", "1"], { env });
  assert.deepEqual([orders.code, orders.err], [0, ""]);
  const { code, err } = await room.run(["auth", "logout"], { env });
  assert.equal(code, 0, err);
  assert.equal(await entry(room, env, "access"), undefined);
  assert.equal(await entry(room, env, "refresh"), undefined);
  assert.deepEqual(await room.errand("alive"), { access: 0, refresh: 0 });
}, KEYRING);

binaryTest('KL-5 KL-8: a locked keyring is exit 12 with the way out, never "not logged in"', async (room) => {
  let env = await room.errand("keyring", "unlocked");
  assert.equal((await room.logIn([], { env })).code, 0);
  env = await room.errand("keyring", "locked");
  for (const args of [["whoami"], ["orders", "list"], ["auth", "status"], ["auth", "login"], ["auth", "logout"]]) {
    const { code, out, err } = await room.run(args, { env });
    assert.deepEqual([code, out], [12, ""], err);
    assert.match(err, /^error: .*locked/m);
    assert.doesNotMatch(err, /not logged in/);
  }
  const { err } = await room.run(["whoami"], { env });
  assert.match(err, /^hint: .*autocom auth login --store file$/m);
  env = await room.errand("keyring", "unlocked");
  assert.ok(await entry(room, env, "refresh"), "the locked entry survives");
}, KEYRING);

binaryTest("KL-5: what the hint for a locked keyring says, works", async (room) => {
  let env = await room.errand("keyring", "unlocked");
  assert.equal((await room.logIn([], { env })).code, 0);
  env = await room.errand("keyring", "locked");
  const { code, err } = await room.logIn(["--store", "file"], { env });
  assert.equal(code, 0, err);
  assert.equal((await room.run(["whoami"], { env })).code, 0);
}, KEYRING);

for (const [id, state] of [["KL-3", "no-bus"], ["KL-4", "no-service"], ["KL-10", "no-keyring"]] as const) {
  binaryTest(`${id}: with ${state} a login announces the file and uses it`, async (room) => {
    const env = await room.errand("keyring", state);
    const none = await room.run(["whoami"], { env });
    assert.deepEqual([none.code, none.out], [4, ""], none.err);
    const options = { env, stdin: room.platform.users.owner.pat };
    const { code, err } = await room.run(["auth", "login", "--token-stdin", "--tenant", "acme"], options);
    assert.equal(code, 0, err);
    const file = `${env.HOME}/.autocom/credentials`;
    const announced = err.indexOf(`warning: no keychain (`);
    assert.ok(announced >= 0 && announced < err.indexOf("Logged in") && err.includes(`in the file ${file}`), err);
    assert.equal((await Deno.stat(file)).mode! & 0o777, 0o600);
    assert.equal((await room.run(["whoami"], { env })).code, 0);
  }, KEYRING);
}

binaryTest("KL-9: a keyring that never answers is exit 12, and no secret-tool is left", async (room) => {
  const env = await room.errand("keyring", "hung");
  const { code, err } = await room.run(["whoami"], { env });
  assert.equal(code, 12, err);
  assert.deepEqual((await room.inhabitants()).filter((command) => command.includes("secret-tool")), []);
}, KEYRING);

binaryTest(
  "FT-5: a logout that cannot reach the keyring of its session is exit 12, and nothing is gone",
  async (room) => {
    const env = await room.errand("keyring", "unlocked");
    assert.equal((await room.logIn([], { env })).code, 0);
    const outside = { HOME: env.HOME! }; // as over SSH, or in cron: no variable leads to the bus
    for (const args of [["auth", "logout"], ["whoami"], ["orders", "list"]]) {
      const { code, out, err } = await room.run(args, { env: outside });
      assert.deepEqual([code, out], [12, ""], err);
      assert.match(err, /^error: .*there is no session bus \(D-Bus\)\nhint: /m);
      assert.doesNotMatch(err, /not logged in|[Nn]othing to log out/);
    }
    assert.deepEqual(await room.errand("alive"), { access: 1, refresh: 1 });
    const { code, err } = await room.run(["auth", "logout"], { env });
    assert.equal(code, 0, err);
    assert.deepEqual(await room.errand("alive"), { access: 0, refresh: 0 });
    const again = await room.run(["auth", "logout"], { env: outside });
    assert.deepEqual([again.code, /Nothing to log out of/.test(again.err)], [0, true], again.err);
  },
  KEYRING,
);

binaryTest("FT-5: a machine that never had a keychain has nothing to log out of", async (room) => {
  const { code, err } = await room.run(["auth", "logout"]);
  assert.deepEqual([code, /^Nothing to log out of/.test(err)], [0, true], err);
});

binaryTest(
  "FT-39: somebody at a terminal waits for a service that is slow, is told so, and has the answer",
  async (room) => {
    let env = await room.errand("keyring", "unlocked");
    assert.equal((await room.logIn([], { env })).code, 0);
    env = await room.errand("keyring", "hung");
    const tty = await onTerminal(room, ["whoami"], { env });
    await tty.until(/Waiting for the keychain…/);
    await room.shell("sleep 4"); // longer than where nobody is there
    await room.errand("keyring", "unlocked");
    const { code, screen } = await tty.end();
    assert.equal(code, 0, screen);
    assert.match(screen, /owner@example\.test/);
  },
  ["script", ...KEYRING],
);

for (const address of ["unix:path=/nowhere", "unix:path=", "unix:abstract=/x", "tcp:host=127.0.0.1,port=1", "%", ";"]) {
  binaryTest(`KL-3: a bus address that leads nowhere is no defect: ${address}`, async (room) => {
    const { code, err } = await room.run(["whoami"], { env: { DBUS_SESSION_BUS_ADDRESS: address } });
    assert.equal(code, 4, err);
    assert.match(
      err,
      /^error: not logged in .*: Secret Service cannot be used \(there is no session bus .*\nhint: autocom auth login\n/,
    );
  });
}

binaryTest("AUTOCOM_TOKEN starts no program at all", async (room) => {
  const env = { AUTOCOM_TOKEN: room.platform.users.owner.pat, AUTOCOM_TENANT: "acme" };
  const { code, calls } = await traced(room, "execve", ["orders", "list"], { env });
  assert.equal(code, 0);
  assert.equal(calls.length, 1, calls.slice(1).join("\n"));
}, ["strace"]);
