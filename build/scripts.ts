/**
 * Chunk → the same code as a script, which build/loader.js runs. Only a script can be given the bytecode that was made of it
 * before; and a hundred of them can stand in one file, where each module is one that every start lists.
 *
 * @module
 */

import { Script as Compiled } from "node:vm";
import { type Chunks, type Names, names, parse } from "./merge.ts";
import { BuildError } from "./process.ts";

export interface Script {
  /** `(load, …what it needs) => what it exports`. */
  code: string;
  /** What it is given, as it is imported: `./chunk-1.js`, `node:fs`. */
  needs: string[];
}

/** All chunks as scripts; {@link BuildError} where one cannot be, or needs itself. */
export function asScripts(chunks: Chunks): Map<string, Script> {
  const scripts = new Map([...chunks].map(([name, text]) => [name, asScript(name, text)] as const));
  const done = new Set<string>();
  const visit = (name: string, inside: readonly string[]) => {
    if (done.has(name)) return;
    if (inside.includes(name)) throw new BuildError(`${[...inside, name].join(" imports ")}: none can be run first`);
    const script = scripts.get(name);
    if (!script) throw new BuildError(`${inside.at(-1)} imports ${name}, which is no chunk`);
    const chunksNeeded = script.needs.filter((need) => need.startsWith("./"));
    for (const need of chunksNeeded) visit(need.slice(2), [...inside, name]);
    done.add(name);
  };
  for (const name of scripts.keys()) visit(name, []);
  return scripts;
}

/** What a chunk imports with, and what it has imported: names that no chunk has. */
const LOAD = "__load", NEED = "__need";

/** One chunk; its imports are parameters, and what it exports is what it has when it has run. */
export function asScript(name: string, text: string): Script {
  if (/\b__(load|need)/.test(text)) throw new BuildError(`${name} has a name that is kept for scripts: __load, __need`);
  const { imports, outside, body, exports } = parse(name, text);
  const from = new Map<string, string>();
  const space = (specifier: string) => from.get(specifier) ?? from.set(specifier, NEED + from.size).get(specifier)!;
  const taken = [
    ...imports.flatMap(({ from, names }) => read(space(`./${from}`), names)),
    ...outside.flatMap(({ clause, from }) => {
      if (clause.trim() === "") return read(space(from), []);
      const all = /^\s*(?:(\*\s*as\s+)?([\w$]+)|(\{.*\}))\s*$/.exec(clause);
      if (!all) throw new BuildError(`${name} imports ${from} in a way that cannot be a script's: ${clause}`);
      const [, star, local, list] = all;
      if (list) return read(space(from), names(list));
      return [`${local}=${space(from)}${star ? "" : ".default"}`];
    }),
  ];
  const code = body.replaceAll(/(?<![\w$.])import\((?="(?:\.\/|node:))/g, `${LOAD}(`);
  if (/(?<![\w$.])import[(.]/.test(code)) throw new BuildError(`${name} imports in a way that cannot be a script's`);
  const given = exports.map(([there, here]) => there === here ? there : `${there}:${here}`);
  const parameters = [LOAD, ...from.values()].join();
  const head = `(function(${parameters}){"use strict";${taken.length > 0 ? `const ${taken.join()};` : ""}`;
  const whole = `${head}${code}\nreturn{${given.join()}}})`;
  try {
    new Compiled(whole);
  } catch (error) {
    throw new BuildError(`${name} cannot be a script: ${(error as Error).message}`);
  }
  return { code: whole, needs: [...from.keys()] };
}

const read = (from: string, names: Names) => names.map(([there, here]) => `${here}=${from}.${there}`);
