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

/** `module` takes the place of the chunk `name`; beside it stands the script, with its bytecode or nothing behind it. */
export function asScript(name: string, text: string): { module: string; script: string } {
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
  const module = [
    `import{Script}from"node:vm";`,
    `import b from"./${bytecodeName(scriptName(name))}"with{type:"bytes"};`,
    ...[...from].map(([specifier, local]) => `import*as ${local} from"${specifier}";`),
    `const{${own.map(([there, local]) => `${there}:${local}`).join()}}=`,
    `new Script(new TextDecoder().decode(b.subarray(0,${size})),`,
    `{filename:"${scriptName(name)}",cachedData:b[${size}]?b.subarray(${size}):void 0}).runInThisContext()`,
    `(n=>import(n),${[...from.values()].join()});`,
    `export{${own.map(([there, local]) => `${local} as ${there}`).join()}};\n`,
  ];
  return { module: module.join(""), script };
}

const read = (from: string, names: Names) => names.map(([there, here]) => `${here}=${from}.${there}`);
