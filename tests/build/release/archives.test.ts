/** Our tar and zip, read by the system's tools and by ours. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type Entry, gzip, tar } from "../../../build/release/tar.ts";
import { unzipOnly, zip } from "../../../build/release/zip.ts";
import { sha256 } from "../../../build/pinned.ts";

const ENTRIES: Entry[] = [
  { name: "autocom", bytes: new TextEncoder().encode("#!/bin/sh\necho it runs\n"), mode: 0o755 },
  { name: "README.md", bytes: new TextEncoder().encode("é".repeat(1000)), mode: 0o644 },
  { name: "completions/_autocom", bytes: new Uint8Array(512), mode: 0o644 },
];

async function unpacked(name: string, bytes: Uint8Array, command: string, ...args: string[]): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(join(folder, name), bytes);
    const { success, stderr } = await new Deno.Command(command, { args, cwd: folder, env: { TZ: "Asia/Tokyo" } })
      .output();
    assert.ok(success, new TextDecoder().decode(stderr));
    for (const { name, bytes, mode } of ENTRIES) {
      assert.deepEqual(await Deno.readFile(join(folder, name)), bytes);
      assert.equal((await Deno.stat(join(folder, name))).mode! & 0o777, mode, name);
    }
    assert.equal(
      new TextDecoder().decode((await new Deno.Command(join(folder, "autocom")).output()).stdout),
      "it runs\n",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const posix = Deno.build.os !== "windows";

Deno.test({
  name: "tar unpacks our archive, modes included",
  ignore: !posix,
  fn: () => unpacked("a.tar.gz", gzip(tar(ENTRIES)), "tar", "-xpzf", "a.tar.gz"),
});
Deno.test({
  name: "unzip unpacks our archive, modes included",
  ignore: !await has("unzip"),
  fn: () => unpacked("a.zip", zip(ENTRIES), "unzip", "-q", "a.zip"),
});
Deno.test({
  name: "busybox unpacks our archive",
  ignore: !await has("busybox"),
  fn: () => unpacked("a.tar.gz", gzip(tar(ENTRIES)), "busybox", "tar", "-xpzf", "a.tar.gz"),
});

Deno.test("no archive says when, where and by whom it was made: these are the bytes", async () => {
  const text = new TextDecoder("latin1").decode(tar(ENTRIES));
  assert.equal(text.slice(257, 263), "ustar\0");
  assert.equal(text.slice(108, 124), "0000000\0".repeat(2));
  assert.deepEqual([...gzip(new Uint8Array(5)).subarray(0, 10)], [
    31,
    139,
    8,
    0,
    0,
    0,
    0,
    0,
    gzip(new Uint8Array(5))[8],
    255,
  ]);
  assert.equal(await sha256(zip(ENTRIES)), await sha256(zip(structuredClone(ENTRIES))));
});

Deno.test("the one file of a zip is read back; two, none, or a damaged one are refused", () => {
  const [one] = ENTRIES as [Entry];
  assert.deepEqual(unzipOnly(zip([one])), one.bytes);
  assert.throws(() => unzipOnly(zip(ENTRIES)), /exactly one file/);
  assert.throws(() => unzipOnly(new Uint8Array(30)), /exactly one file/);
  const damaged = zip([one]);
  const end = damaged.length - 22;
  damaged[end - 7 - 46 + 16]! ^= 1;
  assert.throws(() => unzipOnly(damaged), /damaged/);
});

Deno.test("a name that is too long for ustar is refused", () => {
  assert.throws(() => tar([{ name: "x".repeat(101), bytes: new Uint8Array(), mode: 0o644 }]), /too long/);
});

async function has(command: string): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args: ["--help"], stdout: "null", stderr: "null" }).output()).code <= 1;
  } catch {
    return false;
  }
}
