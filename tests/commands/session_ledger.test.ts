/**
 * The ledger says which sessions the keychain was given. It is no part of a session: whatever becomes of it, none is lost.
 *
 * @module
 */

import assert from "node:assert/strict";
import { autocom, execute, type World } from "../support/harness.ts";
import { desktop, stored } from "../support/desk.ts";
import { systemOf } from "../support/world.ts";
import { bytesOf, credentials, expire, keepSession, LISTED, ORDERS, renewals, sessionIn } from "../support/kept.ts";
import { envelope } from "../support/scripted.ts";

const ledger = ({ home }: World) => `${home}/.autocom/keychain`;

/** Why it cannot be used, how that comes, and what is said of it. */
const UNUSABLE: [about: string, breaking: (of: World) => unknown, why: string][] = [
  [
    "may be changed by others",
    async (of) => {
      await Deno.mkdir(`${of.home}/.autocom`, { recursive: true, mode: 0o700 });
      await Deno.writeTextFile(ledger(of), "");
      await Deno.chmod(ledger(of), 0o664);
    },
    "refusing to use \\S+keychain: other users may change it \\(mode 0664\\)\\): .*; chmod go-w \\S+keychain",
  ],
  [
    "is not there, and the disk is full",
    (of) => refuse(of, "ENOSPC"),
    "cannot write \\S+keychain: no space left on the disk \\(ENOSPC\\)\\): .*; make room on the disk",
  ],
  [
    "is not there, and the home is read-only",
    (of) => refuse(of, "EROFS"),
    "cannot write \\S+keychain: the file system is read-only \\(EROFS\\)\\): .*; set HOME to a folder on a disk .*",
  ],
];

/** There is no ledger, and no file can be made that could become one. */
async function refuse(of: World, code: string): Promise<void> {
  await Deno.remove(ledger(of)).catch(() => {});
  const refusal = Object.assign(new Error(code), { code });
  const { files } = systemOf(of);
  const open: typeof files.open = (path, how) =>
    /\.keychain\.\w+\.tmp$/.test(`${path}`) ? Promise.reject(refusal) : files.open(path, how);
  of.system = { ...of.system, files: { ...files, open } };
}

for (const [about, breaking, why] of UNUSABLE) {
  const warning = `warning: Secret Service keeps the session, but that cannot be noted \\(${why}\n`;

  Deno.test(`RF-7: a session of the keychain is renewed and kept where the ledger ${about}: a warning, and the next run has it`, async () => {
    await using of = await sessionIn("keychain");
    expire(of);
    const before = (await stored(of)).refresh!.refresh_token;
    await breaking(of);
    await autocom(ORDERS, { out: LISTED, err: new RegExp(`^${warning}$`) }, of);
    assert.notEqual((await stored(of)).refresh!.refresh_token, before);
    await autocom(ORDERS, { out: LISTED }, of);
    assert.deepEqual([renewals(of), of.sandbox.alive()], [1, { access: 1, refresh: 1 }]);
  });

  Deno.test(`a login keeps its session in the keychain where the ledger ${about}, with a warning`, async () => {
    await using of = await desktop();
    await breaking(of);
    const err = new RegExp(`${warning}[^]*Logged in to .*kept in Secret Service\\.\n$`);
    await autocom("auth login --tenant acme", { err }, of);
    assert.equal((await stored(of)).place, "keychain");
    await autocom("whoami", { out: /owner@example\.test/ }, of);
  });
}

Deno.test("FT-5: where the ledger cannot be read and the keychain cannot be asked, logout deletes the file's copy and says what it cannot tell", async () => {
  await using of = await sessionIn("keychain");
  const [held, { origin }] = [[...of.keychain.items], of.sandbox];
  of.keychain.state = "no-bus";
  await keepSession(of, "file", "owner");
  const hint = `chmod go-w ${ledger(of)}`;
  const why = `refusing to use ${ledger(of)}: other users may change it (mode 0666)`;
  const error = (before: string, what: string) =>
    `error: not logged out of ${origin}: ${before}whether Secret Service holds ${what} cannot be told: ${why}\n` +
    `hint: ${hint}; then: autocom auth logout\n`;
  await Deno.chmod(ledger(of), 0o666);
  const before = `the copy in ${credentials(of)} is deleted; `;
  await autocom("auth logout", { code: 3, err: error(before, "one") }, of);
  assert.equal(await bytesOf(of), JSON.stringify([held, null]));
  await autocom("auth logout", { code: 3, err: error("", "a session") }, of);
  const { code, out, err } = await execute("auth logout -o json", of);
  assert.deepEqual([code, out, envelope(err).hint], [3, "", `${hint}; then: autocom auth logout`]);
  // What the hint mends is what was in the way, and the keychain itself is enough.
  of.keychain.state = "unlocked";
  await autocom("auth logout", { err: /\nLogged out of \S+: the session is deleted from Secret Service\.\n$/ }, of);
  assert.equal(await bytesOf(of), JSON.stringify([[], null]));
});
