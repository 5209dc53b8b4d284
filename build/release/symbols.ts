/**
 * Symbols: what leads from a place in the program's chunks back to the source. They are made beside the build and
 * published beside the program; none of them is in it.
 *
 * @module
 */

import { join, relative, resolve } from "node:path";
import { direct } from "../direct.ts";
import { type Chunks, EXPORT } from "../merge.ts";
import { BuildError, deno, LOCKED } from "../process.ts";
import { decode, encode, type Mapping, type SourceMap } from "./sourcemap.ts";

/** The published file, as JSON. */
export interface Symbols {
  version: string;
  /** Name of a chunk → its source map, without the sources' texts. */
  chunks: Record<string, SourceMap>;
}

/** As esbuild wrote it, before its chunks were renamed, merged and stamped. */
export interface Original {
  text: string;
  map: SourceMap;
}

/** Bundles once more, with maps. */
export async function originals(root: string, entry: string): Promise<Original[]> {
  const work = await Deno.makeTempDir();
  const out = join(work, "out");
  try {
    const source = await direct(root, join(work, "source"));
    const options = [...LOCKED, "--minify", "--code-splitting", "--sourcemap=external", "--outdir", out];
    await deno(["bundle", "--quiet", ...options, entry], source);
    const names = (await Array.fromAsync(Deno.readDir(out), ({ name }) => name)).filter((name) => name.endsWith(".js"));
    const { npm } = JSON.parse(await Deno.readTextFile(join(root, "deno.lock")));
    return await Promise.all(
      names.sort().map(async (name) => {
        const map = JSON.parse(await Deno.readTextFile(join(out, `${name}.map`)));
        const sources = map.sources.map((path: string) => place(resolve(out, path), source, Object.keys(npm)));
        return {
          text: await Deno.readTextFile(join(out, name)),
          map: { version: 3, sources, names: map.names, mappings: map.mappings } as SourceMap,
        };
      }),
    );
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/** `src/run.ts`, or `npm:smol-toml/1.9.1/dist/parse.js`: no path of this machine. `locked`: `smol-toml@1.9.1`, … */
function place(path: string, root: string, locked: readonly string[]): string {
  const inside = relative(root, path).replaceAll("\\", "/");
  if (!inside.startsWith("..")) return inside;
  const [, found] = /\/npm\/[^/]+\/(.+)$/.exec(path.replaceAll("\\", "/")) ?? [];
  if (!found) throw new BuildError("the bundle has a source that is neither the project's nor a package's");
  const [, name = "", rest = ""] = /^((?:@[^/]+\/)?[^/]+)\/(.+)$/.exec(found) ?? [];
  if (/^\d+\.\d+\.\d+/.test(rest)) return `npm:${found}`;
  // A package's own map may lead out of it, to sources that it does not hold: graphql's does, and loses the version.
  const [version, other] = locked.filter((id) => id.startsWith(`${name}@`)).map((id) => id.slice(name.length + 1));
  if (!version || other) throw new BuildError(`the bundle has a source of ${name} whose version nobody knows`);
  return `npm:${name}/${version.replace(/_.*/, "")}/${rest}`;
}

/** Packages whose code is in the bundle, as `name@version`, by name. */
export function packagesIn(found: readonly Original[]): string[] {
  const used = found.flatMap(({ map }) => {
    const sources = new Set(decode(map.mappings).map(({ source }) => source));
    return map.sources.filter((_, index) => sources.has(index));
  });
  const packages = used.flatMap((source) => {
    const [, name, version] = /^npm:((?:@[^/]+\/)?[^/]+)\/([^/]+)\//.exec(source) ?? [];
    return name ? [`${name}@${version}`] : [];
  });
  return [...new Set(packages)].sort();
}

/** What the build changed in a chunk, before it was embedded: names of chunks, placeholders, what imports. */
const CHANGED =
  /-[0-9A-Z]{8}\.js|@@AUTOCOM_[A-Z_]+@@|(?<=^|[;}\n])import[^"'`;()]*?from"node:[a-z_/]+";|(?<![\w$.])import(?=\(")/;
const IMPORTS = /^(?:import(?:[^"';]*?from)?"[^"]+";)+/;

/** The maps of the chunks as they are embedded: their texts are found again in there, piece by piece. */
export function symbolsOf(version: string, found: readonly Original[], chunks: Chunks): Symbols {
  const sources = [...new Set(found.flatMap(({ map }) => map.sources))].sort();
  const names = [...new Set(found.flatMap(({ map }) => map.names))].sort();
  const sourceAt = new Map(sources.map((source, index) => [source, index]));
  const nameAt = new Map(names.map((name, index) => [name, index]));
  const placed = new Map<string, Mapping[]>();
  for (const { text, map } of found) {
    const body = text.replace(IMPORTS, "").replace(EXPORT, "");
    const start = text.indexOf(body);
    if (body.trim() === "") continue;
    const pieces = piecesOf(body, start);
    const home = [...chunks].map(([name, chunk]) => ({ name, chunk, at: locate(chunk, pieces) })).find(({ at }) => at);
    if (!home) throw new BuildError("a chunk of the bundle is not in the program");
    const before = linesOf(text);
    const after = linesOf(home.chunk);
    const mappings = placed.get(home.name) ?? [];
    for (const mapping of decode(map.mappings)) {
      const offset = before[mapping.line]! + mapping.column;
      const index = pieces.findLastIndex(({ start }) => start <= offset);
      const piece = pieces[index];
      if (!piece || offset >= piece.start + piece.text.length) continue;
      const there = home.at![index]! + offset - piece.start;
      const line = after.findLastIndex((start) => start <= there);
      mappings.push({
        ...{ line, column: there - after[line]!, sourceLine: mapping.sourceLine, sourceColumn: mapping.sourceColumn },
        source: sourceAt.get(map.sources[mapping.source]!)!,
        ...mapping.name !== undefined && { name: nameAt.get(map.names[mapping.name]!)! },
      });
    }
    placed.set(home.name, mappings);
  }
  const result: Record<string, SourceMap> = {};
  for (const name of [...placed.keys()].sort()) {
    const ordered = placed.get(name)!.sort((a, b) => a.line - b.line || a.column - b.column);
    result[name] = pruned({ sources, names }, ordered);
  }
  return { version, chunks: result };
}

interface Piece {
  text: string;
  /** Where it begins in the original chunk. */
  start: number;
}

function piecesOf(body: string, start: number): Piece[] {
  const pieces: Piece[] = [];
  for (let rest = body, at = start;;) {
    const change = CHANGED.exec(rest);
    pieces.push({ text: change ? rest.slice(0, change.index) : rest, start: at });
    if (!change) return pieces;
    const used = change.index + change[0].length;
    [rest, at] = [rest.slice(used), at + used];
  }
}

/** Where each piece begins in the chunk; undefined when they are not all there, one soon after the other. */
function locate(chunk: string, pieces: readonly Piece[]): number[] | undefined {
  for (let first = chunk.indexOf(pieces[0]!.text); first >= 0; first = chunk.indexOf(pieces[0]!.text, first + 1)) {
    const at = [first];
    let end = first + pieces[0]!.text.length;
    for (const { text } of pieces.slice(1)) {
      const next = chunk.indexOf(text, end);
      if (next < 0) break;
      at.push(next);
      end = next + text.length;
    }
    if (at.length === pieces.length) return at;
    if (pieces[0]!.text === "") return undefined;
  }
  return undefined;
}

/** Offsets where the lines begin. */
function linesOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Only the sources and names that these mappings use. */
function pruned(all: { sources: string[]; names: string[] }, mappings: readonly Mapping[]): SourceMap {
  const keep = (list: string[], used: Set<number>) => {
    const order = [...used].sort((a, b) => a - b);
    return { list: order.map((index) => list[index]!), at: new Map(order.map((index, now) => [index, now])) };
  };
  const sources = keep(all.sources, new Set(mappings.map(({ source }) => source)));
  const names = keep(all.names, new Set(mappings.flatMap(({ name }) => name ?? [])));
  const moved = mappings.map((mapping) => ({
    ...mapping,
    source: sources.at.get(mapping.source)!,
    ...mapping.name !== undefined && { name: names.at.get(mapping.name)! },
  }));
  return { version: 3, sources: sources.list, names: names.list, mappings: encode(moved) };
}
