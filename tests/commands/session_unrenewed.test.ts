/**
 * A session that cannot be renewed, or not be kept, is used as long as its access token lives: nothing is spent before.
 *
 * @module
 */

import assert from "node:assert/strict";
import { autocom, type World } from "../support/harness.ts";
import {
  bytesOf,
  credentials,
  expire,
  later,
  LIFE,
  LISTED,
  ORDERS,
  PLACES,
  renewals,
  sessionIn,
  tamper,
} from "../support/kept.ts";
import { systemOf } from "../support/world.ts";

const BARRED: [about: string, bar: (of: World) => unknown, said: RegExp][] = [
  ["the disk is read-only", (of) => {
    const { files } = systemOf(of);
    const open: typeof files.open = (path, how) =>
      `${path}`.endsWith(".tmp")
        ? Promise.reject(Object.assign(new Error(), { code: "EROFS" }))
        : files.open(path, how);
    of.system = { ...of.system, files: { ...files, open } };
  }, /the file system is read-only \(EROFS\)/],
  ["others may change its folder", async (of) => {
    const shared = `${of.home}/shared`;
    await Deno.mkdir(shared);
    await Deno.rename(credentials(of), `${shared}/x`);
    await Deno.chmod(shared, 0o775);
    of.env.AUTOCOM_CREDENTIALS_FILE = `${shared}/x`;
  }, /other users may change the folder \(mode 0775\)/],
  ["the file is mounted by itself", (of) => {
    const { files } = systemOf(of);
    const lstat: typeof files.lstat = async (path) => {
      const info = await files.lstat(path);
      return `${path}` === `${of.home}/.autocom` ? { ...info, dev: info.dev + 1 } : info;
    };
    const rename: typeof files.rename = (from, to) =>
      `${to}` === credentials(of)
        ? Promise.reject(Object.assign(new Error(), { code: "EBUSY" }))
        : files.rename(from, to);
    of.system = { ...of.system, files: { ...files, lstat, rename } };
  }, /it is in use, or mounted by itself \(EBUSY\)(; |\nhint: )mount the folder \S+\.autocom instead of the file/],
];

for (const [about, bar, said] of BARRED) {
  Deno.test(`RF-7: where ${about}, a session of the file is not renewed while it lives: it is used, with a warning`, async () => {
    await using of = await sessionIn("file");
    later(of, LIFE - 30);
    await bar(of);
    const path = of.env.AUTOCOM_CREDENTIALS_FILE ?? credentials(of);
    const before = await Deno.readTextFile(path);
    await autocom(ORDERS, {
      out: LISTED,
      err: (text) => {
        assert.match(text, /^warning: the session is used until it ends: .*\n$/);
        assert.match(text, said);
      },
    }, of);
    await autocom("auth refresh", { code: 3, err: said }, of);
    assert.deepEqual([renewals(of), await Deno.readTextFile(path)], [0, before]);
    // Behind its end there is nothing to lose: the command is done, and says that it cannot keep the new pair.
    expire(of);
    await autocom(ORDERS, { code: 1, out: LISTED, err: /could not be kept/ }, of);
    assert.equal(renewals(of), 1);
  });
}

Deno.test("RF-7: doctor says of a file of sessions that is mounted by itself that its folder is to be mounted", async () => {
  await using of = await sessionIn("file");
  await BARRED[2]![1](of);
  await autocom("doctor", {
    out: /mounted by itself \(EBUSY\)[^]*mount the folder \S+\.autocom instead of the file/,
    err: () => {},
  }, of);
});

for (const place of PLACES) {
  for (const [what, changes] of [["none", null], ["a damaged one", { refresh_token: "two words" }]] as const) {
    Deno.test(`TK-9: a session in the ${place} with ${what} to renew it with is used until its access token ends`, async () => {
      await using of = await sessionIn(place);
      await tamper(of, "refresh", changes);
      later(of, LIFE - 30);
      const before = await bytesOf(of);
      await autocom(ORDERS, { out: LISTED }, of);
      await autocom("orders list --all -q", { out: LISTED }, of);
      assert.deepEqual([renewals(of), await bytesOf(of)], [0, before]);
      expire(of);
      await autocom(ORDERS, { code: 4, err: /has no refresh token|is damaged/ }, of);
    });
  }
}
