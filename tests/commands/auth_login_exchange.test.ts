import assert from "node:assert/strict";
import { denoSystem } from "../../src/system/deno.ts";
import { createSandbox } from "../platform/sandbox/mod.ts";
import { autocom, execute, type World } from "../support/harness.ts";
import { configOf, desktop, stored, tokenRequests } from "../support/desk.ts";

const login = "auth login --tenant acme";

/** Stands for any token in an answer: it must never be said. */
const SECRET = "SECRET0123456789";
const TOKENS = { token_type: "Bearer", expires_in: 3600, access_token: SECRET, refresh_token: `R${SECRET}` };

/** A desktop whose platform answers the token request with that. */
async function answering(answer: (request: Request) => Response | Promise<Response>): Promise<World> {
  const of = await desktop();
  const { fetch } = of;
  of.fetch = (request) => request.url.endsWith("/oauth/token") ? Promise.resolve(request).then(answer) : fetch(request);
  return of;
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) => () =>
  Response.json(body, { status, headers });
const html = (body: string, status: number) => () =>
  new Response(body, { status, headers: { "Content-Type": "text/html" } });
const fails = (message: string) => () => Promise.reject(new TypeError(message));
const without = (name: keyof typeof TOKENS) => json({ ...TOKENS, [name]: undefined });
const oauth = (error: string, status: number, more: Record<string, string> = {}) =>
  json({ error, error_description: `said ${SECRET}`, hint: SECRET, ...more }, status);

Deno.test("the token request says who asks, and that it wants JSON", async () => {
  await using of = await desktop();
  await autocom(login, { err: /Logged in/ }, of);
  const { "user-agent": agent, accept } = tokenRequests(of)[0]!.headers;
  assert.match(agent!, /^autocom\/dev \(\w+; \w+\)$/);
  assert.equal(accept, "application/json");
});

