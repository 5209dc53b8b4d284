import assert from "node:assert/strict";
import { autocom, browserOf, pat } from "../support/harness.ts";
import { approved, desktop, pasting, shown, stored } from "../support/desk.ts";
import { tamper } from "../support/kept.ts";

const login = "auth login --tenant acme";

Deno.test("BR-1, BR-7: the opener gets the address that was shown as its one argument, and no variable of ours", async () => {
  await using of = await desktop();
  of.env.AUTOCOM_DEBUG = "1";
  await autocom(login, { err: /Logged in/ }, of);
  assert.equal(of.seen.launched.length, 1);
  const { command, args, env } = of.seen.launched[0]!;
  assert.deepEqual([command, ...args], ["/usr/bin/xdg-open", shown(of)]);
  assert.deepEqual(Object.keys(env).sort(), ["DISPLAY", "HOME"]);
});

Deno.test("BR-5: when the opener does not start the address can be pasted", async () => {
  await using of = await desktop({ terminal: { stdin: true } });
  of.system = { spawn: { run: (...given) => of.keychain.run(...given), launch: () => false } };
  of.stdin = pasting(async () => [await approved(of)]);
  await autocom(login, { err: /any device \(\/usr\/bin\/xdg-open did not start\):[^]*Logged in/ }, of);
});

Deno.test("the client id is the flag's, else AUTOCOM_CLIENT_ID's, and without any it is said how to give one", async () => {
  await using of = await desktop();
  of.env.AUTOCOM_CLIENT_ID = "not-this-one";
  await autocom(`${login} --client-id ${of.sandbox.clientId}`, { err: /Logged in/ }, of);
  delete of.env.AUTOCOM_CLIENT_ID;
  await autocom("config unset client_id -q", {}, of); // the first login saved it
  const err =
    /^error: this build has no OAuth client id\nhint: set AUTOCOM_CLIENT_ID .*: autocom auth login --client-id UUID --tenant acme --store file\n$/;
  await autocom(`${login} --store file`, { code: 2, err }, of);
});

for (const id of ["a&redirect_uri=https://evil", "a & calc", '"', "%PATH%", "`id`", "$(id)", "a\nb", "x".repeat(65)]) {
  Deno.test(`OA-35, BR-2: ${JSON.stringify(id.slice(0, 30))} is no client id: nothing is opened`, async () => {
    await using of = await desktop();
    await autocom(["auth", "login", "--client-id", id], { code: 2, err: /is not a client id/ }, of);
    assert.deepEqual([of.seen.launched, of.sandbox.log], [[], []]);
  });
}

Deno.test("FT-51: the hint of a login that was denied is the same login", async () => {
  await using of = await desktop();
  of.browser = browserOf(of.sandbox, "owner", "deny");
  const { clientId } = of.sandbox;
  const err = new RegExp(`\nhint: autocom auth login --tenant acme --store file --client-id ${clientId} --force\n$`);
  await autocom(`${login} --store file --force --client-id ${clientId}`, { code: 4, err }, of);
});

Deno.test("OA-29: the session of another account is not replaced unasked", async () => {
  await using of = await desktop();
  await autocom(login, { err: /Logged in/ }, of);
  const before = await stored(of);
  const alive = of.sandbox.alive();

  of.browser = browserOf(of.sandbox, "admin");
  const change = `owner@example.test is logged in to ${of.sandbox.origin}; you are now admin@example.test`;
  const err = new RegExp(
    `error: not logged in: ${change}\nhint: replace it: autocom auth login --force --tenant acme\n$`,
  );
  await autocom(login, { code: 2, err }, of);
  assert.deepEqual(await stored(of), before);
  assert.deepEqual(of.sandbox.alive(), alive, "the pair that nobody keeps is ended at the server");

  of.terminal = { stdin: true, stderr: true };
  of.env.NO_COLOR = "1";
  of.answers = [false, true];
  await autocom(login, { code: 2, err }, of);
  assert.deepEqual(await stored(of), before);
  await autocom(login, { err: /as Admin Example <admin@example\.test>/ }, of);
  assert.deepEqual(of.seen.asked, [1, 2].map(() => `${change}. Replace the session?`));
  assert.equal((await stored(of)).access!.email, "admin@example.test");

  of.terminal = {};
  of.browser = browserOf(of.sandbox, "owner");
  await autocom(`${login} --force`, { err: /as Owner Example/ }, of);
  assert.equal((await stored(of)).access!.email, "owner@example.test");
});

for (
  const [about, entry, changes] of [
    ["has no e-mail", "access", { email: null, name: "Owner Example" }],
    ["lost its access token", "access", null],
  ] as const
) {
  Deno.test(`OA-29: a session that ${about} may be another account's: it is not replaced unasked either`, async () => {
    await using of = await desktop();
    await autocom(login, { err: /Logged in/ }, of);
    await tamper(of, entry, changes);
    const before = await stored(of);
    const change =
      `an account whose e-mail is not known is logged in to ${of.sandbox.origin}; you are now owner@example.test`;
    const err = new RegExp(
      `error: not logged in: ${change}\nhint: replace it: autocom auth login --force --tenant acme\n$`,
    );
    await autocom(login, { code: 2, err }, of);
    assert.deepEqual(await stored(of), before);

    of.terminal = { stdin: true, stderr: true };
    of.env.NO_COLOR = "1";
    of.answers = [false, true];
    await autocom(login, { code: 2, err }, of);
    assert.deepEqual(await stored(of), before);
    await autocom(login, { err: /as Owner Example <owner@example\.test>/ }, of);
    assert.deepEqual(of.seen.asked, [1, 2].map(() => `${change}. Replace the session?`));
    await tamper(of, entry, changes);
    of.terminal = {};
    await autocom(`${login} --force`, { err: /as Owner Example/ }, of);
    assert.equal((await stored(of)).access!.email, "owner@example.test");
  });
}

Deno.test("OA-29: the same token again is the same account's, whatever is known of it", async () => {
  await using of = await desktop();
  of.stdin = pat(of.sandbox);
  for (const _ of [1, 2]) {
    await autocom("auth login --token-stdin --tenant acme", { err: /Logged in/ }, of);
    await tamper(of, "access", { email: null, name: null });
  }
});

Deno.test("AUTOCOM_TOKEN is used before a session: a login says so", async () => {
  await using of = await desktop();
  of.env.AUTOCOM_TOKEN = of.sandbox.pat("viewer");
  await autocom(login, { err: /warning: AUTOCOM_TOKEN is set: commands use it, not this session\n[^]*Logged in/ }, of);
});

Deno.test("a config file that cannot be read ends a login before anything is opened", async () => {
  await using of = await desktop();
  await Deno.mkdir(`${of.home}/.autocom`, { mode: 0o700 });
  await Deno.writeTextFile(`${of.home}/.autocom/config.toml`, "tenant = \n", { mode: 0o600 });
  await autocom("auth login", { code: 3, err: /config\.toml.*line 1/ }, of);
  assert.deepEqual(of.seen.launched, []);
});

Deno.test("TR-6: an address that is not safe is refused before any packet", async () => {
  await using of = await desktop();
  await autocom(`${login} --api-url http://api.example.com/api/v1`, { code: 2, err: /plain http is only for/ }, of);
  assert.deepEqual([of.seen.launched, of.sandbox.log], [[], []]);
});
