/** Imports that lead past a folder's door do what they did through it. */
import assert from "node:assert/strict";
import { directed } from "../../build/direct.ts";

const SOURCES = new Map([
  [
    "main.ts",
    'import { a, type T, c as d } from "./src/x/mod.ts";\nconsole.log(a, d);\nawait import("./src/y/mod.ts");\n',
  ],
  [
    "src/x/mod.ts",
    '/** The door. */\nexport {\n  a, // one\n  b as c,\n} from "./a.ts";\nexport type { T } from "./a.ts";\nexport const own = 1;\n',
  ],
  [
    "src/x/a.ts",
    'import { own } from "./mod.ts";\nexport const a = own;\nexport { b } from "./b.ts";\nexport type T = 1;\n',
  ],
  ["src/x/b.ts", "export const b = 2;\n"],
  ["src/y/mod.ts", 'export { z } from "./z.ts";\nexport const y = 1;\n'],
  ["src/y/z.ts", 'import { y } from "./mod.ts";\nexport const z = y;\n'],
]);

Deno.test("a name is imported from the file that it comes from, whatever doors lead there and whatever it is called", () => {
  const made = directed(SOURCES);
  const [first] = made.get("main.ts")!.split("\n");
  assert.equal(first, 'import { a } from "./src/x/a.ts"; import { b as d } from "./src/x/b.ts";');
  assert.equal(made.get("src/x/a.ts")!.split("\n")[0], 'import { own } from "./mod.ts";');
});

Deno.test("a door hands nothing on any more, and each line stays where it was", () => {
  const made = directed(SOURCES);
  assert.doesNotMatch(made.get("src/x/mod.ts")!, /export \{/);
  for (const [path, text] of SOURCES) {
    assert.equal(made.get(path)!.split("\n").length, text.split("\n").length, path);
  }
  assert.equal(made.get("src/x/mod.ts")!.split("\n")[6], "export const own = 1;");
});

Deno.test("a door that is opened on demand is a file beside it, with all that it had", () => {
  const made = directed(SOURCES);
  assert.match(made.get("main.ts")!, /await import\("\.\/src\/y\/mod_whole\.ts"\)/);
  assert.equal(made.get("src/y/mod_whole.ts"), 'export * from "./mod.ts";\nexport { z } from "./z.ts";\n');
  assert.ok(!made.has("src/x/mod_whole.ts"));
});

Deno.test("a file that is opened on demand for what comes through another door has it", () => {
  const made = directed(new Map([...SOURCES, ["src/y/z.ts", 'export { c as z } from "../x/mod.ts";\n']]));
  assert.match(made.get("src/y/mod_whole.ts")!, /^export \{ b as z \} from "\.\.\/x\/b\.ts";$/m);
});

Deno.test("a door that is imported with a star stops the build, because it would be empty; any other file may be", () => {
  for (const line of ['import * as x from "./src/x/mod.ts";', 'export * from "./src/x/mod.ts";']) {
    assert.throws(() => directed(new Map([...SOURCES, ["main.ts", line]])), /main\.ts must name what it imports/);
  }
  const line = 'import * as b from "./src/x/b.ts";';
  assert.equal(directed(new Map([...SOURCES, ["main.ts", line]])).get("main.ts"), line);
});
