import assert from "node:assert/strict";
import { autocom, execute, pat, type World, world } from "../support/harness.ts";
import {
  bytesOf,
  credentials,
  expire,
  intercept,
  keepSession,
  LISTED,
  ORDERS,
  PLACES,
  sessionIn,
  tamper,
} from "../support/kept.ts";
import { names } from "../support/storage/folder.ts";
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

for (
  const [state, why] of [
    ["no-bus", "there is no session bus (D-Bus)"],
    ["no-service", "no keyring service is running (Secret Service)"],
    ["missing", "neither /usr/bin/secret-tool nor libsecret-1.so.0 is installed"],
  ] as const
) {
  Deno.test(`FT-5: logout after a login into the keychain, where now ${why}, is exit 12, and the session is not gone`, async () => {
    await using of = await sessionIn("keychain");
    const before = [...of.keychain.items];
    of.keychain.state = state;
    const { origin } = of.sandbox;
    await autocom("auth logout", {
      code: 12,
      err: (text) => {
        assert.ok(
          text.startsWith(`error: not logged out of ${origin}: cannot remove the session from Secret Service: ${why}`),
          text,
        );
        assert.match(text, /\nhint: .*; then: autocom auth logout\n$/);
      },
    }, of);
    assert.deepEqual([of.keychain.items, of.sandbox.log.length], [before, 0]);
    of.keychain.state = "unlocked";
    await autocom("auth logout", { err: /^Logged out/ }, of);
    // What is proved gone is remembered no longer.
    of.keychain.state = state;
    await autocom("auth logout", { err: /^Nothing to log out of/ }, of);
  });

  Deno.test(`FT-5: where no session was ever put into a keychain, and ${why}, there is nothing to log out of`, async () => {
    await using w = await world();
    w.keychain.state = state;
    await autocom("auth logout", { err: /^Nothing to log out of/ }, w);
  });
}

Deno.test("FT-5: a tool that ends with an unknown complaint leaves open what the keychain holds: exit 12", async () => {
  for (const made of [await sessionIn("keychain"), await world()]) {
    await using of = made;
    of.keychain.run = () => {
      const stderr = new TextEncoder().encode("secret-tool: Timeout was reached\n");
      return Promise.resolve({ code: 1, stdout: new Uint8Array(), stderr });
    };
    await autocom("auth logout", { code: 12, err: /^error: not logged out .*Timeout was reached\nhint: / }, of);
    await autocom("whoami", { code: 12, err: /^error: .*Timeout was reached\nhint: / }, of);
  }
});

Deno.test("FT-5: a login into the file does not make the keychain's copy forgotten", async () => {
  await using of = await sessionIn("keychain");
  of.keychain.state = "no-bus";
  await keepSession(of, "file", "owner");
  await autocom("auth logout", { code: 12, err: /^error: not logged out of .*there is no session bus/ }, of);
  assert.equal(of.keychain.items.length, 2);
});

Deno.test("FT-5: what was put into the keychain is remembered without a secret, for the person alone", async () => {
  await using of = await sessionIn("keychain");
  const path = `${of.home}/.autocom/keychain`;
  assert.equal(await Deno.readTextFile(path), `${of.sandbox.origin}\n`);
  assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
  await autocom("auth logout", { err: /^Logged out/ }, of);
  await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
});

Deno.test("FT-5: without a home the same is remembered beside the credentials file that was named", async () => {
  await using of = await world();
  const folder = `${of.home}/own`;
  await Deno.mkdir(folder, { mode: 0o700 });
  Object.assign(of.env, { HOME: "", AUTOCOM_CONFIG: `${folder}/config`, AUTOCOM_CREDENTIALS_FILE: `${folder}/cred` });
  of.stdin = pat(of.sandbox);
  await autocom("auth login --token-stdin --tenant acme", { err: /kept in Secret Service\.\n$/ }, of);
  assert.equal(await Deno.readTextFile(`${folder}/.cred.keychain`), `${of.sandbox.origin}\n`);
  of.keychain.state = "no-bus";
  await autocom("auth logout", { code: 12, err: /^error: not logged out of .*there is no session bus/ }, of);
  await autocom("whoami", { code: 12, err: /there is no session bus/ }, of);
  of.keychain.state = "unlocked";
  await autocom("auth logout", { err: /\nLogged out of / }, of);
  of.keychain.state = "no-bus";
  await autocom("auth logout", { err: /^Nothing to log out of/ }, of);
  assert.deepEqual((await names(folder)).filter((name) => name.endsWith("keychain")), []);
});

