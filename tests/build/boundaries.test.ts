import assert from "node:assert/strict";
import { join } from "node:path";
import { boundaries } from "../../build/lint/boundaries.ts";
import { crossing, LAYERS } from "../../build/lint/layers.ts";

const ROOT = Deno.build.os === "windows" ? "C:\\house" : "/house";
const MODS: Record<string, string> = {
  "src/commands/orders/mod.ts": `import { get } from "./get.ts";\nimport { list } from "./list.ts";\n`,
};
const plugin = boundaries(ROOT, (path) => {
  const text = MODS[path.slice(ROOT.length + 1).replaceAll("\\", "/")];
  if (text === undefined) throw new Deno.errors.NotFound(path);
  return text;
});

/** The ids of the rules that `code` breaks when it stands at `path`. */
function broken(path: string, code: string): string[] {
  return Deno.lint.runPlugin(plugin, join(ROOT, path), code).map((found) => found.id.replace("boundaries/", ""));
}

function allowed(path: string, ...lines: string[]) {
  for (const line of lines) assert.deepEqual(broken(path, line), [], `${path}: ${line}`);
}

function refused(rule: string, path: string, ...lines: string[]) {
  for (const line of lines) assert.deepEqual(broken(path, line), [rule], `${path}: ${line}`);
}

Deno.test("only main.ts imports the real world", () => {
  allowed("main.ts", `import { denoSystem } from "./src/system/deno.ts";`, `import { run } from "./src/run.ts";`);
  refused("imports", "src/run.ts", `import { denoSystem } from "./system/deno.ts";`);
  refused("imports", "src/system/mod.ts", `export * from "./deno.ts";`, `await_(import("./deno.ts"));`);
  refused("imports", "src/api/mod.ts", `type A = import("../system/deno.ts").A;`);
  allowed("tests/binary/probe.ts", `import { denoSystem } from "../../src/system/deno.ts";`);
});

Deno.test("one file parses TOML", () => {
  allowed("src/config/toml.ts", `import { parse } from "smol-toml";`);
  refused("imports", "src/config/mod.ts", `import { parse } from "smol-toml";`);
});

Deno.test("a verb is imported by its noun's mod.ts alone", () => {
  allowed("src/commands/orders/mod.ts", `import { list } from "./list.ts";`, `const list = import("./list.ts");`);
  allowed("src/commands/orders/get.ts", `import { columns } from "./columns.ts";`);
  refused("imports", "src/commands/orders/get.ts", `import { list } from "./list.ts";`);
  refused("imports", "src/commands/orders/columns.ts", `export { list } from "./list.ts";`);
  refused("imports", "src/commands/mod.ts", `import { list } from "./orders/list.ts";`);
});

Deno.test("the layers are the drawing: a room imports what the table says, and some only as types", () => {
  allowed("src/kinds/listing.ts", `import { connect } from "../api/mod.ts";`, `import type { App } from "../app.ts";`);
  allowed(
    "src/api/mod.ts",
    `import type { System } from "../system/mod.ts";`,
    `export { type System } from "../system/mod.ts";`,
  );
  refused(
    "imports",
    "src/kinds/listing.ts",
    `import { app } from "../app.ts";`,
    `export { app, type App } from "../app.ts";`,
  );
  refused(
    "imports",
    "src/kinds/listing.ts",
    `import { verbs } from "../commands/mod.ts";`,
    `const c = import("../commands/mod.ts");`,
  );
  refused("imports", "src/output/json.ts", `import type { Api } from "../api/mod.ts";`);
  refused("imports", "src/completion/mod.ts", `import { NOUNS } from "../commands/mod.ts";`);
  refused("imports", "src/api/mod.ts", `import { ports } from "../system/mod.ts";`);
  refused("imports", "src/errors.ts", `import { settings } from "./settings.ts";`);
});

Deno.test("a new room is drawn before anything is imported there, and the table leads in no circle", () => {
  assert.match(crossing("cellar", "errors.ts", false) ?? "", /"cellar" is no room of build\/lint\/layers\.ts: draw it/);
  const way: string[] = [];
  const down = (room: string) => {
    assert.ok(!way.includes(room), [...way, room].join(" → "));
    way.push(room);
    const { to, types = "" } = LAYERS[room]!;
    for (const next of `${to} ${types}`.split(" ").filter(Boolean)) down(next);
    way.pop();
  };
  for (const room of Object.keys(LAYERS)) down(room);
});

