/** What a mode or a sudo puts in this user's way: the hint, typed as it stands, is the way on. As a user who is not root. */
import assert from "node:assert/strict";
import { binaryTest } from "../support/binary/driver.ts";
import type { Options, Room } from "../support/binary/room.ts";

const USER = 4242;
const SHELL = `exec setpriv --reuid=${USER} --regid=${USER} --clear-groups "$@"`;
const isRoot = Deno.uid() === 0;
if (!isRoot) console.error("SKIPPED: what belongs to somebody else, which only root can make");

const login = ["auth", "login", "--token-stdin", "--store", "file", "--tenant", "acme"];

/** A user whose home the room's is, with a program of their own; `in`: logged in, with the session in the file. */
async function userOf(room: Room, isIn = true) {
  const program = `${room.folder}/autocom`;
  await Deno.copyFile(room.binary, program);
  await Deno.chmod(room.folder, 0o755);
  await Deno.chown(room.home, USER, USER);
  const stdin = room.platform.users.owner.pat;
  const run = async (line: string | string[], options: Options = {}) => {
    const args = typeof line === "string" ? line.split(" ") : line;
    const running = room.program([program, ...args], { shell: SHELL, ...options });
    if (options.stdin) await running.type(options.stdin);
    return await running.end();
  };
  const type = (command: string) => room.program(["sh", "-ec", command], { shell: SHELL }).end();
  const doctor = async (options: Options = {}) => {
    const { out } = await run("doctor -o json", options);
    const found: { check: string; state: string; detail: string; fix: string | null }[] = JSON.parse(out);
    return Object.fromEntries(found.map((finding) => [finding.check, finding]));
  };
  if (isIn) assert.equal((await run(login, { stdin })).code, 0);
  return { run, type, doctor, stdin, folder: `${room.home}/.autocom` };
}

function userTest(name: string, body: (room: Room) => Promise<void>): void {
  if (isRoot) binaryTest(name, body, ["setpriv"]);
  else Deno.test({ name, ignore: true, fn() {} });
}

const hintOf = (err: string) => /\nhint: (.*)\n$/.exec(err)?.[1];

userTest(
  "what is ours and closed to ourselves is answered with the chmod that opens it, by doctor, too",
  async (room) => {
    const { run, type, doctor, folder } = await userOf(room);
    const cases: [name: string, mode: number, line: string, chmod: string, check: string][] = [
      ["", 0o000, "whoami", "700", "folder"],
      ["", 0o400, "whoami", "700", "folder"],
      ["", 0o500, "config set ring edge", "700", "folder"],
      ["/config.toml", 0o000, "whoami", "600", "config"],
      ["/credentials", 0o000, "whoami", "600", "credentials"],
      ["/session.lock", 0o000, "auth logout", "600", "locks"],
      ["/.config.toml.lock", 0o000, "config set ring edge", "600", "locks"],
    ];
    for (const [name, mode, line, chmod, check] of cases) {
      const path = `${folder}${name}`;
      await Deno.chmod(path, mode);
      const about = `${path} ${mode.toString(8)}`;
      const { code, err } = await run(line);
      const hint = `chmod ${chmod} ${path}`;
      assert.deepEqual([code, hintOf(err)], [3, hint], about);
      const found = await doctor();
      assert.deepEqual([found[check]!.state, found[check]!.fix], ["failure", hint], about);
      const failed = Object.values(found).filter(({ state }) => state === "failure");
      assert.deepEqual(failed.map(({ check }) => check), [check], "one fault is one line");
      assert.equal((await type(hint)).code, 0);
      if (line !== "auth logout") assert.equal((await run(line)).code, 0, about);
      assert.ok(Object.values(await doctor()).every(({ state }) => state === "ok"), about);
    }
  },
);

userTest(
  "a home of one's own that takes nothing is named by doctor, and opened by what it and the commands say",
  async (room) => {
    const { run, type, doctor, stdin } = await userOf(room, false);
    await Deno.chmod(room.home, 0o555);
    const hint = `chmod u+rwx ${room.home}`;
    const token = { AUTOCOM_TOKEN: stdin, AUTOCOM_TENANT: "acme" };
    assert.equal(hintOf((await run("config set ring edge")).err), hint);
    assert.equal(hintOf((await run(login, { stdin })).err), hint);
    assert.equal(hintOf((await run("schema refresh", { env: token })).err), hint);
    const found = await doctor();
    for (const check of ["folder", "store"]) {
      assert.deepEqual([found[check]!.state, found[check]!.fix], ["warning", hint], check);
    }
    await type(hint);
    assert.equal((await run(login, { stdin })).code, 0);
  },
);

