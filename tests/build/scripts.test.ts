/** A chunk as a script does what it did as a module, with its bytecode and without. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { precompile } from "../../build/bytecode.ts";
import { embed } from "../../build/embed.ts";
import {
  type Bytecode,
  ENTRY,
  type Files,
  filesOf,
  type Scripts,
  withLoader,
  writeLibrary,
} from "../../build/library.ts";
import { deno } from "../../build/process.ts";
import { runtime } from "../../build/runtime.ts";
import { asScript, asScripts } from "../../build/scripts.ts";
import { targetOf } from "../../build/targets.ts";
import { HOST, ROOT, RUNTIME } from "../support/build/tree.ts";

/** Every way in and out of a chunk, one that counts how often it is run, and one that fails. */
const CHUNKS = new Map(Object.entries({
  "main.js": `var a=()=>import("./begin-6.js").then(({go})=>go());a();var b="m$&in";export{a,b};`,
  "begin-6.js":
    `import{b as l}from"./main.js";import{a as b}from"./chunk-1.js";import c from"node:path";import{sep as d}from"node:path";import*as e from"node:path";import"./chunk-2.js";import{b as k}from"./start-5.js";` +
    `async function go(){console.log(b(l),typeof c.join,d,e.sep,k,globalThis.runs);` +
    `let{later:f,default:g,h}=await import("./later-3.js");console.log(f(),(await g).b,h("h"),globalThis.runs);` +
    `let[m,n]=await Promise.all([import("./later-3.js"),import("./later-3.js")]);console.log(m===n,(await import("node:path")).sep);` +
    `try{f(1)}catch(i){console.log(i.stack)}try{await import("./last-4.js")}catch(i){console.log(i.message)}}export{go};`,
  "start-5.js": `var a="→ 5";import f from"node:path";import*as g from"node:path";a+=f.sep+g.sep;export{a as b};`,
  "chunk-1.js": `function a(b){return"<"+b+">"}export{a};`,
  "chunk-2.js": `globalThis.runs=(globalThis.runs??0)+1;`,
  "later-3.js":
    `import{a}from"./chunk-1.js";import{a as h}from"./chunk-1.js";import{join as j}from"node:path";import"./chunk-2.js";import{b as l}from"./main.js";` +
    `var b=(c)=>{if(c)throw new Error(typeof this+", on purpose");return a(j("x",l))},d=await0();` +
    `function await0(){return import("./start-5.js")}export{b as later,d as default,h};`,
  "last-4.js": `throw new Error("not even run");export{};`,
}));
const FILES: Files = new Map([
  ["1.bin", { names: ["begin-6.js", "chunk-1.js", "start-5.js"], compiled: true }],
  ["2.bin", { names: ["later-3.js", "chunk-1.js"], compiled: true }], // one is in both
  ["rest.bin", { names: ["last-4.js", "chunk-2.js"], compiled: false }],
]);
const SCRIPTS = await withLoader(asScripts(CHUNKS), FILES);
const COMPILED = ["main.js", "begin-6.js", "later-3.js"];
const SAID =
  /^<m\$&in> function \/ \/ → 5\/\/ 1\n<x\/m\$&in> → 5\/\/ <h> 1\ntrue \/\nError: undefined, on purpose\nnot even run\n$/s;

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const work = await Deno.makeTempDir();
  try {
    await use(join(work, "library"));
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/** What it prints, without the places of a trace. */
const printed = (text: string) => text.replaceAll(/ +at .*\n/g, "");

const compiled = () =>
  precompile({ root: ROOT, target: HOST, env: RUNTIME!, scripts: new Map(COMPILED.map((name) => [name, code(name)])) });
const code = (name: string) => SCRIPTS.get(name)!.code;

Deno.test("a chunk as a script gives, takes and loads what it did as a module, once", async () => {
  await inFolder(async (folder) => {
    const run = (entry: string) => deno(["run", "-A", "--no-check", "--unstable-raw-imports", entry], folder);
    await Deno.mkdir(folder);
    for (const [name, text] of CHUNKS) await Deno.writeTextFile(join(folder, name), text);
    const before = printed(await run("main.js"));
    assert.match(before, SAID);
    await Deno.remove(folder, { recursive: true });
    await writeLibrary(folder, SCRIPTS, new Map(), FILES);
    const after = await run(ENTRY);
    assert.equal(printed(after), before);
    assert.match(after, /at b \(later-3\.js:1:\d+\)/, "a trace names the chunk");
  });
});

Deno.test("what cannot be a script's stops the build", async () => {
  for (
    const text of [`var a=import.meta.url;export{a};`, `var a=b=>import(b);export{a};`, `import a,{b}from"node:x";`]
  ) {
    assert.throws(() => asScript("odd-1.js", text), /odd-1\.js imports .*in a way that cannot be a script's/, text);
  }
  const odd: [string, RegExp][] = [
    ["var __load=1;", /odd-1\.js has a name that is kept for scripts: __load/],
    [`import{a}from"./b-2.js";function __need0(){}export{a};`, /has a name that is kept for scripts/],
    ["var a=await 1;export{a};", /odd-1\.js cannot be a script: await is only valid/],
    [`var a=1;export*from"node:os";`, /odd-1\.js cannot be a script/],
  ];
  for (const [text, message] of odd) assert.throws(() => asScript("odd-1.js", text), message, text);
  const ring = [["a-1.js", `import"./b-2.js";`], ["b-2.js", `import"./a-1.js";`]] as const;
  assert.throws(() => asScripts(new Map(ring)), /a-1\.js imports b-2\.js imports a-1\.js: none can be run first/);
  assert.throws(() => asScripts(new Map([ring[0]])), /a-1\.js imports b-2\.js, which is no chunk/);
  const early = asScripts(new Map([["main.js", `import"node:fs";`]]));
  await assert.rejects(withLoader(early, new Map()), /main\.js imports node:fs before anything can be loaded/);
});

Deno.test("a path reads a file for each thing that it loads after another, and nothing twice", () => {
  const chunks = new Map(Object.entries({
    "main.js": "",
    "run-1.js": `import{a}from"./main.js";import{b}from"./shared-2.js";`,
    "shared-2.js": "",
    "help-3.js": `import{b}from"./shared-2.js";`,
    "list-4.js": `import{b}from"./shared-2.js";import{c}from"./later-5.js";`,
    "later-5.js": "",
    "odd-6.js": `import{b}from"./shared-2.js";`,
  }));
  const paths = [["help"], [], ["run"], ["help", "list"], ["run", "list"]];
  const hot = { bytecode: true } as const;
  const files = filesOf(chunks, paths.map((loads) => ({ path: "", loads, limit: 0, ...loads[0] === "run" && hot })));
  assert.deepEqual([...files], [
    ["0.bin", { names: ["shared-2.js", "help-3.js"], compiled: false }],
    ["1.bin", { names: ["shared-2.js", "run-1.js"], compiled: true }],
    ["2.bin", { names: ["later-5.js", "list-4.js"], compiled: true }],
    ["rest.bin", { names: ["odd-6.js"], compiled: false }],
  ]);
});

Deno.test("no source exports a variable: a chunk's exports are what they are when it has run", async () => {
  const found: string[] = [];
  const look = async (folder: string): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = join(folder, name);
      if (isDirectory) await look(path);
      else if (/^export\s+(let|var)\b/m.test(await Deno.readTextFile(path))) found.push(path);
    }
  };
  await look(join(ROOT, "src"));
  assert.deepEqual(found, []);
});

