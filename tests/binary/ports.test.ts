import assert from "node:assert/strict";
import { binaryTest } from "../support/binary/driver.ts";
import type { Room } from "../support/binary/room.ts";

const PORTS = [8765, 8766, 8767, 8768, 8769];
const LOGIN = ["auth", "login", "--no-browser", "--tenant", "acme", "-o", "json"];

/** The port that a login under way is sent back to. */
function portOf(line: string): number {
  const redirect = new URL(JSON.parse(line).url).searchParams.get("redirect_uri")!;
  assert.match(redirect, /^http:\/\/127\.0\.0\.1:\d+\/callback$/);
  return Number(new URL(redirect).port);
}

binaryTest("OA-1: the callback listens on 127.0.0.1, not on other addresses of the host", async (room) => {
  await room.shell("ip addr add 192.0.2.7/32 dev lo");
  const login = room.start(LOGIN);
  const port = portOf(await login.line());
  assert.equal(await room.errand("answers", "127.0.0.1", port), true);
  assert.equal(await room.errand("answers", "192.0.2.7", port), false);
  assert.equal(await room.errand("answers", "::1", port), false);
  login.signal("SIGTERM");
  await login.ended;
});

binaryTest("OA-2: with 8765 to 8768 in use a login takes 8769", async (room) => {
  for (const port of PORTS.slice(0, 4)) await room.errand("occupy", "127.0.0.1", port);
  const { code, err, callback } = await room.logIn();
  assert.equal(code, 0, err);
  assert.equal(new URL(callback).port, "8769");
});

binaryTest("OA-3: with all five ports in use a login ends at once, and opens nothing", async (room) => {
  for (const port of PORTS) await room.errand("occupy", "127.0.0.1", port);
  const { code, out, err } = await room.run(["auth", "login"], { env: { DISPLAY: ":0" } });
  assert.deepEqual([code, out], [1, ""]);
  assert.match(err, /^error: .*8765, 8766, 8767, 8768, 8769.*\nhint: .*autocom auth login .*\n$/m);
  assert.deepEqual((await room.inhabitants()).filter((command) => command.includes("xdg-open")), []);
});

binaryTest("OA-3: with all five ports in use the pasted address still logs in, as the message says", async (room) => {
  for (const port of PORTS) await room.errand("occupy", "127.0.0.1", port);
  const refused = await room.run(["auth", "login"], { env: { DISPLAY: ":0" } });
  assert.match(refused.err, /^hint: .*autocom auth login --no-browser/m);
  const login = room.start(LOGIN);
  await login.type(`${await room.approve(JSON.parse(await login.line()).url)}\n`);
  const { code, err } = await login.end();
  assert.equal(code, 0, err);
});

binaryTest("OA-4: a program on [::1]:8765 is in nobody's way", async (room) => {
  await room.errand("occupy", "::1", 8765);
  const { code, err, callback } = await room.logIn();
  assert.equal(code, 0, err);
  assert.equal(new URL(callback).port, "8765");
});

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
  binaryTest(`OA-30: ${signal} ends a login with ${code}, the port is free and nothing is stored`, async (room) => {
    const login = room.start(LOGIN);
    const port = portOf(await login.line());
    login.signal(signal);
    const ended = await login.ended;
    assert.equal(ended.code, code, ended.err);
    assert.match(ended.err, /"message":"interrupted"/);
    assert.equal(await room.errand("answers", "127.0.0.1", port), false);
    assert.deepEqual(await kept(room), []);
    assert.deepEqual(await room.errand("alive"), { access: 0, refresh: 0 });
  });
}

binaryTest("OA-30: interrupted while the code is exchanged, a login stores nothing", async (room) => {
  const login = room.start(LOGIN);
  const callback = await room.approve(JSON.parse(await login.line()).url);
  await room.errand("latency", 60_000);
  const exchange = room.errand("arrival", "/oauth/token");
  const page = room.fetch(new Request(callback)).catch(() => {});
  await exchange;
  login.signal("SIGINT");
  assert.equal((await login.ended).code, 130);
  await page;
  assert.deepEqual(await kept(room), []);
});

/** The files of ~/.autocom that hold something. */
async function kept(room: Room): Promise<string[]> {
  const out = await room.shell(`find "$HOME/.autocom" -type f -size +0 2>/dev/null || true`);
  return out.trim().split("\n").filter(Boolean);
}
