/** Upgrading from end to end, in this process: what is found, what is believed, what is installed. */
import assert from "node:assert/strict";
import { Scene } from "../support/upgrade/scene.ts";

Deno.test("an upgrade by the pack: the exact program, the old one kept, few bytes, nothing left", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  const outcome = await scene.upgrade();
  assert.deepEqual([outcome.action, outcome.current, outcome.newest, outcome.available], [
    "upgraded",
    "1.0.0",
    "1.1.0",
    true,
  ]);
  await scene.isAt("1.1.0");
  assert.deepEqual(await Deno.readFile(`${scene.path}.old`), scene.program("1.0.0"));
  assert.deepEqual(await scene.names(), [".autocom.lock", "autocom", "autocom.old"]);
  assert.equal((await Deno.stat(scene.path)).mode! & 0o777, 0o755);
  assert.ok(!scene.asked().some((path) => path.endsWith(".tar.gz")));
});

Deno.test("an upgrade to another runtime takes the archive", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0", {
    manifest: ({ runtime }) => Object.keys(runtime).forEach((key) => runtime[key] = "b".repeat(64)),
  });
  assert.equal((await scene.upgrade()).action, "upgraded");
  await scene.isAt("1.1.0");
  assert.ok(!scene.asked().some((path) => path.endsWith(".pack")));
});

Deno.test("--rollback puts the old program back; a second time undoes it; a third time too", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  await scene.upgrade();
  for (const version of ["1.0.0", "1.1.0", "1.0.0"]) {
    const outcome = await scene.rollback();
    assert.equal(outcome.action, "rolled-back");
    await scene.isAt(version);
    assert.deepEqual(await scene.names(), [".autocom.lock", "autocom", "autocom.old"]);
  }
});