/** What the token endpoint may answer, and how the login ends. */
const ANSWERS: [
  about: string,
  answer: (request: Request) => Response | Promise<Response>,
  code: number,
  err: RegExp,
][] = [
  [
    "TK-3: 401 invalid_client",
    oauth("invalid_client", 401),
    1,
    /error: cannot log in: \S+ does not know the client id "\S+"\nhint: .*--client-id/,
  ],
  ["a client that may not", oauth("unauthorized_client", 400), 1, /does not know the client id/],
  [
    "an error that nobody knows",
    oauth("out_of_cheese", 400),
    1,
    /cannot log in: \S+ refused the token request \(out_of_cheese\)\nhint: autocom auth login --tenant acme\n$/,
  ],
  ["an error with markup for a name", oauth("<b>\x1b[2J", 400), 1, /refused the token request \(error\)/],
  ["TK-4: 302 to another origin", redirect(302), 11, /answered with a redirect \(status 302\)/],
  ["TK-4: 307 to another origin", redirect(307), 11, /answered with a redirect \(status 307\)/],
  ["TK-4: 308 to another origin", redirect(308), 11, /answered with a redirect \(status 308\)/],
  [
    "TK-5: a login page",
    html(`<html>${SECRET}\n\x1b[2J`, 200),
    11,
    /answered without a usable token\nhint: maintenance/,
  ],
  ["TK-5: tokens that call themselves HTML", html(JSON.stringify(TOKENS), 200), 11, /without a usable token/],
  ["TK-6: no access_token", without("access_token"), 11, /without a usable token/],
  ["TK-6: no token_type", without("token_type"), 11, /without a usable token/],
  ["TK-6: token_type mac", json({ ...TOKENS, token_type: "mac" }), 11, /without a usable token/],
  ["TK-6: token_type dpop", json({ ...TOKENS, token_type: "DPoP" }), 11, /without a usable token/],
  ["TK-6: an access token that is a number", json({ ...TOKENS, access_token: 1 }), 11, /without a usable token/],
  ["TK-6: an empty access token", json({ ...TOKENS, access_token: "" }), 11, /without a usable token/],
  ["TK-6: an access token with CR LF", json({ ...TOKENS, access_token: `${SECRET}\r\nX: 1` }), 11, /without a usable/],
  ["TK-6: an access token of 17 KB", json({ ...TOKENS, access_token: SECRET.repeat(1100) }), 11, /without a usable/],
  ["TK-6: a refresh token with an escape", json({ ...TOKENS, refresh_token: `${SECRET}\x1b` }), 11, /without a usable/],
  ["TK-6: a refresh token that is null", json({ ...TOKENS, refresh_token: null }), 11, /without a usable token/],
  ["TK-6: a list", json([TOKENS]), 11, /without a usable token/],
  ["TK-6: null", json(null), 11, /without a usable token/],
  ["TK-6: JSON that is cut off", () => text(JSON.stringify(TOKENS).slice(0, -1)), 11, /without a usable token/],
  ["TK-6: 204", () => new Response(null, { status: 204 }), 11, /no token answer \(status 204\)/],
  ["TK-6: 201 with tokens", json(TOKENS, 201), 11, /no token answer \(status 201\)/],
  ["TK-8: expires_in -1", json({ ...TOKENS, expires_in: -1 }), 11, /without a usable token/],
  ['TK-8: expires_in "soon"', json({ ...TOKENS, expires_in: "soon" }), 11, /without a usable token/],
  ["TK-8: expires_in {}", json({ ...TOKENS, expires_in: {} }), 11, /without a usable token/],
  [
    "TK-10: 429 with Retry-After 42",
    limited("42"),
    9,
    /limits the rate of requests\nhint: try again in 42 s\n$/,
  ],
  ["TK-10: 429 with Retry-After 999999999", limited("999999999"), 9, /try again later/],
  [
    "TK-10: 429 with a date",
    () => limited(new Date(Date.now() + 90_500).toUTCString())(),
    9,
    /try again in (8\d|9[01]) s/,
  ],
  ["TK-10: 429 with garbage", limited("soon\u00e9"), 9, /try again in a minute/],
  ["TK-10: 429 without a time", json({ message: "Too Many Attempts." }, 429), 9, /try again in a minute/],
  [
    "TK-11: 500 HTML",
    html(`<html>${SECRET}`, 500),
    11,
    /cannot log in: http:\S+ failed: status 500\nhint: try again later/,
  ],
  [
    "TK-11: 503 HTML",
    html(`<html>${SECRET}`, 503),
    11,
    /cannot log in: http:\S+ is not available: status 503\nhint: try again later/,
  ],
  ["TK-11: 500 empty", () => new Response(null, { status: 500 }), 11, /cannot log in: http:\S+ failed: status 500/],
  ["TK-11: 200 empty", () => new Response(null), 11, /without a usable token/],
  [
    "TK-11: a reset connection",
    fails(`client error (SendRequest): connection reset ${SECRET}`),
    10,
    /cannot log in: the connection to \S+ broke off\nhint: try again\n$/,
  ],
  ["TK-11: an unknown authority", fails("invalid peer certificate: UnknownIssuer"), 10, /the certificate of/],
  [
    "TK-11: a refused connection",
    fails("tcp connect error: Connection refused"),
    10,
    /cannot log in: \S+ refused the connection\nhint: .*[:;] .*autocom auth login --tenant acme\n$/,
  ],
  ["TK-11: a failure of another kind", fails(`weird ${SECRET}`), 10, /cannot be reached/],
];

for (const [about, answer, code, err] of ANSWERS) {
  Deno.test(`${about} ends the login with exit ${code}, nothing stored, and the answer's text is nowhere (LK-3)`, async () => {
    let requests = 0;
    await using of = await answering((request) => (requests++, answer(request)));
    const result = await execute(`${login} --debug`, of);
    assert.deepEqual([result.code, result.out, requests], [code, "", 1], result.err);
    assert.match(result.err, err);
    assert.ok(!result.err.includes(SECRET) && !result.err.includes("\x1b"), result.err);
    const said = result.err.split("\n").filter((line) => !line.startsWith("debug:"));
    assert.ok(!said.some((line) => /^\s+at /.test(line)), "a stack trace is for --debug");
    assert.deepEqual([await stored(of), await configOf(of)], [{ place: "none" }, undefined]);
  });
}

