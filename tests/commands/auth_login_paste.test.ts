import assert from "node:assert/strict";
import { denoSystem } from "../../src/system/deno.ts";
import { autocom, browserOf, execute, type World, world } from "../support/harness.ts";
import { approved, desktop, pasting, shown, stored, tokenRequests } from "../support/desk.ts";

const login = "auth login --tenant acme --no-browser";

/** A terminal where what `lines` gives is pasted once the address is shown. */
async function terminal(lines: (of: World) => Promise<string[]>, changes: Partial<World> = {}): Promise<World> {
  const made = await desktop({ terminal: { stdin: true }, ...changes });
  made.stdin = pasting(() => lines(made));
  return made;
}

Deno.test("--no-browser opens nothing, says what the browser will show, and takes the pasted address", async () => {
  let pasted = "";
  await using of = await terminal(async (of) => [pasted = await approved(of)]);
  const err = (text: string) => {
    assert.deepEqual(text.split("\n").filter((line) => !/^(Saved|Logged)/.test(line)), [
      `Logging in to ${of.sandbox.origin} (address from AUTOCOM_API_URL).`,
      "Open this address on any device (--no-browser):",
      "",
      `  ${shown(of)}`,
      "",
      "After you approve, the browser says that it cannot connect to 127.0.0.1: that is expected.",
      "Copy that page's whole address, paste it here (it is not shown) and press Enter.",
      "Waiting for your approval, 5 minutes at most; Ctrl-C ends it.",
      `${pasted.length} characters received.`,
      "",
    ]);
  };
  await autocom(login, { err }, of);
  assert.deepEqual(of.seen.launched, []);
  assert.equal((await stored(of)).access!.email, "owner@example.test");
});

/** Where no browser can be opened, and why that is so. */
const PLACES: [about: string, env: Record<string, string>, why: string][] = [
  ["AUTOCOM_NO_BROWSER", { AUTOCOM_NO_BROWSER: "1", DISPLAY: ":0" }, "AUTOCOM_NO_BROWSER is set"],
  ["an SSH session", { SSH_CONNECTION: "1.2.3.4 5 6.7.8.9 22", DISPLAY: ":10" }, "this is an SSH session"],
  ["no display", {}, "there is no display"],
];

for (const [about, env, why] of PLACES) {
  Deno.test(`with ${about} no browser is opened, the reason is said, and the address can be pasted`, async () => {
    const browser = () => assert.fail("a browser was opened");
    await using of = await world({ terminal: { stdin: true }, env, browser });
    of.stdin = pasting(async () => [await approved(of)]);
    await autocom("auth login --tenant acme", { err: new RegExp(`on any device \\(${why}\\):\n[^]*Logged in`) }, of);
  });
}

Deno.test("OA-36: what is no answer to this login is refused, said why, and asked for again on a terminal", async () => {
  const pastes: string[] = [];
  await using of = await terminal(async (of) => {
    const right = await approved(of);
    const code = new URL(right).searchParams.get("code")!;
    pastes.push(
      right.replace(/state=[^&]+/, `state=${"A".repeat(43)}`),
      code,
      `\x1b[2J\x1b]0;${code}\x07`,
      right.replace("127.0.0.1", "evil.example"),
      right.replace(/:\d+/, ":1"),
      `${right}${"x".repeat(100_000)}`,
    );
    return [...pastes, right];
  });
  const { code, out, err } = await execute(login, of);
  assert.equal(code, 0, err);
  const said = err.split("\n").filter((line) => line.includes("characters received"));
  const callback = new URL(shown(of)).searchParams.get("redirect_uri");
  const begin = `the address must begin with ${callback}?`;
  const whole = 'paste the whole address, from "http://127.0.0.1" to its end';
  assert.deepEqual(said.map((line) => line.replace(/^\d+ /, "N ")), [
    "N characters received, not accepted: it does not belong to this login.",
    `N characters received, not accepted: ${whole}.`,
    `N characters received, not accepted: ${whole}.`,
    `N characters received, not accepted: ${begin}.`,
    `N characters received, not accepted: ${begin}.`,
    "Too many characters received, not accepted: it is too long for a callback's address.",
    "N characters received.",
  ]);
  assert.equal(out, "");
  const secret = new URLSearchParams(tokenRequests(of)[0]!.body).get("code")!;
  for (const text of [secret, "evil", "\x1b"]) assert.ok(!err.includes(text), "nothing of a paste is echoed");
  assert.equal(tokenRequests(of).length, 1);
});

