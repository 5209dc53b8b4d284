/** On which Deno the tests compile: both of the pinned ones, or they say why not, or that is a failure. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { BuildError, pinnedDeno } from "../../build/process.ts";
import { zip } from "../../build/release/zip.ts";
import { copyProject, HOST, ROOT } from "../support/build/tree.ts";

const OTHER = "0.0.1";

/** A copy of the project with those pins, and what the tests in it find to compile with. */
async function pinnedTo(
  { development, release }: { development: string; release: string },
  body: (
    folder: string,
    find: (env?: Record<string, string>) => Promise<{ code: number; out: string; err: string }>,
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await copyProject(join(folder, "tree"));
    await Deno.writeTextFile(join(folder, "tree", ".dvmrc"), `${development}\n`);
    await Deno.writeTextFile(join(folder, "tree", "build", "release", "deno.txt"), `${release}\n`);
    const support = join("tests", "support", "build");
    await Deno.mkdir(join(folder, "tree", support), { recursive: true });
    await Deno.copyFile(join(ROOT, support, "tree.ts"), join(folder, "tree", support, "tree.ts"));
    const code = `import { RUNTIME } from "./${support}/tree.ts"; console.log(JSON.stringify(RUNTIME ?? null));`;
    await Deno.writeTextFile(join(folder, "tree", "find.ts"), code);
    await body(join(folder, "tree"), async (env = {}) => {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--quiet", "--no-lock", "-A", "find.ts"],
        cwd: join(folder, "tree"),
        env: { NO_COLOR: "1", DENORT_BIN: "", AUTOCOM_TEST_COMPILED: "", DENO_DIR: join(folder, "cache"), ...env },
      }).output();
      const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)) as [string, string];
      return { code, out, err };
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("tests compile with the Deno of releases, on its own runtime, as with that of development", async () => {
  for (const [development, release] of [[OTHER, Deno.version.deno], [Deno.version.deno, OTHER]] as const) {
    await pinnedTo({ development, release }, async (folder, find) => {
      assert.equal(await pinnedDeno(folder), development === OTHER ? "release" : "development");
      const cached = join(folder, "..", "cache", "dl", "release", `v${Deno.version.deno}`);
      await Deno.mkdir(cached, { recursive: true });
      const archive = zip([{ name: "denort", bytes: new TextEncoder().encode("the runtime"), mode: 0o755 }]);
      await Deno.writeFile(join(cached, `denort-${HOST.triple}.zip`), archive);
      const { code, out, err } = await find({ AUTOCOM_TEST_COMPILED: "required" });
      assert.deepEqual([code, out, err], [0, "{}\n", ""]);
    });
  }
});

Deno.test("where they cannot compile they say so and pass; where that is required it is a failure", async () => {
  await pinnedTo({ development: OTHER, release: "0.0.2" }, async (folder, find) => {
    await assert.rejects(pinnedDeno(folder), BuildError);
    const why = `this is Deno ${Deno.version.deno}, the build is pinned to 0.0.1, a release to 0.0.2`;
    const skipped = await find();
    assert.deepEqual([skipped.code, skipped.out], [0, "null\n"], skipped.err);
    assert.match(skipped.err, /^SKIPPED: tests that compile, no runtime for /);
    assert.ok(skipped.err.includes(why), skipped.err);
    const required = await find({ AUTOCOM_TEST_COMPILED: "required" });
    assert.deepEqual([required.code, required.out], [1, ""]);
    assert.ok(required.err.includes(why), required.err);
  });
});
