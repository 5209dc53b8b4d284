/**
 * One credentials file that is used from several homes, each of which has a lock of its own.
 *
 * @module
 */

import assert from "node:assert/strict";
import { autocom, beside, execute, type World } from "../support/harness.ts";
import { credentials, entries, expire, LISTED, ORDERS, renewals, sessionIn } from "../support/kept.ts";
import { names } from "../support/storage/folder.ts";

/** The same world from another home, which knows that credentials file by its variable. */
async function from(of: World, name: string, file: string): Promise<World> {
  const home = `${of.home}/${name}`;
  await Deno.mkdir(home, { recursive: true, mode: 0o700 });
  return { ...beside(of), home, env: { ...of.env, HOME: home, AUTOCOM_CREDENTIALS_FILE: file } };
}

/** Lets them all run at once; all see that the session has ended before one has renewed it. */
async function together(of: World, worlds: World[]): Promise<void> {
  const { length } = worlds;
  let looking = 0;
  const all = Promise.withResolvers<void>();
  for (const world of worlds) {
    const open: typeof Deno.open = async (path, how) => {
      // Each has read the session when it goes for its lock.
      if (`${path}`.endsWith(".lock")) {
        if (++looking === length) all.resolve();
        await all.promise;
      }
      return await Deno.open(path, how);
    };
    world.system = { ...of.system, files: { ...Deno, open } };
  }
  const ended = await Promise.all(worlds.map((world) => execute(ORDERS, world)));
  for (const { code, out, err } of ended) {
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, LISTED);
  }
}

Deno.test("RF-1: runs in three homes that share a credentials file renew its session once", async () => {
  await using of = await sessionIn("file");
  await Deno.mkdir(`${of.home}/shared`, { mode: 0o700 });
  const file = `${of.home}/shared/cred`;
  await Deno.rename(credentials(of), file);
  expire(of);
  await together(of, await Promise.all(["a", "b", "c"].map((name) => from(of, name, file))));
  assert.deepEqual([renewals(of), of.sandbox.alive()], [1, { access: 1, refresh: 1 }]);
  assert.deepEqual(await names(`${of.home}/shared`), [".cred.lock", "cred"]);
});

Deno.test("RF-1: so do a run in a home and one elsewhere that names the file of that home", async () => {
  await using of = await sessionIn("file");
  expire(of);
  await together(of, [beside(of), await from(of, "b", credentials(of))]);
  assert.deepEqual([renewals(of), of.sandbox.alive()], [1, { access: 1, refresh: 1 }]);
  assert.deepEqual(await names(`${of.home}/.autocom`), ["credentials", "session.lock"]);
});

Deno.test("a home that is named in two ways does not wait for itself", async () => {
  await using of = await sessionIn("file");
  expire(of);
  await Deno.symlink(of.home, `${of.home}/link`);
  for (const [home, file] of [[`${of.home}/link`, of.home], [of.home, `${of.home}/link`], [of.home, `${of.home}/.`]]) {
    const named = { ...of.env, HOME: home!, AUTOCOM_CREDENTIALS_FILE: `${file}/.autocom/credentials` };
    await autocom("auth refresh", { err: /^Renewed/ }, { ...of, env: named });
  }
  assert.ok((await entries(of)).refresh);
});

Deno.test("a credentials file that no lock can be beside leaves the one in the home: nothing is made there", async () => {
  await using of = await sessionIn("keychain");
  const shared = `${of.home}/shared`;
  await Deno.mkdir(shared);
  await Deno.chmod(shared, 0o777);
  const locks = Object.assign(new Error("EROFS"), { code: "EROFS" });
  const openSync: typeof Deno.openSync = (path, how) => {
    if (`${path}`.endsWith(".cred.lock")) throw locks;
    return Deno.openSync(path, how);
  };
  for (
    const [file, files] of [[`${shared}/cred`, Deno], [`${of.home}/none/cred`, Deno], [`${of.home}/cred`, {
      ...Deno,
      openSync,
    }]] as const
  ) {
    of.env.AUTOCOM_CREDENTIALS_FILE = file;
    of.system = { ...of.system, files };
    await autocom("auth refresh", { err: /^Renewed the session for \S+, kept in Secret Service/ }, of);
  }
  assert.deepEqual([await names(shared), await names(of.home)], [[], [".autocom", "shared"]]);
});
