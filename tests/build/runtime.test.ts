import assert from "node:assert/strict";
import { join } from "node:path";
import { withoutPayload } from "../../build/payload.ts";
import { sha256 } from "../../build/pinned.ts";
import { zip } from "../../build/release/zip.ts";
import { NPM_DENO, runtime } from "../../build/runtime.ts";
import { targetOf } from "../../build/targets.ts";

const target = targetOf("x86_64-pc-windows-msvc");
const RUNTIME = new TextEncoder().encode("the runtime");
const ZIP = zip([{ name: "denort.exe", bytes: RUNTIME, mode: 0o755 }]);
const offline: typeof fetch = () => Promise.reject(new TypeError("no network"));

/** Deno's server and the release page, which publishes `sum`. */
function servers(sum: string): { fetch: typeof fetch; asked: string[] } {
  const asked: string[] = [];
  const answer: typeof fetch = (url) => {
    asked.push(String(url));
    return Promise.resolve(new Response(String(url).endsWith(".sha256sum") ? sum : ZIP));
  };
  return { fetch: answer, asked };
}

async function inCache(body: (denoDir: string) => Promise<void>): Promise<void> {
  const denoDir = await Deno.makeTempDir();
  try {
    await body(denoDir);
  } finally {
    await Deno.remove(denoDir, { recursive: true });
  }
}

const zipIn = (denoDir: string) =>
  join(denoDir, "dl", "release", `v${Deno.version.deno}`, "denort-x86_64-pc-windows-msvc.zip");

Deno.test("DENORT_BIN names the runtime, but not of a release", async () => {
  const wanted = { target, denoDir: "", given: "/opt/denort", fetch: offline };
  assert.deepEqual((await runtime({ ...wanted, release: false })).env, { DENORT_BIN: "/opt/denort" });
  await assert.rejects(runtime({ ...wanted, release: true }), /unset DENORT_BIN/);
});

Deno.test("Deno's own runtime is put where deno compile looks for it, when it has the published sum", async () => {
  const hash = await sha256(ZIP);
  const shapes = [
    `${hash}  denort-x86_64-pc-windows-msvc.zip\n`,
    `\r\nAlgorithm : SHA256\r\nHash      : ${hash.toUpperCase()}\r\nPath      : C:\\denort.zip\r\n`,
  ];
  for (const sum of shapes) {
    await inCache(async (denoDir) => {
      const { fetch, asked } = servers(sum);
      const found = await runtime({ target, release: true, denoDir, fetch });
      assert.deepEqual([found.env, found.development], [{}, undefined]);
      assert.deepEqual(await found.bytes(), RUNTIME);
      assert.equal(await found.id(), await sha256(RUNTIME));
      assert.deepEqual(await Deno.readFile(zipIn(denoDir)), ZIP);
      assert.deepEqual(asked.map((url) => new URL(url).host), ["dl.deno.land", "github.com"]);
    });
  }
});

Deno.test("a runtime with another sum than the published one is refused, and not kept", async () => {
  await inCache(async (denoDir) => {
    const { fetch } = servers(`${"0".repeat(64)}  x\n`);
    await assert.rejects(runtime({ target, release: false, denoDir, fetch }), /has SHA-256 \w{64}, published is 0{64}/);
    await assert.rejects(Deno.stat(zipIn(denoDir)), Deno.errors.NotFound);
  });
});

Deno.test("a runtime that is pinned must have the pinned sum, whatever is published beside it", async () => {
  const hash = await sha256(ZIP);
  const name = `v${Deno.version.deno}/denort-x86_64-pc-windows-msvc.zip`;
  await inCache(async (denoDir) => {
    const { fetch } = servers(`${hash}  x\n`);
    const wanted = { target, release: true, denoDir, fetch };
    await assert.rejects(runtime({ ...wanted, pins: `${"1".repeat(64)}  ${name}\n` }), /pinned is 1{64}/);
    await assert.rejects(Deno.stat(zipIn(denoDir)), Deno.errors.NotFound);
    assert.ok(await runtime({ ...wanted, pins: `${"1".repeat(64)}  v0.0.1/x.zip\n${hash}  ${name}\n` }));
  });
});

Deno.test("a release checks the runtime that Deno has cached too", async () => {
  await inCache(async (denoDir) => {
    await Deno.mkdir(join(zipIn(denoDir), ".."), { recursive: true });
    await Deno.writeTextFile(zipIn(denoDir), "planted");
    const { fetch } = servers(`${await sha256(ZIP)}  x\n`);
    await assert.rejects(runtime({ target, release: true, denoDir, fetch }), /published is/);
    assert.deepEqual((await runtime({ target, release: false, denoDir, fetch: offline })).env, {});
  });
});

Deno.test("a release without Deno's server fails; a development build takes a pinned runtime of npm's", async () => {
  await inCache(async (denoDir) => {
    const wanted = { target, denoDir, fetch: offline };
    await assert.rejects(
      runtime({ ...wanted, release: true }),
      /cannot download the runtime of x86_64-pc-windows-msvc/,
    );
    const path = join(denoDir, "dl", `denort-npm-${Deno.version.deno}`, target.triple);
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await Deno.writeTextFile(path, "planted");
    if (Deno.version.deno !== NPM_DENO) {
      return await assert.rejects(runtime({ ...wanted, release: false }), /cannot download the runtime/);
    }
    await assert.rejects(
      runtime({ ...wanted, release: false }),
      (error: Error) => error.message.includes(`delete "${path}"`) && error.message.includes(target.npmRuntime),
    );
  });
});

Deno.test("the payload of an ELF program is cut off", () => {
  const program = new Uint8Array(64);
  program.set([0x7f, 0x45, 0x4c, 0x46]);
  const view = new DataView(program.buffer);
  view.setUint32(48, 0x501e, true);
  view.setBigUint64(56, 20n, true);
  assert.equal(withoutPayload(program).length, 64 - 16 - 20);
  view.setUint32(48, 1, true);
  assert.throws(() => withoutPayload(program), /no payload found/);
});

Deno.test("the payload of an ARM Mach-O program is renamed and emptied, an Intel one's cut off", () => {
  const program = new Uint8Array(300).fill(7);
  const view = new DataView(program.buffer);
  view.setUint32(0, 0xcffaedfe);
  view.setUint32(16, 1, true);
  view.setUint32(32, 0x19, true);
  view.setUint32(36, 152, true);
  for (const at of [40, 104, 120]) program.set(new TextEncoder().encode("__SUI".padEnd(16, "\0")), at);
  view.setBigUint64(72, 200n, true);
  view.setBigUint64(80, 50n, true);
  const arm = withoutPayload(program.slice());
  const text = (from: number, to: number) => new TextDecoder().decode(arm.subarray(from, to)).replace(/\0+$/, "");
  assert.deepEqual([text(40, 56), text(104, 120), text(120, 136)], ["__OLD", "__OLD", "__OLD"]);
  assert.deepEqual([arm[199], arm[200], arm[249], arm[250]], [7, 0, 0, 7]);
  program.set(new TextEncoder().encode("__TEXT"), 40);
  program.set([...new TextEncoder().encode("<~sui-data~>"), 0xef, 0xbe, 0xad, 0xde], 250);
  assert.equal(withoutPayload(program).length, 250);
});
