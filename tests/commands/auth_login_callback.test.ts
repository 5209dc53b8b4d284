import assert from "node:assert/strict";
import { isClosed, send } from "../support/auth/sockets.ts";
import { autocom, browserOf, type World } from "../support/harness.ts";
import { approved, callbackPort, configOf, desktop, pasting, shown, stored, tokenRequests } from "../support/desk.ts";
import { HANG } from "../support/hang.ts";
import { givenUp } from "../support/given_up.ts";

const login = "auth login --tenant acme";

Deno.test("OA-5: when the browser starts, the port is bound already", async () => {
  let listening: Promise<boolean> | undefined;
  await using of = await desktop({
    browser: async (url) => {
      listening = isClosed(callbackPort(url)).then((closed) => !closed);
      await browserOf(of.sandbox)(url);
    },
  });
  await autocom(login, { err: /Logged in/ }, of);
  assert.equal(await listening, true);
});

Deno.test("OA-17: a denial ends the login at once, with nothing stored", async () => {
  await using of = await desktop();
  of.browser = browserOf(of.sandbox, "owner", "deny");
  const err = /error: not logged in: the request was denied in the browser\nhint: autocom auth login --tenant acme\n$/;
  await autocom(login, { code: 4, err }, of);
  assert.deepEqual([await stored(of), await configOf(of), tokenRequests(of)], [{ place: "none" }, undefined, []]);
});

Deno.test("OA-20, OA-22: of a hostile error nothing reaches the terminal", async () => {
  await using of = await desktop();
  of.browser = async (url) => {
    const query = "error=%3Cscript%3E%1b]0;x%07&error_description=%1b[2Jpwn&hint=pwn";
    await send(callbackPort(url), request(url, `${query}&state=${stateOf(url)}`));
  };
  const err = (text: string) => {
    assert.match(
      text,
      /error: not logged in: the server refused the request\nhint: autocom auth login --tenant acme\n$/,
    );
    assert.ok(!/script|pwn/.test(text) && !text.includes("\x1b"), text);
  };
  await autocom(login, { code: 4, err }, of);
});

Deno.test("OA-12, OA-13, OA-16, OA-25: junk on the callback ends nothing and asks for no token", async () => {
  const statuses: number[] = [];
  await using of = await desktop();
  of.browser = async (url) => {
    const state = stateOf(url);
    for (
      const query of ["code=abc", "code=abc&state=x", "error=access_denied", `code=abc&state=${state}&iss=https://evil`]
    ) {
      statuses.push((await send(callbackPort(url), request(url, query))).status);
    }
    assert.deepEqual(tokenRequests(of), []);
    await browserOf(of.sandbox)(url);
  };
  const warning = "warning: the browser reported an error without this login's mark; still waiting\n";
  const err = (text: string) => assert.equal(text.split(warning).length, 2, text);
  await autocom(login, { err }, of);
  assert.deepEqual(statuses, [400, 400, 400, 400]);
  assert.equal(tokenRequests(of).length, 1);
});

Deno.test("OA-23: the browser that comes back twice logs in once", async () => {
  const statuses: number[] = [];
  await using of = await desktop();
  of.browser = async (url) => {
    const { pathname, search } = new URL(await approved(of));
    const target = { url, query: search.slice(1) };
    assert.equal(pathname, "/callback");
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => send(callbackPort(url), request(url, target.query))),
    );
    statuses.push(...answers.map(({ status }) => status).sort());
  };
  await autocom(login, { err: /Logged in/ }, of);
  // A newer runtime may have closed the port by then, and refuse.
  const others = statuses.filter((status) =>
    status !== 200 && !(Deno.version.deno !== "2.7.11" && Number.isNaN(status))
  );
  assert.equal(statuses.filter((status) => status === 200).length, 1);
  assert.ok(others.every((status) => status === 410), String(statuses));
  assert.equal(tokenRequests(of).length, 1);
});

Deno.test("OA-28: when nobody approves in time, the causes are named and the port is free again", async () => {
  await using of = await desktop({ browser: () => {} });
  const err = (text: string) => {
    assert.match(text, /error: not logged in: no answer from the browser within 0\.02 s/);
    for (const cause of [/wrong client id or redirect URI/, /403.*second tab/, /form-action/]) {
      assert.match(text, cause);
    }
    assert.equal(text.trimEnd().split("\n").length, 8, "two lines for the failure");
  };
  await autocom(`${login} --login-timeout 0.02`, { code: 4, err }, of);
  assert.ok(await isClosed(callbackPort(shown(of))));
  assert.deepEqual(await stored(of), { place: "none" });
});

