/** The Windows program replaces itself while a second copy of it runs: what runs cannot be removed or written there. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { targetOf } from "../../build/targets.ts";
import { READY, RUNNER } from "../support/binary/windows.ts";
import { Running } from "../support/binary/running.ts";
import { Built, NEW, OLD } from "../support/upgrade/built.ts";

Deno.test({
  name: "SU2-27: the Windows program is replaced and rolled back while a second copy runs",
  ignore: !READY,
  async fn(t) {
    await using built = await Built.make(targetOf("x86_64-pc-windows-msvc"));
    await using machine = await built.machine();
    const { home, bin, path, folder } = machine;
    const env = {
      ...{ USERPROFILE: home, WINDOWS_HOME: home, WINEPREFIX: join(home, "wine"), WINEDEBUG: "-all" },
      ...{ PATH: Deno.env.get("PATH")!, HOME: Deno.env.get("HOME")!, AUTOCOM_API_URL: "http://127.0.0.1:9/api/v1" },
      AUTOCOM_CLIENT_ID: "9d5fbd2c-0000-4000-8000-000000000000",
    };
    const start = (args: string[]) => {
      const [command, ...words] = [...RUNNER!, path, ...args];
      return new Running(command!, { args: words, env, cwd: folder, clearEnv: true }, 240_000);
    };
    const run = async (args: string[]) => {
      const { code, out, err } = await start(args).end();
      assert.equal(code, 0, err);
      return out;
    };
    const names = async () => (await Array.fromAsync(Deno.readDir(bin), ({ name }) => name)).sort();
    const isAt = async (version: string) => {
      assert.deepEqual(await Deno.readFile(path), await Deno.readFile(built.program(version)), `it is ${version}`);
      assert.equal((await run(["--version"])).trim(), `autocom ${version}`);
    };
    await run(["--version"]); // makes the profile
    const second = start(["auth", "login", "--no-browser", "-o", "json", "--tenant", "acme"]);
    assert.match(await second.line(), /"url"/);

    await t.step("the running program is replaced, the old one kept", async () => {
      const { code, out, err } = await start(["upgrade", "-o", "json", "--debug"]).end();
      assert.equal(code, 0, err);
      assert.doesNotMatch(err, /two renames instead|the archive is taken/);
      const outcome = JSON.parse(out);
      assert.equal(outcome.action, "upgraded");
      // That this is little is held by tests/build/release/release.test.ts, for every target.
      const [pack] = Object.entries(built.files).filter(([name]) => name.endsWith(".pack"));
      assert.equal(outcome.bytes, pack![1].length, "by the pack, and nothing else");
      await isAt(NEW!);
      assert.deepEqual(await Deno.readFile(`${path}.old`), await Deno.readFile(built.program(OLD!)));
    });
    await t.step("it is put back while a copy of it runs, and forth", async () => {
      await run(["upgrade", "--rollback"]);
      await isAt(OLD!);
      await run(["upgrade", "--rollback"]);
      await isAt(NEW!);
      await run(["upgrade", "--rollback"]);
    });
    await t.step("the full download (zip) does it, too; two old ones are left at most, and swept later", async () => {
      built.server.faults.push((_, url) =>
        url.pathname.endsWith(".pack") ? new Response(null, { status: 404 }) : undefined
      );
      await run(["upgrade"]);
      await isAt(NEW!);
      const old = (await names()).filter((name) => /\.old$|\.new$/.test(name));
      assert.ok(old.length <= 2, old.join());
      second.signal("SIGTERM");
      await second.ended;
      await run(["upgrade", "--force"]);
      assert.deepEqual(await names(), [".autocom.exe.lock", "autocom.exe", "autocom.exe.old"]);
    });
  },
});
