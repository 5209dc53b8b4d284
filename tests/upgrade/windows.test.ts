/** How a program is replaced on Windows: the system's call is an emulation, the files are real ones of this machine. */
import assert from "node:assert/strict";
import { denoSystem } from "../../src/system/deno.ts";
import type { Files } from "../../src/system/mod.ts";
import { fakeKernel32, type Replacing } from "../support/upgrade/fake_kernel32.ts";
import { Scene } from "../support/upgrade/scene.ts";

const OURS = [".autocom.lock", "autocom", "autocom.old"];

/** A machine with Windows, whose calls to `ReplaceFileW` go like that, the last one for ever. */
class Machine implements AsyncDisposable {
  /** Milliseconds that were waited. */
  waited = 0;
  calls = 0;

  private constructor(readonly scene: Scene, how: readonly Replacing[]) {
    scene.ports.host = { os: "windows", arch: "x86_64", uid: null, pid: 1 };
    scene.ports.ffi = fakeKernel32(() => how[Math.min(this.calls++, how.length - 1)]!);
    const { clock } = denoSystem();
    scene.ports.clock = {
      ...clock,
      sleep: (ms, signal) => {
        if (signal) return clock.sleep(ms, signal); // the limits of a download
        this.waited += ms;
        return Promise.resolve();
      },
    };
  }

  static async open(...how: Replacing[]): Promise<Machine> {
    const scene = await Scene.open();
    await scene.release("1.1.0");
    return new Machine(scene, how);
  }

  /** A rename of such a file is refused, as long as `until` is not waited. */
  holds(file: RegExp, code: string, until = Infinity): void {
    const { files } = denoSystem();
    const rename: Files["rename"] = (from, to) =>
      file.test(String(from)) && this.waited < until
        ? Promise.reject(Object.assign(new Error(`it is held: rename '${from}'`), { code }))
        : files.rename(from, to);
    this.scene.ports.files = { ...files, rename };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.scene[Symbol.asyncDispose]();
  }
}

Deno.test("SU2-27: ReplaceFileW that leaves the program under the other name (1177): it gets its own back, then the new one", async () => {
  for (const how of [["1177", "works"], ["refuses", "1177", "1177", "works"]] as const) {
    await using machine = await Machine.open(...how);
    const { scene } = machine;
    assert.equal((await scene.upgrade({}, { debug: true })).action, "upgraded");
    assert.doesNotMatch(scene.world.seen.stderr, /two renames instead/);
    await scene.isAt("1.1.0");
    assert.deepEqual(await Deno.readFile(`${scene.path}.old`), scene.program("1.0.0"));
    assert.equal(machine.calls, how.length);
  }
});

Deno.test("SU2-27: ReplaceFileW that never works, whatever it leaves: two renames, all within 10 s", async () => {
  for (const how of ["1177", "refuses"] as const) {
    await using machine = await Machine.open(how);
    const { scene } = machine;
    machine.holds(/\.new$/, "EBUSY", 8_000);
    await scene.upgrade({}, { debug: true });
    assert.match(scene.world.seen.stderr, /two renames instead/);
    await scene.isAt("1.1.0");
    assert.deepEqual(await scene.names(), OURS);
    assert.ok(machine.waited >= 8_000 && machine.waited <= 10_000, `${machine.waited}`);
  }
});

Deno.test("SU2-27: a new file that a scanner holds on: after 10 s the old program is there, and the advice is to wait", async () => {
  for (const how of ["1177", "refuses"] as const) {
    for (const code of ["EBUSY", "EACCES"]) {
      await using machine = await Machine.open(how);
      const { scene } = machine;
      machine.holds(/\.new$/, code);
      const { hint } = await scene.refuses(3, new RegExp(`a virus scanner perhaps, holds it .*\\(${code}\\)$`));
      assert.equal(hint, "nothing was changed; wait a minute, and repeat this");
      await scene.isAt("1.0.0");
      assert.deepEqual(await scene.names(), [".autocom.lock", "autocom"]);
      assert.equal(machine.waited, 10_000);
    }
  }
});

Deno.test("SU2-27: a program that cannot be put back at once is put back when it can; else it is said where it is", async () => {
  await using machine = await Machine.open("1177", "works");
  machine.holds(/\.old$/, "EBUSY", 3_000);
  await machine.scene.upgrade();
  await machine.scene.isAt("1.1.0");

  await using other = await Machine.open("1177");
  const { scene } = other;
  other.holds(/\.old$/, "EBUSY");
  await assert.rejects(scene.upgrade(), { message: /and it is .*autocom\.old now$/, hint: /rename it to autocom$/ });
  assert.deepEqual(await Deno.readFile(`${scene.path}.old`), scene.program("1.0.0"));
});

Deno.test("SU2-27: a new file that a scanner takes away: the old program is there, and the scanner is named", async () => {
  await using machine = await Machine.open("refuses");
  const { scene } = machine;
  const { files } = denoSystem();
  scene.ports.files = {
    ...files,
    async rename(from, to) {
      if (String(from).endsWith(".new")) await files.remove(from);
      await files.rename(from, to);
    },
  };
  await scene.refuses(3, /the new program was taken away, by a virus scanner perhaps$/);
  await scene.isAt("1.0.0");
});

Deno.test("SU2-27: --rollback has the same patience, and leaves both programs under their names", async () => {
  for (const how of ["works", "1177"] as const) {
    await using machine = await Machine.open("works", how);
    const { scene } = machine;
    await scene.upgrade();
    scene.become("1.1.0");
    machine.waited = 0;
    machine.holds(/\.(old|new)$/, "EBUSY", 4_000);
    await scene.rollback();
    await scene.isAt("1.0.0");
    assert.deepEqual(await Deno.readFile(`${scene.path}.old`), scene.program("1.1.0"));
    assert.deepEqual(await scene.names(), OURS);
    assert.ok(machine.waited <= 10_000, `${machine.waited}`);
  }
});

Deno.test("SU2-27: an earlier program that is locked gets another name, and is swept later", async () => {
  await using machine = await Machine.open("works");
  const { scene } = machine;
  await scene.upgrade();
  scene.become("1.1.0");
  await scene.release("1.2.0");
  const { files } = denoSystem();
  scene.ports.files = {
    ...files,
    remove: (path, options) =>
      /\.old$/.test(String(path))
        ? Promise.reject(Object.assign(new Deno.errors.PermissionDenied("it runs"), { code: "EACCES" }))
        : files.remove(path, options),
  };
  await scene.upgrade();
  await scene.isAt("1.2.0");
  const old = (await scene.names()).filter((name) => name.endsWith(".old"));
  assert.equal(old.length, 2, old.join());
  scene.become("1.2.0");
  delete scene.ports.files;
  await scene.upgrade({ force: true });
  assert.deepEqual(await scene.names(), OURS);
});