for (const [passport, id] of [[13, "TK-1"], [12, "TK-2"]] as const) {
  Deno.test(`${id}: a code that was used before (Passport ${passport}) is exit 4, with nothing stored`, async () => {
    await using of = await desktop({ sandbox: await createSandbox({ passport }) });
    const { fetch } = of;
    of.fetch = async (request) => {
      if (request.url.endsWith("/oauth/token")) await fetch(request.clone());
      return await fetch(request);
    };
    const err =
      /error: \S+ did not accept the login \(expired, used or revoked\)\nhint: autocom auth login --tenant acme\n$/;
    await autocom(login, { code: 4, err }, of);
    assert.deepEqual([tokenRequests(of).map(({ status }) => status), await stored(of)], [[200, 400], {
      place: "none",
    }]);
    of.sandbox.close();
  });

  Deno.test(`TK-15: what Passport ${passport} says of an expired code and a revoked client is told in the same words`, async () => {
    for (
      const [spoil, code, err] of [
        ["expireCodes", 4, /did not accept the login \(expired, used or revoked\)/],
        ["revokeClient", 1, /does not know the client id/],
      ] as const
    ) {
      await using of = await desktop({ sandbox: await createSandbox({ passport }) });
      const { fetch } = of;
      of.fetch = (request) => {
        if (request.url.endsWith("/oauth/token")) of.sandbox[spoil]();
        return fetch(request);
      };
      await autocom(login, { code, err }, of);
      of.sandbox.close();
    }
  });
}

for (
  const [given, lifetime] of [[0, 0], [0.9, 0], ["3600", 3600], [1e308, 10 * 366 * 86_400], [undefined, null]] as const
) {
  Deno.test(`TK-8: expires_in ${given} is kept as ${lifetime} seconds`, async () => {
    await using of = await issuing({ expires_in: given });
    const before = Math.floor(Date.now() / 1000);
    await autocom(login, { err: /Logged in/ }, of);
    const after = Math.ceil(Date.now() / 1000);
    const { expires_at } = (await stored(of)).access!;
    if (lifetime === null) assert.equal(expires_at, null);
    else assert.ok(before + lifetime <= Number(expires_at) && Number(expires_at) <= after + lifetime, `${expires_at}`);
  });
}

Deno.test("TK-8: a token that has ended when it comes is renewed at its next use", async () => {
  await using of = await issuing({ expires_in: 0 });
  await autocom(login, { err: /Logged in/ }, of);
  await autocom("orders list --per-page 1 -q", { out: /ORD-/ }, of);
  const grants = tokenRequests(of).map(({ body }) => new URLSearchParams(body).get("grant_type"));
  assert.deepEqual(grants, ["authorization_code", "refresh_token"]);
});

Deno.test("TK-9: without a refresh token the session is stored alone, and its end is exit 4 with no request", async () => {
  await using of = await issuing({ expires_in: 0, refresh_token: undefined });
  await autocom(login, { err: /Logged in/ }, of);
  assert.deepEqual(Object.keys(await stored(of)), ["place", "access"]);
  of.sandbox.log.length = 0;
  await autocom("orders list", { code: 4, err: /hint: autocom auth login/ }, of);
  assert.deepEqual(of.sandbox.log, []);
});

/** A desktop whose platform issues working tokens, with these members changed. */
async function issuing(changes: Record<string, unknown>): Promise<World> {
  const of = await desktop();
  const { fetch } = of;
  let first = true;
  of.fetch = async (request) => {
    const answer = await fetch(request);
    if (!request.url.endsWith("/oauth/token") || !first) return answer;
    first = false;
    return Response.json({ ...await answer.json(), ...changes });
  };
  return of;
}

/** A desktop with a platform on a real socket, whose token endpoint answers that. */
async function served(token: (request: Request) => Response | Promise<Response>): Promise<World> {
  const of = await desktop();
  const platform = (request: Request) =>
    new URL(request.url).pathname === "/oauth/token" ? token(request) : of.sandbox.fetch(request);
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, platform);
  of.env.AUTOCOM_API_URL = `http://127.0.0.1:${server.addr.port}/api/v1`;
  of.fetch = denoSystem().fetch;
  const { [Symbol.asyncDispose]: dispose } = of;
  return Object.assign(of, {
    [Symbol.asyncDispose]: async () => {
      await server.shutdown();
      await dispose();
    },
  });
}

Deno.test("TK-4: over a real connection a redirect is not followed, whatever its status", async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    let reached = 0;
    const sink = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () => (reached++, Response.json(TOKENS)),
    );
    await using of = await served(() => Response.redirect(`http://127.0.0.1:${sink.addr.port}/oauth/token`, status));
    await autocom(login, { code: 11, err: new RegExp(`answered with a redirect \\(status ${status}\\)`) }, of);
    assert.equal(reached, 0);
    await sink.shutdown();
  }
});

