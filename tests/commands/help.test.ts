/** The help as a person reads it, in a terminal of 80 columns. Every example in it is executed. */
import assert from "node:assert/strict";
import { everyVerb, NOUNS } from "../../src/commands/mod.ts";
import type { CommandUnknownOpts, Verb } from "../../src/commands/verb.ts";
import { CONVENTIONS, ENVIRONMENT, RUNTIME, SETTINGS } from "../../src/system/environment.ts";
import { autocom, execute, loggedIn, pat, world } from "../support/harness.ts";
import { approved, pasting } from "./desk.ts";
import { shell } from "./shell.ts";

interface Documented {
  words: string;
  verb: Verb;
  command: CommandUnknownOpts;
}

/** Every verb, with the words that call it. */
const SHORTCUTS = await Promise.all(
  NOUNS.filter(({ hidden }) => hidden).map(async ({ name, verbs }) => ({ words: name, verb: await verbs() as Verb })),
);
const VERBS: Documented[] = [...await everyVerb(), ...SHORTCUTS].map(({ words, verb }) => {
  return { words, verb, command: verb.command(() => Promise.reject(new Error("not to be run"))) };
});
const GROUPS = [
  ...new Set(VERBS.map(({ words }) => words.split(" ")).filter(({ length }) => length > 1).map(([noun]) => noun!)),
];
const GLOBAL = ["-o, --output <format>", "--tenant <slug>", "--api-url <url>", "--no-input", "--color <when>"];

async function helpOf(line: string, columns = 80): Promise<string> {
  await using w = await world({ columns });
  const { code, out, err } = await execute(line, w);
  assert.deepEqual([code, err], [0, ""]);
  return out;
}

