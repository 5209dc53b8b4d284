/** A login that is given up after the token was obtained: nobody keeps it, so it ends at the server, too. */
import assert from "node:assert/strict";
import type { SignalName } from "../../src/system/mod.ts";
import { AppError } from "../../src/errors.ts";
import { desktop, stored } from "../support/desk.ts";
import { autocom, browserOf, type World } from "../support/harness.ts";
import { givenUp } from "../support/given_up.ts";

/** A world in which that happens at the first question. */
async function asking(happens: (of: World) => unknown): Promise<World> {
  const of = await desktop({ terminal: { stdin: true, stderr: true }, env: { NO_COLOR: "1" } }, "admin");
  const answers = { shift: () => happens(of), length: 1 };
  of.answers = answers as unknown as World["answers"];
  return of;
}

const NEVER = new Promise(() => {});

for (const [name, code] of [["SIGINT", 130], ["SIGHUP", 129], ["SIGTERM", 143]] as [SignalName, number][]) {
  for (const logout of ["full", "naive"] as const) {
    Deno.test(`FT-9: ${name} at a question revokes what a login obtained (a server whose logout is ${logout})`, async () => {
      await using of = await asking((of) => (of.signal(name), NEVER));
      of.sandbox.options.logout = logout;
      await autocom("auth login", { code, err: /error: interrupted\n$/ }, of);
      const { access, refresh } = of.sandbox.alive();
      assert.equal(access, 0);
      // What a refresh token gives last nobody has.
      const gave = of.sandbox.log.filter(({ url, body }) => url.endsWith("/oauth/token") && /refresh_token/.test(body));
      assert.ok(refresh === 0 || gave.length === 1, `${refresh} refresh tokens`);
      assert.equal((await stored(of)).place, "none");
    });
  }
}

Deno.test("FT-9: Ctrl-D at a question, and any failure before the session is kept, revoke it as well", async () => {
  for (const error of [new AppError("interrupted", "cancelled"), new AppError("network", "no more")]) {
    await using of = await asking(() => Promise.reject(error));
    await autocom("auth login", { code: error.exit, err: new RegExp(`error: ${error.message}\n$`) }, of);
    assert.deepEqual(of.sandbox.alive(), { access: 0, refresh: 0 });
  }
});

Deno.test({
  name: "FT-9: a server that does not answer the revocation holds nobody for ever",
  sanitizeOps: false, // what was given up ends with the process
  sanitizeResources: false,
  async fn() {
    await using of = await asking((of) => (of.signal("SIGINT"), NEVER));
    const { fetch } = of;
    of.fetch = (request) => request.url.endsWith("/auth/logout") ? givenUp(request) : fetch(request);
    const { clock } = (await import("../../src/system/deno.ts")).denoSystem();
    const waits: number[] = [];
    // Seconds pass at once, but not those that are for the person.
    const sleep = (ms: number, signal?: AbortSignal) => (waits.push(ms), clock.sleep(ms <= 5_000 ? 0 : ms, signal));
    of.system = { clock: { ...clock, sleep } };
    const err =
      /warning: the session that was obtained may live on at the server: \S+ did not end it within 5 s\nerror: interrupted\n$/;
    await autocom("auth login", { code: 130, err }, of);
    assert.ok(waits.includes(5_000), `${waits}`);
  },
});

Deno.test("FT-9: Ctrl-C while the code is exchanged ends what that gives", async () => {
  await using of = await asking(() => NEVER);
  const { fetch } = of;
  of.fetch = async (request) => {
    const exchanged = request.url.endsWith("/oauth/token");
    const answer = await fetch(request);
    if (exchanged) of.signal("SIGINT");
    return answer;
  };
  await autocom("auth login", { code: 130, err: /error: interrupted\n$/ }, of);
  assert.deepEqual([of.sandbox.alive(), of.seen.asked], [{ access: 0, refresh: 0 }, []]);
});

Deno.test("FT-9: a token that was given is not ours to end", async () => {
  await using of = await asking((of) => (of.signal("SIGINT"), NEVER));
  of.stdin = `${of.sandbox.pat("admin")}\r`;
  await autocom("auth login --token-stdin", { code: 130, err: /error: interrupted\n$/ }, of);
  assert.ok(!of.sandbox.log.some(({ url }) => url.endsWith("/auth/logout")));
});

/** From the exchange of the code on, only the token endpoint is sound; `logouts`: how many of them fail. */
function ailing(of: World, logouts = Infinity): void {
  const { fetch } = of;
  let obtained = false;
  of.fetch = async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/oauth/token") return await fetch(request).finally(() => obtained = true);
    const fails = pathname.endsWith("/auth/logout") ? logouts-- > 0 : logouts === Infinity;
    return obtained && fails ? Response.json({ message: "Down" }, { status: 500 }) : await fetch(request);
  };
}

const LIVES_ON = "warning: the session that was obtained may live on at the server: cannot revoke the session: ";

for (
  const [format, out, ended] of [
    ["table", "", "error: cannot list your tenants: "],
    ["json", /^\{"url".*\}\n$/, '\\{"error":\\{"code":"server","exit":11,.*\\}\n$'],
  ] as const
) {
  Deno.test(`FT-9: a login that fails and cannot be ended at the server says so, with -o ${format}`, async () => {
    await using of = await desktop();
    ailing(of);
    const err = new RegExp(`(^|\n)${LIVES_ON}.*\n${ended}`);
    await autocom(`auth login -o ${format}`, { code: 11, out, err }, of);
    assert.equal((await stored(of)).place, "none");
  });
}

for (
  const [end, happens, code] of [
    ["Ctrl-C", (of: World) => (of.signal("SIGINT"), NEVER), 130],
    ["a failure", () => Promise.reject(new AppError("network", "no more")), 10],
  ] as const
) {
  Deno.test(`FT-9: ${end} at a question warns where the server ends nothing`, async () => {
    await using of = await asking(happens);
    ailing(of, 9);
    await autocom("auth login", { code, err: new RegExp(`\n${LIVES_ON}.*\nerror: .*\n$`) }, of);
  });

  Deno.test(`FT-9: ${end} at a question shows the refresh token to a server that did not end the access token`, async () => {
    await using of = await asking(happens);
    ailing(of, 1);
    await autocom("auth login", { code, err: (text) => assert.ok(!text.includes("warning"), text) }, of);
    assert.deepEqual(of.sandbox.alive(), { access: 0, refresh: 0 });
  });
}

Deno.test("FT-9: No to the question whether to replace a session warns where the server ends nothing", async () => {
  await using of = await asking(() => false);
  await autocom("auth login --tenant acme", { err: /Logged in/ }, of);
  of.browser = browserOf(of.sandbox, "owner");
  ailing(of, 9);
  await autocom(
    "auth login --tenant acme",
    { code: 2, err: new RegExp(`\n${LIVES_ON}.*\nerror: not logged in: .*\n`) },
    of,
  );
});
