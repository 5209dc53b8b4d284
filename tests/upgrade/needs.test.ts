/** Is this machine new enough, and is there a better program for it? On every system, as its kernel says. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { AppError } from "../../src/errors.ts";
import { denoSystem } from "../../src/system/deno.ts";
import type { System } from "../../src/system/mod.ts";
import { begin } from "../../src/upgrade/check.ts";
import type { Need } from "../../src/upgrade/manifest.ts";
import { checkNeed } from "../../src/upgrade/needs.ts";
import { Scene } from "../support/upgrade/scene.ts";

/** What a machine with that system and kernel is told of a release that needs so much; undefined: it is new enough. */
function told(os: System["host"]["os"], kernel: string | undefined, system: Need["system"], ...version: number[]) {
  const machine = {
    ffi: denoSystem().ffi,
    host: { os, arch: "x86_64" as const, uid: 1000, pid: 1 },
    installed: {
      program: () => "/opt/autocom",
      kernel: () => {
        if (kernel === undefined) throw new Deno.errors.NotSupported("no kernel");
        return kernel;
      },
    },
  };
  try {
    checkNeed(machine, "2.0.0", { system, version });
    return undefined;
  } catch (error) {
    assert.equal((error as AppError).exit, 3);
    assert.equal((error as AppError).hint, "nothing was downloaded; stay on this version, or upgrade the system");
    return (error as AppError).message.replace("autocom 2.0.0 needs ", "");
  }
}

Deno.test("SU2-31: a Mac is as new as its kernel says: Darwin 15 is macOS 10.11, 20 is 11, 24 is 15, 25 is 26", () => {
  const MACS: [kernel: string, version: string][] = [
    ["15.6.0", "10.11"],
    ["19.6.0", "10.15"],
    ["20.6.0", "11.6"],
    ["21.0.1", "12.0"],
    ["22.6.0", "13.6"],
    ["23.4.0", "14.4"],
    ["24.5.0", "15.5"],
    ["25.1.0", "26.1"],
    ["26.0.0", "27.0"],
  ];
  for (const [kernel, version] of MACS) {
    assert.equal(told("darwin", kernel, "macOS", 99), `macOS 99 or newer: this machine has ${version}`);
    const [major, minor] = version.split(".").map(Number) as [number, number];
    assert.equal(told("darwin", kernel, "macOS", major, minor), undefined, "what it has is enough");
    assert.equal(told("darwin", kernel, "macOS", major), undefined);
    assert.ok(told("darwin", kernel, "macOS", major, minor + 1), `${kernel}: a later one is not`);
  }
  assert.equal(told("darwin", "15.6.0", "macOS", 11), "macOS 11 or newer: this machine has 10.11");
  assert.equal(told("darwin", "19.6.0", "macOS", 11), "macOS 11 or newer: this machine has 10.15");
  assert.equal(told("darwin", "20.0.0", "macOS", 11), undefined);
});

Deno.test("SU2-31: Windows is as new as it says, to the build: 7 is 6.1, 8.1 is 6.3, 11 is 10.0.22000", () => {
  for (const kernel of ["6.1.7601", "6.2.9200", "6.3.9600"]) {
    assert.equal(told("windows", kernel, "Windows", 10), `Windows 10 or newer: this machine has ${kernel}`);
  }
  for (const kernel of ["10.0.10240", "10.0.19045", "10.0.22631", "10.0.26100.1234"]) {
    assert.equal(told("windows", kernel, "Windows", 10), undefined, kernel);
  }
  assert.ok(told("windows", "10.0.17134", "Windows", 10, 0, 17763));
  assert.equal(told("windows", "10.0.17763", "Windows", 10, 0, 17763), undefined);
});

Deno.test("SU2-31: what cannot be found out, or is another system's need, counts as new enough", () => {
  for (const kernel of [undefined, "", "unknown", "v20", "6.1.0-amd64"]) {
    assert.equal(told("linux", kernel, "macOS", 99), undefined);
    assert.equal(told("linux", kernel, "Windows", 99), undefined);
  }
  for (const kernel of [undefined, "", "unknown", "v20"]) {
    assert.equal(told("darwin", kernel, "macOS", 99), undefined);
    assert.equal(told("windows", kernel, "Windows", 99), undefined);
  }
  assert.equal(told("darwin", "15.6.0", "glibc", 99), undefined);
  assert.equal(told("windows", "6.1.7601", "glibc", 99), undefined);
});

