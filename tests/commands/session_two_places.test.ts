/**
 * A session in the file, and another account's in the keychain: as where the keychain was locked while the file got one.
 *
 * @module
 */

import assert from "node:assert/strict";
import { autocom, pat, type World } from "../support/harness.ts";
import {
  asked,
  credentials,
  entries,
  expire,
  intercept,
  keepSession,
  LISTED,
  ORDERS,
  renewals,
  sessionIn,
} from "../support/kept.ts";
import { json } from "../support/scripted.ts";

/** The owner's in the file, the admin's in the keychain. */
async function both(kind: "oauth" | "pat" = "oauth"): Promise<World> {
  const of = await sessionIn("keychain", { user: "admin" });
  of.keychain.state = "locked";
  await keepSession(of, "file", "owner", kind);
  of.keychain.state = "unlocked";
  return of;
}

const inKeychain = ({ keychain }: World) => keychain.items.map(({ secret }) => JSON.parse(secret).email ?? "refresh");
const ADMIN = ["refresh", "admin@example.test"];

Deno.test("RF-4: the renewal of a session in the file asks no keychain, and leaves the session of another account there", async () => {
  await using of = await both();
  expire(of);
  of.keychain.calls.length = 0;
  await autocom(ORDERS, { out: LISTED }, of);
  assert.deepEqual([renewals(of), of.keychain.calls, inKeychain(of)], [1, [], ADMIN]);
  assert.equal((await entries(of)).access!.email, "owner@example.test");
});

Deno.test("RF-4: a session in the file whose renewal is refused is gone, and the session of another account in the keychain is not", async () => {
  await using of = await both();
  expire(of);
  intercept(of, "/oauth/token", json({ error: "invalid_grant" }, 400));
  await autocom(ORDERS, { code: 4, err: /in \S+credentials was refused by the server/ }, of);
  await assert.rejects(Deno.lstat(credentials(of)), Deno.errors.NotFound);
  assert.deepEqual(inKeychain(of), ADMIN);
});

Deno.test("RF-4: who waited for a renewal that was refused goes on as no other account", async () => {
  await using of = await both();
  expire(of);
  // Another run, whose renewal is refused while this one looks.
  const { files } = (await import("../support/world.ts")).systemOf(of);
  const open: typeof files.open = async (path, how) => {
    if (`${path}`.endsWith("session.lock")) await Deno.remove(credentials(of)).catch(() => {});
    return await files.open(path, how);
  };
  of.system = { ...of.system, files: { ...files, open } };
  await autocom(ORDERS, { code: 4, err: /was ended by another autocom\nhint: autocom auth login\n$/ }, of);
  assert.deepEqual([asked(of, "/graphql").length, renewals(of), inKeychain(of)], [0, 0, ADMIN]);
});

const CHANGE = /admin@example\.test is logged in to \S+; you are now owner@example\.test/;

for (const kind of ["oauth", "pat"] as const) {
  Deno.test(`a login into the file, which holds the same account's (${kind}), does not replace another account's in the keychain unasked`, async () => {
    await using of = await both(kind);
    of.stdin = pat(of.sandbox);
    const login = "auth login --token-stdin --tenant acme --store file";
    const before = await Deno.readTextFile(credentials(of));
    await autocom(login, {
      code: 2,
      err: (text) => {
        assert.match(text, CHANGE);
        assert.match(
          text,
          /\nhint: replace it: autocom auth login --force --token-stdin --tenant acme --store file\n$/,
        );
      },
    }, of);
    assert.deepEqual([inKeychain(of), await Deno.readTextFile(credentials(of))], [ADMIN, before]);
    await autocom(`${login} --force`, { err: /Logged in/ }, of);
    assert.deepEqual(inKeychain(of), []);
  });
}

Deno.test("a login into the keychain asks about the file's session and the keychain's, each once", async () => {
  await using of = await both();
  of.terminal = { stdin: true, stderr: true };
  of.env.NO_COLOR = "1";
  of.stdin = `${pat(of.sandbox, "manager")}\r`;
  of.answers = [true, true];
  await autocom("auth login --token-stdin --tenant acme", { err: /Logged in to \S+ as .*manager@example\.test/ }, of);
  assert.deepEqual(of.seen.asked.map((text) => text.split(" ")[0]), ["owner@example.test", "admin@example.test"]);
  assert.deepEqual(inKeychain(of), ["manager@example.test"]);
});

Deno.test("a keychain that hangs is asked once by a login into the file, not once more under the lock", async () => {
  await using of = await sessionIn("file");
  of.keychain.state = "hung";
  of.keychain.calls.length = 0;
  of.stdin = pat(of.sandbox);
  await autocom("auth login --token-stdin --tenant acme --store file", { err: /Logged in/ }, of);
  assert.equal(of.keychain.calls.length, 1);
});