Deno.test("FT-5: without a home a ledger that others may read is refused as the credentials are, by their variable's name", async () => {
  await using of = await world();
  Object.assign(of.env, {
    HOME: "/dev/null",
    AUTOCOM_CREDENTIALS_FILE: `${of.home}/cred`,
    AUTOCOM_CONFIG: "/dev/null",
  });
  await Deno.writeTextFile(`${of.home}/.cred.keychain`, "");
  await Deno.chmod(`${of.home}/.cred.keychain`, 0o644);
  of.keychain.state = "no-bus";
  await autocom("whoami", {
    code: 3,
    err: /^error: refusing to use \S+\.cred\.keychain: other users may read .*\nhint: chmod 600 \S+\.cred\.keychain\n$/,
  }, of);
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

for (const path of ["/dev/null/none", "/etc/passwd/cred"]) {
  Deno.test(`a credentials file below what is no folder is not there: logout, login and renewal with ${path}`, async () => {
    await using of = await sessionIn("keychain");
    of.env.AUTOCOM_CREDENTIALS_FILE = path;
    expire(of);
    await autocom(ORDERS, { out: LISTED }, of);
    await autocom("auth logout", { err: /^Logged out of \S+: the session is deleted from Secret Service\.\n$/ }, of);
    await autocom("auth logout", { err: /^Nothing to log out of/ }, of);
    of.stdin = pat(of.sandbox);
    await autocom("auth login --token-stdin", { err: /kept in Secret Service\.\n$/ }, of);
  });
}

for (const place of PLACES) {
  Deno.test(`a folder that cannot be listed costs no session in the ${place}; logout deletes it, and says what it could not see`, async () => {
    await using of = await sessionIn(place);
    const denied = Object.assign(new Deno.errors.PermissionDenied("os error 13"), { code: "EACCES" });
    const readDir = () => {
      throw denied;
    };
    expire(of);
    of.system = { ...of.system, files: { ...Deno, readDir } };
    await autocom(ORDERS, { out: LISTED }, of);
    of.stdin = pat(of.sandbox);
    await autocom(`auth login --token-stdin --store ${place}`, { err: /(^|\n)Logged in to / }, of);
    await autocom("whoami", { out: /owner@example\.test/ }, of);
    const said = `not logged out of ${of.sandbox.origin}: cannot look beside ${
      credentials(of)
    }: permission denied (EACCES)`;
    const hint = `chmod 700 ${of.home}/.autocom; then: autocom auth logout`;
    const kept = "The personal access token stays valid. End it in the web app, or log in with it once more, then: " +
      "autocom auth logout --revoke";
    await autocom("auth logout", { code: 3, err: `${kept}\nerror: ${said}\nhint: ${hint}\n` }, of);
    assert.equal(await bytesOf(of), NOTHING);
  });
}

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

/** A session in each place, each of a login of its own. */
async function sessionInBoth(): Promise<World> {
  const of = await sessionIn("keychain");
  const copies = [...of.keychain.items];
  await keepSession(of, "file", "owner");
  of.keychain.items.push(...copies);
  return of;
}

Deno.test("LO-3: what the keychain holds beside the file is ended at the server, too", async () => {
  await using of = await sessionInBoth();
  assert.deepEqual(of.sandbox.alive(), { access: 2, refresh: 2 });
  const done = { origin: of.sandbox.origin, deleted: true, revoked: true };
  await autocom("auth logout -o json", { out: (text) => assert.deepEqual(JSON.parse(text), done) }, of);
  assert.deepEqual([of.sandbox.alive(), await bytesOf(of)], [{ access: 0, refresh: 0 }, NOTHING]);
});

Deno.test("LO-3: of two sessions one that the server did not end is said, and they are not called revoked", async () => {
  await using of = await sessionInBoth();
  let asked = 0;
  intercept(of, "/auth/logout", () => asked++ === 0 ? undefined : new Response("<h1>Down", { status: 503 }));
  const { code, out, err } = await execute("auth logout -o json", of);
  // The last pair of the second one is tried as well.
  assert.deepEqual([code, asked, await bytesOf(of)], [0, 3, NOTHING]);
  assert.match(err, /^warning: the session may live on at the server: .*\n$/);
  assert.deepEqual(JSON.parse(out), { origin: of.sandbox.origin, deleted: true, revoked: false });
});

for (
  const [about, spoil] of [
    ["that others can read", (path: string) => Deno.chmod(path, 0o644)],
    ["that is damaged", (path: string) => Deno.writeTextFile(path, "{")],
  ] as const
) {
  Deno.test(`LO-2: a credentials file ${about} keeps no session of the keychain's from being ended at the server`, async () => {
    await using of = await sessionInBoth();
    await spoil(credentials(of));
    const before = await Deno.readTextFile(credentials(of));
    await autocom("auth logout", { code: 3, err: /^error: not logged out of .*credentials: / }, of);
    assert.deepEqual([of.sandbox.alive(), of.keychain.items], [{ access: 1, refresh: 1 }, []]);
    assert.equal(await Deno.readTextFile(credentials(of)), before);
  });
}

Deno.test("LO-2: a place that could not be looked at and was cleared all the same may have held a living session", async () => {
  await using of = await sessionInBoth();
  const { run } = of.keychain;
  let looked = 0;
  of.keychain.run = async (command, args, options) => {
    if (looked++ > 0) return await run(command, args, options);
    return {
      code: 1,
      stdout: new Uint8Array(),
      stderr: new TextEncoder().encode("secret-tool: Timeout was reached\n"),
    };
  };
  const { code, out, err } = await execute("auth logout -o json", of);
  assert.deepEqual([code, await bytesOf(of)], [0, NOTHING]);
  assert.match(err, /^warning: the session may live on at the server: .*Timeout was reached\n$/);
  assert.deepEqual(JSON.parse(out), { origin: of.sandbox.origin, deleted: true, revoked: false });
});

/** The system refuses the lock of the sessions. */
function refuseLock(of: World, code: string): void {
  const open: typeof Deno.open = (path, options) =>
    String(path).endsWith("session.lock")
      ? Promise.reject(Object.assign(new Error(code), { code }))
      : Deno.open(path, options);
  of.system = { files: { ...Deno, open } };
}

Deno.test("LO-2: on a read-only disk logout names what ends the session, and no other file to look into", async () => {
  await using of = await sessionIn("file");
  const before = await bytesOf(of);
  refuseLock(of, "EROFS");
  await autocom("auth logout", {
    code: 3,
    err:
      /^error: cannot lock .*session\.lock: the file system is read-only \(EROFS\)\nhint: make that disk writable, or end the session in the web app's list of sessions; then: autocom auth logout\n$/,
  }, of);
  assert.deepEqual([await bytesOf(of), of.sandbox.log.length], [before, 0]);
});

for (const elsewhere of [false, true]) {
  Deno.test(`FT-44: a lock that a sudo left is answered with the chown alone${elsewhere ? ", wherever the file is" : ""}`, async () => {
    await using of = await sessionIn("file");
    if (elsewhere) of.env.AUTOCOM_CREDENTIALS_FILE = credentials(of);
    refuseLock(of, "EACCES");
    for (const line of ["auth logout", "auth refresh"]) {
      await autocom(line, {
        code: 3,
        err: (text) =>
          assert.ok(text.endsWith(`\nhint: after a sudo: sudo chown -R "$(id -un)" ${of.home}/.autocom\n`), text),
      }, of);
    }
  });
}

Deno.test("a host with a name too long for the keychain: the file is named, takes a session, and it can be ended", async () => {
  const origin = `https://${"a".repeat(60)}.${"b".repeat(60)}.test`;
  await using w = await world({ env: { AUTOCOM_API_URL: `${origin}/api/v1`, AUTOCOM_TENANT: "acme" } });
  const { sandbox } = w;
  w.fetch = (request) => sandbox.fetch(new Request(request.url.replace(origin, sandbox.origin), request));
  const err =
    /^error: cannot .*"a{60}\..*" as an account of the keychain: it is longer than 128 characters\nhint: .*autocom auth login --store file\n$/;
  await autocom("orders list", { code: 12, err }, w);
  w.stdin = pat(sandbox);
  await autocom("auth login --token-stdin --store file -q", {}, w);
  await autocom("orders list --per-page 1 -q", { out: /^ORDER/ }, w);
  const done = { origin, deleted: true, revoked: true };
  await autocom("auth logout --revoke -o json", { out: (text) => assert.deepEqual(JSON.parse(text), done) }, w);
  assert.equal(await bytesOf(w), NOTHING);
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

Deno.test("LO-2: a damaged credentials file is exit 3 and left as it is: its tokens are not to be moved out of sight", async () => {
  await using of = await sessionIn("file");
  await Deno.writeTextFile(credentials(of), "{");
  await autocom("auth logout", {
    code: 3,
    err:
      /^error: not logged out of .*credentials: it is damaged\nhint: it may hold a session that works: end that in the web app's list of sessions, then delete the file: rm \S+\/credentials\n$/,
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