Deno.test("TK-12: an answer that never ends is given up at one MiB", async () => {
  let sent = 0;
  const zeros = new Uint8Array(65_536);
  const endless = () =>
    new ReadableStream({
      pull(controller) {
        sent += zeros.length;
        controller.enqueue(zeros);
      },
    });
  await using of = await answering(() => new Response(endless(), { headers: { "Content-Type": "application/json" } }));
  await autocom(login, { code: 11, err: /larger than 1 MiB/ }, of);
  assert.ok(sent <= (1 << 20) + 3 * zeros.length, `${sent} bytes were taken`);
});

Deno.test("TK-12: 200 MB of zeros in 200 KB of gzip are given up at one MiB", async () => {
  const zeros = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      const chunk = new Uint8Array(1 << 20);
      for (let sent = 0; sent < 200; sent++) controller.enqueue(chunk);
      controller.close();
    },
  });
  const bomb = await new Response(zeros.pipeThrough(new CompressionStream("gzip"))).bytes();
  const headers = { "Content-Type": "application/json", "Content-Encoding": "gzip" };
  await using of = await served(() => new Response(bomb, { headers }));
  await autocom(login, { code: 11, err: /larger than 1 MiB/ }, of);
});

/** All of the 60 seconds that an exchange has are over at that moment: those of the status line, and those of the rest. */
function ringAt(of: World, moment: Promise<void>): void {
  const { clock } = denoSystem();
  const sleep: typeof clock.sleep = (ms, signal) => ms === 30_000 ? moment : clock.sleep(ms * 10, signal);
  of.system = { ...of.system, clock: { ...clock, sleep } };
}

Deno.test("TK-13: an answer that comes byte by byte is given up at the time limit", async () => {
  const dripped = Promise.withResolvers<void>();
  const drip = () => {
    let timer: ReturnType<typeof setInterval>;
    let bytes = 0;
    const drop = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      controller.enqueue(new Uint8Array([32]));
      if (++bytes === 10) dripped.resolve();
    };
    return new ReadableStream<Uint8Array>({
      start: (controller) => void (timer = setInterval(drop, 10, controller)),
      cancel: () => clearInterval(timer),
    });
  };
  await using of = await served(() => new Response(drip(), { headers: { "Content-Type": "application/json" } }));
  ringAt(of, dripped.promise);
  await autocom(`${login} --timeout 7`, { code: 10, err: /did not complete its answer within 14 s/ }, of);
});

Deno.test("TK-13: an answer that stops half-way is given up, also when memory is collected meanwhile", async () => {
  let garbage: unknown[] = [];
  let end = () => {};
  const collected = Promise.withResolvers<void>();
  const stalled = () =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new Uint8Array([32]));
        let rounds = 0;
        const timer = setInterval(() => {
          garbage = Array.from({ length: 200_000 }, () => [garbage.length]);
          if (++rounds === 20) collected.resolve();
        }, 10);
        end = () => {
          clearInterval(timer);
          try {
            controller.close();
          } catch { /* the client has cancelled it */ }
        };
      },
    });
  await using of = await served(() => new Response(stalled(), { headers: { "Content-Type": "application/json" } }));
  ringAt(of, collected.promise);
  await autocom(`${login} --timeout 7`, { code: 10, err: /did not complete its answer within 14 s/ }, of);
  end();
});

Deno.test("TK-16: on the wire the token request is a form, with no credentials of another kind", async () => {
  let seen: { method: string; headers: Headers; body: string } | undefined;
  await using of = await served(async (request) => {
    seen = { method: request.method, headers: request.headers, body: await request.text() };
    return new Response(null, { status: 500 });
  });
  await autocom(login, { code: 11, err: /failed: status 500/ }, of);
  const { method, headers, body } = seen!;
  assert.equal(method, "POST");
  assert.match(headers.get("Content-Type")!, /^application\/x-www-form-urlencoded/);
  assert.equal(headers.get("Accept"), "application/json");
  for (const name of ["Authorization", "Cookie", "Referer", "Origin", "X-Tenant"]) {
    assert.equal(headers.get(name), null);
  }
  assert.ok(!new URLSearchParams(body).has("client_secret"));
});

function text(body: string): Response {
  return new Response(body, { headers: { "Content-Type": "application/json" } });
}

function redirect(status: number) {
  return () => new Response(null, { status, headers: { Location: `https://evil.example/?${SECRET}` } });
}

function limited(wait: string) {
  return json({ message: "Too Many Attempts." }, 429, { "Retry-After": wait });
}
