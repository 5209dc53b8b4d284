/** The lock beside the program, on disks that lock differently, and the moment when the new program takes its place. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { File } from "../../src/system/mod.ts";
import { Scene } from "../support/upgrade/scene.ts";

/** The lock's file refuses to be locked, where `refused` says so of how it was opened. */
function locking(scene: Scene, error: Error, refused: (options: Deno.OpenOptions) => boolean = () => true): void {
  const { files } = scene.app().system;
  const open: typeof files.open = async (path, options) => {
    const file = await files.open(path, options);
    if (!String(path).endsWith(".lock") || !refused(options ?? {})) return file;
    const tryLock = () => Promise.reject(error);
    return new Proxy(file, {
      get: (_, name) => name === "tryLock" ? tryLock : Reflect.get(file, name, file)?.bind?.(file),
    }) as File;
  };
  scene.ports.files = { ...files, open };
}

/** What the runtime throws for what the system refuses: with its code where it has a class for it, without it elsewhere. */
const BROKEN: [error: Error, words: RegExp][] = [
  [
    Object.assign(new Error("Operation not supported (os error 95)"), { code: "EOPNOTSUPP" }),
    /: .*EOPNOTSUPP|: operation not supported \(error 95\)$/,
  ],
  [new Error("No locks available (os error 37)"), /: no locks available \(error 37\)$/],
  [new Error("Bad file descriptor (os error 9)"), /: bad file descriptor \(error 9\)$/],
];
for (const [error, words] of BROKEN) {
  Deno.test(`FT-22: an upgrade where the disk has no locks (${error.message}) is exit 3 in words`, async () => {
    await using scene = await Scene.open();
    await scene.release("1.1.0");
    locking(scene, error);
    const { message, hint } = await scene.refuses(3, /^cannot lock \S+\/\.autocom\.lock: /);
    assert.match(message, words);
    assert.match(hint!, /no file locks: install it in a folder on another one/);
    await scene.isAt("1.0.0");
  });
}

Deno.test("SU2-24: where only a handle that writes can be locked, as on NFS, an upgrade works more than once", async () => {
  await using scene = await Scene.open();
  locking(scene, new Error("Bad file descriptor (os error 9)"), ({ write }) => !write);
  for (const version of ["1.1.0", "1.2.0"]) {
    await scene.release(version);
    assert.equal((await scene.upgrade()).action, "upgraded", version);
    scene.become(version);
  }
});

Deno.test("a lock that may be read alone, another user's in a folder of several, is a lock still", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  const { files } = scene.app().system;
  await Deno.writeTextFile(join(scene.folder, ".autocom.lock"), "");
  scene.ports.files = {
    ...files,
    open: (path, options) =>
      String(path).endsWith(".lock") && options?.write
        ? Promise.reject(new Deno.errors.PermissionDenied("Permission denied (os error 13)"))
        : files.open(path, options),
  };
  assert.equal((await scene.upgrade()).action, "upgraded");
});

Deno.test({
  name: "the lock is for whoever may write into the folder: nobody else can hold it",
  ignore: Deno.build.os === "windows",
  async fn() {
    for (const [folder, lock] of [[0o755, 0o600], [0o700, 0o600], [0o775, 0o660]] as const) {
      await using scene = await Scene.open();
      await scene.release("1.1.0");
      await Deno.chmod(scene.folder, folder);
      const umask = Deno.umask(0);
      try {
        await scene.upgrade();
      } finally {
        Deno.umask(umask);
      }
      const { mode } = await Deno.stat(join(scene.folder, ".autocom.lock"));
      assert.equal(mode! & 0o777, lock, folder.toString(8));
    }
  },
});

Deno.test({
  name: "SU-12: the new program can be started from the moment it has its name: nobody has it open for writing",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using scene = await Scene.open();
    await scene.release("1.1.0");
    const { files } = scene.app().system;
    let started: unknown;
    scene.ports.files = {
      ...files,
      async rename(from, to) {
        await files.rename(from, to);
        if (to !== scene.path) return;
        try {
          await new Deno.Command(scene.path).output();
        } catch (error) {
          started = error;
        }
      },
    };
    assert.equal((await scene.upgrade()).action, "upgraded");
    // It is no program of this system's; one that is open for writing is not even looked at.
    assert.match(String(started), /Exec format error/);
  },
});

Deno.test({
  name: "SU2-32: the group is kept by who may give it; who may not upgrades all the same",
  ignore: Deno.build.os === "windows",
  async fn() {
    for (const may of [true, false]) {
      await using scene = await Scene.open();
      await scene.release("1.1.0");
      const { files, host } = scene.app().system;
      const given: unknown[] = [];
      const others = (path: string | URL) => String(path) === scene.path ? { gid: 4242 } : {};
      scene.ports.host = { ...host, uid: 1000 };
      scene.ports.files = {
        ...files,
        lstat: async (path) => ({ ...await files.lstat(path), uid: 1000, ...others(path) }),
        stat: async (path) => ({ ...await files.stat(path), uid: 1000, ...others(path) }),
        async chown(path, ...rest) {
          given.push([String(path).endsWith(".new"), ...rest]);
          if (!may) throw new Deno.errors.PermissionDenied("Operation not permitted (os error 1)");
          return await Promise.resolve();
        },
      };
      assert.equal((await scene.upgrade()).action, "upgraded");
      assert.deepEqual(given, [[true, null, 4242]]);
    }
  },
});
