/**
 * Scripts → the few files that stand in the program. The runtime lists every file at every start (0.3 ms for 170), so a file
 * holds what is loaded together; build/loader.js, around the first script, reads the others.
 *
 * @module
 */

import { join } from "node:path";
import { BUDGETS, find, loadedBy } from "./budgets.ts";
import type { Chunks } from "./merge.ts";
import { BuildError } from "./process.ts";
import type { Script } from "./scripts.ts";

/** File name of the program's entry. */
export const ENTRY = "start.js";

const FIRST = "main.js";
/** What no path of the budgets loads. */
const REST = "rest.bin";
/** V8 reads bytecode without a copy where it begins at a multiple of this. */
const ALIGNED = 8;

/** Name of a script → itself. */
export type Scripts = Map<string, Script>;
/** Name of a script → what is compiled of it, for some. */
export type Bytecode = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** What is in a file. The first script has one of its own beside them. */
export interface File {
  /** Of the scripts. */
  names: readonly string[];
  /** Whether bytecode is in it, too: every start reads the whole program, so none is there twice for little. */
  compiled: boolean;
}

/** Name of a file → what is in it. */
export type Files = ReadonlyMap<string, File>;

/**
 * A path reads one file for each thing that it loads after another: what was not in those before stands in it, even where
 * it is in the file of another path, too. To read one more takes longer than to read it larger.
 */
export function filesOf(chunks: Chunks, budgets = BUDGETS): Files {
  const files = new Map<string, File>();
  const first = new Map<string, File>();
  for (const { loads, bytecode: compiled = false } of budgets) {
    const read = new Set([FIRST]);
    const missing = (name: string) => !read.has(name);
    for (const root of loads.map((load) => find(chunks, load)).filter(missing)) {
      const file = first.get(root);
      for (const name of file?.names ?? []) read.add(name);
      if (file && compiled) file.compiled = true;
    }
    const names = [...loadedBy(loads, chunks)].filter(missing);
    if (names.length === 0) continue;
    const file = { names, compiled };
    files.set(`${files.size}.bin`, file);
    for (const name of names) if (!first.has(name)) first.set(name, file);
  }
  const names = [...chunks.keys()].filter((name) => name !== FIRST && !first.has(name));
  return names.length > 0 ? files.set(REST, { names, compiled: false }) : files;
}

/** Puts the loader around the first script. */
export async function withLoader(scripts: Scripts, files: Files): Promise<Scripts> {
  const listed = [...files].filter(([file]) => file !== REST);
  // Of several the first: those behind it are read on the way to something else.
  const all = listed.toReversed().flatMap(([file, { names }]) => names.map((name) => [`./${name}`, `./${file}`]));
  const list = Object.fromEntries(all);
  const text = await Deno.readTextFile(join(import.meta.dirname!, "loader.js"));
  const loader = text.slice(text.indexOf("(")).trim().replace(/;$/, "").replaceAll(/\n\s*/g, "\n");
  const { code, needs } = scripts.get(FIRST)!;
  if (needs.length > 0) throw new BuildError(`${FIRST} imports ${needs.join(", ")} before anything can be loaded`);
  const around = loader.replace("FILES", () => JSON.stringify(JSON.stringify(list))).replace("MAIN", () => code);
  return new Map(scripts).set(FIRST, { code: around, needs: [] });
}

/** Writes the entry and what it reads into the folder, which is new. */
export async function writeLibrary(folder: string, scripts: Scripts, bytecode: Bytecode, files: Files): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const write = (name: string, content: Blob) => Deno.writeFile(join(folder, name), content.stream());
  const { pieces, places } = placed([FIRST], scripts, bytecode);
  const [, codeEnd, made, end] = places[`./${FIRST}`]!;
  await write("main.bin", new Blob(pieces));
  const entry = [
    `import{Script}from"node:vm";import main from"./main.bin"with{type:"bytes"};const decoder=new TextDecoder();`,
    `new Script(decoder.decode(main.subarray(0,${codeEnd})),{filename:"${FIRST}"`,
    end! > made! ? `,cachedData:main.subarray(${made},${end})` : "",
    `}).runInThisContext()(Script,decoder,(name)=>import(name),(name)=>import(name,{with:{type:"bytes"}}));\n`,
  ];
  await write(ENTRY, new Blob(entry));
  for (const [file, { names, compiled }] of files) {
    const { pieces, places } = placed(names, scripts, compiled ? bytecode : new Map());
    const list = `    ${JSON.stringify(places)}`;
    const head = new TextEncoder().encode(list + " ".repeat(padding(new TextEncoder().encode(list))));
    new DataView(head.buffer).setUint32(0, head.length, true);
    await write(file, new Blob([head, ...pieces]));
  }
}

/** Code and bytecode of each, and where they stand: the ends of the code and of the bytecode, and then what it needs. */
function placed(names: readonly string[], scripts: Scripts, bytecode: Bytecode) {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const places: Record<string, (number | string)[]> = {};
  let size = 0;
  const add = (piece: Uint8Array<ArrayBuffer>) => {
    const ends = [size, size + piece.length];
    pieces.push(piece, new Uint8Array(padding(piece)));
    size += piece.length + padding(piece);
    return ends;
  };
  for (const name of names) {
    const { code, needs } = scripts.get(name)!;
    const ends = [new TextEncoder().encode(code), bytecode.get(name) ?? new Uint8Array()].flatMap(add);
    places[`./${name}`] = [...ends, ...needs];
  }
  return { pieces, places };
}

/** Bytes up to a multiple of {@link ALIGNED}. */
const padding = ({ length }: Uint8Array): number => -length & (ALIGNED - 1);
