import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { PERMISSIONS as permissions } from "../../build/permissions.ts";
import { NPM_DENO } from "../../build/runtime.ts";
import { TARGETS } from "../../build/targets.ts";
import { CLIENT_ID, VERSION } from "../../src/build_info.ts";
import { ENVIRONMENT, STEERING } from "../../src/system/environment.ts";

const ROOT = resolve(import.meta.dirname!, "../..");
const read = (path: string) => Deno.readTextFile(join(ROOT, path));
const { version } = JSON.parse(await read("deno.json"));

Deno.test("one file names the version of Deno; documents that repeat it agree", async () => {
  const pin = (await read(".dvmrc")).trim();
  assert.match(pin, /^\d+\.\d+\.\d+$/);
  for (const path of [".ci/run", ".github/workflows/ci.yml", ".github/workflows/release.yml", "build/process.ts"]) {
    assert.ok((await read(path)).includes(".dvmrc"), path);
  }
  assert.equal(NPM_DENO, pin, "the runtimes of npm, whose hashes are in build/targets.ts");
  for (const path of await documents()) {
    for (const [mention, found] of (await read(path)).matchAll(/\bdeno@(\d[\w.-]*\w)/gi)) {
      assert.equal(found, pin, `${path}: ${mention}`);
    }
  }
});

/** Files that tell a person or a machine which Deno to take. */
async function documents(): Promise<string[]> {
  const paths: string[] = [];
  for (const folder of [".", ".github", ".github/workflows", ".ci"]) {
    for await (const { name, isFile } of Deno.readDir(join(ROOT, folder))) if (isFile) paths.push(join(folder, name));
  }
  return paths;
}

Deno.test("the permission sets hold the variables that are read, and no more", () => {
  const names = permissions.linux.env;
  assert.deepEqual(permissions.macos.env, names);
  assert.deepEqual(permissions.windows.env, names);
  const needed = [...ENVIRONMENT, ...STEERING].map((name) => name.startsWith("AUTOCOM_") ? "AUTOCOM_*" : name);
  assert.deepEqual(names.toSorted(), [...new Set(needed)].sort());
});

Deno.test("programs are named by absolute paths: a bare name prints a notice at every start when it is missing", () => {
  for (const [set, start] of [["linux", "/"], ["macos", "/usr/bin/"], ["windows", "C:\\Windows\\"]] as const) {
    for (const path of permissions[set].run) assert.ok(path.startsWith(start), path);
  }
});

Deno.test("each target has a permission set and a pinned runtime", () => {
  for (const { triple, permissions: set, npmRuntime } of TARGETS) {
    assert.ok(permissions[set], triple);
    assert.match(npmRuntime, /^[0-9a-f]{64}$/);
  }
});

Deno.test("from source the version is dev and there is no client id; a build stamps a plain version", () => {
  assert.deepEqual([VERSION, CLIENT_ID], ["dev", ""]);
  assert.match(version, /^\d+\.\d+\.\d+$/);
});
