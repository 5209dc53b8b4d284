import assert from "node:assert/strict";
import type { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { bundle, seal } from "../../build/bundle.ts";
import { embed } from "../../build/embed.ts";
import { PERMISSIONS } from "../../build/permissions.ts";
import { denoDir } from "../../build/process.ts";
import { fileName, TARGETS } from "../../build/targets.ts";
import { AS_ROOT, canMount } from "../support/programs.ts";
import { build, copyProject, holds, HOST, metadataOf, ROOT, RUNTIME } from "../support/build/tree.ts";

Deno.test({
  name: "two builds in two folders are the same bytes and hold no local path",
  ignore: !RUNTIME,
  async fn() {
    await using work = await folder();
    const places = [join(work.path, "a"), join(work.path, "deeper down", "with a space")];
    const env = { AUTOCOM_BUILD_CLIENT_ID: "0198f000-1111-7222-8333-444455556666" };
    const built: Buffer[] = [];
    for (const place of places) {
      await copyProject(place);
      await build(place, [], env);
      built.push(await readFile(join(place, "dist", fileName(HOST))));
    }
    const [first, second] = built as [Buffer, Buffer];
    assert.ok(first.equals(second), "the two files differ");
    for (const path of [basename(work.path), await denoDir(ROOT)]) {
      assert.ok(!holds(first, path), `the file holds "${path}"`);
    }
    assert.ok(holds(first, env.AUTOCOM_BUILD_CLIENT_ID) && !holds(first, "@@AUTOCOM_"), "the stamps are missing");
  },
});

Deno.test({
  name: "a read-only tree builds into other folders; --chunks leaves the bundle that is in the program",
  ignore: !RUNTIME || !await canMount(),
  async fn() {
    await using work = await folder();
    await copyProject(join(work.path, "tree"));
    const script = `mount --bind tree tree && mount -o remount,ro,bind tree && ! touch tree/x 2>/dev/null && cd tree &&
      DENO_TLS_CA_STORE=system,mozilla "$0" task --quiet build --out ../out --chunks ../chunks`;
    const { code, stderr } = await new Deno.Command("unshare", {
      args: ["-m", ...AS_ROOT, "sh", "-c", script, Deno.execPath()],
      cwd: work.path,
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    const program = await readFile(join(work.path, "out", fileName(HOST)));
    const chunks = await Array.fromAsync(Deno.readDir(join(work.path, "chunks")), ({ name }) => name);
    assert.ok(chunks.includes("main.js"));
    for (const name of chunks) {
      assert.ok(program.includes(await readFile(join(work.path, "chunks", name))), `${name} is not in the program`);
    }
  },
});

Deno.test({
  name: "the compiled program has exactly the permissions of its set, and asks for none",
  ignore: !RUNTIME,
  async fn() {
    await using work = await folder();
    const chunks = join(work.path, "probe");
    const out = join(work.path, fileName(HOST));
    await bundle(ROOT, join("tests", "support", "build", "probe.ts"), chunks);
    await seal(chunks);
    await embed({ chunks, entry: "probe.js", target: HOST, permissions: PERMISSIONS, env: RUNTIME!, out });
    const { stdout, stderr } = await new Deno.Command(out).output();
    assert.equal(new TextDecoder().decode(stderr), "");
    const ffi = HOST.permissions === "macos" ? "prompt" : "granted";
    const own = PERMISSIONS[HOST.permissions].run.map((command: string) => [`run ${command}`, "granted"]);
    assert.deepEqual(JSON.parse(new TextDecoder().decode(stdout)), {
      ...{ net: "granted", read: "granted", write: "granted", ffi, import: "denied" },
      ...{ env: "prompt", run: "prompt", sys: "prompt" },
      ...{ "env HOME": "granted", "env AUTOCOM_X": "granted", "env no_proxy": "granted", "env SECRET": "prompt" },
      ...{ "sys uid": "granted", "sys hostname": "prompt" },
      ...Object.fromEntries(own),
      "run another program": "NotCapable",
      "import over the network": "TypeError",
    });
  },
});

Deno.test({
  name: "all five targets build on a Linux host, each with its own set (in CI only)",
  ignore: !RUNTIME || Deno.build.os !== "linux" || !Deno.env.has("CI") || Deno.env.has("DENORT_BIN"),
  async fn() {
    await using work = await folder();
    await copyProject(join(work.path, "tree"));
    await build(join(work.path, "tree"), ["--all"]);
    const dist = join(work.path, "tree", "dist");
    for (const target of TARGETS) {
      const bytes = await readFile(join(dist, fileName(target)));
      const { permissions, code_cache_key } = metadataOf(bytes);
      const set = PERMISSIONS[target.permissions];
      assert.deepEqual(permissions.allow_run, set.run);
      assert.deepEqual(permissions.allow_env, set.env);
      assert.deepEqual(permissions.allow_sys, ["uid", "osRelease"]);
      assert.deepEqual(permissions.allow_ffi, target.permissions === "macos" ? null : []);
      assert.deepEqual(permissions.deny_import, []);
      assert.equal(permissions.prompt, false);
      assert.equal(code_cache_key, null);
      assert.ok(!holds(bytes, basename(work.path)), `${target.triple} holds the path of its build`);
      if (target.triple === "aarch64-apple-darwin") {
        assert.equal(segments(bytes).filter((s) => s === "__SUI").length, 1);
      }
    }
    const sums = await new Deno.Command("sha256sum", { args: ["-c", "SHA256SUMS"], cwd: dist }).output();
    assert.equal(new TextDecoder().decode(sums.stdout).match(/: OK$/gm)?.length, TARGETS.length);
  },
});

/** A temporary folder that goes away with its scope. */
async function folder(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** Names of the segments of a Mach-O file, in order. */
function segments(bytes: Buffer): string[] {
  const names: string[] = [];
  for (let at = 32, left = bytes.readUint32LE(16); left > 0; at += bytes.readUint32LE(at + 4), left--) {
    if (bytes.readUint32LE(at) === 0x19) names.push(bytes.toString("latin1", at + 8, at + 24).replace(/\0+$/, ""));
  }
  return names;
}