Deno.test("OA-28: five minutes are given when nothing is said", async () => {
  await using of = await desktop({ browser: () => {} });
  const waits: number[] = [];
  const { clock } = (await import("../../src/system/deno.ts")).denoSystem();
  of.system = { clock: { ...clock, sleep: (ms) => Promise.resolve(void waits.push(ms)) } };
  await autocom(login, { code: 4, err: /within 5 minutes/ }, of);
  assert.ok(waits.includes(300_000), String(waits));
});

Deno.test("a time that is none is refused before anything is opened", async () => {
  for (const time of ["0", "-1", "soon", "3601", "NaN"]) {
    await using of = await desktop();
    await autocom(
      [...login.split(" "), "--login-timeout", time],
      { code: 2, err: /--login-timeout must be more than 0 and at most 3600/ },
      of,
    );
    assert.deepEqual(of.seen.launched, []);
  }
});

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
  Deno.test(`OA-30: ${signal} ends a login with ${code}, the port free and nothing stored`, async () => {
    await using of = await desktop();
    of.browser = () => of.signal(signal);
    const began = performance.now();
    await autocom(login, { code, err: /error: interrupted\n$/ }, of);
    assert.ok(performance.now() - began < HANG);
    assert.ok(await isClosed(callbackPort(shown(of))));
    assert.deepEqual([await stored(of), await configOf(of)], [{ place: "none" }, undefined]);
  });
}

Deno.test("OA-30: a signal while the token is asked for ends that too, and nothing is stored", async () => {
  await using of = await desktop();
  const { fetch } = of;
  of.fetch = (request) => {
    if (!request.url.endsWith("/oauth/token")) return fetch(request);
    const ended = givenUp(request);
    of.signal("SIGINT");
    return ended;
  };
  const page = pageOf(of);
  await autocom(login, { code: 130, err: /interrupted/ }, of);
  assert.match(await page, /<h1>Not logged in<\/h1><p>Your terminal says why/);
  assert.deepEqual(await stored(of), { place: "none" });
});

Deno.test("the browser's page says how the login ended, also when the code was not accepted", async () => {
  await using of = await desktop();
  const { fetch } = of;
  of.fetch = (request) => {
    if (request.url.endsWith("/oauth/token")) of.sandbox.expireCodes();
    return fetch(request);
  };
  const page = pageOf(of);
  await autocom(login, { code: 4, err: /did not accept the login/ }, of);
  assert.match(await page, /<h1>Not logged in/);
});

Deno.test("OA-2, OA-3: with no free port no browser is opened, the ports are named, and --no-browser works", async () => {
  using first = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using second = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const ports = [first.addr.port, second.addr.port];
  const { serve } = (await import("../../src/system/deno.ts")).denoSystem();
  await using of = await desktop({ terminal: { stdin: true }, system: { serve: { ...serve, ports } } });
  const err = new RegExp(
    `error: cannot listen.*${ports.join(", ")}.*\nhint: .*auth login --no-browser --tenant acme\n$`,
  );
  await autocom(login, { code: 1, err }, of);
  assert.deepEqual(of.seen.launched, []);

  of.stdin = pasting(async () => [await approved(of)]);
  await autocom(`${login} --no-browser`, { err: /Logged in/ }, of);
  assert.equal(new URLSearchParams(tokenRequests(of)[0]!.body).get("redirect_uri"), "http://127.0.0.1/callback");
  assert.equal((await stored(of)).place, "keychain");

  await autocom(`${login} --no-input`, { code: 1, err: /cannot listen/ }, of);
});

/** Makes the browser approve; the page that it is shown in the end. */
function pageOf(of: World): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  of.browser = async (url) => {
    const { search } = new URL(await approved(of));
    resolve((await send(callbackPort(url), request(url, search.slice(1)))).body);
  };
  return promise;
}

function stateOf(url: string): string {
  return new URL(url).searchParams.get("state")!;
}

/** A GET of the callback with that query. */
function request(url: string, query: string): string {
  return `GET /callback?${query} HTTP/1.1\r\nHost: 127.0.0.1:${callbackPort(url)}\r\n\r\n`;
}
