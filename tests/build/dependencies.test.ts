/** Decision 0001 is the whole truth about what the program holds. */
import assert from "node:assert/strict";
import { ROOT } from "./tree.ts";

Deno.test("the program holds the packages of decision 0001 and no others", async () => {
  const decision = await Deno.readTextFile(`${ROOT}/.github/decisions/0001-dependencies.md`);
  const table = decision.slice(decision.indexOf("## In the program"), decision.indexOf("## In tests and builds only"));
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--frozen", "main.ts"],
    cwd: ROOT,
    stderr: "null",
  }).output();
  assert.ok(success);
  const graph: {
    modules: { kind?: string; specifier: string; npmPackage?: string }[];
    npmPackages: Record<string, { name: string; version: string; dependencies: string[] }>;
  } = JSON.parse(new TextDecoder().decode(stdout));
  const reached = new Set<string>();
  const reach = (id: string) => {
    if (reached.has(id)) return;
    reached.add(id);
    graph.npmPackages[id]!.dependencies.forEach(reach);
  };
  graph.modules.flatMap(({ npmPackage }) => npmPackage ?? []).forEach(reach);
  const held = [...reached].map((id) => graph.npmPackages[id]!);
  assert.ok(held.length > 5, "the graph names packages");
  const unlisted = held.filter(({ name }) => !new RegExp(`(^|[ (|])${name}[ ,.)]`, "m").test(table));
  assert.deepEqual(unlisted.map(({ name, version }) => `${name}@${version}`), []);
  const own = held.filter(({ name }) => table.includes(`| ${name} `));
  const wrong = own.filter(({ name, version }) => !table.includes(`| ${name} ${version}`));
  assert.deepEqual(wrong, [], "the versions of the decision");
});
