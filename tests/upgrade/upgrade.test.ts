/** Upgrading from end to end, in this process: what is found, what is believed, what is installed. */
import assert from "node:assert/strict";
import type { AppError } from "../../src/errors.ts";
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

Deno.test("--target with the version that runs leaves the kept program, and --force takes the same once more", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  await scene.upgrade();
  scene.become("1.1.0");
  const outcome = await scene.upgrade({ target: "1.1.0" });
  assert.deepEqual([outcome.action, outcome.available, outcome.bytes], ["none", false, null]);
  assert.deepEqual(await Deno.readFile(`${scene.path}.old`), scene.program("1.0.0"));
  assert.equal((await scene.upgrade({ target: "1.1.0", force: true })).action, "upgraded");
  assert.deepEqual(await Deno.readFile(`${scene.path}.old`), scene.program("1.1.0"));
});

Deno.test("--rollback does not call what it put back by the version that runs: another installation wrote that", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  await scene.upgrade();
  // The record says 1.0.0 was kept; a further installation of this person's, of 1.0.0 itself, has an older one beside it.
  assert.equal((await scene.rollback()).newest, null);
});

Deno.test("--rollback puts back a program alone: no text, whatever its mode, and nothing that its owner may not run", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  await scene.upgrade();
  const old = `${scene.path}.old`;
  const kept = await Deno.readFile(old);
  const cases: [string, Uint8Array<ArrayBuffer>, number][] = [
    ["a text over the program that was kept", new TextEncoder().encode("hello\n"), 0o755],
    ["a script", new TextEncoder().encode("#!/bin/sh\n"), 0o755],
    ["less than a program begins with", kept.slice(0, 3), 0o755],
    ["a program that nobody may run", kept, 0o644],
  ];
  for (const [what, bytes, mode] of cases) {
    await Deno.writeFile(old, bytes);
    await Deno.chmod(old, mode);
    await assert.rejects(scene.rollback(), (error: AppError) => {
      assert.deepEqual([error.exit, error.message], [7, `what is at ${old} is not a program`], what);
      assert.match(error.hint!, /: autocom upgrade --target VERSION$/);
      return true;
    });
    await scene.isAt("1.1.0");
    assert.deepEqual(await Deno.readFile(old), bytes);
    assert.deepEqual(await scene.names(), [".autocom.lock", "autocom", "autocom.old"]);
  }
  await Deno.chmod(old, 0o700);
  assert.equal((await scene.rollback()).action, "rolled-back");
  await scene.isAt("1.0.0");
});

Deno.test("a folder that has the name of the kept program is said before anything is downloaded", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  await Deno.mkdir(`${scene.path}.old`);
  const { hint } = await scene.refuses(3, /autocom\.old: that is a folder/);
  assert.match(hint!, /^move it away: mv \S+autocom\.old \S+autocom\.old\.moved$/);
  assert.ok(!scene.asked().some((path) => path.endsWith(".pack")));
});