Deno.test("OA-36: from a pipe the first line that is no answer ends the login with exit 4", async () => {
  await using of = await desktop({ stdin: "http://127.0.0.1:1/callback?code=abc&state=x\n" });
  const err =
    /received, not accepted: .*\nerror: not logged in: the address must begin with .*\nhint: autocom auth login --tenant acme --no-browser\n$/;
  await autocom(login, { code: 4, err }, of);
  assert.deepEqual([tokenRequests(of), (await stored(of)).place], [[], "none"]);
});

Deno.test("the address can come through a pipe too", async () => {
  await using of = await terminal(async (of) => [await approved(of)], { terminal: {} });
  await autocom(login, { err: /Logged in/ }, of);
});

Deno.test("OA-17: a denial that is pasted ends the login", async () => {
  await using of = await terminal(async (of) => [await approved(of, "owner", "deny")]);
  await autocom(login, { code: 4, err: /error: not logged in: the request was denied in the browser\n/ }, of);
});

Deno.test("a race: the browser on this machine comes back before anything is pasted", async () => {
  await using of = await desktop({ terminal: { stdin: true } });
  of.stdin = nothingPasted(async () => await browserOf(of.sandbox)(shown(of)));
  await autocom(login, { err: /Logged in/ }, of);
  assert.equal(tokenRequests(of).length, 1);
});

Deno.test("a race: of a paste and the browser at once one is taken, with one request for a token", async () => {
  let browser: Promise<unknown> | undefined;
  await using of = await terminal(async (of) => {
    const callback = await approved(of);
    browser = fetch(callback).then((answer) => answer.text(), () => "the port is closed");
    return [callback, callback];
  });
  await autocom(login, { err: /Logged in/ }, of);
  await browser;
  assert.equal(tokenRequests(of).length, 1);
});

for (const end of ["the browser wins", "a signal ends the login"]) {
  Deno.test(`the terminal is put back as it was when ${end}`, async () => {
    await using of = await desktop({ terminal: { stdin: true } });
    const signal = end.startsWith("a signal");
    of.stdin = nothingPasted(() => signal ? of.signal("SIGINT") : browserOf(of.sandbox)(shown(of)));
    await autocom(login, { code: signal ? 130 : 0, err: signal ? /error: interrupted/ : /Logged in/ }, of);
    assert.deepEqual(of.seen.raw, [true, false]);
  });
}

Deno.test("OA-37, FT-24: with no display and nobody to type a login ends at once and names the other ways", async () => {
  await using of = await world();
  const err = (text: string) => {
    assert.match(text, /error: cannot log in: no browser can be opened, and stdin ended without an address\n/);
    assert.match(text, /hint: set AUTOCOM_TOKEN, or: .*--token-stdin --tenant acme\n$/);
    assert.ok(!text.includes("\x1b") && !text.includes("\r"), "no spinner");
  };
  await autocom("auth login --tenant acme", { code: 2, err }, of);
});

Deno.test("FT-24: with --no-input, and AUTOCOM_NO_INPUT, a login needs a browser that can be opened here", async () => {
  for (const [flag, env] of [["--no-input", {}], ["", { AUTOCOM_NO_INPUT: "1" }]] as const) {
    await using of = await terminal(() => Promise.resolve(["never read"]), { env: { ...env } });
    const err =
      /^error: cannot log in: no browser .* \(--no-browser\).*\nhint: set AUTOCOM_TOKEN, or: .*--token-stdin --tenant acme\n$/;
    await autocom(`${login} ${flag}`, { code: 2, err }, of);
    assert.deepEqual([of.sandbox.log, of.seen.raw], [[], []]);

    const said = (text: string) => {
      assert.ok(!/paste/.test(text), text);
      assert.match(text, /Logged in/);
    };
    await autocom(`auth login --tenant acme ${flag}`, { err: said }, of);
  }
});

Deno.test("FT-24: where CI is set a login ends at once, with a browser too, unless a program drives it", async () => {
  await using of = await desktop({ terminal: { stdin: true }, env: { CI: "true" } });
  const err = /^error: cannot log in: CI is set.*\nhint: set AUTOCOM_TOKEN, or: .*--token-stdin --tenant acme\n$/;
  await autocom("auth login --tenant acme", { code: 2, err }, of);
  assert.deepEqual([of.seen.launched, of.sandbox.log], [[], []]);
  await autocom("auth login --tenant acme -o json", { out: /"account":"owner@example\.test"/ }, of);
  for (const off of ["false", "0", "no", "off"]) {
    of.env.CI = off;
    await autocom("auth login --tenant acme", { err: /Logged in/ }, of);
  }
});

