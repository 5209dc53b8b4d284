/**
 * `http:` and `https:` of one loopback address are two origins, and the keychain's entries of both have one name; so have
 * those of IPv6 hosts that differ in where the address ends and the port begins.
 *
 * @module
 */

import assert from "node:assert/strict";
import { autocom, pat, type World } from "../support/harness.ts";
import { bytesOf, entries, LISTED, ORDERS, sessionIn, tamper } from "../support/kept.ts";

const login = "auth login --token-stdin --tenant acme";

const OTHERS: [about: string, origin: (own: string) => string][] = [
  ["the other scheme", (own) => own.replace("http:", "https:")],
  ["quite another origin", () => "https://shop.example"],
];

/** That origin's session in the keychain, under the name of ours, and a token to log in with on stdin. */
async function siblings([, other]: typeof OTHERS[number]): Promise<{ of: World; before: string; change: string }> {
  const of = await sessionIn("keychain");
  const origin = other(of.sandbox.origin);
  for (const entry of ["access", "refresh"] as const) await tamper(of, entry, { origin });
  of.stdin = pat(of.sandbox);
  const { host } = new URL(of.sandbox.origin);
  const change = `the keychain keeps one session under the name of ${host}, and has that of ${origin}`;
  return { of, before: JSON.stringify(of.keychain.items), change };
}

for (const one of OTHERS) {
  Deno.test(`TR-9: a logout deletes nothing of the session of ${one[0]}`, async () => {
    const { of, before } = await siblings(one);
    await using _ = of;
    await autocom("auth logout", {
      err:
        /: the session in Secret Service is for another origin\nNothing to log out of: there is no session for http:\S+\.\n$/,
    }, of);
    assert.equal(JSON.stringify(of.keychain.items), before);
  });

  Deno.test(`OA-29: a login does not replace the session of ${one[0]} unasked`, async () => {
    const { of, before, change } = await siblings(one);
    await using _ = of;
    const hint = "keep both: autocom auth login --store file --token-stdin --tenant acme; " +
      "or replace it: autocom auth login --force --token-stdin --tenant acme";
    await autocom(login, { code: 2, err: `error: not logged in: ${change}\nhint: ${hint}\n` }, of);
    assert.equal(JSON.stringify(of.keychain.items), before);
    await autocom(`${login} --force`, { err: /kept in Secret Service\.\n$/ }, of);
    assert.deepEqual(Object.entries(await entries(of)).map(([name, { origin }]) => [name, origin]), [
      ["access", of.sandbox.origin],
    ]);
  });
}

for (
  const [ours, theirs] of [["http://[::1]:3990", "https://[::1:3990]"], ["https://[::1:3990]", "http://[::1]:3990"]]
) {
  Deno.test(`TR-9, OA-29: ${ours} neither deletes nor replaces the session of ${theirs}`, async () => {
    await using of = await sessionIn("keychain");
    for (const entry of ["access", "refresh"] as const) await tamper(of, entry, { origin: theirs });
    for (const { attributes } of of.keychain.items) {
      attributes.username = `::1:3990:${attributes.username!.split(":").at(-1)}`;
    }
    const before = JSON.stringify(of.keychain.items);
    of.env.AUTOCOM_API_URL = `${ours}/api/v1`;
    const { fetch } = of;
    of.fetch = (request) => fetch(new Request(request.url.replace(ours!, of.sandbox.origin), request));
    of.stdin = pat(of.sandbox);
    const [host, hint] = [
      new URL(ours!).host,
      /; or replace it: autocom auth login --force --token-stdin --tenant acme\n$/,
    ];
    const err = (text: string) => {
      assert.ok(text.includes(`one session under the name of ${host}, and has that of ${theirs}\n`), text);
      assert.match(text, hint);
    };
    await autocom(login, { code: 2, err }, of);
    await autocom("auth logout", { err: /Nothing to log out of/ }, of);
    assert.equal(JSON.stringify(of.keychain.items), before);
  });
}

Deno.test("a logout deletes what nobody can have written, whatever origin it names", async () => {
  await using of = await sessionIn("keychain");
  for (const entry of ["access", "refresh"] as const) await tamper(of, entry, { origin: "not an origin" });
  await autocom("auth logout", { err: /is damaged\nLogged out of/ }, of);
  assert.deepEqual(of.keychain.items, []);
});

Deno.test("a login into the file keeps both sessions, and so does its end", async () => {
  const { of, before } = await siblings(OTHERS[0]!);
  await using _ = of;
  await autocom(`${login} --store file`, { err: /kept in \S+credentials\.\n$/ }, of);
  await autocom(ORDERS, { out: LISTED }, of);
  assert.equal(JSON.stringify(of.keychain.items), before);
  await autocom("auth logout", { err: /is deleted from \S+credentials\.\n$/ }, of);
  assert.equal(await bytesOf(of), JSON.stringify([JSON.parse(before), null]));
});
