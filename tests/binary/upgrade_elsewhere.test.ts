/** What an upgrade does that only a Mac or Windows itself can show: run by the job `ok` of ci.yml on those systems. */
import assert from "node:assert/strict";
import { Built, NEW, OLD } from "../support/upgrade/built.ts";

const QUARANTINE = "com.apple.quarantine";

async function system(command: string, ...args: string[]): Promise<{ success: boolean; out: string }> {
  const { success, stdout } = await new Deno.Command(command, { args, stderr: "null" }).output();
  return { success, out: new TextDecoder().decode(stdout) };
}

Deno.test({
  name:
    "SU2-14, SU2-33: on macOS the new program is a new file without the old one's quarantine, which a rollback keeps",
  ignore: Deno.build.os !== "darwin",
  async fn() {
    await using built = await Built.make();
    await using machine = await built.machine();
    await system("/usr/bin/xattr", "-w", QUARANTINE, "0081;00000000;Safari;", machine.path);
    const before = (await Deno.stat(machine.path)).ino;
    assert.equal((await machine.run(["upgrade"])).code, 0);
    assert.equal(await machine.version(), NEW);
    assert.notEqual((await Deno.stat(machine.path)).ino, before);
    assert.ok(!(await system("/usr/bin/xattr", "-p", QUARANTINE, machine.path)).success);
    assert.equal((await machine.run(["upgrade", "--rollback"])).code, 0);
    assert.equal(await machine.version(), OLD);
    assert.ok((await system("/usr/bin/xattr", "-p", QUARANTINE, machine.path)).success);
  },
});

Deno.test({
  name: "SU2-29: on Windows a folder in which the user may not write: exit 3, and nothing is renamed",
  ignore: Deno.build.os !== "windows",
  async fn() {
    await using built = await Built.make();
    await using machine = await built.machine();
    const everyone = "*S-1-1-0";
    const names = async () => (await Array.fromAsync(Deno.readDir(machine.bin), ({ name }) => name)).sort();
    const before = await names();
    assert.ok((await system("icacls", machine.bin, "/deny", `${everyone}:(WD,AD,DC)`)).success);
    try {
      const { code, err } = await machine.run(["upgrade"]);
      assert.equal(code, 3, err);
      assert.deepEqual(await names(), before);
      assert.equal(await machine.version(), OLD);
    } finally {
      await system("icacls", machine.bin, "/remove:d", everyone);
    }
  },
});

Deno.test({
  name: "SU2-27: on Windows itself the running program is replaced by ReplaceFileW, and put back",
  ignore: Deno.build.os !== "windows",
  async fn() {
    await using built = await Built.make();
    await using machine = await built.machine();
    const { code, err } = await machine.run(["upgrade", "--debug"]);
    assert.equal(code, 0, err);
    assert.doesNotMatch(err, /two renames instead/);
    assert.equal(await machine.version(), NEW);
    assert.equal((await machine.run(["upgrade", "--rollback"])).code, 0);
    assert.equal(await machine.version(), OLD);
  },
});
