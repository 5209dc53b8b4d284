import assert from "node:assert/strict";
import { autocom, execute, pat, type World, world } from "../support/harness.ts";
import {
  credentials,
  entries,
  expire,
  intercept,
  later,
  LIFE,
  type Place,
  PLACES,
  renewals,
  sessionIn,
  tamper,
} from "../support/kept.ts";
import { envelope, json } from "../support/scripted.ts";

const offline = (of: World) => void (of.fetch = () => assert.fail("a request was sent"));
const whereOf = (of: World, place: Place) => place === "file" ? credentials(of) : "Secret Service";

/** What `auth status -o json` says of a session, in the documented order. */
async function statusOf(of: World, place: Place): Promise<Record<string, unknown>> {
  const { expires_at, kind } = (await entries(of)).access!;
  const until = expires_at === null ? null : new Date(Number(expires_at) * 1000).toISOString().replace(".000Z", "Z");
  const session = { kind, store: whereOf(of, place), expires_at: until, tenant: "acme", usable: true, state: "alive" };
  return { account: "owner@example.test", api_url: of.apiUrl, ...session };
}

for (const place of PLACES) {
  for (const kind of ["oauth", "pat"] as const) {
    Deno.test(`auth status shows a session (${kind}, ${place}) as it is kept, without the network`, async () => {
      await using of = await sessionIn(place, { kind });
      offline(of);
      const { out } = await execute("auth status -o json", of);
      assert.deepEqual(JSON.parse(out), await statusOf(of, place));
      assert.deepEqual(Object.keys(JSON.parse(out)), Object.keys(await statusOf(of, place)));
    });
  }

  Deno.test(`FT-40: auth status is 0 for a token that ended and can be renewed, 4 when it cannot (${place})`, async () => {
    await using of = await sessionIn(place);
    offline(of);
    expire(of);
    await autocom("auth status", { out: /\tended, will be renewed\n$/ }, of);
    await tamper(of, "refresh", null);
    const said = await execute("auth status -o json", of);
    const { usable, state } = JSON.parse(said.out);
    assert.deepEqual([said.code, usable, state], [4, false, "ended"]);
    const { code, message, hint } = envelope(said.err);
    const expected = `the session for ${of.sandbox.origin} in ${whereOf(of, place)} has expired`;
    assert.deepEqual([code, message, hint], ["unauthenticated", expected, "autocom auth login"]);
  });
}

Deno.test("FT-40: auth status names the origin that AUTOCOM_TOKEN goes to, looks into no store, and claims nothing of the token", async () => {
  await using of = await world();
  offline(of);
  of.env.AUTOCOM_TOKEN = pat(of.sandbox);
  const out =
    `ACCOUNT\tAPI_URL\tKIND\tSTORE\tEXPIRES\tTENANT\tSTATE\n\t${of.apiUrl}\ttoken\tAUTOCOM_TOKEN\t\t\tnot checked\n`;
  await autocom("auth status", { out }, of);
  assert.deepEqual(of.keychain.calls, []);
  const { out: json } = await execute("auth status -o json", of);
  assert.deepEqual([JSON.parse(json).usable, JSON.parse(json).state], [null, "not checked"]);
  of.env.AUTOCOM_TOKEN = "no token";
  await autocom("auth status", { code: 2, err: /^error: AUTOCOM_TOKEN has characters/ }, of);
});

Deno.test("auth status without a session is exit 4 and says where it looked; with -o json nothing is on stdout", async () => {
  await using of = await world();
  offline(of);
  const message = `not logged in to ${of.sandbox.origin}: no session in Secret Service, and none in ${credentials(of)}`;
  await autocom(
    "auth status",
    { code: 4, err: `error: ${message}\nhint: autocom auth login\n` },
    of,
  );
  const { code, out, err } = await execute("auth status -o json", of);
  assert.deepEqual([code, out, envelope(err).message], [4, "", message]);
});

const UNREADABLE = [
  [
    "KL-5: a locked keychain",
    "locked",
    12,
    /the keychain is locked: Secret Service\nhint: unlock it, or .*auth login --store file/,
  ],
  ["KL-9: a keychain that does not answer", "hung", 12, /the keychain does not answer: Secret Service\nhint: /],
  [
    "FT-5: a system without a bus, after a session was put into the keychain,",
    "no-bus",
    12,
    /cannot look up the session for \S+, which was put into Secret Service: there is no session bus.*\nhint: /,
  ],
  [
    "FT-5: a bus without a keyring, after a session was put into the keychain,",
    "no-service",
    12,
    /cannot look up the session for \S+, which was put into Secret Service: no keyring service is running.*\nhint: /,
  ],
] as const;

