/** Where a program is installed, and how its file is replaced. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { AppError } from "../../src/errors.ts";
import { MARKER } from "../../src/upgrade/place.ts";
import { Scene } from "../support/upgrade/scene.ts";
import { denoSystem } from "../../src/system/deno.ts";
import type { FileInfo } from "../../src/system/mod.ts";

/** The program is found at that path, whatever is really there. */
async function movedTo(scene: Scene, path: string): Promise<string> {
  const to = join(scene.world.home, path);
  await Deno.mkdir(join(to, ".."), { recursive: true });
  await Deno.copyFile(scene.path, to);
  scene.ports.installed = { program: () => to, kernel: () => "6.1.0" };
  return to;
}

const MANAGED: [path: string, who: string, command: string][] = [
  ["opt/homebrew/Cellar/autocom/1.0.0/bin/autocom", "Homebrew", "brew upgrade autocom"],
  ["usr/local/Cellar/autocom/1.0.0/bin/autocom", "Homebrew", "brew upgrade autocom"],
  ["home/linuxbrew/.linuxbrew/bin/autocom", "Homebrew", "brew upgrade autocom"],
  ["opt/homebrew/Caskroom/autocom/1.0.0/autocom", "Homebrew", "brew upgrade autocom"],
  [".local/share/mise/installs/autocom/1.0.0/bin/autocom", "mise", "mise upgrade autocom"],
  [".asdf/installs/autocom/1.0.0/bin/autocom", "asdf", "asdf install autocom latest"],
  ["scoop/apps/autocom/current/autocom", "Scoop", "scoop update autocom"],
  ["Microsoft/WinGet/Packages/autocom/autocom", "WinGet", "winget upgrade autocom"],
  ["app/node_modules/autocom/bin/autocom", "npm", "npm update --global autocom"],
];

Deno.test("SU2-17, SU-11: what a package manager installed is left to it: exit 3 with the command, nothing asked", async () => {
  for (const [path, who, command] of MANAGED) {
    await using scene = await Scene.open();
    await scene.release("1.1.0");
    const to = await movedTo(scene, path);
    const { hint } = await scene.refuses(3, new RegExp(`installed by ${who}$`));
    assert.equal(hint, who === "Homebrew" ? `with the new autocom.rb in your tap: ${command}` : command);
    assert.deepEqual(scene.asked(), []);
    assert.deepEqual(await Deno.readFile(to), scene.program("1.0.0"));
    const { available, command: told } = await scene.upgrade({ check: true });
    assert.deepEqual([available, told], [true, command], "--check may be asked, and says so too");
    const allowed = { allowHomebrew: true, dryRun: true };
    if (who === "Homebrew") assert.equal((await scene.upgrade(allowed)).action, "dry-run");
    else await scene.refuses(3, /installed by/, allowed);
  }
});

Deno.test("SU2-17: a marker beside the program names the command; one that says nothing is a marker still", async () => {
  const markers: [string, string][] = [
    ["apt install --only-upgrade autocom\n", "apt install --only-upgrade autocom"],
    ["dnf upgrade autocom", "dnf upgrade autocom"],
    ["", "ask whoever installed it on this machine"],
    ["\x1b[31mred\n", "ask whoever installed it on this machine"],
    [`${"x".repeat(5_000)}\n`, "ask whoever installed it on this machine"],
  ];
  for (const [text, command] of markers) {
    await using scene = await Scene.open();
    await Deno.writeTextFile(join(scene.folder, MARKER), text);
    assert.equal((await scene.refuses(3, /installed by a package manager/)).hint, command);
    await scene.refuses(3, /installed by a package manager/, { allowHomebrew: true });
  }
  await using scene = await Scene.open();
  await Deno.mkdir(join(scene.folder, MARKER));
  await scene.refuses(3, /installed by a package manager/);
});

Deno.test("SU2-17: the formula's own marker in a Cellar: refused in Homebrew's name, --allow-homebrew replaces it", async () => {
  const formula = await Deno.readTextFile(
    new URL("../../build/release/templates/autocom.rb", import.meta.url),
  );
  const marker = JSON.parse(/\(libexec\/"autocom\.managed"\)\.write (".*")$/m.exec(formula)![1]!);
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  const to = await movedTo(scene, "opt/homebrew/Cellar/autocom/1.0.0/libexec/autocom");
  await Deno.writeTextFile(join(to, "..", MARKER), marker);
  const { hint } = await scene.refuses(3, /installed by Homebrew$/);
  assert.equal(hint, `with the new autocom.rb in your tap: ${marker.trim()}`, "true of a tap of one's own, too");
  assert.deepEqual(await Deno.readFile(to), scene.program("1.0.0"));
  assert.equal((await scene.upgrade({ allowHomebrew: true })).action, "upgraded");
  assert.deepEqual(await Deno.readFile(to), scene.program("1.1.0"));
});

