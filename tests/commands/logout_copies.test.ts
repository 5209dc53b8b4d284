import assert from "node:assert/strict";
import { autocom, execute, world } from "../support/harness.ts";
import { bytesOf, credentials, keepSession, sessionIn, tamper } from "../support/kept.ts";
import { envelope } from "../support/scripted.ts";

const NOTHING = JSON.stringify([[], null]);

Deno.test("KL-8: logout with a locked keychain is exit 12, names the entry that is still there, and it is", async () => {
  await using of = await sessionIn("keychain");
  const before = await bytesOf(of);
  of.keychain.state = "locked";
  const { host } = new URL(of.sandbox.origin);
  await autocom("auth logout", {
    code: 12,
    err:
      `error: not logged out of ${of.sandbox.origin}: cannot remove "${host}:refresh": the keychain is locked: Secret Service\n` +
      "hint: unlock it, or delete that entry by hand; then: autocom auth logout\n",
  }, of);
  assert.deepEqual([await bytesOf(of), of.sandbox.log.length], [before, 0]);
});

Deno.test("KL-8: what stands in the file is deleted although the keychain, which holds a copy, is locked", async () => {
  await using of = await sessionIn("keychain");
  const copies = [...of.keychain.items];
  await keepSession(of, "file", "owner");
  of.keychain.items.push(...copies);
  of.keychain.state = "locked";
  const { code, out, err } = await execute("auth logout -o json", of);
  assert.deepEqual([code, out, envelope(err).code], [12, "", "keychain"]);
  assert.equal(await bytesOf(of), JSON.stringify([copies, null]));
});

Deno.test("logout of a session in the file does not mind a locked keychain that holds none", async () => {
  await using of = await sessionIn("file");
  of.keychain.state = "locked";
  await autocom("auth logout", { err: /^Logged out/ }, of);
});

Deno.test("logout of a session in the file does not need a keychain", async () => {
  await using of = await sessionIn("file");
  of.keychain.state = "no-bus";
  await autocom("auth logout", { err: /is deleted from \S+credentials\.\n$/ }, of);
});

Deno.test("LO-2: a keychain that says it removed an entry and did not is exit 12, and names it", async () => {
  await using of = await sessionIn("keychain");
  const { run } = of.keychain;
  of.keychain.run = async (command, args, options) => {
    if (args[0] !== "clear") return await run(command, args, options);
    return { code: 0, stdout: new Uint8Array(), stderr: new Uint8Array() };
  };
  await autocom("auth logout", {
    code: 12,
    err: /^error: not logged out of .*cannot remove "\S+:refresh": Secret Service: it is still there\n/,
  }, of);
});

Deno.test("LO-2: a file that is still there after it was removed is exit 3, and names it", async () => {
  await using of = await sessionIn("file");
  const remove: typeof Deno.remove = (path) =>
    String(path).endsWith("credentials") ? Promise.resolve() : Deno.remove(path);
  of.system = { files: { ...Deno, remove } };
  await autocom("auth logout", {
    code: 3,
    err:
      /^error: not logged out of .*credentials: it is still there\nhint: remove the file: rm \S+credentials; then: autocom auth logout\n$/,
  }, of);
});

Deno.test("LO-2: a file system that refuses is exit 3; what the keychain holds is deleted all the same", async () => {
  await using of = await sessionIn("keychain");
  const copies = [...of.keychain.items];
  await keepSession(of, "file", "owner");
  of.keychain.items.push(...copies);
  const remove: typeof Deno.remove = () => Promise.reject(Object.assign(new Error("EROFS"), { code: "EROFS" }));
  of.system = { files: { ...Deno, remove } };
  await autocom("auth logout", {
    code: 3,
    err: /^error: not logged out of .*credentials: the file system is read-only/,
  }, of);
  assert.deepEqual(of.keychain.items, []);
});

Deno.test("LO-3: every copy goes: the file's, the keychain's, and a second entry of the same name", async () => {
  await using of = await sessionIn("keychain");
  const copies = of.keychain.items.flatMap((
    item,
  ) => [item, { ...item, attributes: { ...item.attributes, more: "1" } }]);
  await keepSession(of, "file", "owner");
  of.keychain.items.push(...copies);
  await autocom("auth logout", { err: /is deleted from \S+credentials and Secret Service\.\n$/ }, of);
  assert.equal(await bytesOf(of), NOTHING);
});

Deno.test("a session of another platform is not touched", async () => {
  await using of = await sessionIn("file");
  const data = JSON.parse(await Deno.readTextFile(credentials(of)));
  const others = { "https://other.example": data.sessions[of.sandbox.origin] };
  await Deno.writeTextFile(credentials(of), JSON.stringify({ v: 1, sessions: { ...data.sessions, ...others } }));
  await autocom("auth logout", { err: /^Logged out/ }, of);
  assert.deepEqual(JSON.parse(await Deno.readTextFile(credentials(of))).sessions, others);
});

Deno.test("a damaged session is deleted; that it may live on at the server is said", async () => {
  await using of = await sessionIn("keychain");
  await tamper(of, "access", { v: 7 });
  await autocom("auth logout", {
    err: /^warning: the session may live on .* in Secret Service is damaged\nLogged out of /,
  }, of);
  assert.equal(await bytesOf(of), NOTHING);
});

Deno.test("a damaged credentials file is exit 3 and left as it is", async () => {
  await using of = await sessionIn("file");
  await Deno.writeTextFile(credentials(of), "{");
  await autocom("auth logout", {
    code: 3,
    err: /^error: not logged out of .*credentials: it is damaged\nhint: move it away.*then: autocom auth logout\n$/,
  }, of);
  assert.equal(await Deno.readTextFile(credentials(of)), "{");
});

Deno.test("LO-3: a temporary file that a killed login left, tokens and all, is gone after a logout", async () => {
  await using w = await world();
  const folder = `${w.home}/.autocom`;
  await Deno.mkdir(folder, { mode: 0o700 });
  await Deno.writeTextFile(`${folder}/.credentials.0123456789abcdef.tmp`, "a token", { mode: 0o600 });
  await autocom("auth logout", { err: /^Nothing to log out of/ }, w);
  assert.deepEqual((await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name), ["session.lock"]);
});
