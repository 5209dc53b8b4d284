/**
 * Source → the same source, with imports that lead past a folder's door. A `mod.ts` names what its folder has; whoever
 * imports one of those names would load them all, because the bundler cannot know that none of the files does work when it
 * is loaded. That none does is a rule of the house, so here each import is led to the file that the name comes from.
 *
 * @module
 */

import { basename, dirname, join, relative } from "node:path/posix";
import { BuildError } from "./process.ts";

/** An import, or what a door hands on. */
const STATEMENT = /^(import|export) (type )?\{([^}]*)\} from "(\.[^"]+)";/gm;
const ON_DEMAND = /import\("(\.[^"]+)"\)/g;
/** All of a file under one name, or handed on without names. */
const ALL = /^(?:import|export) \*.* from "(\.[^"]+)";/gm;

interface Name {
  there: string;
  here: string;
}

/** Copies the program's source, and what bundling it takes, into a folder that is new; returns that. */
export async function direct(root: string, to: string): Promise<string> {
  const sources = new Map(
    await Array.fromAsync(sourcesIn(root), async (path) => {
      return [path, await Deno.readTextFile(`${root}/${path}`)] as const;
    }),
  );
  for (const [path, text] of directed(sources)) {
    await Deno.mkdir(dirname(`${to}/${path}`), { recursive: true });
    await Deno.writeTextFile(`${to}/${path}`, text);
  }
  await Deno.mkdir(`${to}/build`);
  for (const path of ["deno.json", "deno.lock", "build/imports.json"]) {
    await Deno.copyFile(`${root}/${path}`, `${to}/${path}`);
  }
  return to;
}

async function* sourcesIn(root: string, folder = "src"): AsyncIterable<string> {
  if (folder === "src") yield "main.ts";
  for await (const { name, isDirectory } of Deno.readDir(`${root}/${folder}`)) {
    if (isDirectory) yield* sourcesIn(root, `${folder}/${name}`);
    else if (name.endsWith(".ts")) yield `${folder}/${name}`;
  }
}

/**
 * Path → text, with every line where it was; and a file beside each door that is opened on demand. Throws
 * {@link BuildError} where a door is imported with a star: it would be found empty.
 */
export function directed(sources: ReadonlyMap<string, string>): Map<string, string> {
  const doors = new Map([...sources].map(([path, text]) => [path, handedOn(path, text)]));
  for (const [path, text] of sources) {
    for (const [line, from = ""] of text.matchAll(ALL)) {
      if (doors.get(join(dirname(path), from))?.size) {
        throw new BuildError(`${path} must name what it imports: ${line}`);
      }
    }
  }
  const onDemand = new Set(
    [...sources].flatMap(([path, text]) =>
      [...text.matchAll(ON_DEMAND)].map(([, from = ""]) => join(dirname(path), from))
    ),
  );
  const origin = (path: string, name: string): { path: string; name: string } => {
    const next = doors.get(path)?.get(name);
    return next ? origin(next.path, next.name) : { path, name };
  };
  const beside = (path: string) =>
    onDemand.has(path) && doors.get(path)?.size ? path.replace(/\.ts$/, "_whole.ts") : path;
  const way = (from: string, to: string) => {
    const path = relative(dirname(from), to);
    return path.startsWith(".") ? path : `./${path}`;
  };
  const wholes = [...sources.keys()].filter((path) => beside(path) !== path).map((path) => {
    const handed = [...doors.get(path)!.keys()].map((here) => {
      const found = origin(path, here);
      return `export { ${named(found.name, here)} } from "${way(path, found.path)}";`;
    });
    return [beside(path), `export * from "./${basename(path)}";\n${handed.join("\n")}\n`] as const;
  });
  const direct = [...sources].map(([path, text]) =>
    [
      path,
      text.replace(ON_DEMAND, (_, from: string) => {
        return `import("${dirname(from)}/${basename(beside(join(dirname(path), from)))}")`;
      }).replace(STATEMENT, (whole, kind: string, type: string | undefined, names: string, from: string) => {
        if (type) return whole;
        const lines = "\n".repeat(whole.split("\n").length - 1);
        if (kind === "export") return lines; // nobody comes through it any more
        const by = new Map<string, string[]>();
        for (const { there, here } of valuesOf(names)) {
          const found = origin(join(dirname(path), from), there);
          const specifier = way(path, found.path);
          by.set(specifier, [...by.get(specifier) ?? [], named(found.name, here)]);
        }
        return [...by].map(([from, all]) => `import { ${all.join(", ")} } from "${from}";`).join(" ") + lines;
      }),
    ] as const
  );
  return new Map([...direct, ...wholes]);
}

/** `there as here`, or the one name. */
const named = (there: string, here: string) => there === here ? here : `${there} as ${here}`;

/** What a file has of others. */
function handedOn(path: string, text: string): Map<string, { path: string; name: string }> {
  const all = [...text.matchAll(STATEMENT)].filter(([, kind, type]) => kind === "export" && !type);
  return new Map(
    all.flatMap(([, , , names = "", from = ""]) =>
      valuesOf(names).map(({ there, here }) => [here, { path: join(dirname(path), from), name: there }] as const)
    ),
  );
}

/** `a, type B, c as d` → a and c: types are gone before anything is bundled. */
function valuesOf(names: string): Name[] {
  return names.replace(/\/\*[^]*?\*\/|\/\/.*$/gm, "").split(",").map((name) => name.trim())
    .filter((name) => name !== "" && !name.startsWith("type "))
    .map((name) => {
      const [there = "", here = there] = name.split(/\s+as\s+/);
      return { there, here };
    });
}