Deno.test("a path that only looks like a manager's is none", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  const to = await movedTo(scene, "cellar-tools/my-homebrew/bin/autocom");
  assert.equal((await scene.upgrade()).path, to);
  assert.deepEqual(await Deno.readFile(to), scene.program("1.1.0"));
});

Deno.test("SU2-16: through links the file is replaced, and every link stays", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  const { home } = scene.world;
  await Deno.symlink("bin/autocom", join(home, "relative"));
  await Deno.symlink(join(home, "relative"), join(home, "chain"));
  scene.ports.installed = { program: () => join(home, "chain"), kernel: () => "6.1.0" };
  assert.equal((await scene.upgrade()).path, await Deno.realPath(scene.path));
  await scene.isAt("1.1.0");
  assert.equal(await Deno.readLink(join(home, "chain")), join(home, "relative"));
  assert.equal(await Deno.readLink(join(home, "relative")), "bin/autocom");
});

Deno.test("SU2-16, SU2-47: a program whose file is gone is exit 3, before anything is asked", async () => {
  await using scene = await Scene.open();
  for (
    const path of [
      `${scene.path} (deleted)`,
      join(scene.folder, "gone", "autocom"),
      join(scene.path, "x"),
      scene.folder,
    ]
  ) {
    scene.ports.installed = { program: () => path, kernel: () => "6.1.0" };
    await scene.refuses(3, /cannot find this program's own file/);
  }
  assert.deepEqual(scene.asked(), []);
});

Deno.test("SU2-47: a program that is moved away while it is upgraded, its folder too, is exit 3; nothing takes its place", async () => {
  for (const file of [/\.pack$/, /\.tar\.gz$/]) {
    for (const what of ["program", "folder"]) {
      await using scene = await Scene.open();
      await scene.release("1.1.0", file.source.includes("pack") ? {} : { pack: () => new Uint8Array(8) });
      const [from, to] = what === "program"
        ? [scene.path, join(scene.folder, "other")]
        : [scene.folder, join(scene.world.home, "elsewhere")];
      scene.server.faults.push((_, { pathname }) => {
        if (file.test(pathname)) Deno.renameSync(from, to);
        return undefined;
      });
      await assert.rejects(scene.upgrade(), (error: AppError) => {
        assert.equal(error.exit, 3, error.message);
        assert.equal(error.message, `cannot find this program's own file: ${scene.path} is gone`);
        return true;
      });
      const program = what === "program" ? to : join(to, "autocom");
      assert.deepEqual(await Deno.readFile(program), scene.program("1.0.0"));
      await assert.rejects(Deno.lstat(scene.path), Deno.errors.NotFound);
    }
  }
});

/** As another user sees the files of this one: `owned` are that user's, the rest root's. */
function seenBy(
  scene: Scene,
  uid: number,
  change: (path: string, info: FileInfo) => Partial<FileInfo> | undefined,
): void {
  const { files } = scene.app().system;
  const seen = (look: (path: string | URL) => Promise<FileInfo>) => async (path: string | URL) => {
    const info = await look(path);
    return { ...info, ...change(String(path), info) };
  };
  scene.ports.files = { ...files, stat: seen(files.stat), lstat: seen(files.lstat) };
  scene.ports.host = { os: "linux", arch: "x86_64", uid, pid: 1 };
}

Deno.test("SU-11, SU2-21: another user's file is exit 3, with the way out", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  seenBy(scene, 1000, (path) => path === scene.path ? { uid: 0 } : undefined);
  assert.match((await scene.refuses(3, /belongs to another user \(uid 0\)/)).hint!, /sudo autocom upgrade$/);
  seenBy(scene, 1000, (path) => path === scene.path ? { uid: 1001 } : undefined);
  assert.match((await scene.refuses(3, /belongs to another user \(uid 1001\)/)).hint!, /as the user that owns it/);
  assert.ok(!scene.asked().some((path) => /\.(pack|gz)$/.test(path)));
});

