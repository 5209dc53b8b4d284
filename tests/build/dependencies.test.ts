/** Decision 0001 is the whole truth about what the program holds; nothing but deno.lock says where it comes from. */
import assert from "node:assert/strict";
import { deno, LOCKED } from "../../build/process.ts";
import { CONFIG, copyProject, ROOT } from "../support/build/tree.ts";

Deno.test("the program holds the packages of decision 0001 and no others", async () => {
  const decision = await Deno.readTextFile(`${ROOT}/.github/decisions/0001-dependencies.md`);
  const table = decision.slice(decision.indexOf("## In the program"), decision.indexOf("## In tests and builds only"));
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", ...LOCKED, "main.ts"],
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

/** What the tasks of deno.json run, each `deno` by itself. */
const COMMANDS = Object.values(CONFIG.tasks as Record<string, string>)
  .flatMap((task) => task.split(/&& | -- /))
  .filter((command) => !/\bdeno (fmt|lint|task) ?/.test(command));

Deno.test("every task takes the packages from the lock, and trusts the system's certificates", () => {
  assert.ok(COMMANDS.length >= 10);
  for (const command of COMMANDS) {
    assert.match(command, /\bdeno (\w+ --lock=deno\.lock --frozen(?!=)|check --lock=deno\.lock --frozen=false$)/);
  }
  const whole = Object.values(CONFIG.tasks as Record<string, string>).filter((task) => task.includes("--lock"));
  for (const task of whole) assert.match(task, /^DENO_TLS_CA_STORE=system,mozilla deno /);
});

Deno.test("deno task fetches nothing before a task begins: only the task trusts a company's certificate", async () => {
  const folder = await Deno.makeTempDir({ prefix: "autocom " });
  try {
    await copyProject(folder);
    const tasks = { greet: "echo hello" };
    await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify({ ...CONFIG, tasks }));
    // Nobody is there: a request to a registry fails.
    const env = { DENO_DIR: `${folder}/cache`, HTTPS_PROXY: "http://127.0.0.1:1", NO_PROXY: "", no_proxy: "" };
    assert.equal(await deno(["task", "--quiet", "greet"], folder, env), "hello\n");
    await assert.rejects(deno(["cache", ...LOCKED, "src/execute.ts"], folder, env), /client error \(Connect\)/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
