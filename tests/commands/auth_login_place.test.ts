/**
 * What cannot take the session is found out before anybody approves, and before the server hears of a token. What another
 * user's home is spared, and what of a ledger that cannot be read.
 *
 * @module
 */

import assert from "node:assert/strict";
import { autocom, pat, type World } from "../support/harness.ts";
import { desktop, stored } from "../support/desk.ts";
import { sessionIn } from "../support/kept.ts";
import { systemOf } from "../support/world.ts";

const credentials = ({ home }: World) => `${home}/.autocom/credentials`;

/** A file that cannot take the session, how that comes, and what is said; `always`: also of a login into the keychain. */
const UNFIT: [about: string, breaking: (of: World) => unknown, said: RegExp, always?: boolean][] = [
  [
    "stands in a folder that others may change",
    async (of) => {
      await Deno.mkdir(`${of.home}/shared`);
      await Deno.chmod(`${of.home}/shared`, 0o1777);
      of.env.AUTOCOM_CREDENTIALS_FILE = `${of.home}/shared/x`;
    },
    /refusing to use \S+shared: other users may change the folder \(mode 1777\)\nhint: set AUTOCOM_CREDENTIALS_FILE /,
  ],
  [
    "stands in a folder that is not there",
    (of) => (of.env.AUTOCOM_CREDENTIALS_FILE = `${of.home}/no/such/x`),
    /cannot write \S+x: there is no such folder \(ENOENT\)\nhint: make its folder: mkdir -p -m 700 \S+\/no\/such\n$/,
  ],
  [
    "is on a full disk",
    (of) => refuseNew(of, "ENOSPC"),
    /cannot write \S+credentials: no space left on the disk \(ENOSPC\)\nhint: make room on the disk\n$/,
  ],
  [
    "is in a folder that takes no file",
    (of) => refuseNew(of, "EACCES"),
    /cannot write \S+credentials: permission denied \(EACCES\)\nhint: /,
  ],
  ["others may read", (of) => become(of, 0o644, "{}"), /\(mode 0644\)\nhint: chmod 600 \S+credentials\n$/, true],
  ["is empty", (of) => become(of, 0o600, ""), /credentials: it is damaged\nhint: move it away.*: mv /, true],
  [
    "is a link",
    async (of) => {
      await become(of, 0o600, "");
      await Deno.rename(credentials(of), `${of.home}/elsewhere`);
      await Deno.symlink(`${of.home}/elsewhere`, credentials(of));
    },
    /credentials: it is a symbolic link\nhint: remove the link: rm /,
    true,
  ],
  [
    "is a folder",
    async (of) => {
      await become(of, 0o600, "");
      await Deno.remove(credentials(of));
      await Deno.mkdir(credentials(of));
    },
    /credentials: it is a folder, not a regular file\nhint: /,
    true,
  ],
  [
    "is a device",
    (of) => (of.env.AUTOCOM_CREDENTIALS_FILE = "/dev/null"),
    /refusing to use \/dev\/null: it is a device, not a regular file\nhint: set AUTOCOM_CREDENTIALS_FILE /,
    true,
  ],
];

async function become(of: World, mode: number, text: string): Promise<void> {
  await Deno.mkdir(`${of.home}/.autocom`, { mode: 0o700 });
  await Deno.writeTextFile(credentials(of), text);
  await Deno.chmod(credentials(of), mode);
}

/** No file can be made that could become the one of the sessions. */
async function refuseNew(of: World, code: string): Promise<void> {
  await Deno.mkdir(`${of.home}/.autocom`, { mode: 0o700 });
  const { files } = systemOf(of);
  const open: typeof files.open = (path, how) =>
    /\.credentials\.\w+\.tmp$/.test(`${path}`)
      ? Promise.reject(Object.assign(new Error(code), { code }))
      : files.open(path, how);
  of.system = { ...of.system, files: { ...files, open } };
}