Deno.test("SU-16, SU2-22: root replaces nothing in a folder that others write, or below one", async () => {
  const others: [RegExp, (scene: Scene, path: string) => Partial<FileInfo> | undefined][] = [
    [/another user's \(uid 1000\)/, (scene, path) => path === scene.folder ? { uid: 1000 } : undefined],
    [/which others can write/, (scene, path) => path === scene.folder ? { mode: 0o40777 } : undefined],
    [/which others can write/, (scene, path) => path === scene.folder ? { mode: 0o41777 } : undefined],
    [/which others can write/, (scene, path) => path === scene.folder ? { mode: 0o40775, gid: 50 } : undefined],
    [/which others can write/, (scene, path) => path === scene.world.home ? { mode: 0o40777 } : undefined],
    [/another user's \(uid 1000\)/, (scene, path) => path === scene.world.home ? { uid: 1000 } : undefined],
  ];
  for (const [message, change] of others) {
    await using scene = await Scene.open();
    await scene.release("1.1.0");
    const rootOwns = { uid: 0, gid: 0, mode: 0o40755 };
    seenBy(scene, 0, (path, info) => ({ uid: 0, gid: 0, ...info.isDirectory && rootOwns, ...change(scene, path) }));
    await scene.refuses(3, message);
    await assert.rejects(scene.rollback(), message);
  }
});

Deno.test("SU2-32: mode and owner are kept; setuid is refused", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  await Deno.chmod(scene.path, 0o750);
  const before = await Deno.stat(scene.path);
  await scene.upgrade();
  const after = await Deno.stat(scene.path);
  assert.deepEqual([after.mode! & 0o7777, after.uid, after.gid], [0o750, before.uid, before.gid]);
  await Deno.chmod(scene.path, 0o4755);
  scene.become("1.1.0");
  await scene.release("1.2.0");
  await scene.refuses(3, /setuid/);
});

Deno.test("SU2-24: without hard links the old program is moved aside, and --debug says so", async () => {
  for (
    const error of [
      Object.assign(new Error("operation not permitted"), { code: "EPERM" }),
      Object.assign(new Error("cross-device"), { code: "EXDEV" }),
    ]
  ) {
    await using scene = await Scene.open();
    await scene.release("1.1.0");
    const { files } = scene.app().system;
    scene.ports.files = { ...files, link: () => Promise.reject(error) };
    await scene.upgrade({}, { debug: true });
    assert.match(scene.world.seen.stderr, /^debug: no hard link here/m);
    await scene.isAt("1.1.0");
    await scene.rollback();
    await scene.isAt("1.0.0");
    assert.deepEqual(await scene.names(), [".autocom.lock", "autocom", "autocom.old"]);
  }
});

Deno.test("SU2-24: moved aside, the old program comes back when the new one cannot take its name", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  const { files } = scene.app().system;
  const denied = () => Promise.reject(Object.assign(new Error("no"), { code: "EPERM" }));
  const rename = (pattern: RegExp): typeof files.rename => (from, to) =>
    pattern.test(String(from)) ? denied() : files.rename(from, to);
  scene.ports.files = { ...files, link: denied, rename: rename(/\.new$/) };
  await scene.refuses(3, /cannot be written/);
  scene.ports = {};
  await scene.upgrade();
  scene.ports.files = { ...files, link: denied, rename: rename(/autocom\.old$/) };
  await assert.rejects(scene.rollback(), /cannot be written/);
  await scene.isAt("1.1.0");
  assert.deepEqual(await scene.names(), [".autocom.lock", "autocom", "autocom.old"]);
});

Deno.test("SU2-23: a disk that is full at any write, or at the rename: exit 3 with the bytes, the program as it was", async () => {
  const full = () => Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
  for (const call of ["write", "sync", "rename", "link"] as const) {
    await using scene = await Scene.open();
    await scene.release("1.1.0");
    const { files } = scene.app().system;
    scene.ports.files = {
      ...files,
      async open(path, options) {
        const file = await files.open(path, options);
        if (!String(path).endsWith(".new") || call === "rename" || call === "link") return file;
        Object.assign(file, { [call]: () => Promise.reject(full()) });
        return file;
      },
      ...(call === "rename" || call === "link") && { rename: () => Promise.reject(full()) },
    };
    const { hint } = await scene.refuses(3, /the disk is full/);
    assert.match(hint!, /needs \d+ MB free \(\d+ bytes\)/);
  }
});

