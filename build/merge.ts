/**
 * Many chunks → one: what every command loads is opened, read and linked once, not forty times (half a millisecond of a
 * start). The bundler splits by who shares what; here those that are loaded together anyway are put together again.
 *
 * @module
 */

import { BuildError } from "./process.ts";

/** Name of a chunk → its text, as esbuild writes it: imports, code, one list of exports. */
export type Chunks = Map<string, string>;

export interface Parsed {
  /** Of chunks: what is imported, by the names on both sides. */
  imports: { from: string; names: Names }[];
  /** Of the runtime's own modules, as they stand there. */
  outside: { clause: string; from: string }[];
  body: string;
  exports: Names;
}

export type Names = [there: string, here: string][];

const IMPORT = /^import(?:([^"';]*?)from)?"([^"]+)";/;
/** Where several files are one chunk, the imports of the second stand behind the first. */
const INNER = /(?<=[;}])import(\{[^{}"']*\}|\s*\*\s*as\s+[\w$]+\s+|\s+[\w$]+\s+)from"(node:[a-z_/]+)";/g;
/** What is exported; a package's licence may stand behind it. */
export const EXPORT = /export\{([^{}]*)\};?\s*((?:\/\*[^]*?\*\/\s*)*)$/;

/** A chunk's imports, code and exports. */
export function parse(name: string, text: string): Parsed {
  const parsed: Parsed = { imports: [], outside: [], body: text, exports: [] };
  for (let found; (found = IMPORT.exec(parsed.body));) {
    const [whole, clause = "", from = ""] = found;
    parsed.body = parsed.body.slice(whole.length);
    if (!from.startsWith("./")) parsed.outside.push({ clause, from });
    else if (clause === "" || /^\{.*\}$/.test(clause)) {
      parsed.imports.push({ from: from.slice(2), names: names(clause) });
    } else throw new BuildError(`${name} imports ${from} in a way that cannot be merged: ${clause}`);
  }
  parsed.body = parsed.body.replace(INNER, (_, clause, from) => {
    parsed.outside.push({ clause, from });
    return "";
  });
  const exported = EXPORT.exec(parsed.body);
  if (exported) {
    parsed.body = parsed.body.slice(0, exported.index) + exported[2]!;
    parsed.exports = names(exported[1]!).map(([local, outside]) => [outside, local]);
  }
  return parsed;
}

/** `{a as b,c}` → `[["a", "b"], ["c", "c"]]` */
export function names(clause: string): Names {
  return clause.replace(/^\{|\}$/g, "").split(",").filter(Boolean).map((part) => {
    const [one = "", other = one] = part.trim().split(/\s+as\s+/);
    return [one, other];
  });
}

/** All chunks that are loaded with `name`, those that it needs first. */
export function loadedWith(name: string, chunks: Chunks, loaded: Set<string> = new Set()): Set<string> {
  if (loaded.has(name)) return loaded;
  for (const { from } of parse(name, chunks.get(name)!).imports) loadedWith(from, chunks, loaded);
  return loaded.add(name);
}

/** Puts what is loaded with `entry` into it, but for what is loaded with one of `apart` already. */
export function merge(chunks: Chunks, entry: string, apart: readonly string[]): Chunks {
  const kept = new Set(apart.flatMap((name) => [...loadedWith(name, chunks)]));
  return gather(chunks, entry, [...loadedWith(entry, chunks)].filter((name) => !kept.has(name)));
}

/**
 * What `main` loads becomes one chunk; of the starts that come after it, which load much of the same, what all of them
 * load becomes one, what two of them load another, and so on. Each start is a list of chunks that are loaded one after the
 * other; where a group has the first one of a start, it has its name. `others` come after a start now and then: what they
 * alone load stays as it is.
 */
export function mergeStarts(
  chunks: Chunks,
  main: string,
  starts: readonly (readonly string[])[],
  others: readonly (readonly string[])[] = [],
): Chunks {
  let merged = merge(chunks, main, []);
  const loads = [...starts, ...others].map((names) =>
    names.reduce((all, name) => loadedWith(name, merged, all), new Set<string>())
  );
  const groups = Map.groupBy(
    new Set(loads.flatMap((all) => [...all])).difference(new Set([main])),
    (name) => loads.map((all) => all.has(name) ? "1" : "0").join(""),
  );
  for (const [loadedBy, together] of groups) {
    if (!loadedBy.slice(0, starts.length).includes("1")) continue;
    const entry = starts.map(([first]) => first!).find((name) => together.includes(name)) ?? together.at(-1)!;
    if (together.length > 1) merged = gather(merged, entry, together);
  }
  return merged;
}

/** Puts `together` into `entry`; those that others need stand first. What is imported on demand can still be. */
function gather(chunks: Chunks, entry: string, together: readonly string[]): Chunks {
  const prefix = new Map(together.map((name, index) => [name, `$${index.toString(36)}_`]));
  const inside = (chunk: string, name: string) => `${prefix.get(chunk)}${name}`;

  const merged = new Map<string, string>();
  const wanted = new Set<string>();
  for (const name of together) {
    if (name === entry || ![...chunks.values()].some((text) => text.includes(`import("./${name}")`))) continue;
    const all = parse(name, chunks.get(name)!).exports.map(([outside]) => outside);
    for (const outside of all) wanted.add(inside(name, outside));
    const names: Names = all.map((outside) => [inside(name, outside), outside]);
    merged.set(
      name,
      importLine(entry, names.map(([there]) => [there, there])) + exportLine(names.map(([a, b]) => [b, a])),
    );
  }
  for (const [name, text] of chunks) {
    if (prefix.has(name)) continue;
    const { imports, outside, body, exports } = parse(name, text);
    const lines = imports.map(({ from, names }) => {
      if (!prefix.has(from)) return importLine(from, names);
      for (const [there] of names) wanted.add(inside(from, there));
      return importLine(entry, names.map(([there, here]) => [inside(from, there), here]));
    });
    const own = outside.map(({ clause, from }) => `import${clause && `${clause}from`}"${from}";`);
    merged.set(name, [...lines, ...own, body, exportLine(exports)].join(""));
  }

  const heads: string[] = [];
  const bodies = together.map((name) => {
    const { imports, outside, body, exports } = parse(name, chunks.get(name)!);
    const aliases: string[] = [];
    for (const [index, { clause, from }] of outside.entries()) {
      const here = (local: string) => inside(name, `${index + 1}${local}`);
      const all = /^\{/.test(clause.trim()) ? names(clause) : undefined;
      if (!all) {
        // A whole module, or what it exports by default.
        const [, star, local = ""] = /^\s*(\*\s*as\s+)?([\w$]+)\s*$/.exec(clause) ?? [];
        if (!local) throw new BuildError(`${name} imports ${from} in a way that cannot be merged: ${clause}`);
        heads.push(`import ${star ?? ""}${here(local)} from"${from}";`);
        aliases.push(`${local}=${here(local)}`);
        continue;
      }
      heads.push(importLine(from, all.map(([there, local]) => [there, here(local)]), ""));
      aliases.push(...all.map(([, local]) => `${local}=${here(local)}`));
    }
    for (const { from, names } of imports) {
      if (!prefix.has(from)) {
        heads.push(importLine(from, names.map(([there, local]) => [there, inside(name, `0${local}`)])));
        aliases.push(...names.map(([, local]) => `${local}=${inside(name, `0${local}`)}`));
      } else aliases.push(...names.map(([there, local]) => `${local}=${inside(from, there)}`));
    }
    const declared = exports.length > 0 ? `let ${exports.map(([outside]) => inside(name, outside)).join()};` : "";
    const given = exports.map(([outside, local]) => `${inside(name, outside)}=${local};`).join("");
    return `${declared}(()=>{${aliases.length > 0 ? `const ${aliases.join()};` : ""}${body}\n${given}})();`;
  });
  const own: Names = parse(entry, chunks.get(entry)!).exports.map(([outside]) => [outside, inside(entry, outside)]);
  const others: Names = [...wanted].map((name) => [name, name]);
  return merged.set(entry, [...heads, ...bodies, exportLine([...own, ...others])].join(""));
}

function importLine(from: string, names: Names, folder = "./"): string {
  const clause = names.map(([there, here]) => there === here ? here : `${there} as ${here}`).join();
  return `import${names.length > 0 ? `{${clause}}from` : ""}"${folder}${from}";`;
}

function exportLine(exports: Names): string {
  const clause = exports.map(([outside, local]) => outside === local ? local : `${local} as ${outside}`).join();
  return exports.length > 0 ? `export{${clause}};\n` : "\n";
}
