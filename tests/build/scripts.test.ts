/** A chunk as a script does what it did as a module, with its bytecode and without. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { oneFileEach, precompile, script } from "../../build/bytecode.ts";
import { embed } from "../../build/embed.ts";
import { deno } from "../../build/process.ts";
import { runtime } from "../../build/runtime.ts";
import { asScript, scriptName } from "../../build/scripts.ts";
import { targetOf } from "../../build/targets.ts";
import { HOST, ROOT, RUNTIME } from "../support/build/tree.ts";

/** Every way in and out of a chunk, one that counts how often it is run, and one that fails. */
const CHUNKS: Record<string, string> = {
  "main.js":
    `import{a as b}from"./chunk-1.js";import c,{sep as d}from"node:path";import*as e from"node:path";import"./chunk-2.js";import{b as k}from"./start-5.js";` +
    `console.log(b("main"),typeof c.join,d,e.sep,k,globalThis.runs);` +
    `let{later:f,default:g,h}=await import("./later-3.js");console.log(f(),g,h("h"));try{f(1)}catch(i){console.log(i.stack)}`,
  "start-5.js": `var a=1;export{a as b};`,
  "chunk-1.js": `function a(b){return"<"+b+">"}export{a};`,
  "chunk-2.js": `globalThis.runs=(globalThis.runs??0)+1;`,
  "later-3.js":
    `import{a}from"./chunk-1.js";import{a as h}from"./chunk-1.js";import{join as j}from"node:path";import"./chunk-2.js";` +
    `var b=(c)=>{if(c)throw new Error(typeof this+", on purpose");return a(j("x","y"))},d=await0();` +
    `function await0(){return import("./last-4.js")}export{b as later,d as default,h};`,
  "last-4.js": `export default 1;`,
};
const SCRIPTS = ["start-5.js", "chunk-1.js", "later-3.js"];

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const work = await Deno.makeTempDir();
  try {
    const folder = join(work, "chunks");
    await Deno.mkdir(folder);
    for (const [name, text] of Object.entries(CHUNKS)) await Deno.writeTextFile(join(folder, name), text);
    await use(folder);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/** What it prints, without the places of a trace. */
const printed = (text: string) => text.replaceAll(/ +at .*\n/g, "");

Deno.test("a chunk as a script gives, takes and loads what it did as a module, once", async () => {
  await inFolder(async (folder) => {
    const run = async () => await deno(["run", "-A", "--no-check", "--unstable-raw-imports", "main.js"], folder);
    const before = printed(await run());
    assert.match(before, /^<main> function \/ \/ 1 1\n<x\/y> Promise .*\nError: undefined, on purpose\n$/s);
    await script(folder, SCRIPTS);
    await oneFileEach(folder, SCRIPTS);
    const after = await run();
    assert.equal(printed(after), before);
    assert.match(after, /at b \(later-3-code\.js:1:\d+\)/, "a trace names the script");
  });
});

Deno.test("what cannot be a script's stops the build", () => {
  for (
    const text of [`var a=import.meta.url;export{a};`, `var a=b=>import(b);export{a};`, `import a,{b}from"node:x";`]
  ) {
    assert.throws(
      () => asScript("odd-1.js", text, "start-5.js"),
      /odd-1\.js imports .*in a way that cannot be a script's/,
      text,
    );
  }
});

Deno.test({
  name: "bytecode is the same wherever it is made; the program takes it, and runs as well with what is no bytecode",
  ignore: !RUNTIME,
  async fn() {
    const made: Record<string, Uint8Array<ArrayBuffer>>[] = [];
    for (let time = 0; time < 2; time++) {
      await inFolder(async (folder) => {
        await script(folder, SCRIPTS);
        const where = { root: ROOT, target: HOST, env: RUNTIME! };
        await precompile({ ...where, folder, chunks: SCRIPTS });
        const files = SCRIPTS.map((name) => scriptName(name).replace(".js", ".bin"));
        made.push(Object.fromEntries(
          await Promise.all(files.map(async (name) => [name, await Deno.readFile(join(folder, name))])),
        ));
        if (time > 0) return;
        await oneFileEach(folder, SCRIPTS);
        // What runs the scripts says whether it was taken; as it stands it does not ask.
        const entry = await Deno.readTextFile(join(folder, "start-5.js"));
        const asking = entry.replace(/new Script\(.*?\)(?=\.run)/, "said($&,filename)") +
          `function said(s,f){if(f==="later-3-code.js")console.log(s.cachedDataRejected);return s}`;
        assert.notEqual(asking.indexOf("said(new"), -1);
        await Deno.writeTextFile(join(folder, "start-5.js"), asking);
        const wrapper = await Deno.readTextFile(join(folder, "later-3.js"));
        for (const [bytes, rejected] of [[undefined, "false"], [new Uint8Array(400).fill(7), "true"]] as const) {
          const file = join(folder, "later-3-code.bin");
          const size = Number(/_r\(b,(\d+),/.exec(wrapper)![1]);
          if (bytes) {
            await Deno.writeFile(file, await new Blob([(await Deno.readFile(file)).slice(0, size), bytes]).bytes());
          }
          const out = join(folder, "..", `program-${rejected}`);
          const permissions = { [HOST.permissions]: { read: true } };
          await embed({ chunks: folder, entry: "main.js", permissions, target: HOST, env: RUNTIME!, out });
          const { stdout, code } = await new Deno.Command(out).output();
          const text = new TextDecoder().decode(stdout);
          assert.equal(code, 0);
          assert.match(text, new RegExp(`^<main>.*\\n${rejected}\\n<x/y> `));
        }
      });
    }
    assert.ok(Object.values(made[0]!).every((bytes) => bytes.length > 100));
    assert.deepEqual(made[0], made[1]);
  },
});

Deno.test({
  name: "where the target's runtime does not run, the reason is said and what to do",
  ignore: !RUNTIME,
  async fn() {
    await inFolder(async (folder) => {
      await script(folder, SCRIPTS);
      const target = targetOf(Deno.build.os === "darwin" ? "x86_64-pc-windows-msvc" : "aarch64-apple-darwin");
      const { env } = await runtime({ target, release: false, denoDir: await dir(), fetch });
      await assert.rejects(
        precompile({ root: ROOT, folder, chunks: SCRIPTS, target, env }),
        /the bytecode of [\w-]+ is made by its own runtime, which has to run where it is built/,
      );
    });
  },
});

const dir = async () => JSON.parse(await deno(["info", "--json"], ROOT)).denoDir;