Deno.test("SU-10: a file that is exchanged or written to after it was verified is not what stays installed", async () => {
  const attacks: Record<string, (temporary: string, scene: Scene) => Promise<void>> = {
    "exchanged": async (temporary, scene) => {
      await Deno.writeTextFile(`${scene.folder}/evil`, "evil");
      await Deno.rename(`${scene.folder}/evil`, temporary);
    },
    "written to": async (temporary) => {
      using file = await Deno.open(temporary, { write: true });
      await file.write(new TextEncoder().encode("evil"));
    },
    "a link": async (temporary) => {
      await Deno.remove(temporary);
      await Deno.symlink("/bin/sh", temporary);
    },
  };
  for (const [name, attack] of Object.entries(attacks)) {
    for (const moment of ["link", "rename"] as const) {
      await using scene = await Scene.open();
      await scene.release("1.1.0");
      const { files } = scene.app().system;
      const strike = async () => {
        const temporary = (await scene.names()).find((name) => name.endsWith(".new"));
        if (temporary) await attack(join(scene.folder, temporary), scene);
      };
      scene.ports.files = {
        ...files,
        link: async (from, to) => (moment === "link" && await strike(), await files.link(from, to)),
        rename: async (
          from,
          to,
        ) => (moment === "rename" && String(to) === scene.path && await strike(), await files.rename(from, to)),
      };
      await scene.refuses(13, /another program changed the file/).catch((error) => {
        throw new Error(`${name} before ${moment}: ${error.message}`);
      });
      await scene.isAt("1.0.0");
    }
  }
});

Deno.test("SU2-26, SU-17: while another one holds the lock it waits a second, then exit 1; a dead one's lock is free", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  const held = await Deno.open(join(scene.folder, ".autocom.lock"), { write: true, create: true });
  await held.lock(true);
  const { hint } = await scene.refuses(1, /another autocom is upgrading/);
  assert.match(hint!, /^wait for it, or see who holds it: fuser \S*\/\.autocom\.lock$/);
  held.close();
  assert.equal((await scene.upgrade()).action, "upgraded");
});

Deno.test("a lock that is no plain file is refused", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  await Deno.symlink("/etc/passwd", join(scene.folder, ".autocom.lock"));
  await scene.refuses(3, /it is not a plain file/);
});

Deno.test("what dead upgrades left is swept under the lock, whatever its age; nothing else is touched", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  const left = [".autocom.0123456789abcdef.new", ".autocom.fedcba9876543210.old"];
  const others = [".autocom.new", ".autocom.0123456789abcdeg.new", ".other.0123456789abcdef.new", "autocom.txt"];
  for (const name of [...left, ...others]) await Deno.writeTextFile(join(scene.folder, name), name);
  await scene.upgrade();
  assert.deepEqual(await scene.names(), [".autocom.lock", "autocom", "autocom.old", ...others].sort());
});

Deno.test("--rollback without a kept program, or with one that another user could have written, is refused", async () => {
  await using scene = await Scene.open();
  await assert.rejects(scene.rollback(), /there is no earlier program/);
  await Deno.link(scene.path, `${scene.path}.old`);
  await assert.rejects(scene.rollback(), /there is no earlier program/);
  await Deno.remove(`${scene.path}.old`);
  await Deno.symlink("/bin/sh", `${scene.path}.old`);
  await assert.rejects(scene.rollback(), /there is no earlier program/);
  await Deno.remove(`${scene.path}.old`);
  await Deno.writeTextFile(`${scene.path}.old`, "evil");
  seenBy(scene, 1000, (path) => ({ uid: path.endsWith(".old") ? 1001 : 1000 }));
  await assert.rejects(scene.rollback(), /somebody else may have written it/);
  await scene.isAt("1.0.0");
});

Deno.test("SU2-48: another name of the file is not changed, and said", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  await Deno.link(scene.path, join(scene.folder, "ac"));
  await scene.upgrade();
  assert.match(scene.world.seen.stderr, /another name \(a hard link\)/);
  assert.deepEqual(await Deno.readFile(join(scene.folder, "ac")), scene.program("1.0.0"));
});

Deno.test("--dry-run changes nothing; --force takes the same version again", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  assert.equal((await scene.upgrade({ dryRun: true })).action, "dry-run");
  assert.deepEqual(await scene.names(), ["autocom"]);
  scene.become("1.1.0");
  assert.equal((await scene.upgrade()).action, "none");
  assert.equal((await scene.upgrade({ force: true })).action, "upgraded");
  await scene.isAt("1.1.0");
});

Deno.test("in a home folder of another user's nothing is made: it would be in that user's way", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  const kept = () => Deno.stat(join(scene.world.home, ".autocom")).then(() => true, () => false);
  const isRoot = Deno.uid() === 0;
  if (isRoot) await Deno.chown(scene.world.home, 4242, null); // a home that is root's is a container's
  scene.ports.host = { ...denoSystem().host, uid: (Deno.uid() ?? 0) + 1 };
  assert.equal((await scene.upgrade({ check: true })).newest, "1.1.0");
  assert.equal(await kept(), false);
  delete scene.ports.host;
  if (isRoot) await Deno.chown(scene.world.home, 0, null);
  assert.equal((await scene.upgrade({ check: true })).newest, "1.1.0");
  assert.equal(await kept(), true);
});
