/** The program that is kept for --rollback: an upgrade that fails leaves it, and what is said of it is true. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fakeKernel32 } from "../support/upgrade/fake_kernel32.ts";
import { Scene } from "../support/upgrade/scene.ts";

const OURS = [".autocom.lock", "autocom", "autocom.old"];
const full = () =>
  Promise.reject(Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" }));

/** 1.1.0 runs, 1.0.0 is kept, 1.2.0 is there. */
async function upgraded(): Promise<Scene> {
  const scene = await Scene.open();
  await scene.release("1.1.0");
  await scene.upgrade();
  scene.become("1.1.0");
  await scene.release("1.2.0");
  return scene;
}

for (const links of [true, false]) {
  Deno.test(`SU2-23: an upgrade that fails at any rename leaves the kept program, ${links ? "with" : "without"} hard links`, async () => {
    for (let at = 0;; at++) {
      await using scene = await upgraded();
      const { files } = scene.app().system;
      let calls = 0;
      scene.ports.files = {
        ...files,
        ...!links && { link: () => Promise.reject(Object.assign(new Error("no"), { code: "EPERM" })) },
        rename: (from, to) => calls++ === at ? full() : files.rename(from, to),
      };
      const failed = await scene.upgrade().then(() => false, () => true);
      scene.ports = {};
      await scene.isAt(failed ? "1.1.0" : "1.2.0");
      const kept = scene.program(failed ? "1.0.0" : "1.1.0");
      assert.deepEqual(await Deno.readFile(`${scene.path}.old`), kept, `rename ${at}`);
      assert.deepEqual(await scene.names(), OURS, `rename ${at}`);
      if (at >= calls) return assert.ok(!failed && at >= 2);
    }
  });
}

Deno.test("SU2-27: on Windows, too, an upgrade that fails leaves the kept program", async () => {
  await using scene = await upgraded();
  const { files, clock } = scene.app().system;
  scene.ports = {
    host: { os: "windows", arch: "x86_64", uid: null, pid: 1 },
    ffi: fakeKernel32(() => "refuses"),
    clock: { ...clock, sleep: (ms, signal) => signal ? clock.sleep(ms, signal) : Promise.resolve() },
    files: { ...files, rename: (from, to) => String(from).endsWith(".new") ? full() : files.rename(from, to) },
  };
  await scene.refuses(3, /holds it or a file beside it/);
  assert.deepEqual(await Deno.readFile(`${scene.path}.old`), scene.program("1.0.0"));
  assert.deepEqual(await scene.names(), OURS);
});

Deno.test("--rollback names the version that it put back, and none where another installation wrote what is remembered", async () => {
  await using scene = await Scene.open();
  await scene.release("1.5.0");
  await scene.upgrade(); // 1.0.0 is kept
  const other = join(scene.folder, "other", "autocom");
  await Deno.mkdir(join(other, ".."));
  await Deno.writeFile(other, scene.program("1.4.0"), { mode: 0o755 });
  scene.become("1.4.0");
  scene.ports = { installed: { program: () => other, kernel: () => "6.1.0" } };
  await scene.upgrade(); // 1.4.0 is kept, elsewhere
  scene.ports = {};
  scene.become("1.5.0");
  assert.equal((await scene.rollback()).newest, null);
  await scene.isAt("1.0.0");
  scene.become("1.0.0");
  assert.equal((await scene.rollback()).newest, "1.5.0");
  await scene.isAt("1.5.0");
  // What was put at the kept program's place by hand is of no version that anybody knows.
  await Deno.writeFile(`${scene.path}.old`, scene.program("1.3.0"), { mode: 0o755 });
  scene.become("1.5.0");
  assert.equal((await scene.rollback()).newest, null);
});
