/** The help as a person reads it, in a terminal of 80 columns. Every example in it is executed. */
import assert from "node:assert/strict";
import { everyVerb, NOUNS } from "../../src/commands/mod.ts";
import { flagOf, type Named, type Verb } from "../../src/cli/mod.ts";
import { CONVENTIONS, OWN_VARIABLES, RUNTIME, SURROUNDINGS } from "../../src/meanings.ts";
import { ENVIRONMENT } from "../../src/system/environment.ts";
import { INTROSPECTION } from "../support/gateway.ts";
import { autocom, execute, loggedIn, pat, world } from "../support/harness.ts";
import { approved, pasting } from "../support/desk.ts";
import { shell } from "../support/shell.ts";

/** Every verb, with the words that call it. */
const SHORTCUTS = await Promise.all(
  NOUNS.filter(({ hidden }) => hidden).map(async ({ name, verbs }) => ({ words: name, verb: await verbs() as Verb })),
);
const VERBS: Named[] = [...await everyVerb(), ...SHORTCUTS];
const GROUPS = [
  ...new Set(VERBS.map(({ words }) => words.split(" ")).filter(({ length }) => length > 1).map(([noun]) => noun!)),
];
const GLOBAL =
  "Options of every command: -o --tenant --api-url --time-zone --no-input --color --timeout -q --debug -h.";

async function helpOf(line: string, columns = 80): Promise<string> {
  await using w = await world({ columns });
  const { code, out, err } = await execute(line, w);
  assert.deepEqual([code, err], [0, ""]);
  return out;
}

