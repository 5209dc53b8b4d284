/** `autocom commands`: what it lists is what the parser accepts. */
import assert from "node:assert/strict";
import { type Description, flagOf, parse, type Verb } from "../../src/cli/mod.ts";
import { everyVerb, NOUNS } from "../../src/commands/mod.ts";
import { EXITS } from "../../src/errors.ts";
import { autocom, execute, loggedIn, world } from "../support/harness.ts";
import { type JsonSchema, mismatch } from "../support/json_schema.ts";

type Listed = Description & { global_options: Description["options"] };

async function listed(): Promise<Listed[]> {
  await using w = await world();
  const { code, out } = await execute("commands -o json", w);
  assert.equal(code, 0);
  return JSON.parse(out);
}

/** A word that an option or argument takes. */
function sample({ type, values }: { type: string; values?: readonly string[] | undefined }): string {
  return values?.[0] ?? (type === "string" ? "x" : "1");
}

Deno.test("WP-94: commands -o json has every command with all that its declaration says", async () => {
  const commands = await listed();
  const verbs = await everyVerb();
  assert.deepEqual(commands.map(({ command }) => command), verbs.map(({ words }) => words));
  for (const [at, { verb }] of verbs.entries()) {
    const { options, arguments: args, needs, permission, changes, examples, exit_codes } = commands[at]!;
    assert.equal(options.length, Object.values(verb.options).filter(({ hidden }) => !hidden).length);
    assert.deepEqual(args.map(({ name }) => name), verb.args.map(({ name }) => name));
    assert.deepEqual([needs, permission, changes], [verb.needs, verb.permission ?? null, verb.changes ?? false]);
    assert.deepEqual(examples, verb.examples);
    for (const code of exit_codes) assert.ok(EXITS.some((row) => row.code === code));
    assert.ok(exit_codes.includes(0) && exit_codes.includes(2));
  }
});

Deno.test("WP-94: the exit codes of a command are those that it ends with, and each code is some command's", async () => {
  const codesOf = new Map((await listed()).map(({ command, exit_codes }) => [command, exit_codes]));
  const online = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 70, 129, 130, 141, 143];
  assert.deepEqual(codesOf.get("orders list"), online);
  assert.deepEqual(codesOf.get("auth status"), [0, 1, 2, 3, 4, 12, 70, 129, 130, 141, 143]);
  assert.deepEqual(codesOf.get("upgrade"), [0, 1, 2, 3, 7, 9, 10, 11, 13, 70, 129, 130, 141, 143]);
  assert.deepEqual(codesOf.get("config get"), [0, 1, 2, 3, 70, 129, 130, 141, 143]);
  assert.deepEqual(
    EXITS.map(({ code }) => code).filter((code) => ![...codesOf.values()].flat().includes(code)),
    [],
  );
  for (const command of codesOf.keys()) {
    await using w = await world();
    const { args } = (await everyVerb()).find(({ words }) => words === command)!.verb;
    const { code, err } = await execute(`${command} ${args.map(() => "x").join(" ")}`, w);
    assert.ok(codesOf.get(command)!.includes(code), `${command} ends with ${code}: ${err}`);
  }
});

Deno.test("WP-94: each option that is listed parses, alone and with the others; one that is not listed does not", async () => {
  for (const { command, options, global_options, arguments: args } of await listed()) {
    const start = [...command.split(" "), ...args.map((argument) => sample(argument))];
    const words = (all: Listed["options"]) => all.flatMap(({ flag, value }) => value ? [flag, sample(value)] : [flag]);
    const usable = [...options, ...global_options.filter(({ flag }) => flag !== "--help")];
    for (const some of [...usable.map((one) => [one]), usable]) {
      const line = await parse([...start, ...words(some)], NOUNS);
      assert.equal(
        line.is,
        "run",
        `${command} ${words(some).join(" ")}: ${line.is === "refused" && line.error.message}`,
      );
    }
    assert.equal((await parse([...start, "--removed"], NOUNS)).is, "refused");
    for (const { flag, value } of usable.filter(({ value }) => value?.values)) {
      const line = await parse([...start, flag, "none-of-them"], NOUNS);
      assert.equal(line.is, "refused", `${command} ${flag} takes ${value!.values}`);
    }
  }
});

Deno.test("WP-94: an option that is taken out of a command is refused there, and its default is what it was listed with", async () => {
  const commands = await listed();
  for (const { words, verb } of await everyVerb()) {
    const described = commands.find(({ command }) => command === words)!;
    const start = [...words.split(" "), ...described.arguments.map((argument) => sample(argument))];
    const line = await parse(start, NOUNS);
    assert.equal(line.is, "run", words);
    const given = (line as { given: Record<string, unknown> }).given;
    for (const [key, option] of Object.entries(verb.options).filter(([, { hidden }]) => !hidden)) {
      const { flag, value, default: standard } = described.options.find((one) => one.flag === flagOf(key, option))!;
      const nothing = option.many ? [] : value ? undefined : option.off === true;
      assert.deepEqual(given[key], standard ?? nothing, `${words} without ${flag}`);
      const { [key]: _, ...options } = verb.options;
      const group = words.split(" ")[0]!;
      const changed = { ...verb, options };
      const tree = [{
        name: group,
        summary: "",
        verbs: () => Promise.resolve(words.includes(" ") ? [changed] : changed),
      }];
      const without = await parse([...start, flag, ...value ? [sample(value)] : []], tree);
      assert.equal(without.is, "refused", `${words} takes ${flag} though it is taken out`);
    }
  }
});

