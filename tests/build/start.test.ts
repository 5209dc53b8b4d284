/** What a start loads: start-up is decided by it, and one careless import undoes it. */
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { deno, LOCKED } from "../../build/process.ts";
import { ROOT } from "../support/build/tree.ts";

interface Info {
  modules: { specifier: string; dependencies?: { code?: { specifier: string }; isDynamic?: boolean }[] }[];
}

const { modules }: Info = JSON.parse(await deno(["info", "--json", ...LOCKED, "main.ts"], ROOT));
const BASE = `${pathToFileURL(ROOT).href}/`;

/** What is loaded with a file: the project's files by their paths, packages as `npm:…`. */
function loadedWith(path: string): Set<string> {
  const loaded = new Set<string>();
  const load = (specifier: string) => {
    if (loaded.has(specifier)) return;
    loaded.add(specifier);
    const { dependencies = [] } = modules.find((module) => module.specifier === specifier) ?? {};
    for (const { code, isDynamic } of dependencies) if (code && !isDynamic) load(code.specifier);
  };
  load(BASE + path);
  return new Set([...loaded].map((specifier) => specifier.replace(BASE, "")));
}

Deno.test("--version loads no command, no setting and no package", () => {
  const loaded = [...loadedWith("main.ts")];
  assert.ok(loaded.includes("src/run.ts") && loaded.includes("src/system/deno.ts"));
  assert.deepEqual(
    loaded.filter((path) => !/^(main\.ts|src\/(run|errors|build_info|settings)\.ts|src\/system\/.*)$/.test(path)),
    [],
  );
});

const LATER = [
  "src/api/causes.ts",
  "src/auth/authorize.ts",
  "src/auth/grant.ts",
  "src/auth/refresh.ts",
  "src/auth/store.ts",
  "src/commands/auth/mod.ts",
  "src/commands/config/mod.ts",
  "src/commands/doctor/mod.ts",
  "src/doctor/mod.ts",
  "src/commands/help/mod.ts",
  "src/cli/help.ts",
  "src/cli/suggest.ts",
  "src/config/toml.ts",
  "src/kinds/asked.ts",
  "src/query/mod.ts",
  "src/query/parser.ts",
  "src/output/csv.ts",
  "src/output/layout.ts",
  "src/output/meaning.ts",
  "src/output/table.ts",
  "src/output/yaml.ts",
  "src/system/authorities.ts",
  "src/system/crowd.ts",
  "src/system/loopback.ts",
  "src/system/proxy.ts",
  "src/system/relay.ts",
  "src/system/choose.ts",
  "src/system/prompt.ts",
  "src/system/reading.ts",
];

Deno.test("a command loads what most commands need; the rest when it is needed", () => {
  const loaded = loadedWith("src/execute.ts");
  assert.ok(loaded.has("src/commands/orders/list.ts") && loaded.has("src/api/mod.ts"));
  for (const path of LATER) {
    assert.ok(modules.some(({ specifier }) => specifier === BASE + path), `${path} is part of the program`);
    assert.ok(!loaded.has(path), `${path} is loaded at every start`);
  }
  const packages = [...loaded].filter((path) => path.startsWith("npm:")).map((path) => path.replace(/@[\d.]+$/, ""));
  assert.deepEqual(packages.toSorted(), []);
});

Deno.test("--query is loaded when it is given, by whichever command has it", () => {
  const isAsked = (path: string) => /^src\/query\/|\/asked\.ts$/.test(path);
  assert.ok([...loadedWith("src/kinds/asked.ts")].includes("src/query/mod.ts"), "it would be seen");
  for (const path of ["execute.ts", "completing.ts", "explaining.ts", "schema/perform.ts", "kinds/listing.ts"]) {
    assert.deepEqual([...loadedWith(`src/${path}`)].filter(isAsked), [], path);
  }
  for (const noun of ["products", "customers", "team", "audit", "call"]) {
    assert.deepEqual([...loadedWith(`src/commands/${noun}/mod.ts`)].filter(isAsked), [], noun);
  }
});
