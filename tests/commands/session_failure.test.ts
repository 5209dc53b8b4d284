import assert from "node:assert/strict";
import { autocom, type World } from "../support/harness.ts";
import {
  bytesOf,
  entries,
  expire,
  hasten,
  intercept,
  later,
  LIFE,
  LISTED,
  ORDERS,
  type Place,
  PLACES,
  renewals,
  sessionIn,
  tarry,
} from "../support/kept.ts";
import { html, json } from "../support/scripted.ts";

const KEPT: [about: string, answer: () => Response | Promise<Response>, code: number, err: RegExp][] = [
  [
    "401 invalid_client",
    json({ error: "invalid_client", error_description: "Client authentication failed" }, 401),
    1,
    /^error: cannot renew the session: \S+ does not know the client id "\S+"\nhint: autocom auth login --client-id UUID\n$/,
  ],
  [
    "400 invalid_scope",
    json({ error: "invalid_scope" }, 400),
    1,
    /cannot renew the session: \S+ refused .*invalid_scope/,
  ],
  [
    "400 invalid_request of another kind",
    json({ error: "invalid_request", error_description: "no" }, 400),
    1,
    /invalid_request/,
  ],
  ["429", json({ message: "Too Many Attempts." }, 429, { "Retry-After": "42" }), 9, /try again in 42 s/],
  ["500", json({ message: "Server Error" }, 500), 11, /cannot renew the session: http:\S+ failed: Server Error\n/],
  ["503 with a page", html("<h1>Down for maintenance", 503), 11, /status 503/],
  ...[201, 302, 404, 407, 408, 425].map((status): typeof KEPT[number] => [
    `invalid_grant with status ${status}`,
    json({ error: "invalid_grant" }, status),
    status === 407 ? 10 : 11,
    new RegExp(`cannot renew the session: .*status ${status}\\)`),
  ]),
  ["400 with a page", html("<h1>Bad request", 400), 11, /status 400/],
  ["401 that is not OAuth's", json({ message: "Unauthenticated." }, 401), 11, /status 401/],
  [
    "a redirect",
    () => new Response(null, { status: 302, headers: { Location: "https://evil.test/" } }),
    11,
    /redirect/,
  ],
  ["200 without a token", json({ token_type: "Bearer", expires_in: 60 }), 11, /without a usable token/],
  ["a reset", () => Promise.reject(new TypeError("connection reset")), 10, /broke off/],
  ["no way to the host", () => Promise.reject(new TypeError("dns error")), 10, /cannot be found/],
];

for (const place of PLACES) {
  for (const [about, answer, code, err] of KEPT) {
    Deno.test(`RF-6: ${about} instead of new tokens is exit ${code} and leaves the ${place} as it is, byte for byte`, async () => {
      await using of = await sessionIn(place);
      expire(of);
      const before = await bytesOf(of);
      intercept(of, "/oauth/token", answer);
      await autocom(ORDERS, { code, err }, of);
      assert.equal(await bytesOf(of), before);
    });
  }
}

Deno.test("a token in its last minute is used while the server is too busy to renew it", async () => {
  await using of = await sessionIn("keychain");
  later(of, LIFE - 30);
  intercept(of, "/oauth/token", json({ message: "Too Many Attempts." }, 429));
  await autocom(ORDERS, { out: LISTED }, of);
});

/** Time that jumps over the short naps of who waits for a lock; nothing else ends early. */
function impatient(of: World): () => number {
  const { clock } = of.system;
  let napped = 0;
  const sleep = (ms: number, signal?: AbortSignal) =>
    ms < 100 ? Promise.resolve(void (napped += ms)) : clock!.sleep(ms, signal);
  of.system = { ...of.system, clock: { ...clock!, sleep } };
  return () => napped;
}