userTest(
  "in a home of another user's the way on is HOME, or the variable where it helps; nobody is told to take it",
  async (room) => {
    const { run, doctor, stdin } = await userOf(room, false);
    const HOME = `${room.folder}/theirs`;
    await Deno.mkdir(`${HOME}/.autocom`, { recursive: true });
    const token = { HOME, AUTOCOM_TOKEN: stdin, AUTOCOM_TENANT: "acme", AUTOCOM_CONFIG: `${room.home}/c.toml` };
    for (const mode of [0o700, 0o755]) {
      for (const path of [HOME, `${HOME}/.autocom`]) await Deno.chmod(path, mode);
      const said = [await run("config set ring edge", { env: { HOME } }), await run(login, { env: { HOME }, stdin })];
      for (const { code, err } of said) {
        assert.equal(code, 3);
        assert.match(hintOf(err)!, /^set HOME to a folder of yours, or AUTOCOM_\w+ to the full path of a file$/);
      }
      const refresh = await run("schema refresh", { env: token });
      assert.deepEqual([refresh.code, hintOf(refresh.err)], [3, "set HOME to a folder of yours"]);
      const found = Object.values(await doctor({ env: { HOME } }));
      assert.match(found.find(({ check }) => check === "folder")!.fix!, /^set HOME to a folder of yours/);
      assert.doesNotMatch(JSON.stringify(found), /chown|ls -ld/);
    }
    const elsewhere = { HOME, AUTOCOM_CONFIG: `${room.home}/c.toml`, AUTOCOM_CREDENTIALS_FILE: `${room.home}/secret` };
    assert.equal((await run(login, { env: elsewhere, stdin })).code, 0, "two paths are enough");
  },
);

userTest("what a sudo left is answered with one command by all that meets it, and that mends it", async (room) => {
  const { run, doctor, folder } = await userOf(room);
  const hint = `after a sudo: sudo chown -R "$(id -un)" ${folder}`;
  const cases: [name: string, line: string, check: string][] = [
    ["", "config set ring edge", "folder"],
    ["/config.toml", "whoami", "config"],
    ["/credentials", "whoami", "credentials"],
    ["/session.lock", "auth logout", "locks"],
    ["/.config.toml.lock", "config set ring edge", "locks"],
  ];
  for (const [name, line, check] of cases) {
    await Deno.chown(`${folder}${name}`, 0, 0);
    const { code, err } = await run(line);
    assert.deepEqual([code, hintOf(err)], [3, hint], name);
    const found = await doctor();
    assert.deepEqual([found[check]!.state, found[check]!.fix], ["failure", hint], name);
    await room.shell(`chown -R ${USER} ${folder}`);
  }
  assert.ok(Object.values(await doctor()).every(({ state }) => state === "ok"));
});

userTest(
  "root with the home of who typed sudo -E makes nothing there; a home that is root's and open to all is a home",
  async (room) => {
    const { run, stdin } = await userOf(room, false);
    const shell = 'exec "$@"';
    for (const args of [["config", "set", "ring", "edge"], login]) {
      const { code, err } = await run(args, { shell, stdin });
      assert.deepEqual([code, hintOf(err)], [3, "set HOME to a folder of yours"]);
    }
    // These ask the keychain, which is another program's to do where there is no bus.
    for (const line of ["orders list", "whoami", "auth status", "auth logout", "doctor"]) {
      assert.notEqual((await run(line, { shell })).code, 0, line);
    }
    assert.deepEqual(await Array.fromAsync(Deno.readDir(room.home)), []);
    const HOME = `${room.folder}/everybodys`;
    await Deno.mkdir(HOME);
    await Deno.chmod(HOME, 0o1777);
    assert.equal((await run("config set ring edge", { env: { HOME } })).code, 0);
    assert.equal((await run(login, { env: { HOME }, stdin })).code, 0);
  },
);