Deno.test("commands is a list of names for people; yaml and tsv hold the same commands", async () => {
  await autocom("commands", { out: /^COMMAND\tWHAT\nauth login\tlog in, [^\n]+\n/ });
  await autocom("commands -o yaml", { out: /^---\n- command: auth login\n/ });
});

Deno.test("a default that is said in words is one that programs find, too", async () => {
  const options = (await listed()).flatMap(({ command, options }) => options.map((option) => ({ command, ...option })));
  const { default_in_words } = options.find(({ command, flag }) => `${command} ${flag}` === "auth login --client-id")!;
  assert.equal(default_in_words, "the saved one, else built in");
  for (const { command, flag, about, value } of options) {
    const ofAPart = value?.name.includes("="); // how many of a product, not how many products
    assert.ok(ofAPart || !about.includes("(default"), `${command} ${flag}: ${about}`);
  }
});

Deno.test("a shortcut is what it stands for, and stands in no list", async () => {
  const verbs = await everyVerb();
  for (const { name, verbs: own, hidden } of NOUNS.filter(({ hidden }) => hidden)) {
    const verb = await own() as Verb;
    assert.ok(hidden && verbs.some(({ verb: other }) => other === verb), name);
  }
});

/** Commands of which nothing is declared, and why. */
const UNDECLARED: Record<string, string> = {
  "auth refresh": "prints nothing",
  "auth token": "prints the token alone",
  "config set": "prints nothing",
  "config unset": "prints nothing",
  "tenants use": "prints nothing",
  "completion": "prints a script",
  "api": "prints what the server sent",
  "graphql": "prints what the server sent",
  "call <operation>": "prints what the server's schema says",
};

Deno.test("commands -o json says what each command prints, but for those that print nothing of their own", async () => {
  const without = (await listed() as Printing[]).filter(({ prints }) => prints === null);
  assert.deepEqual(
    without.map(({ command }) => command).toSorted(),
    Object.keys(UNDECLARED).toSorted(),
    "a verb says what it `prints`, or has a line in UNDECLARED of this file that says why not",
  );
});

/** The last ones end the session, and begin another. */
const PRINTING: string[] = [
  "orders list",
  "orders get ORD-20260101-0001",
  "orders cancel ORD-20260503-1814 --dry-run",
  "orders cancel ORD-20260503-1814 --yes",
  "orders create --item ACM-001=1 --dry-run",
  "orders refund ORD-20260503-1819 --amount 1 --dry-run",
  "products update ACM-001 --price 5 --dry-run",
  "team invite a@b.example --role agent --dry-run",
  "orders export --limit 2 --output-file FOLDER/orders.csv",
  "orders export --limit 2 --explode items --output-file FOLDER/items.xlsx",
  "products export --limit 2 --output-file FOLDER/products.jsonl",
  "customers export --limit 2 --format jsonl",
  "audit list",
  "tenants list",
  "whoami",
  "whoami --refresh",
  "auth status",
  "config list",
  "config get tenant",
  "config path",
  "doctor",
  "schema refresh",
  "schema list",
  "schema show orders",
  "help exit-codes",
  "help environment",
  "help permissions",
  "help query",
  "commands",
  "auth logout",
  "auth login --tenant acme",
];

/** One document, or one a line. */
function documents(text: string): unknown[] {
  try {
    return [JSON.parse(text)].flat();
  } catch {
    return text.trim().split("\n").map((line) => JSON.parse(line));
  }
}

Deno.test("commands -o json says what is printed, and each object that is printed is of that JSON Schema", async () => {
  const commands = await listed() as Printing[];
  await using w = await loggedIn();
  for (const line of PRINTING) {
    const { prints } = commands.find(({ command }) => line === command || line.startsWith(`${command} `))!;
    const { code, out, err } = await execute(`${line.replace("FOLDER", w.home)} -q -o json`, w);
    assert.equal(code, 0, err);
    const rows = documents(out);
    assert.ok(rows.length > 0, line);
    for (const row of rows) assert.equal(mismatch(prints!, row), undefined, line);
  }
});

Deno.test("the keys of an object are printed in the order in which commands -o json names them", async () => {
  const { prints } = (await listed() as Printing[]).find(({ command }) => command === "orders cancel")!;
  const [changed, planned] = prints!.anyOf!;
  await using w = await loggedIn();
  for (const [more, shape] of [["--dry-run", planned], ["--yes", changed]] as const) {
    const { code, out, err } = await execute(`orders cancel ORD-20260503-1814 ${more} -q -o json`, w);
    assert.equal(code, 0, err);
    assert.deepEqual(Object.keys(JSON.parse(out)), shape!.required);
    assert.deepEqual(Object.keys(shape!.properties!), shape!.required);
  }
});

type Printing = Listed & { prints: JsonSchema | null };
