/**
 * Chunk → the same code as a script, and a module that runs it and has its exports. Only a script can be given the
 * bytecode that was made of it before.
 *
 * @module
 */

import { type Names, names, parse } from "./merge.ts";
import { BuildError } from "./process.ts";

/** Name of the script of a chunk: that is what a stack trace says. */
export function scriptName(chunk: string): string {
  return chunk.replace(/\.js$/, "-code.js");
}

/** Name of what is compiled of a script, and then of both in one: a file costs a start as much as a chunk. */
export function bytecodeName(script: string): string {
  return script.replace(/\.js$/, ".bin");
}

/** The bytecode begins there, after the code: where V8 reads it without a copy. */
const ALIGNED = 8;

/** Runs the script that begins a file, with the bytecode behind it: `(file, size of the code, name) => what it gives`. */
const RUN = `import{Script}from"node:vm";const d=new TextDecoder(),_r=(b,n,filename)=>` +
  `new Script(d.decode(b.subarray(0,n)),{filename,cachedData:b[n]?b.subarray(n):void 0}).runInThisContext();`;

/**
 * `module` takes the place of the chunk `name`; beside it stands the script, with its bytecode or nothing behind it. The
 * chunk `entry`, which is a script and loaded by all, has what runs the others.
 */
export function asScript(name: string, text: string, entry: string): { module: string; script: string } {
  const { imports, outside, body, exports } = parse(name, text);
  const from = new Map<string, string>();
  const space = (specifier: string) => from.get(specifier) ?? from.set(specifier, `_${from.size}`).get(specifier)!;
  const taken = [
    ...imports.flatMap(({ from, names }) => read(space(`./${from}`), names)),
    ...outside.flatMap(({ clause, from }) => {
      const all = /^\s*(?:(\*\s*as\s+)?([\w$]+)|(\{.*\}))\s*$/.exec(clause);
      if (!all) throw new BuildError(`${name} imports ${from} in a way that cannot be a script's: ${clause}`);
      const [, star, local, list] = all;
      if (list) return read(space(from), names(list));
      return [`${local}=${space(from)}${star ? "" : ".default"}`];
    }),
  ];
  const code = body.replaceAll(/(?<![\w$.])import\((?="(?:\.\/|node:))/g, "_i(");
  if (/(?<![\w$.])import[(.]/.test(code)) throw new BuildError(`${name} imports in a way that cannot be a script's`);
  const given = exports.map(([there, here]) => there === here ? there : `${there}:${here}`);
  const parameters = ["_i", ...from.values()].join();
  const whole = `(function(${parameters}){"use strict";${taken.length > 0 ? `const ${taken.join()};` : ""}${code}\n` +
    `return{${given.join()}}})`;
  const size = Math.ceil(new TextEncoder().encode(whole).length / ALIGNED) * ALIGNED;
  const script = whole + "\n".repeat(size - new TextEncoder().encode(whole).length);
  const own = exports.map(([there], index) => [there, `$${index.toString(36)}`]);
  const isEntry = name === entry;
  const module = [
    isEntry ? RUN : `import{_r}from"./${entry}";`,
    `import b from"./${bytecodeName(scriptName(name))}"with{type:"bytes"};`,
    ...[...from].map(([specifier, local]) => `import*as ${local} from"${specifier}";`),
    `const{${own.map(([there, local]) => `${there}:${local}`).join()}}=_r(b,${size},"${scriptName(name)}")`,
    `(n=>import(n),${[...from.values()].join()});`,
    `export{${[...own.map(([there, local]) => `${local} as ${there}`), ...isEntry ? ["_r"] : []].join()}};\n`,
  ];
  return { module: module.join(""), script };
}

const read = (from: string, names: Names) => names.map(([there, here]) => `${here}=${from}.${there}`);
