/** The manual page, held to the formatters that people have. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { documents } from "../build/documents.ts";
import { describe, explain, parse } from "../src/cli/mod.ts";
import { NOUNS } from "../src/commands/mod.ts";
import { EXITS } from "../src/errors.ts";
import { man, type Manual } from "../src/man.ts";
import { CONVENTIONS, OWN_VARIABLES, RUNTIME, SURROUNDINGS } from "../src/meanings.ts";
import { style } from "../src/output/mod.ts";
import { PLACES } from "../src/storage/mod.ts";
import { execute, world } from "./support/harness.ts";

const { commands, global, root } = await describe(NOUNS);
const MANUAL: Manual = {
  commands,
  global,
  root,
  exits: EXITS,
  variables: [...OWN_VARIABLES, ...CONVENTIONS, ...SURROUNDINGS, ...RUNTIME],
  version: "1.2.3",
  date: "2026-05-31",
};

/** What a formatter says of a page, on both streams; undefined where there is no such program. */
async function said(program: string, args: string[], page: string): Promise<{ out: string; err: string } | undefined> {
  try {
    const child = new Deno.Command(program, { args, stdin: "piped", stdout: "piped", stderr: "piped" }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(page));
    await writer.close();
    const { stdout, stderr } = await child.output();
    return { out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.error(`SKIPPED: the manual page under ${program}: not installed`);
    return undefined;
  }
}

const HOSTILE: Manual = {
  ...MANUAL,
  commands: [{
    ...commands[0]!,
    description: ".so /etc/passwd",
    examples: [".sy id", "'it is", "back\\slash \\fBbold", "a\nb"],
    options: [{ flag: "--x-y", about: "'quoted' and -dashed- and \\n" }],
  }],
};

for (const [name, manual] of [["the page", MANUAL], ["a page with hostile words", HOSTILE]] as const) {
  Deno.test(`WP-93: ${name} is clean under mandoc and groff`, async () => {
    const page = man(manual);
    const lint = await said("mandoc", ["-T", "lint", "-W", "warning"], page);
    assert.equal(lint?.out ?? "", "");
    const groff = await said("groff", ["-man", "-ww", "-T", "utf8", "-P", "-c"], page);
    assert.equal(groff?.err ?? "", "");
  });
}

Deno.test("WP-93: what begins like a request, and backslashes, survive", async () => {
  const shown = await said("mandoc", ["-T", "utf8"], man(HOSTILE));
  // deno-lint-ignore no-control-regex
  const text = shown?.out.replaceAll(/.\x08/g, "");
  if (text === undefined) return;
  for (
    const words of [
      ".so /etc/passwd",
      ".sy id",
      "'it is",
      "back\\slash \\fBbold",
      "a b",
      "'quoted' and -dashed- and \\n",
    ]
  ) {
    assert.ok(text.includes(words), `${words} in\n${text}`);
  }
});

Deno.test("the page names every command, option, exit code and variable", async () => {
  const shown = await said("mandoc", ["-T", "utf8", "-O", "width=300"], man(MANUAL));
  // deno-lint-ignore no-control-regex
  const text = shown?.out.replaceAll(/.\x08/g, "");
  if (text === undefined) return;
  for (const { command, options, examples } of commands) {
    assert.ok(text.includes(`autocom ${command}`), command);
    for (const { flag } of options) assert.ok(text.includes(flag), flag);
    for (const example of examples) assert.ok(text.includes(example), example);
  }
  for (const { flag } of [...global, ...root]) assert.ok(text.includes(flag), flag);
  for (const { kind } of EXITS) assert.ok(text.includes(`${kind}: `), kind);
  for (const [name] of MANUAL.variables) assert.ok(text.includes(name), name);
});

Deno.test("the page of a release explains every variable that help environment does", async () => {
  const page = plain((await documents(fileURLToPath(new URL("../", import.meta.url)), "2.0.0"))["autocom.1"]!);
  const [, environment] = page.split(".SH ENVIRONMENT\n");
  const { out } = await execute("help environment -o json", await world());
  const rows = JSON.parse(out) as { variable: string; meaning: string }[];
  assert.ok(rows.some(({ variable }) => variable === "SSLKEYLOGFILE"));
  for (const { variable, meaning } of rows) {
    assert.ok(environment!.includes(`\n${variable}\n${meaning}\n`), variable);
  }
});

/** The page as it is read: without its macros for letters and fonts. */
function plain(page: string): string {
  const letters: Record<string, string> = { e: "\\", "-": "-", "(aq": "'", "(ga": "`", "(ha": "^", "(ti": "~" };
  return page.replaceAll(/\\f[BIR]|\\&/g, "").replaceAll(/\\(\((?:aq|ga|ha|ti)|[e-])/g, (_, name) => letters[name]!);
}

for (const { command } of commands) {
  Deno.test(`the page explains ${command} as its help does: usage, arguments and options`, async () => {
    const line = await parse([...command.split(" "), "--help"], NOUNS, { suggest: false });
    assert.ok(line.is === "explain");
    const help = await explain(line, NOUNS, { columns: 100, style: style(false) });
    const [, own] = plain(man(MANUAL)).split(`.SS "autocom ${command}"\n`);
    const page = own!.split("\n.S")[0]!;
    assert.match(page.split("\n")[0]!, /^autocom .*\[options\]$/);
    const sections = help.split("\n\n").filter((section) => /^(Arguments|Options):\n/.test(section));
    const items = sections.flatMap((section) => section.split(/\n {2}(?=\S)/).slice(1));
    for (const item of items) {
      const about = item.split(/ {2,}/).slice(1).map((part) => part.trim()).join(" ");
      assert.ok(page.includes(`\n${about}\n`), `${about} in\n${page}`);
    }
  });
}

Deno.test("the page names every file of autocom's own, and the variable that moves it", () => {
  const [, files] = plain(man(MANUAL)).split(".SH FILES\n");
  for (const { name, variable } of Object.values(PLACES)) {
    const [, about] = files!.split(new RegExp(`~/\\.autocom/${RegExp.escape(name)}(?:-\\.\\.\\.)?\n`));
    assert.ok(about, name);
    if (variable) assert.match(about.split("\n")[0]!, new RegExp(`\\(elsewhere: ${variable}\\)$`));
  }
});