Deno.test("FT-24: a format of the file of settings makes no program of the person who logs in", async () => {
  await using of = await desktop({ terminal: { stdin: true } });
  await autocom("config set output json -q", {}, of);
  const out = (text: string) =>
    assert.deepEqual(Object.keys(JSON.parse(text)), ["account", "tenant", "api_url", "store"]);
  const err =
    /^Logging in to [^]*\n {2}http\S+\n[^]*\nWaiting for your approval, 5 minutes at most; Ctrl-C ends it\.\n$/;
  await autocom("auth login --tenant acme", { out, err }, of);

  of.env.CI = "true";
  const [asked, launched] = [of.sandbox.log.length, of.seen.launched.length];
  const refused = (text: string) => assert.match(JSON.parse(text).error.message, /^cannot log in: CI is set/);
  await autocom("auth login --tenant acme", { code: 2, err: refused }, of);
  assert.deepEqual([of.sandbox.log.length, of.seen.launched.length], [asked, launched]);
  of.env.AUTOCOM_OUTPUT = "json";
  await autocom("auth login --tenant acme", { out: /^\{"url":[^]*"account":"owner@example\.test"/ }, of);
});

Deno.test("FT-15: at a terminal the address can be pasted though a browser was opened, and the time limit's hint says so", async () => {
  await using of = await desktop({ terminal: { stdin: true }, browser: () => {} });
  of.stdin = pasting(async () => [await approved(of)]);
  await autocom("auth login --tenant acme", { err: /paste that page's address here[^]*received\.\n[^]*Logged in/ }, of);
  assert.deepEqual(of.seen.raw, [true, false]);
  of.stdin = "";
  const err = /hint: .*paste that page's address here; .*: autocom auth login --tenant acme\n$/;
  await autocom("auth login --tenant acme --login-timeout 0.02", { code: 4, err }, of);
});

Deno.test("FT-25: an opener that fails is said with its code, and the address can be pasted", async () => {
  await using of = await desktop({ terminal: { stdin: true }, browser: () => {}, opening: Promise.resolve(3) });
  const failed = Promise.withResolvers<void>();
  const { clock } = denoSystem();
  of.stdin = pasting(async () => (await failed.promise, [await approved(of)]));
  of.system = { clock };
  of.opening = Promise.resolve(3).then((code) => (setTimeout(failed.resolve, 0), code));
  const err = /Opening the browser[^]*on any device \(\/usr\/bin\/xdg-open ended with 3\):[^]*Logged in/;
  await autocom("auth login --tenant acme", { err }, of);

  of.opening = Promise.resolve(3);
  const none = /error: cannot log in: no browser can be opened \(.*xdg-open ended with 3\), and nothing may be asked\n/;
  await autocom("auth login --tenant acme --no-input", { code: 2, err: none }, of);
});

Deno.test("FT-25: an opener that ends well, or not at all, is waited for by nobody", async () => {
  for (const opening of [Promise.resolve(0), new Promise<number>(() => {})]) {
    await using of = await desktop({ opening });
    await autocom("auth login --tenant acme", { err: /^(?!.*any device)[^]*Logged in/ }, of);
  }
});

Deno.test("with -o json a program reads the address from stdout and writes the callback's to stdin", async () => {
  await using of = await terminal(async (of) => [await approved(of)], { terminal: {} });
  const out = (text: string) => {
    const [first, last] = text.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual([Object.keys(first), Object.keys(last)], [
      ["url", "expires_at"],
      ["account", "tenant", "api_url", "store"],
    ]);
  };
  await autocom(`${login} -o json`, { out }, of);
});

Deno.test("with -o json a failure is one line on stderr, after the address on stdout", async () => {
  await using of = await terminal(async (of) => [await approved(of, "owner", "deny")], { terminal: {} });
  const err = (text: string) =>
    assert.deepEqual(JSON.parse(text), {
      error: {
        code: "unauthenticated",
        exit: 4,
        message: "not logged in: the request was denied in the browser",
        hint: "autocom auth login --tenant acme --no-browser",
      },
    });
  await autocom(`${login} -o json`, { code: 4, out: /^\{"url":"[^"]+","expires_at":"[^"]+"\}\n$/, err }, of);
});

/** A terminal at which nobody types; `meanwhile` happens once it is read from. */
async function* nothingPasted(meanwhile: () => Promise<void> | void): AsyncIterable<string> {
  await meanwhile();
  yield await new Promise<never>(() => {});
}

Deno.test("with -o json, too, a person at a terminal is told that a paste was not accepted, once", async () => {
  await using of = await terminal(async (of) => ["https://elsewhere.example/?code=1", await approved(of)]);
  const err =
    /^warning: what was pasted is not accepted: the address must begin with http:\/\/127\.0\.0\.1:\d+\/callback\?\n$/;
  await autocom(`${login} -o json`, { out: /"account":"owner@example\.test"/, err }, of);
});
