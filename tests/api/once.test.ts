/** How often a request arrives at a server that closes each connection without a word. */
import assert from "node:assert/strict";
import { answering, facing, raw } from "../support/api/server.ts";
import { desktop } from "../support/desk.ts";
import { autocom, loggedIn, type World } from "../support/harness.ts";

/** Counts the connections, each of which is one request: nothing is answered. */
function silent() {
  const seen = { hits: 0 };
  const server = raw(async (connection) => {
    seen.hits++;
    await answering("")(connection);
  });
  return Object.assign(server, { seen });
}

/** The pauses between two tries are over at once. */
async function hurried(of: World): Promise<World> {
  const { clock } = (await import("../../src/system/deno.ts")).denoSystem();
  of.system = { clock: { ...clock, sleep: (ms, signal) => ms < 30_000 ? Promise.resolve() : clock.sleep(ms, signal) } };
  return of;
}

const CHANGES = [
  ["api", "DELETE", "/orders/1"],
  ["api", "POST", "/orders/1/cancel"],
  ["api", "PUT", "/orders/1"],
  ["api", "PATCH", "/orders/1"],
  ["api", "POST", "/orders", "-f", "a=b"],
  ["graphql", "mutation { touch }"],
];
for (const words of CHANGES) {
  Deno.test(`FT-37: a change is sent once, also without a body, by a server that hangs up: ${words.join(" ")}`, async () => {
    await using server = silent();
    await using of = await facing(server.port);
    await autocom([...words, "--yes", "-q"], { code: 10, err: /broke off; the change may have been carried out/ }, of);
    assert.equal(server.seen.hits, 1);
  });
}

for (const [line, tries] of [["orders list", 3], ["api OPTIONS /orders", 3], ["graphql {n}", 3]] as const) {
  Deno.test(`a read that a server hangs up on is tried ${tries} times: ${line}`, async () => {
    await using server = silent();
    await using of = await hurried(await facing(server.port));
    await autocom(line, { code: 10, err: /broke off/ }, of);
    assert.equal(server.seen.hits, tries);
  });
}

/** What ends a token at the server meets one that hangs up. */
function meeting(of: World, port: number): void {
  const { fetch: sandbox } = of;
  of.fetch = (request) =>
    request.url.endsWith("/auth/logout")
      ? fetch(new Request(`http://127.0.0.1:${port}/api/v1/auth/logout`, request))
      : sandbox(request);
}

Deno.test("a logout ends the token once, whatever becomes of the answer", async () => {
  await using server = silent();
  await using of = await loggedIn();
  meeting(of, server.port);
  await autocom("auth logout", { err: /^warning: the session may live on .* broke off.*\nLogged out of / }, of);
  assert.equal(server.seen.hits, 1);
});

Deno.test("FT-9: a login that is given up ends each of its tokens once: its own, and that of its refresh token", async () => {
  await using server = silent();
  await using of = await desktop({ terminal: { stdin: true, stderr: true }, env: { NO_COLOR: "1" } }, "admin");
  const happens = () => (of.signal("SIGINT"), new Promise(() => {}));
  of.answers = { shift: happens, length: 1 } as unknown as World["answers"];
  meeting(of, server.port);
  await autocom("auth login", { code: 130, err: /error: interrupted\n$/ }, of);
  assert.equal(server.seen.hits, 2);
});
