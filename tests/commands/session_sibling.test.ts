/**
 * `http:` and `https:` of one loopback address are two origins, and the keychain's entries of both have one name.
 *
 * @module
 */

import assert from "node:assert/strict";
import { autocom, pat, type World } from "../support/harness.ts";
import { bytesOf, entries, LISTED, ORDERS, sessionIn, tamper } from "../support/kept.ts";

const login = "auth login --token-stdin --tenant acme";

/** A session of the other scheme in the keychain, and a token to log in with on stdin. */
async function siblings(): Promise<{ of: World; before: string; change: string }> {
  const of = await sessionIn("keychain");
  const origin = of.sandbox.origin.replace("http:", "https:");
  for (const entry of ["access", "refresh"] as const) await tamper(of, entry, { origin });
  of.stdin = pat(of.sandbox);
  const { host } = new URL(origin);
  const change = `the keychain keeps one session for http and https of ${host}, and has the other one's`;
  return { of, before: JSON.stringify(of.keychain.items), change };
}

Deno.test("TR-9: a logout deletes nothing of the session of the other scheme", async () => {
  const { of, before } = await siblings();
  await using _ = of;
  await autocom("auth logout", {
    err:
      /: the session in Secret Service is for another origin\nNothing to log out of: there is no session for http:\S+\.\n$/,
  }, of);
  assert.equal(JSON.stringify(of.keychain.items), before);
});

Deno.test("OA-29: a login does not replace the session of the other scheme unasked", async () => {
  const { of, before, change } = await siblings();
  await using _ = of;
  const hint = "keep both: autocom auth login --store file; or replace it: autocom auth login --force";
  await autocom(login, { code: 2, err: `error: not logged in: ${change}\nhint: ${hint}\n` }, of);
  assert.equal(JSON.stringify(of.keychain.items), before);
  await autocom(`${login} --force`, { err: /kept in Secret Service\.\n$/ }, of);
  assert.deepEqual(Object.entries(await entries(of)).map(([name, { origin }]) => [name, origin]), [
    ["access", of.sandbox.origin],
  ]);
});

Deno.test("a login into the file keeps both sessions, and so does its end", async () => {
  const { of, before } = await siblings();
  await using _ = of;
  await autocom(`${login} --store file`, { err: /kept in \S+credentials\.\n$/ }, of);
  await autocom(ORDERS, { out: LISTED }, of);
  assert.equal(JSON.stringify(of.keychain.items), before);
  await autocom("auth logout", { err: /is deleted from \S+credentials\.\n$/ }, of);
  assert.equal(await bytesOf(of), JSON.stringify([JSON.parse(before), null]));
});
