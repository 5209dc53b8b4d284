import assert from "node:assert/strict";
import { join } from "node:path";
import { denoDir } from "../../build/process.ts";
import { ROOT } from "../support/build/tree.ts";
import { binaryTest } from "../support/binary/driver.ts";
import { CACHED } from "../support/cached.ts";

binaryTest(
  "a person logs in with Chromium, which asks the terminal's listener for one page and nothing else",
  async (room) => {
    const login = room.start(["auth", "login", "--tenant", "acme"], { env: { DISPLAY: ":0" } });
    const { argv } = await room.opened();
    const { email, password } = room.platform.users.owner;
    const profile = join(room.folder, "chromium");
    await Deno.mkdir(profile);
    const script = ["run", "-A", ...CACHED, join(import.meta.dirname!, "../support/binary/browser.ts")];
    const executable = (await room.shell("command -v chromium")).trim();
    const browser = await room.program(
      [Deno.execPath(), ...script, executable, argv.at(-1)!, email, password, profile],
      { env: { DENO_DIR: await denoDir(ROOT) } },
    ).end();
    assert.equal(browser.code, 0, browser.err);
    const shown = "✓ Logged in — return to your terminal";
    assert.deepEqual(JSON.parse(browser.out), { client: "AutoCom CLI", shown });

    const { code, out, err } = await login.ended;
    assert.deepEqual([code, out], [0, ""], err);
    assert.match(err, /^Logged in to .* as Owner Example <owner@example\.test>, tenant acme\./m);

    const netlog = await Deno.readTextFile(join(profile, "netlog.json"));
    const asked = new Set([...netlog.matchAll(/"url":"(http:\/\/127\.0\.0\.1[^"]*)"/g)].map(([, url]) => url!));
    const paths = (port: string) =>
      [...asked].map((url) => new URL(url)).filter((url) => url.port === port).map((url) => url.pathname);
    assert.ok(paths(new URL(room.apiUrl).port).includes("/oauth/authorize"));
    assert.deepEqual(paths("8765"), ["/callback"]);
  },
  ["chromium"],
);
