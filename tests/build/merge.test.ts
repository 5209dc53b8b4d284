/** Chunks put together do what they did apart. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { loadedWith, merge, mergeStarts } from "../../build/merge.ts";
import { deno } from "../../build/process.ts";

/** As esbuild writes them, minified: the same short names in each. */
const CHUNKS = new Map([
  [
    "main.js",
    `import{a as b}from"./chunk-1.js";var c=b("main");let{execute:a}=await import("./execute-9.js");console.log(c,await a());`,
  ],
  [
    "execute-9.js",
    `import{a,b as c}from"./chunk-2.js";import"./chunk-3.js";import{a as d}from"./chunk-1.js";var b=async()=>d(a+c()+(await import("./later-4.js")).default);export{b as execute};`,
  ],
  ["chunk-1.js", `function a(b){return"<"+b+">"}export{a};`],
  [
    "chunk-2.js",
    `import{join as c,sep}from"node:path";import*as e from"node:util";import d from"node:os";import{a as f}from"./chunk-3.js";var a=c("x","y")+typeof e.inspect+typeof d.EOL+sep,b=()=>f;export{a,b};`,
  ],
  ["chunk-3.js", `globalThis.order=(globalThis.order??"")+"3";var a="three";export{a};`],
  ["later-4.js", `import{b as a}from"./chunk-2.js";import{a as c}from"./chunk-3.js";var b=a()+c;export{b as default};`],
]);

async function run(chunks: ReadonlyMap<string, string>): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of chunks) await Deno.writeTextFile(join(folder, name), text);
    return await deno(["run", "--no-check", "main.js"], folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("what is loaded together is one chunk; what is loaded later, or apart, stays one of its own", async () => {
  const merged = merge(CHUNKS, "execute-9.js", ["main.js"]);
  assert.deepEqual([...merged.keys()].toSorted(), ["chunk-1.js", "execute-9.js", "later-4.js", "main.js"]);
  assert.equal(await run(merged), await run(CHUNKS));
});

Deno.test("what a chunk needs is found through all that it imports, and stands before it", () => {
  assert.deepEqual([...loadedWith("execute-9.js", CHUNKS)], ["chunk-3.js", "chunk-2.js", "chunk-1.js", "execute-9.js"]);
});

Deno.test("an import that the merge does not know stops the build", () => {
  const odd = new Map([["execute-1.js", `import*as a from"./chunk-2.js";export{a as execute};`], [
    "chunk-2.js",
    "export{};",
  ]]);
  assert.throws(
    () => merge(odd, "execute-1.js", []),
    /execute-1\.js imports \.\/chunk-2\.js in a way that cannot be merged/,
  );
});

Deno.test("what starts have in common is a chunk for them alone, and what is imported on demand can still be", async () => {
  const chunks = new Map([
    [
      "main.js",
      `import{a as b}from"./chunk-1.js";(async()=>{let[x,y]=[await import("./one-5.js"),await import("./two-6.js")];console.log(b(x.one()),b(await y.two()))})();`,
    ],
    ["chunk-1.js", `function a(b){return"<"+b+">"}export{a};`],
    ["chunk-2.js", `import{a}from"./chunk-1.js";var b=a("both");export{b as a};`],
    ["chunk-3.js", `import{a}from"./chunk-2.js";var c=a+"alone";export{c as a};`],
    ["chunk-4.js", `import{a}from"./chunk-2.js";var c=()=>a;export{c as a};`],
    ["one-5.js", `import{a}from"./chunk-3.js";import{a as d}from"./chunk-4.js";var b=()=>a+d();export{b as one};`],
    ["two-6.js", `import{a}from"./chunk-4.js";var b=async()=>a()+(await import("./late-7.js")).late;export{b as two};`],
    ["late-7.js", `import{a}from"./chunk-2.js";var b="late"+a;export{b as late};`],
  ]);
  const merged = mergeStarts(chunks, "main.js", [["one-5.js"], ["two-6.js", "late-7.js"]]);
  assert.deepEqual([...merged.keys()].toSorted(), ["chunk-4.js", "late-7.js", "main.js", "one-5.js", "two-6.js"]);
  assert.deepEqual([...loadedWith("one-5.js", merged)].toSorted(), ["chunk-4.js", "main.js", "one-5.js"]);
  assert.deepEqual(
    [...loadedWith("late-7.js", merged)].toSorted(),
    ["chunk-4.js", "main.js", "two-6.js", "late-7.js"].toSorted(),
  );
  assert.equal(await run(merged), await run(chunks));
});