const WAITS = [[ORDERS, 65], [`${ORDERS} --timeout 1`, 65], [`${ORDERS} --timeout 60`, 125], [
  "auth logout",
  65,
]] as const;
for (const [line, seconds] of WAITS) {
  Deno.test(`RF-3: autocom ${line} waits ${seconds} s for a process that holds the lock for ever, then names the lock`, async () => {
    await using of = await sessionIn("keychain");
    expire(of);
    const before = await bytesOf(of);
    const path = `${of.home}/.autocom/session.lock`;
    {
      using lock = await Deno.open(path, { read: true, write: true, create: true });
      await lock.lock(true);
      const napped = impatient(of);
      await autocom(line, {
        code: 1,
        err: (text) => {
          assert.ok(
            text.startsWith(`error: another autocom holds the lock ${path}, for more than ${seconds} s\n`),
            text,
          );
          assert.ok(text.endsWith(`hint: see who: fuser ${path}\n`), text);
        },
      }, of);
      assert.ok(Math.abs(napped() - seconds * 1000) < 100, String(napped()));
    }
    assert.deepEqual([of.sandbox.log.length, await bytesOf(of)], [0, before]);
    // The holder's end gives it back.
    await autocom(ORDERS, { out: LISTED }, of);
  });
}

for (const place of PLACES) {
  Deno.test(`RF-7: --timeout 1 cuts no renewal off: what the server answers later than that is kept in the ${place}`, async () => {
    await using of = await sessionIn(place);
    expire(of);
    tarry(of, "/oauth/token");
    await autocom(`${ORDERS} --timeout 1`, { out: LISTED }, of);
    await autocom(ORDERS, { out: LISTED }, of);
    assert.equal(renewals(of), 1);
  });
}

for (const [limit, seconds, more] of [["1", 30, 60], ["40", 40, 80]] as const) {
  Deno.test(`RF-6: a renewal with --timeout ${limit} that has no answer is given up after ${seconds} s, and is named`, async () => {
    await using of = await sessionIn("keychain");
    expire(of);
    const before = await bytesOf(of);
    hasten(of, seconds * 1_000);
    intercept(
      of,
      "/oauth/token",
      ({ signal }) => new Promise((_, refuse) => (signal.onabort = () => refuse(signal.reason))),
    );
    const { host } = new URL(of.sandbox.origin);
    const said = `cannot renew the session: ${host} did not answer within ${seconds} s`;
    const hint = `try again, or allow more time with --timeout ${more}`;
    await autocom(`${ORDERS} --timeout ${limit}`, { code: 10, err: `error: ${said}\nhint: ${hint}\n` }, of);
    assert.equal(await bytesOf(of), before);
  });
}

/** The place refuses every write once the new tokens have arrived. Returns what ends that. */
function refuseWhenRenewed(of: World, place: Place): () => void {
  let refusing = false;
  if (place === "file") {
    const full = Object.assign(new Error("EROFS"), { code: "EROFS" });
    const rename: typeof Deno.rename = (...paths) => refusing ? Promise.reject(full) : Deno.rename(...paths);
    of.system = { ...of.system, files: { ...Deno, rename } };
  }
  const { fetch } = of;
  intercept(of, "/oauth/token", async (request, next) => {
    const answer = await next(request);
    refusing = true;
    if (place === "keychain") of.keychain.state = "locked";
    return answer;
  });
  return () => {
    refusing = false;
    of.fetch = fetch;
    of.keychain.state = "unlocked";
  };
}