Deno.test("a folder is entered through its mod.ts", () => {
  allowed("src/api/graphql.ts", `import { x } from "./failure.ts";`, `import { AppError } from "../errors.ts";`);
  allowed("src/commands/orders/list.ts", `import type { App } from "../../app.ts";`, `import { v } from "../verb.ts";`);
  allowed("src/commands/orders/list.ts", `import { rows } from "../../output/mod.ts";`);
  allowed("src/execute.ts", `const c = import("./commands/mod.ts");`);
  refused("imports", "src/run.ts", `import { x } from "./api/graphql.ts";`, `const y = import("./output/yaml.ts");`);
  refused("imports", "src/run.ts", `import { orders } from "./commands/orders/mod.ts";`);
  refused("imports", "src/auth/mod.ts", `import { x } from "../api/graphql.ts";`);
  refused("imports", "main.ts", `import { x } from "./src/api/graphql.ts";`);
  refused("imports", "src/app.ts", `import { world } from "../tests/support/world.ts";`);
});

Deno.test("the outside world is used in src/system/ alone", () => {
  const uses = [
    `console.log(1);`,
    `export const get = () => fetch("https://example.com");`,
    `setTimeout(() => {}, 1);`,
    `const id = setInterval(f, 1);`,
    `performance.now();`,
    `const a = Deno.args;`,
    `const a = globalThis.fetch;`,
    `f({ fetch });`,
    `const now = Date.now();`,
    `const now = new Date();`,
    `const now = Date();`,
    `const x = Math.random();`,
    `crypto.getRandomValues(x);`,
    `const id = crypto.randomUUID();`,
    `const s = AbortSignal.timeout(5);`,
    `type F = Deno.FsFile;`,
    `let f: typeof fetch;`,
    `function f(info: Deno.FileInfo) {}`,
  ];
  refused("globals", "src/api/graphql.ts", ...uses);
  allowed("src/system/deno.ts", ...uses);
  allowed("main.ts", `Deno.exit(await run(Deno.args, denoSystem()));`);
  allowed("tests/api/graphql.test.ts", ...uses);
});

Deno.test("a name that only looks like the outside world is let pass", () => {
  allowed(
    "src/api/graphql.ts",
    `system.fetch(request);`,
    `const send = { fetch: system.fetch, console: 1 };`,
    `interface Ports { fetch: Fetch; prompt(): void }`,
    `type Inner = (fetch: Fetch) => Fetch;`,
    `const bearer = (fetch: Fetch) => (request: Request) => fetch(request);`,
    `function bearer({ fetch }: Ports) { return fetch(1); }`,
    `function bearer({ fetch: send = 1 }: Ports) { return send; }`,
    `function f() { const { fetch, ...process } = system; return fetch(process); }`,
    `function f([prompt]: string[], ...self: string[]) { return prompt + self; }`,
    `for (const self of all) use(self);`,
    `try { f(); } catch (process) { use(process); }`,
    `class A { constructor(private fetch: Fetch) { use(fetch); } performance = 1; confirm() {} }`,
    `import { prompt } from "./call.ts"; prompt();`,
    `const day = new Date(text); day.toISOString(); Date.parse(text); Math.max(1, 2);`,
    `await_(crypto.subtle.digest("SHA-256", bytes));`,
    `const { signal } = new AbortController(); AbortSignal.any([signal]);`,
  );
});

Deno.test("a parameter named fetch in one function does not cover another function", () => {
  refused("globals", "src/api/mod.ts", `const a = (fetch: Fetch) => fetch(1); const b = () => fetch(2);`);
});

Deno.test("Node's modules that reach outside are used in src/system/ alone", () => {
  allowed("src/auth/pkce.ts", `import { timingSafeEqual } from "node:crypto";`, `import { join } from "node:path";`);
  allowed("src/system/prompt.ts", `import { Readable } from "node:stream";`);
  refused(
    "imports",
    "src/auth/pkce.ts",
    `import { randomUUID } from "node:crypto";`,
    `import { randomUUID as id } from "node:crypto";`,
    `import crypto from "node:crypto";`,
    `import process from "node:process";`,
    `import { readFile } from "node:fs/promises";`,
  );
});

Deno.test("an import is free: nothing awaited at the top level, no exported variable", () => {
  refused("import-is-free", "src/output/yaml.ts", `await load();`, `export let x = 1;`, `export var y = 1;`);
  allowed("src/output/yaml.ts", `export const x = async () => await load();`, `async function f() { await load(); }`);
});

Deno.test("a name must exclude something", () => {
  for (
    const path of ["src/utils/mod.ts", "src/api/helpers.ts", "build/common.ts", "tests/shared/a.ts", "src/core.ts"]
  ) {
    refused("files", path, "export {};");
  }
  allowed("src/api/score.ts", "export {};");
  allowed("src/api/commonplace.ts", "export {};");
});

Deno.test("a file of the program or its build has 250 lines at most, any other 400", () => {
  for (const [path, most] of [["src/a.ts", 250], ["build/a.ts", 250], ["tests/a.test.ts", 400]] as const) {
    allowed(path, "f();\n".repeat(most));
    refused("files", path, "f();\n".repeat(most + 1));
  }
});