for (const [about, state, code, err] of UNREADABLE) {
  Deno.test(`${about} is exit ${code} for every command that needs the session, and only what is known is said`, async () => {
    await using of = await sessionIn("keychain");
    offline(of);
    of.keychain.state = state;
    for (const line of ["auth status", "whoami", "auth token", "auth refresh", "orders list"]) {
      await autocom(line, { code, err }, of);
    }
  });
}

for (
  const [about, state, err] of [
    ["KL-3: a system without a bus", "no-bus", / Secret Service cannot be used \(there is no session bus/],
    ["KL-4: a bus without a keyring", "no-service", / Secret Service cannot be used \(no keyring service is running/],
  ] as const
) {
  Deno.test(`${about} where no session was ever kept is exit 4 for every command that needs one`, async () => {
    await using of = await world({ env: { AUTOCOM_TENANT: "acme" } });
    of.keychain.state = state;
    for (const line of ["auth status", "whoami", "auth token", "auth refresh", "orders list"]) {
      await autocom(line, { code: 4, err: new RegExp(`not logged in.*${err.source}`) }, of);
    }
  });
}

Deno.test("LK-8: status, whoami and config show no token, in any format", async () => {
  await using of = await sessionIn("file");
  const { access, refresh } = await entries(of);
  for (const line of ["auth status", "whoami", "whoami --refresh", "config list", "doctor"]) {
    for (const format of ["table", "tsv", "json", "yaml"]) {
      const { code, out, err } = await execute(`${line} -o ${format} --debug`, of);
      assert.equal(code, 0, err);
      for (const secret of [access!.access_token, refresh!.refresh_token].map(String)) {
        for (const part of [secret, ...secret.split(".")]) {
          assert.ok(!`${out}${err}`.includes(part), `${line} ${format}`);
        }
      }
    }
  }
});

Deno.test("auth token prints the token alone, whatever the format; on a terminal with a warning", async () => {
  await using of = await sessionIn("keychain");
  offline(of);
  const out = `${(await entries(of)).access!.access_token}\n`;
  await autocom("auth token", { out }, of);
  await autocom("auth token -o json", { out }, of);
  of.terminal.stdout = true;
  await autocom("auth token", { out, err: "warning: this is a secret, and now it is on your screen\n" }, of);
});

Deno.test("auth token renews a token that ends soon, and prints the new one", async () => {
  await using of = await sessionIn("file");
  const old = (await entries(of)).access!.access_token;
  later(of, LIFE - 30);
  const { code, out } = await execute("auth token", of);
  const now = (await entries(of)).access!.access_token;
  assert.deepEqual([code, out], [0, `${now}\n`]);
  assert.notEqual(now, old);
  assert.ok(of.sandbox.accepts(String(now)));
});

Deno.test("auth token prints AUTOCOM_TOKEN as it is", async () => {
  await using of = await world({ env: { AUTOCOM_TOKEN: "some.token" } });
  await autocom("auth token", { out: "some.token\n" }, of);
});

for (const [about, seconds] of [["lives", 0], ["has ended", LIFE + 60]] as const) {
  Deno.test(`auth refresh renews a session whose token ${about}: once`, async () => {
    await using of = await sessionIn("keychain");
    const before = await entries(of);
    later(of, seconds);
    await autocom("auth refresh --quiet", {}, of);
    const after = await entries(of);
    assert.equal(renewals(of), 1);
    assert.notEqual(after.refresh!.refresh_token, before.refresh!.refresh_token);
    await autocom("auth status", { out: /\talive\n$/ }, of);
  });
}

Deno.test("auth refresh fails where a command would go on with the token's last minute, after one try", async () => {
  await using of = await sessionIn("keychain");
  later(of, LIFE - 30);
  let tries = 0;
  intercept(of, "/oauth/token", () => (tries++, json({ message: "Too Many Attempts." }, 429)()));
  await autocom("auth refresh", { code: 9, err: /^error: .*\nhint: try again in a minute\n$/ }, of);
  assert.equal(tries, 1);
});

Deno.test("auth refresh that cannot keep the new pair does not say that it renewed the session", async () => {
  await using of = await sessionIn("keychain");
  const { fetch } = of;
  of.fetch = async (request) => {
    const answer = await fetch(request);
    of.keychain.state = "locked";
    return answer;
  };
  await autocom("auth refresh", {
    code: 1,
    err:
      /^warning: the session was renewed, but .*\nerror: the session was renewed, but could not be kept in Secret Service .*\nhint: .*\n$/,
  }, of);
});
