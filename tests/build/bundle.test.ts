import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { weigh } from "../../build/budgets.ts";
import { bundle, seal, stamp } from "../../build/bundle.ts";
import { esbuildPath } from "../../build/esbuild.ts";
import { BuildError, deno, pinnedDeno } from "../../build/process.ts";
import { writeSums } from "../../build/sums.ts";

/** Runs `body` in a temporary folder that holds these files. */
async function inFolder(files: Record<string, string>, body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(join(folder, name), text);
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a placeholder is replaced where it stands, and taken literally", async () => {
  await inFolder({ "main.js": `f("@@A@@")`, "x-1.js": `g("@@B@@")` }, async (folder) => {
    await stamp(folder, { "@@A@@": "1.2.3", "@@B@@": "$&" });
    assert.equal(await Deno.readTextFile(join(folder, "main.js")), `f("1.2.3")`);
    assert.equal(await Deno.readTextFile(join(folder, "x-1.js")), `g("$&")`);
  });
});

Deno.test("a placeholder that is missing or stands twice fails the build", async () => {
  await inFolder({ "main.js": `f("@@A@@")`, "x-1.js": `f("@@A@@")` }, async (folder) => {
    await assert.rejects(stamp(folder, { "@@A@@": "1" }), /placeholder "@@A@@" stands 2 times/);
    await assert.rejects(stamp(folder, { "@@B@@": "1" }), /placeholder "@@B@@" stands 0 times/);
  });
});

Deno.test("what a path loads has a budget, in bytes, with all that it imports", () => {
  const chunks = new Map([
    ["main.js", `import"./a-1.js";export{};`],
    ["a-1.js", "é"],
    ["execute-2.js", `import{x}from"./a-1.js";`],
    ["mod-3.js", `import{x}from"./execute-2.js";"the login";`],
  ]);
  const of = (limit: number) => [
    { path: "--version", loads: [], limit },
    { path: "list", loads: ["execute"], limit },
    { path: "login", loads: [/the login/], limit },
  ];
  assert.deepEqual(weigh(chunks, of(99)).map(({ bytes }) => bytes), [28, 52, 94]);
  assert.throws(() => weigh(chunks, of(60)), /"login" loads 94 bytes, its budget is 60: load later/);
  assert.throws(() => weigh(chunks, [{ path: "x", loads: ["gone"], limit: 1 }]), /no chunk of the bundle is "gone"/);
  const twice = new Map([...chunks, ["other-9.js", "the login, too"]]);
  assert.throws(() => weigh(twice, of(99)), /more than one chunk of the bundle is "\/the login\/"/);
});

Deno.test("chunks get one time", async () => {
  await inFolder({ "main.js": "12345", "x-1.js": "1234567" }, async (folder) => {
    assert.deepEqual([...await seal(folder)], [["main.js", "12345"], ["x-1.js", "1234567"]]);
    const times = ["main.js", "x-1.js"].map((name) => Deno.statSync(join(folder, name)).mtime?.toISOString());
    assert.deepEqual(times, ["2020-01-01T00:00:00.000Z", "2020-01-01T00:00:00.000Z"]);
  });
});

Deno.test("a bundle is split where it imports on demand, with names that hold no hash", async () => {
  const files = {
    "deno.json": "{}",
    "deno.lock": `{"version":"5"}`,
    "start.ts": `const go = async () => (await import("./later.ts")).later(); console.log(await go());`,
    "later.ts": `export const later = (): string => "late";`,
  };
  await inFolder(files, async (folder) => {
    await bundle(folder, "start.ts", join(folder, "out"));
    const names = await Array.fromAsync(Deno.readDir(join(folder, "out")), ({ name }) => name);
    assert.deepEqual(names.sort(), ["later-0.js", "start.js"]);
    assert.equal(await deno(["run", "out/start.js"], folder), "late\n");
  });
});

const isPinned = await pinnedDeno(resolve(import.meta.dirname!, "../..")).then(() => true, () => false);

Deno.test({
  name: "deno bundle runs the esbuild that is pinned, and the build refuses another one",
  ignore: !isPinned,
  fn: () =>
    inFolder({ "deno.json": "{}", "start.ts": "console.log(1);" }, async (folder) => {
      const cache = join(folder, "cache");
      await Deno.mkdir(join(esbuildPath(cache), ".."), { recursive: true });
      await Deno.writeTextFile(esbuildPath(cache), "not esbuild", { mode: 0o755 });
      await assert.rejects(deno(["bundle", "start.ts"], folder, { DENO_DIR: cache }), BuildError);
      const code = `import { pinEsbuild } from ${JSON.stringify(import.meta.resolve("../../build/esbuild.ts"))};
      await pinEsbuild(${JSON.stringify(cache)});`;
      await assert.rejects(deno(["eval", code], folder), /esbuild-.* has SHA-256 \w{64}, pinned is \w{64}: delete/);
    }),
});

Deno.test("SHA256SUMS lists what is published, by name, as sha256sum writes it", async () => {
  await inFolder({ "autocom-b": "b", "autocom-a.exe": "", "notes.txt": "x" }, async (folder) => {
    const text = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  autocom-a.exe\n" +
      "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d  autocom-b\n";
    assert.equal(await writeSums(folder), text);
    assert.equal(await Deno.readTextFile(join(folder, "SHA256SUMS")), text);
  });
});
