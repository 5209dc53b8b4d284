import assert from "node:assert/strict";
import { autocom, pat, world } from "../support/harness.ts";
import { configOf, desktop, secretsOf, stored, tokenRequests } from "../support/desk.ts";

const login = "auth login --tenant acme";

Deno.test("--store file keeps the session in the file, announced before the browser opens, and nothing in the keychain", async () => {
  await using of = await desktop();
  const path = `${of.home}/.autocom/credentials`;
  const err = (text: string) => {
    assert.ok(
      text.startsWith(`The session will be kept in the file ${path}, readable by you alone.\nLogging in`),
      text,
    );
    assert.ok(text.endsWith(`The session is kept in ${path}.\n`), text);
  };
  await autocom(`${login} --store file`, { err }, of);
  const { place, access, refresh } = await stored(of);
  assert.deepEqual([place, access!.gen], ["file", refresh!.gen]);
  assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
  assert.equal((await Deno.stat(`${of.home}/.autocom`)).mode! & 0o777, 0o700);
  await autocom("whoami", { out: /owner@example\.test/ }, of);
});

Deno.test("a session lives in one place: a login with the other one moves it there", async () => {
  await using of = await desktop();
  for (const [flag, place] of [["", "keychain"], ["--store file", "file"], ["--store keychain", "keychain"]] as const) {
    await autocom(`${login} ${flag}`, { err: /Logged in/ }, of);
    assert.equal((await stored(of)).place, place);
  }
});

for (
  const [state, why] of [
    ["missing", "neither /usr/bin/secret-tool nor"],
    ["no-bus", "there is no session bus"],
    ["no-service", "no keyring service is running"],
  ] as const
) {
  Deno.test(`KL-3, KL-4, KL-16: without a keychain (${why}) the file is used, announced with the reason`, async () => {
    await using of = await desktop();
    of.keychain.state = state;
    const err = (text: string) => {
      const [first, second] = text.split("\n");
      assert.match(first!, new RegExp(`^warning: no keychain \\(${why}.*\\): the session will be kept in the file `));
      assert.match(second!, /^Logging in/);
    };
    await autocom(login, { err }, of);
    assert.equal((await stored(of)).place, "file");
  });

  Deno.test(`--store keychain without one (${why}) is exit 12 before the browser opens`, async () => {
    await using of = await desktop();
    of.keychain.state = state;
    const err = new RegExp(
      `^error: the keychain cannot be used: ${why}.*\nhint: autocom auth login --store file --tenant acme\n$`,
    );
    await autocom(`${login} --store keychain`, { code: 12, err }, of);
    assert.deepEqual([of.seen.launched, await stored(of)], [[], { place: "none" }]);
  });
}

Deno.test("KL-10: a keychain without a keyring is found out when the session is saved: then the file is announced and used", async () => {
  await using of = await desktop();
  of.keychain.state = "no-keyring";
  await autocom(
    login,
    { err: /warning: no keychain \(.*there is no keyring yet.*\)[^]*kept in .*credentials\.\n$/ },
    of,
  );
  assert.equal((await stored(of)).place, "file");

  await using strict = await desktop();
  strict.keychain.state = "no-keyring";
  await autocom(
    `${login} --store keychain`,
    { code: 12, err: /no keyring yet\nhint: .*--store file --tenant acme\n$/ },
    strict,
  );
  assert.equal((await stored(strict)).place, "none");
});

for (const [state, why] of [["locked", "is locked"], ["hung", "does not answer"]] as const) {
  Deno.test(`a keychain that ${why} is exit 12 before the browser opens, and what the hint says works`, async () => {
    await using of = await desktop();
    await autocom(login, { err: /Logged in/ }, of);
    of.seen.launched.length = 0;
    of.keychain.state = state;
    const err = new RegExp(
      `^error: cannot look up the session: the keychain ${why}: .*\nhint: .*auth login --store file --tenant acme\n$`,
    );
    await autocom(login, { code: 12, err }, of);
    assert.deepEqual(of.seen.launched, []);

    await autocom(`${login} --store file`, { err: /kept in .*credentials\.\n$/ }, of);
    await autocom("whoami", { out: /owner@example\.test/ }, of);
  });
}

