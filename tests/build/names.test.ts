/** A name means one thing in the whole program. */
import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { ROOT } from "../support/build/tree.ts";

const SRC = join(ROOT, "src");
/** Said of too many things to be said of two. */
const FILES = ["store.ts", "credential.ts"], FUNCTIONS = ["open", "checked", "look", "named"];
const CONSTANTS = ["STORE", "SETTINGS"];

async function* sources(folder = SRC): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* sources(path);
    else if (name.endsWith(".ts")) yield path;
  }
}

Deno.test("no two files, functions or tables have one of the names that fit everything", async () => {
  const found = new Map<string, string[]>();
  const add = (what: string, path: string) => found.set(what, [...found.get(what) ?? [], relative(ROOT, path)]);
  for await (const path of sources()) {
    const text = await Deno.readTextFile(path);
    for (const name of FILES) if (path.endsWith(`/${name}`)) add(`file ${name}`, path);
    for (const [, name] of text.matchAll(/^(?:export )?(?:async )?function\*? (\w+)/gm)) {
      if (FUNCTIONS.includes(name!)) add(`function ${name}`, path);
    }
    for (const [, name] of text.matchAll(/^(?:export )?const (\w+)/gm)) {
      if (CONSTANTS.includes(name!)) add(`const ${name}`, path);
    }
  }
  assert.ok(found.size > 2, "the names are looked for");
  assert.deepEqual([...found].filter(([, paths]) => paths.length > 1), []);
});

Deno.test("no folder of the program holds one file alone, but for a noun's", async () => {
  const counts = Map.groupBy(await Array.fromAsync(sources()), (path) => relative(SRC, path).replace(/[^\\/]+$/, ""));
  const alone = [...counts].filter(([folder, files]) => files.length === 1 && !folder.startsWith("commands"));
  assert.deepEqual(alone, []);
});