for (const { words, verb } of VERBS) {
  Deno.test(`FT-53: ${words} --help: usage, what it does, two examples, options with their defaults, the globals in one line`, async () => {
    const text = await helpOf(`${words} --help`);
    const [usage, does, ...sections] = text.trimEnd().split("\n\n");
    const called = words === verb.name ? "" : `${words.split(" ")[0]} `;
    assert.match(
      usage!,
      new RegExp(`^Usage: autocom ${called}${verb.name}( [<[]\\w+[>\\]]…?)* \\[options\\]( {3}or: .*|\\n)*$`),
    );
    for (const alias of verb.aliases) assert.match(usage!, new RegExp(`\\n {3}or: autocom ${called}${alias}\\b`));
    assert.match(does!.replaceAll("\n", " "), /^[A-Z].*\.$/);
    const titles = sections.map((section) => section.split("\n")[0]!.replace(/:.*/, ""));
    assert.deepEqual(titles, [
      "Examples",
      ...verb.args.length > 0 ? ["Arguments"] : [],
      ...Object.values(verb.options).some(({ hidden }) => !hidden) ? ["Options"] : [],
      "Options of every command",
    ]);
    const flat = text.replace(/\s+/g, " ");
    assert.ok(flat.includes(`${GLOBAL} See: autocom --help`), text);
    for (const { name, about, value } of verb.args) {
      assert.match(text, new RegExp(`\\n {2}[<[]${name}[>\\]]…? +\\S`));
      assert.ok(flat.includes(about), `<${name}> is explained`);
      if (value.schema.enum) assert.ok(flat.includes(value.schema.enum.join(", ")), `<${name}> names its values`);
    }
    for (const [key, option] of Object.entries(verb.options)) {
      const flag = flagOf(key, option);
      assert.equal(new RegExp(`^ {2}(-\\w, )?${flag}( |$)`, "m").test(text), !option.hidden, flag);
      if (option.hidden) continue;
      assert.ok(flat.includes(option.about), `${flag} is explained`);
      if (option.value?.schema.enum) assert.ok(flat.includes(option.value.schema.enum.join(", ")), flag);
      if (option.standard !== undefined) assert.ok(flat.includes(`(default: ${option.standard})`), flag);
    }
    const examples = sections[0]!.split("\n").slice(1).map((line) => line.slice(2));
    assert.deepEqual(examples, [...verb.examples]);
    assert.ok(examples.length >= 2, "two examples");
    assert.ok(text.trimEnd().split("\n").length <= 36, "a help fits a screen");
    for (const line of text.split("\n")) assert.ok([...line].length <= 80, line);
    assert.ok(!/"/.test(text.replace(sections[0]!, "")), "no quotes around what is typed");
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
  assert.match(text, /^Usage: autocom <command> \[options\]\n\n.*Start with: autocom auth login\n\nExamples:\n/);
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
    for (const { verb } of VERBS.filter(({ words }) => words.startsWith(`${group} `))) {
      assert.match(text, new RegExp(`^ {2}${verb.name}( <\\w+>)* +${verb.summary.slice(0, 20)}`, "m"));
    }
    for (const line of text.split("\n")) assert.ok(line.length <= 80, line);
  });
}

Deno.test("summaries are lower case and without a full stop, so that a list of them reads evenly", () => {
  for (const { verb, words } of VERBS) assert.match(verb.summary, /^[a-z][^\n]*[^.]$/, words);
});

Deno.test("help environment lists every variable that people may set, with its meaning, and names all others that are read", async () => {
  const rows: { variable: string; meaning: string }[] = JSON.parse(await helpOf("help environment -o json"));
  const documented = [...OWN_VARIABLES, ...CONVENTIONS, ...SURROUNDINGS, ...RUNTIME].map(([variable, meaning]) => ({
    variable,
    meaning,
  }));
  assert.deepEqual(rows, documented);
  for (const [variable] of [...OWN_VARIABLES, ...CONVENTIONS]) assert.ok(ENVIRONMENT.includes(variable), variable);
  for (const name of ENVIRONMENT.filter((name) => name.startsWith("AUTOCOM_"))) {
    assert.ok(rows.some(({ variable }) => variable === name), `${name} is read and not documented`);
  }
  const said = rows.map(({ variable, meaning }) => `${variable} ${meaning}`);
  for (const name of [...ENVIRONMENT, "TZ"]) {
    const isSaid = (text: string) =>
      new RegExp(`\\b${name}\\b`).test(text) ||
      text.startsWith(`${name.toUpperCase()} `) && text.includes("also in lower case");
    assert.ok(said.some(isSaid), `${name} is read, and stands nowhere`);
  }
});

for (
  const [line, right] of [
    ["help exit-codes foo", "help exit-codes"],
    ["help environment foo bar", "help environment"],
    ["help orders list extra", "help orders list"],
    ["help orders get ORD-1 -q", "help orders get -q"],
  ] as const
) {
  Deno.test(`${line} is refused: help takes a command or a topic`, async () => {
    await using w = await world();
    const word = line.split(" ").find((word, at) => at > 1 && !right.split(" ").includes(word));
    await autocom(line, {
      code: 2,
      err:
        `error: autocom help takes a command or a topic: "${word}" is one too many\nhint: did you mean: autocom ${right}\n`,
    }, w);
  });
}

Deno.test("in a terminal of 80 columns nothing of the topics is cut", async () => {
  for (const topic of ["exit-codes", "environment", "permissions", "query"]) {
    await using w = await world({ columns: 80, terminal: { stdout: true }, env: { NO_COLOR: "1" } });
    const { out, err } = await execute(`help ${topic}`, w);
    // What to do with an expression.
    const said = topic === "query" ? /: autocom orders list --query 'length\(@\)'\n$/ : /^$/;
    assert.match(err, said);
    assert.ok(out.split("\n").length > 10);
    for (const line of out.split("\n")) assert.ok(line.length <= 80 && !line.includes("…"), line);
  }
});

Deno.test("where each operation is a command, the help says so with its own word", async () => {
  const text = await helpOf("call --help");
  assert.match(text, /^Usage: autocom call <operation> \[options\]\n/);
  assert.match(text, /\nArguments:\n {2}<operation> {2}\S/);
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

Deno.test("no example has a sign outside quotes that zsh or fish would look for files with", () => {
  for (const { words, verb } of VERBS) {
    for (const example of verb.examples) {
      assert.ok(!/[?*[\]{}]/.test(example.replaceAll(/"[^"]*"|'[^']*'/g, "")), `${words}: ${example}`);
    }
  }
});

for (const { words, verb } of VERBS) {
  if (words === "upgrade") continue; // a program from source has no releases: binary/upgrade.test.ts runs them
  Deno.test(`WP-93: the examples of ${words} work: ${verb.examples.join("; ")}`, async () => {
    await using w = await loggedIn();
    const FILE = `${w.home}/schema.json`;
    await Deno.writeTextFile(FILE, JSON.stringify(INTROSPECTION));
    const variables = { TOKEN: pat(w.sandbox), URL: `${w.sandbox.origin}/api/v1/auth/tenants`, FILE };
    for (const example of verb.examples) {
      // A person at a terminal pastes the address that the browser was sent to.
      const manual = example.includes("--no-browser");
      w.terminal = manual ? { stdin: true, stderr: true } : {};
      w.stdin = manual ? pasting(async () => [await approved(w)]) : "";
      // What is written is written into a folder of the test's.
      const line = example.replace("--output-file ", `--output-file ${w.home}/`);
      const { code, err } = await shell(line, w, variables);
      assert.equal(code, 0, `${example}\n${err}`);
      assert.ok(!/^(error|hint): /m.test(err), err);
    }
  });
}

Deno.test("WP-93: the examples of the groups and of autocom itself are examples of verbs, or work too", async () => {
  const known = new Set(VERBS.flatMap(({ verb }) => verb.examples));
  const shown: string[] = [];
  for (const line of ["", ...GROUPS]) {
    shown.push(
      ...(await helpOf(line)).split("Examples:\n")[1]!.split("\n\n")[0]!.split("\n").map((line) => line.trim()),
    );
  }
  await using w = await loggedIn();
  const others = shown.filter((example) => !known.has(example));
  assert.ok(others.length > 0 && others.length < shown.length);
  for (const example of others) assert.equal((await shell(`${example} -q`, w, {})).code, 0, example);
});