Deno.test("the first login meets a locked keychain when it saves: exit 12, nothing stored, and what the hint says works", async () => {
  await using of = await desktop();
  of.keychain.state = "locked";
  await autocom(login, {
    code: 12,
    err: /the keychain is locked: .*\nhint: .*auth login --store file --tenant acme\n$/,
  }, of);
  assert.deepEqual([await stored(of), await configOf(of)], [{ place: "none" }, undefined]);
  await autocom(`${login} --store file`, { err: /kept in .*credentials\.\n$/ }, of);
});

Deno.test("AUTOCOM_CREDENTIALS_FILE moves the file, and does not choose it", async () => {
  await using of = await desktop();
  of.env.AUTOCOM_CREDENTIALS_FILE = `${of.home}/secrets/session.json`;
  await autocom(login, { err: /kept in Secret Service/ }, of);
  await autocom(`${login} --store file`, { err: /kept in .*\/secrets\/session\.json\.\n$/ }, of);
  assert.equal((await Deno.stat(of.env.AUTOCOM_CREDENTIALS_FILE)).mode! & 0o777, 0o600);
  assert.equal(of.keychain.items.length, 0);
});

Deno.test("CF-5: a symlink at the credentials path is refused, its target untouched, and nothing is said to be kept", async () => {
  await using of = await desktop();
  await Deno.mkdir(`${of.home}/.autocom`, { mode: 0o700 });
  await Deno.writeTextFile(`${of.home}/victim`, "mine");
  await Deno.symlink(`${of.home}/victim`, `${of.home}/.autocom/credentials`);
  await autocom(`${login} --store file`, { code: 3, err: (text) => assert.ok(!/Logged in/.test(text), text) }, of);
  assert.equal(await Deno.readTextFile(`${of.home}/victim`), "mine");
});

Deno.test("--store takes keychain or file", async () => {
  await using of = await desktop();
  await autocom(`${login} --store memory`, { code: 2, err: /--store must be one of keychain, file, not "memory"/ }, of);
  assert.deepEqual([of.seen.launched, tokenRequests(of)], [[], []]);
});

Deno.test("a damaged session is replaced by a login", async () => {
  await using of = await desktop();
  await autocom(login, { err: /Logged in/ }, of);
  for (const item of of.keychain.items) item.secret = "{";
  await autocom(login, { err: /Logged in/ }, of);
  assert.equal(secretsOf(of).length, 5);
});

Deno.test("sessions of other origins stay when one is replaced", async () => {
  await using of = await desktop();
  const path = `${of.home}/.autocom/credentials`;
  await autocom(`${login} --store file`, { err: /Logged in/ }, of);
  const other = JSON.parse(await Deno.readTextFile(path));
  other.sessions["https://other.example"] = other.sessions[of.sandbox.origin];
  await Deno.writeTextFile(path, JSON.stringify(other));
  await autocom(`${login} --store file`, { err: /Logged in/ }, of);
  const { sessions } = JSON.parse(await Deno.readTextFile(path));
  assert.deepEqual(Object.keys(sessions).sort(), [of.sandbox.origin, "https://other.example"]);
  assert.deepEqual(sessions["https://other.example"], other.sessions["https://other.example"]);
});

Deno.test("settings that cannot be saved are exit 3 that says that the session is kept, and it works", async () => {
  await using of = await world();
  await Deno.mkdir(`${of.home}/shared`);
  await Deno.chmod(`${of.home}/shared`, 0o777);
  Object.assign(of.env, { AUTOCOM_CONFIG: `${of.home}/shared/config.toml`, AUTOCOM_TENANT: "acme" });
  of.stdin = pat(of.sandbox);
  const err =
    /\nerror: logged in as owner@example\.test \(session kept in \S+\), but refusing to use \S+: other users .*\nhint: chmod 700 /;
  await autocom("auth login --token-stdin --store file", { code: 3, err }, of);
  await autocom("whoami", { out: /owner@example\.test/ }, of);
});