for (const { words, verb, command } of VERBS) {
  Deno.test(`${words} --help: usage, what it does, flags with their defaults, two examples, in 80 columns`, async () => {
    const text = await helpOf(`${words} --help`);
    const [usage, description, ...sections] = text.trimEnd().split("\n\n");
    assert.match(usage!, new RegExp(`^Usage: autocom ${words}( [<[]\\w+[>\\]])* \\[options\\]( {3}or: .*|\\n)*$`));
    for (const alias of command.aliases()) assert.match(usage!, new RegExp(`\\n {3}or: autocom \\w+ ${alias}\\b`));
    assert.match(description!.replaceAll("\n", " "), /^[A-Z].*\.$/);
    const titles = sections.map((section) => section.split("\n")[0]);
    assert.deepEqual(titles.slice(-2), ["Global options:", "Examples:"]);
    for (const flags of GLOBAL) assert.ok(text.includes(`  ${flags}  `), flags);
    for (const argument of command.registeredArguments) {
      assert.match(text, new RegExp(`\\n {2}[<[]${argument.name()}[>\\]] +\\S`));
    }
    const flat = text.replace(/\s+/g, " ");
    for (const { flags, description, hidden, argChoices, defaultValue } of command.options) {
      assert.equal(text.includes(`  ${flags} `), !hidden, flags);
      assert.ok(description === "" || hidden || flat.includes(description), `${flags} is explained`);
      if (argChoices) assert.ok(flat.includes(argChoices.join(", ")), `${flags} names its values`);
      if (!hidden && typeof defaultValue === "number") assert.match(flat, new RegExp(`\\(default: ${defaultValue}\\b`));
    }
    const examples = sections.at(-1)!.split("\n").slice(1).map((line) => line.slice(2));
    assert.deepEqual(examples, [...verb.examples]);
    assert.ok(examples.length >= 2, "two examples");
    for (const line of text.split("\n")) assert.ok([...line].length <= 80, line);
    assert.ok(!/"/.test(text.replace(/Examples:[^]*/, "")), "no quotes around what is typed");
    assert.equal(await helpOf(`help ${words}`), text);
    assert.equal(await helpOf(`${words} -h -o json --quiet`), text);
  });
}

Deno.test("help fits other terminals: no line beyond 60 columns there, nor beyond 100 anywhere", async () => {
  for (const [columns, widest] of [[60, 60], [100, 100], [300, 100]] as const) {
    for (const line of ["", "orders", "orders list --help", "config set --help"]) {
      const lines = (await helpOf(line, columns)).replace(/Examples:[^]*/, "").split("\n");
      for (const line of lines) assert.ok(line.length <= widest, line);
    }
  }
});

Deno.test("autocom alone, --help and help are one text: what it is, the commands, how to begin", async () => {
  const text = await helpOf("");
  assert.equal(await helpOf("--help"), text);
  assert.equal(await helpOf("help"), text);
  assert.match(text, /^Usage: autocom <command> \[options\]\n\n.*Start with: autocom auth login\n\nCommands:\n/);
  for (const { name, summary, hidden } of NOUNS) {
    assert.equal(new RegExp(`^ {2}${name} +${summary.slice(0, 20)}`, "m").test(text), !hidden, name);
  }
  for (const line of text.split("\n")) assert.ok(line.length <= 80, line);
});

for (const group of GROUPS) {
  Deno.test(`autocom ${group} alone lists its commands, as --help and help do, and ends well`, async () => {
    const text = await helpOf(group);
    assert.equal(await helpOf(`${group} --help`), text);
    assert.equal(await helpOf(`help ${group}`), text);
    for (const { words, command } of VERBS.filter(({ words }) => words.startsWith(`${group} `))) {
      assert.match(text, new RegExp(`^ {2}${words.split(" ")[1]}( <\\w+>)* +${command.summary().slice(0, 20)}`, "m"));
    }
    for (const line of text.split("\n")) assert.ok(line.length <= 80, line);
  });
}

Deno.test("summaries are lower case and without a full stop, so that a list of them reads evenly", () => {
  for (const { command, words } of VERBS) assert.match(command.summary(), /^[a-z][^\n]*[^.]$/, words);
});

Deno.test("help environment lists every variable that people may set, with its meaning", async () => {
  const rows: { variable: string; meaning: string }[] = JSON.parse(await helpOf("help environment -o json"));
  const documented = [...SETTINGS, ...CONVENTIONS, ...RUNTIME].map(([variable, meaning]) => ({ variable, meaning }));
  assert.deepEqual(rows, documented);
  for (const [variable] of [...SETTINGS, ...CONVENTIONS]) assert.ok(ENVIRONMENT.includes(variable), variable);
  for (const name of ENVIRONMENT.filter((name) => name.startsWith("AUTOCOM_"))) {
    assert.ok(rows.some(({ variable }) => variable === name), `${name} is read and not documented`);
  }
});

Deno.test("in a terminal of 80 columns nothing of the topics is cut", async () => {
  for (const topic of ["exit-codes", "environment", "permissions"]) {
    await using w = await world({ columns: 80, terminal: { stdout: true }, env: { NO_COLOR: "1" } });
    const { out } = await execute(`help ${topic}`, w);
    assert.ok(out.split("\n").length > 10);
    for (const line of out.split("\n")) assert.ok(line.length <= 80 && !line.includes("…"), line);
  }
});

Deno.test("help permissions is what the verbs declare", async () => {
  const rows: { command: string; before: string; after: string }[] = JSON.parse(
    await helpOf("help permissions -o json"),
  );
  const declared = VERBS.filter(({ words }) => !["login", "logout"].includes(words)).map(({ words, verb }) => ({
    command: words,
    before: verb.needs.before.join(" ") || "none",
    after: [...verb.needs.before.includes("net") ? ["net"] : [], ...verb.needs.after].join(" ") || "none",
  }));
  assert.deepEqual(rows, declared);
});

Deno.test("help topics obey the format; an unknown word is exit 2", async () => {
  assert.match(await helpOf("help exit-codes"), /^CODE\tKIND\tWHEN\n0\tok\t/);
  assert.match(await helpOf("help exit-codes -o yaml"), /^---\n- code: 0\n/);
  await autocom("help nope", { code: 2, err: 'error: unknown command "nope"\nhint: see: autocom --help\n' });
  await autocom("help orders nope", {
    code: 2,
    err: 'error: unknown command "orders nope"\nhint: see: autocom orders --help\n',
  });
});

for (const { words, verb } of VERBS) {
  Deno.test(`the examples of ${words} work: ${verb.examples.join("; ")}`, async () => {
    await using w = await loggedIn();
    const variables = { TOKEN: pat(w.sandbox), URL: `${w.sandbox.origin}/api/v1/auth/tenants` };
    for (const example of verb.examples) {
      // A person at a terminal pastes the address that the browser was sent to.
      const manual = example.includes("--no-browser");
      w.terminal = manual ? { stdin: true, stderr: true } : {};
      w.stdin = manual ? pasting(async () => [await approved(w)]) : "";
      const { code, err } = await shell(example, w, variables);
      assert.equal(code, 0, `${example}\n${err}`);
      assert.ok(!/^(error|hint): /m.test(err), err);
    }
  });
}

Deno.test("the examples of the groups and of autocom itself are examples of verbs, or work too", async () => {
  const known = new Set(VERBS.flatMap(({ verb }) => verb.examples));
  const shown: string[] = [];
  for (const line of ["", ...GROUPS]) {
    shown.push(...(await helpOf(line)).split("Examples:\n")[1]!.trimEnd().split("\n").map((line) => line.trim()));
  }
  await using w = await loggedIn();
  const others = shown.filter((example) => !known.has(example));
  assert.ok(others.length > 0 && others.length < shown.length);
  for (const example of others) assert.equal((await shell(example, w, {})).code, 0, example);
});
