/** The opt-in build that mangles names. tests/binary pass on it, too: `deno task build --mangle`, then `deno task test:binary`. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { MANGLED } from "../../build/mangle.ts";
import { fileName } from "../../build/targets.ts";
import { build, HOST, ROOT, RUNTIME } from "../support/build/tree.ts";

Deno.test({
  name:
    "--mangle: each of our own names that is listed is used in the program, and absent from the mangled one, which runs",
  ignore: !RUNTIME,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const path = (...names: string[]) => join(folder, ...names);
      await build(ROOT, ["--out", path("plain"), "--chunks", path("plain-chunks")]);
      await build(ROOT, ["--mangle", "--out", path("mangled"), "--chunks", path("mangled-chunks")]);
      const [plain, mangled] = [await properties(path("plain-chunks")), await properties(path("mangled-chunks"))];
      assert.deepEqual(MANGLED.filter((name) => !plain.has(name)), [], "not used: take them off the list");
      assert.deepEqual(MANGLED.filter((name) => mangled.has(name)), []);
      const says = async (...args: string[]) => {
        const command = new Deno.Command(path("mangled", fileName(HOST)), {
          args,
          clearEnv: true,
          env: { HOME: folder },
          stdin: "null",
        });
        const { code, stdout, stderr } = await command.output();
        return [code, new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr)] as const;
      };
      assert.deepEqual((await says("help", "exit-codes"))[0], 0);
      const [code, text] = await says("auth", "status", "--no-input");
      assert.equal(code, 4, text);
      assert.equal((await says("orders", "list"))[0], 4);
      assert.equal((await says("config", "set", "tenant", "acme"))[0], 0);
      assert.match((await says("config", "list"))[1], /acme/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

/** Names that stand where a property's does. */
async function properties(folder: string): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const { name } of Deno.readDir(folder)) {
    const text = await Deno.readTextFile(join(folder, name));
    for (const [, dotted, key] of text.matchAll(/\.([A-Za-z]\w*)\b|(?<=[{,])(?:async )?([A-Za-z]\w*)(?=[:(,}])/g)) {
      found.add(dotted ?? key!);
    }
  }
  return found;
}
