/** No test holds the program to a limit of the wall clock. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { ROOT } from "../support/build/tree.ts";

/** Limits of a keychain's own patience, against a real one. */
const REAL = ["contract/keychain.ts"];

async function* sources(folder: string): AsyncIterable<string> {
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT, "tests", folder))) {
    const path = folder ? `${folder}/${name}` : name;
    if (isDirectory && path !== "platform/laravel") yield* sources(path);
    else if (name.endsWith(".ts")) yield path;
  }
}

Deno.test("FT-57: the time that a test took is compared with the guard against a hang, and with nothing else", async () => {
  const limits: string[] = [];
  for await (const path of sources("")) {
    const text = await Deno.readTextFile(join(ROOT, "tests", path));
    for (const [, limit] of text.matchAll(/\b(?:performance|Date)\.now\(\) - \w+ <=? (\w+)/g)) {
      if (limit !== "HANG" && !REAL.includes(path)) limits.push(`${path}: ${limit}`);
    }
  }
  assert.deepEqual(limits, []);
});