for (const [about, breaking, said, always] of UNFIT) {
  Deno.test(`a login is exit 3 before anybody approves it where the file ${about}`, async () => {
    for (const store of ["--store file", ...always ? ["", "--store keychain"] : ["without a keychain"]]) {
      await using of = await desktop();
      await breaking(of);
      if (store === "without a keychain") of.keychain.state = "no-bus";
      const how = store.startsWith("--") ? store : "";
      const err = (text: string) => {
        assert.match(text, said);
        assert.doesNotMatch(text, /Logging in|will be kept/);
      };
      await autocom(`auth login --tenant acme ${how}`, { code: 3, err }, of);
      of.stdin = pat(of.sandbox);
      await autocom(`auth login --token-stdin --tenant acme ${how}`, { code: 3, err }, of);
      assert.deepEqual([of.seen.launched, of.sandbox.log, of.keychain.items], [[], [], []], store);
    }
  });
}

Deno.test("a login into the keychain does not mind a folder that only the file could not be in", async () => {
  await using of = await desktop();
  of.env.AUTOCOM_CREDENTIALS_FILE = `${of.home}/no/such/x`;
  await autocom("auth login --tenant acme", { err: /kept in Secret Service\.\n$/ }, of);
});

Deno.test("the look before a login leaves nothing behind when it is given up", async () => {
  await using of = await desktop();
  of.env.AUTOCOM_CREDENTIALS_FILE = `${of.home}/mine/x`;
  of.browser = () => of.signal("SIGINT");
  await autocom("auth login --store file", { code: 130, err: /Logging in/ }, of);
  assert.deepEqual(await Array.fromAsync(Deno.readDir(of.home), ({ name }) => name), [".autocom"]);
});

Deno.test("in a home folder of another user's nothing is made, as after sudo -E, whatever is to be saved", async () => {
  await using of = await desktop();
  // Root's own home would be a container's.
  if (Deno.uid() === 0) await Deno.chown(of.home, 4242, null);
  else of.system = { host: { ...systemOf(of).host, uid: Deno.uid()! + 1 } };
  const err =
    /(^|\n)error: refusing to use \S+: the home folder is another user's\nhint: set HOME to a folder of yours\n$/;
  of.env.AUTOCOM_TENANT = "acme";
  for (const line of ["config set ring edge", "config unset ring", "auth login", "auth login --store file"]) {
    await autocom(line, { code: 3, err }, of);
  }
  await autocom("auth logout", { code: 3, err: /the home folder is another user's/ }, of);
  of.env.AUTOCOM_TOKEN = pat(of.sandbox);
  await autocom("orders list --per-page 1 -q", { out: /^ORDER/ }, of);
  await autocom("tenants list", { out: /acme/ }, of);
  await autocom("schema refresh", { code: 3, err }, of);
  assert.deepEqual(await Array.fromAsync(Deno.readDir(of.home), ({ name }) => name), []);
});

for (const state of ["no-bus", "unlocked"] as const) {
  Deno.test(`a ledger that is a folder is a warning where the file gets the session, or the keychain says that it has none (keychain: ${state})`, async () => {
    await using of = await sessionIn("file");
    of.keychain.state = state;
    await Deno.mkdir(`${of.home}/.autocom/keychain`);
    const warning = /^warning: .*refusing to use \S+keychain: it is a folder, not a regular file/m;
    const err = (end: RegExp) => (text: string) => {
      assert.match(text, warning);
      assert.match(text, end);
    };
    const said = state === "unlocked"
      ? { err: err(/\nLogged out of \S+: the session is deleted from \S+credentials\.\n$/) }
      : {
        code: 3,
        err: /^error: .*the copy in \S+credentials is deleted; whether Secret Service holds one cannot be told/,
      };
    await autocom("auth logout", said, of);
    assert.equal((await stored(of)).place, "none");
    of.stdin = pat(of.sandbox);
    await autocom("auth login --token-stdin --store file", { err: err(/kept in \S+credentials\.\n$/) }, of);
    await autocom("whoami", { out: /owner@example\.test/ }, of);
  });
}

Deno.test("a ledger that is a folder is exit 3 where nobody can tell whether there is a session", async () => {
  await using of = await sessionIn("keychain");
  of.keychain.state = "no-bus";
  await Deno.remove(`${of.home}/.autocom/keychain`);
  await Deno.mkdir(`${of.home}/.autocom/keychain`);
  for (const line of ["auth logout", "whoami"]) {
    await autocom(
      line,
      { code: 3, err: /keychain: it is a folder, not a regular file\nhint: look at it: ls -ld / },
      of,
    );
  }
});