Deno.test({
  name: "bytecode is the same wherever it is made; the program takes it, and runs as well with what is no bytecode",
  ignore: !RUNTIME,
  async fn() {
    const bytecode = await compiled();
    assert.deepEqual([...bytecode.keys()], COMPILED);
    assert.ok([...bytecode.values()].every((bytes) => bytes.length > 100));
    assert.deepEqual(await compiled(), bytecode);
    const none: Bytecode = new Map(COMPILED.map((name) => [name, new Uint8Array(400).fill(7)]));
    // What loads the scripts says whether their bytecode was taken; as it stands it does not ask. So the first has none.
    const first = code("main.js").replace("return script.run", "console.log(name,script.cachedDataRejected);$&");
    assert.notEqual(first, code("main.js"));
    const asking: Scripts = new Map(SCRIPTS).set("main.js", { code: first, needs: [] });
    for (const [made, rejected] of [[bytecode, "false"], [none, "true"]] as const) {
      await inFolder(async (folder) => {
        await writeLibrary(folder, asking, new Map(made).set("main.js", new Uint8Array()), FILES);
        const permissions = { [HOST.permissions]: { read: true } };
        const out = join(folder, "..", "program");
        await embed({ chunks: folder, entry: ENTRY, permissions, target: HOST, env: RUNTIME!, out });
        const { stdout, code } = await new Deno.Command(out).output();
        const text = printed(new TextDecoder().decode(stdout));
        assert.equal(code, 0);
        const asked = [...text.matchAll(/^\.\/(.*) (true|false)\n/gm)].map(([, name, answer]) => [name, answer]);
        assert.equal(asked.length, SCRIPTS.size - 1, "each was run, once");
        const { "begin-6.js": begin, "later-3.js": later } = Object.fromEntries(asked);
        assert.deepEqual([begin, later], [rejected, rejected]);
        assert.match(text.replaceAll(/^\.\/.*\n/gm, ""), SAID);
      });
    }
  },
});

Deno.test({
  name: "where the target's runtime does not run, the reason is said and what to do",
  ignore: !RUNTIME,
  async fn() {
    const target = targetOf(Deno.build.os === "darwin" ? "x86_64-pc-windows-msvc" : "aarch64-apple-darwin");
    const { env } = await runtime({ target, release: false, denoDir: await dir(), fetch });
    await assert.rejects(
      precompile({ root: ROOT, scripts: new Map([["main.js", "1"]]), target, env }),
      /the bytecode of [\w-]+ is made by its own runtime, which has to run where it is built/,
    );
  },
});

const dir = async () => JSON.parse(await deno(["info", "--json"], ROOT)).denoDir;