const LOST = {
  keychain: /Secret Service \(.*the keychain is locked/,
  file: /credentials \(.*the file system is read-only/,
};

for (const place of PLACES) {
  Deno.test(`RF-7: a renewed session that the ${place} refuses is used, said loudly, and exit 1; the next run is exit 4`, async () => {
    await using of = await sessionIn(place);
    expire(of);
    const mend = refuseWhenRenewed(of, place);
    await autocom(ORDERS, {
      code: 1,
      out: LISTED,
      err: (text) => {
        assert.match(text, /^warning: the session was renewed, but could not be kept in /);
        assert.match(text, LOST[place]);
        assert.match(text, /\nerror: the session was renewed, .*\nhint: .*then: autocom auth login\n$/);
      },
    }, of);
    mend();
    await autocom(ORDERS, { code: 4, err: /was refused by the server \(expired, revoked, or renewed by a run/ }, of);
  });
}

Deno.test("RF-7: a full disk is found out before the session is renewed: nothing is lost, and the next run renews it", async () => {
  await using of = await sessionIn("file");
  const full = Object.assign(new Error("No space left on device"), { code: "ENOSPC" });
  const open: typeof Deno.open = (path, how) =>
    `${path}`.endsWith(".tmp") ? Promise.reject(full) : Deno.open(path, how);
  later(of, LIFE - 30);
  const before = await bytesOf(of);
  of.system = { ...of.system, files: { ...Deno, open } };
  const warning =
    /^warning: the session is used until it ends: cannot write \S+: no space left .*; make room on the disk\n$/;
  await autocom(ORDERS, { out: LISTED, err: warning }, of); // what still lives is good enough
  expire(of);
  await autocom(
    ORDERS,
    { code: 3, err: /^error: cannot write .*credentials: no space left on the disk \(ENOSPC\)\n/ },
    of,
  );
  assert.deepEqual([renewals(of), await bytesOf(of)], [0, before]);
  of.system = { ...of.system, files: Deno };
  await autocom(ORDERS, { out: LISTED }, of);
  assert.equal(renewals(of), 1);
});

Deno.test("a session of the file is renewed before a keychain is looked at, which may be locked", async () => {
  await using of = await sessionIn("file");
  expire(of);
  of.keychain.state = "locked";
  of.keychain.calls.length = 0;
  let asked: number | undefined;
  intercept(of, "/oauth/token", () => {
    asked = of.keychain.calls.length;
    return undefined;
  });
  await autocom(ORDERS, { out: LISTED }, of);
  assert.deepEqual([renewals(of), asked], [1, 0]);
});

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
  for (const place of PLACES) {
    Deno.test(`RF-2: ${signal} while the session is renewed waits for the new pair and keeps it in the ${place}`, async () => {
      await using of = await sessionIn(place);
      expire(of);
      intercept(of, "/oauth/token", async (request, next) => {
        const answer = await next(request);
        of.signal(signal); // the server has ended the old pair
        request.signal.throwIfAborted();
        return answer;
      });
      await autocom(ORDERS, { code, err: "error: interrupted\n" }, of);
      await autocom(ORDERS, { out: LISTED }, of);
      assert.equal(renewals(of), 1);
    });
  }
}

Deno.test("RF-2: a signal before the session is renewed leaves it as it is: nothing is spent", async () => {
  await using of = await sessionIn("keychain");
  expire(of);
  const before = await bytesOf(of);
  const { run } = of.keychain;
  of.keychain.run = (command, args, options) => {
    if (args.at(-1)?.endsWith(":refresh")) of.signal("SIGINT");
    return run(command, args, options);
  };
  await autocom(ORDERS, { code: 130, err: "error: interrupted\n" }, of);
  of.keychain.run = run;
  assert.deepEqual([renewals(of), await bytesOf(of)], [0, before]);
});

Deno.test("RF-7: a write that was cut off between the two entries loses nothing: the refresh token comes first", async () => {
  await using of = await sessionIn("keychain");
  expire(of);
  const { run } = of.keychain;
  of.keychain.run = async (command, args, options) => {
    const ran = await run(command, args, options);
    if (args[0] === "store") of.keychain.state = "locked";
    return ran;
  };
  await autocom(ORDERS, { code: 1, out: LISTED, err: /could not be kept/ }, of);
  of.keychain.run = run;
  of.keychain.state = "unlocked";
  await autocom(ORDERS, { out: LISTED }, of);
  assert.equal(renewals(of), 2);
});

Deno.test("RF-7: a session that could not be kept is also said when the command itself fails", async () => {
  await using of = await sessionIn("keychain");
  expire(of);
  refuseWhenRenewed(of, "keychain");
  await autocom("orders get ORD-00000000-0000", {
    code: 7,
    err: /^warning: the session was renewed, but .*\nerror: there is no order/,
  }, of);
});

Deno.test("RF-2: a run that died between the server's answer and the write leaves a session that ends with exit 4", async () => {
  await using of = await sessionIn("file");
  expire(of);
  const { client_id, refresh_token } = (await entries(of)).refresh!;
  const body = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: `${client_id}`,
    refresh_token: `${refresh_token}`,
  });
  await of.sandbox.fetch(new Request(`${of.sandbox.origin}/oauth/token`, { method: "POST", body }));
  await autocom(ORDERS, { code: 4, err: /renewed by a run that was cut off\)\nhint: autocom auth login\n$/ }, of);
  assert.equal(renewals(of), 2);
});