Deno.test("SU2-31: upgrade refuses by the kernel of a Mac and of Windows, before anything is downloaded", async () => {
  const machines = [["darwin", "19.6.0", "macOS 11", "10.15"], [
    "windows",
    "6.1.7601",
    "Windows 10",
    "6.1.7601",
  ]] as const;
  for (const [os, kernel, need, has] of machines) {
    await using scene = await Scene.open();
    await scene.release("1.1.0", {
      manifest: ({ needs }) => Object.keys(needs).forEach((key) => needs[key] = need),
    });
    scene.ports.host = { ...denoSystem().host, os };
    scene.ports.installed = { program: () => scene.path, kernel: () => kernel };
    const { message } = await scene.refuses(3, new RegExp(`needs ${need} or newer`));
    assert.ok(message.endsWith(`this machine has ${has}`), message);
    assert.ok(!scene.asked().some((path) => /\.(pack|gz)$/.test(path)));
  }
});

const ROSETTA = "/Library/Apple/usr/libexec/oah/libRosettaRuntime";

/** A Mac with that processor for the program; Rosetta is on it, or not. */
function onMac(scene: Scene, arch: "x86_64" | "aarch64", rosetta: boolean): void {
  const { files, host } = denoSystem();
  scene.ports.host = { ...host, os: "darwin", arch };
  scene.ports.installed = { program: () => scene.path, kernel: () => "24.5.0" };
  scene.ports.files = {
    ...files,
    stat: async (path) => rosetta && path === ROSETTA ? await files.stat("/") : await files.stat(path),
  };
}

Deno.test("SU2-30: the program for Intel on Apple silicon stays what it is, and is told once that there is another", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  onMac(scene, "x86_64", true);
  assert.equal((await scene.upgrade()).action, "upgraded");
  await scene.isAt("1.1.0");
  const notes = scene.world.seen.stderr.match(/there is one for Apple silicon/g);
  assert.equal(notes?.length, 1, "one hint an upgrade");
  scene.become("1.1.0");
  assert.equal((await scene.upgrade()).action, "none");
  assert.equal(scene.world.seen.stderr, "", "and none where nothing is done");
});

Deno.test("SU2-30: a Mac with Intel, and the program for Apple silicon, are told nothing of it", async () => {
  for (const [arch, rosetta] of [["x86_64", false], ["aarch64", true]] as const) {
    await using scene = await Scene.open();
    await scene.release("1.1.0");
    onMac(scene, arch, rosetta);
    assert.equal((await scene.upgrade()).action, "upgraded");
    assert.equal(scene.world.seen.stderr, "", arch);
  }
});

Deno.test("SU2-31: --check says that this machine is too old for the newest release, and nobody is told of it again", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0", {
    manifest: ({ needs }) => Object.keys(needs).forEach((key) => needs[key] = "glibc 9.0"),
  });
  const { available, bytes, newest, refused } = await scene.upgrade({ check: true });
  assert.deepEqual([available, bytes, newest], [false, null, "1.1.0"]);
  assert.match(refused!, /autocom 1\.1\.0 needs glibc 9\.0 or newer: this machine has 2\.\d+$/);
  const path = join(scene.world.home, ".autocom", "upgrade-check.json");
  scene.ports.clock = { ...denoSystem().clock, sleep: () => Promise.resolve() };
  const nudge = async () => {
    const memory = JSON.parse(await Deno.readTextFile(path));
    const now = Date.now();
    await Deno.writeTextFile(path, JSON.stringify({ ...memory, latest: "1.1.0", tried: now, done: now, nudged: 0 }));
    scene.world.seen.next("orders list");
    const check = await begin(scene.app().system, scene.own);
    await check!.over(true);
    return scene.world.seen.stderr;
  };
  assert.equal(await nudge(), "");
  await Deno.writeTextFile(path, JSON.stringify({ ...JSON.parse(await Deno.readTextFile(path)), skipped: "1.0.9" }));
  assert.match(await nudge(), /autocom 1\.1\.0 available/);
});
