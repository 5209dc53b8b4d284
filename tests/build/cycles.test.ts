import assert from "node:assert/strict";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { deno, LOCKED } from "../../build/process.ts";

const ROOT = resolve(import.meta.dirname!, "../..");

interface Info {
  modules: { specifier: string; dependencies?: { code?: { specifier: string }; type?: { specifier: string } }[] }[];
}

/** The folder under src/ (or the file in it) → those that it imports, types included. */
async function graph(): Promise<Map<string, Set<string>>> {
  const base = `${pathToFileURL(ROOT).href}/src/`;
  const roomOf = (specifier?: string) =>
    specifier?.startsWith(base) ? specifier.slice(base.length).split("/")[0] : undefined;
  const edges = new Map<string, Set<string>>();
  const info: Info = JSON.parse(await deno(["info", "--json", ...LOCKED, "main.ts"], ROOT));
  for (const { specifier, dependencies = [] } of info.modules) {
    const from = roomOf(specifier);
    if (!from) continue;
    const to = edges.get(from) ?? new Set();
    for (const { code, type } of dependencies) {
      for (const room of [roomOf(code?.specifier), roomOf(type?.specifier)]) if (room && room !== from) to.add(room);
    }
    edges.set(from, to);
  }
  return edges;
}

/** A way from `room` back to itself, or undefined. */
function cycle(edges: Map<string, Set<string>>, room: string, way: string[] = []): string[] | undefined {
  if (way.includes(room)) return [...way.slice(way.indexOf(room)), room];
  for (const next of edges.get(room) ?? []) {
    const found = cycle(edges, next, [...way, room]);
    if (found) return found;
  }
  return undefined;
}

Deno.test("no folder of the program imports its way back to itself", async () => {
  const edges = await graph();
  assert.ok(edges.get("commands")?.has("app.ts") && edges.get("run.ts"), "the graph is empty");
  for (const room of edges.keys()) assert.equal(cycle(edges, room)?.join(" → "), undefined);
});

Deno.test("a cycle is found and named", () => {
  const edges = new Map([["a", new Set(["b"])], ["b", new Set(["c"])], ["c", new Set(["b"])]]);
  assert.equal(cycle(edges, "a")?.join(" → "), "b → c → b");
});
