/** THE pass: what each word of a command line is. A verb is data, so a test brings its own. */
import assert from "node:assert/strict";
import { type Line, NOTHING, type Noun, oneOf, parse, text, verb, whole } from "../../src/cli/mod.ts";
import { NOUNS } from "../../src/commands/mod.ts";
import { autocom, execute } from "../support/harness.ts";
import { withToken } from "../support/scripted.ts";

const said = { summary: "x", does: "X.", needs: NOTHING, examples: [], run: () => Promise.resolve() };
const list = verb({
  ...said,
  name: "list",
  aliases: ["ls"],
  options: {
    status: { about: "s", value: oneOf("status", ["pending", "paid", "ready_to_ship"]) },
    page: { about: "p", value: whole(9), standard: 1, short: "p" },
    tag: { about: "t", value: text("tag"), many: true },
    all: { about: "a", short: "a" },
  },
});
const cancel = verb({
  ...said,
  name: "cancel",
  args: [{ name: "order", about: "o", value: text("order") }],
  options: {
    reason: { about: "r", value: text("text") },
    withToken: { about: "w", value: text("token"), bare: true },
    browser: { about: "b", off: true },
    yes: { about: "y" },
    dryRun: { about: "d" },
  },
});
const TREE: Noun[] = [
  { name: "orders", summary: "orders", verbs: () => Promise.resolve([list, cancel]) },
  {
    name: "call",
    summary: "call",
    verbs: () => Promise.resolve([]),
    find: (word) => Promise.resolve(word.startsWith("found_") ? { ...list, name: word } : undefined),
  },
];

/** A line in short: the verb, what was given, the words, the global options that are not as without. */
async function read(...words: string[]): Promise<unknown> {
  const line = await parse(words, TREE, { open: () => Promise.reject(new Error("not opened")) });
  if (line.is === "refused") return line.error.message;
  if (line.is !== "run") return line.is === "explain" ? ["explain", ...line.path] : line.is;
  const usual: Record<string, unknown> = { input: true, color: "auto", page: 1, browser: true };
  const unusual = (all: object) =>
    Object.entries(all).filter(([key, value]) =>
      !(Array.isArray(value) && value.length === 0) && value !== (usual[key] ?? usual.none) &&
      (value !== false || key in usual)
    );
  const [globals, given] = [unusual(line.globals), unusual(line.given)];
  return {
    verb: line.path.join(" "),
    ...Object.fromEntries([...globals, ...given]),
    ...line.words.length && { words: line.words },
  };
}

const LINES: [words: string[], read: unknown][] = [
  [["orders", "list"], { verb: "orders list" }],
  [["orders", "ls", "-o", "json"], { verb: "orders list", output: "json" }],
  [["-qojson", "orders", "list", "-ap3"], { verb: "orders list", output: "json", quiet: true, page: 3, all: true }],
  [["-o=json", "orders", "list", "-p=2"], { verb: "orders list", output: "json", page: 2 }],
  [["--output=tsv", "orders", "--tenant", "list", "list"], { verb: "orders list", output: "tsv", tenant: "list" }],
  [["orders", "list", "--tag", "a", "--tag", "b"], { verb: "orders list", tag: ["a", "b"] }],
  [["orders", "list", "--status", "Pending"], { verb: "orders list", status: "pending" }],
  [["orders", "list", "--status", "READY TO SHIP"], { verb: "orders list", status: "ready_to_ship" }],
  [["orders", "list", "--status=ready-to-ship"], { verb: "orders list", status: "ready_to_ship" }],
  [["orders", "list", "-o", "json", "-o", "JSON"], { verb: "orders list", output: "json" }],
  [["orders", "list", "--no-input", "--color", "never"], { verb: "orders list", input: false, color: "never" }],
  [["orders", "cancel", "--", "-1"], { verb: "orders cancel", words: ["-1"] }],
  [["--", "orders", "cancel", "--help"], { verb: "orders cancel", words: ["--help"] }],
  [["orders", "cancel", "-"], { verb: "orders cancel", words: ["-"] }],
  [["orders", "cancel", ""], { verb: "orders cancel", words: [""] }],
  [["orders", "cancel", "x", "--with-token"], { verb: "orders cancel", withToken: true, words: ["x"] }],
  [["orders", "cancel", "x", "--with-token", "t"], { verb: "orders cancel", withToken: "t", words: ["x"] }],
  [["orders", "cancel", "--with-token", "-q", "x"], {
    verb: "orders cancel",
    withToken: true,
    quiet: true,
    words: ["x"],
  }],
  [["orders", "cancel", "x", "--with-token="], { verb: "orders cancel", withToken: "", words: ["x"] }],
  [["orders", "cancel", "x", "--no-browser"], { verb: "orders cancel", browser: false, words: ["x"] }],
  [["orders", "cancel", "help"], { verb: "orders cancel", words: ["help"] }],
  [["orders", "cancel", "version"], { verb: "orders cancel", words: ["version"] }],
  [["call", "found_it", "--status", "paid"], { verb: "call found_it", status: "paid" }],
  [["call", "lost"], 'unknown command "call lost"'],
  [[], ["explain"]],
  [["-q"], ["explain"]],
  [["orders"], ["explain", "orders"]],
  [["orders", "list", "--nope", "-h"], ["explain", "orders", "list"]],
  [["--tenant", "help", "orders", "-qh"], ["explain", "orders"]],
  [["orders", "cancel", "--reason", "x", "--help"], ["explain", "orders", "cancel"]],
  [["orders", "nope", "--help"], 'unknown command "orders nope"'],
  [["--version"], "version"],
  [["orders", "--version"], "version"],
  [["version", "-o", "json"], "version"],
  [["orders", "list", "--version"], 'unknown option "--version"'],
  [["--tenant"], "--tenant needs a value"],
  [["orders", "list", "--page"], "--page needs a value"],
  [["orders", "list", "--all=yes"], "--all takes no value"],
  [["orders", "list", "--page", "1", "-p2"], "--page is given twice"],
  [["orders", "list", "-ax"], 'unknown option "-ax"'],
  [["orders", "list", "-q=1"], "--quiet takes no value"],
  [["orders", "list", "-aq="], "--quiet takes no value"],
  [["orders", "list", "x"], 'autocom orders list takes no argument: "x" is one too many'],
  [["orders", "cancel"], "<order> is missing"],
  [["orders", "cancel", "a", "b"], 'autocom orders cancel takes one argument: "b" is one too many'],
  [["--status", "paid", "orders", "list"], 'unknown option "--status"'],
];
for (const [words, expected] of LINES) {
  Deno.test(`the words ${JSON.stringify(words)} are read as ${JSON.stringify(expected)}`, async () => {
    assert.deepEqual(await read(...words), expected);
  });
}

/** Words that look like an option or a command, as the value of each option that takes one. */
const VALUES = [
  "-q",
  "--dry-run",
  "-o",
  "--",
  "-h",
  "--help",
  "-hidden damage",
  "-only one left",
  "-1",
  "help",
  "--reason",
  "orders",
];
for (const value of VALUES) {
  Deno.test(`FT-1: a value of an option is never an option: ${value}`, async () => {
    const rest = { verb: "orders cancel", yes: true, dryRun: true, words: ["X"] };
    const line = ["orders", "cancel", "X", "--yes", "--reason", value, "--dry-run"];
    assert.deepEqual(await read(...line), { ...rest, reason: value });
    assert.deepEqual(await read("--tenant", value, ...line), { ...rest, tenant: value, reason: value });
  });
}

Deno.test("FT-1: --dry-run anywhere means that no change is sent", async () => {
  const words = ["orders", "cancel", "ORD-20260503-1814", "--yes", "--reason", "-q"];
  for (let at = 0; at <= words.length; at++) {
    if (at === words.length - 1) continue; // there it is the reason
    await using w = await withToken();
    const { code, err } = await execute(words.toSpliced(at, 0, "--dry-run"), w);
    assert.ok(code === 0 || code === 2 && /unknown option "--dry-run"/.test(err), err);
    assert.deepEqual(w.sandbox.log.filter(({ body }) => /mutation/.test(body)), [], `at ${at}`);
  }
});

Deno.test("a refusal keeps the global options that are sound, wherever they stand", async () => {
  for (
    const words of [["-o", "json", "nope"], ["nope", "-ojson"], ["orders", "list", "--nope", "--output=json"], [
      "--page",
      "-o",
      "json",
    ]]
  ) {
    const line: Line = await parse(words, TREE);
    assert.deepEqual([line.is, line.globals.output], ["refused", "json"], String(words));
  }
  const line = await parse(["nope", "-o", "bad", "--color", "never"], TREE);
  assert.deepEqual([line.globals.output, line.globals.color], [undefined, "never"]);
});

/** FT-51 and FT-52: what was typed, and the command that would have worked. */
const MEANT: [line: string, meant: string][] = [
  ["order list", "autocom orders list"],
  ["orders lst", "autocom orders list"],
  ["list orders", "autocom orders list"],
  ["list order --status pending", "autocom orders list --status pending"],
  ["get order ORD-1", "autocom orders get ORD-1"],
  ["orders list acme", "autocom orders list --search acme"],
  ["orders update ORD-1 shipped", "autocom orders update-status ORD-1 shipped"],
  ["orders update", "autocom orders update-status ORDER STATUS"],
  ["orders status ORD-1", "autocom orders update-status ORD-1 STATUS"],
  ["orders ORD-1", "autocom orders get ORD-1"],
  ["status", "autocom auth status"],
  ["auth whoami", "autocom whoami"],
  ["orders help list", "autocom help orders list"],
  ["auth switch globex", "autocom tenants use globex"],
  ["orders describe ORD-1", "autocom orders get ORD-1"],
  ["--status pending orders list", "autocom orders list --status pending"],
  ["--all orders list", "autocom orders list --all"],
  ["orders list --json", "autocom orders list -o json"],
  ["orders list --customer-id 7", "autocom orders list --customer 7"],
  ["orders cancel ORD-1 -n", "autocom orders cancel ORD-1 --dry-run"],
  ["orders get -1", "autocom orders get -- -1"],
  ["orders list -n 5", "autocom orders list --limit 5"],
  ["orders list -n acme", "autocom orders list --tenant acme"],
  ["orders ls -A", "autocom orders ls --all"],
  ["orders list -a acme", "autocom orders list --tenant acme"],
  ["orders list -v", "autocom orders list --debug"],
  ["-v", "autocom --version"],
  ["orders list --verbose", "autocom orders list --debug"],
  ["orders list --format json", "autocom orders list --output json"],
  ["orders list --filter status=pending", "autocom orders list --status pending"],
  ["orders list --filter=payment_status=paid", "autocom orders list --payment-status paid"],
  ["orders list --filter acme", "autocom orders list --search acme"],
  ["orders list --since 24h", "autocom orders list --from 24h"],
  ["audit list --from 24h", "autocom audit list --since 24h"],
  ["orders list --created-after 2026-05-01", "autocom orders list --from 2026-05-01"],
  ["audit list --after 2026-05-01", "autocom audit list --since 2026-05-01"],
  ["orders list --page-size 50", "autocom orders list --per-page 50"],
  ["orders list --columns id", "autocom orders list --fields id"],
  ["orders list --store acme", "autocom orders list --tenant acme"],
  ["--context acme orders list", "autocom --tenant acme orders list"],
  ["orders cancel ORD-1 --message late", "autocom orders cancel ORD-1 --reason late"],
  ["describe order ORD-1", "autocom orders get ORD-1"],
  ["order show ORD-1", "autocom orders show ORD-1"],
  ["order ORD-1", "autocom orders get ORD-1"],
  ["tenant acme", "autocom tenants use acme"],
  ["tenants current", "autocom tenants list"],
  ["shop list", "autocom tenants list"],
  ["config use-context acme", "autocom tenants use acme"],
  ["orders search ORD-1", "autocom orders list --search ORD-1"],
  ["search ORD-1", "autocom orders list --search ORD-1"],
  ["orders fulfill ORD-1", "autocom orders update-status ORD-1 STATUS"],
  ["update", "autocom upgrade"],
  ["upgrade --version 2.0.1", "autocom upgrade --target 2.0.1"],
  ["setup", "autocom auth login"],
  ["audit tail", "autocom audit list"],
  ["complete bash", "autocom completion bash"],
  ["orders list \u2014status pending", "autocom orders list --status pending"],
  ["orders list \u2013\u2013status=pending \u2013o json", "autocom orders list --status=pending -o json"],
  ["orders list \u2014-status pending", "autocom orders list --status pending"],
  ["orders \u2014help", "autocom orders --help"],
  ["orders list help", "autocom orders list --help"],
  ["orders --status pending", "autocom orders list --status pending"],
  ["audit --since 24h", "autocom audit list --since 24h"],
  ["orders:list", "autocom orders list"],
  ["Orders List --all", "autocom orders list --all"],
  ["orders list -s pending", "autocom orders list --status pending"],
  ["orders list -s acme", "autocom orders list --tenant acme"],
  ["orders create -f order.json", "autocom orders create --input order.json"],
  ["orders export -f csv", "autocom orders export --format csv"],
  ["orders cancel ORD-1 -f", "autocom orders cancel ORD-1 --yes"],
  ["orders get --id ORD-1", "autocom orders get ORD-1"],
  ["orders get --order=ORD-1 -q", "autocom orders get ORD-1 -q"],
  ["orders update-status ORD-1 --status shipped", "autocom orders update-status ORD-1 shipped"],
  ["orders update-status --status shipped ORD-1", "autocom orders update-status ORD-1 shipped"],
  ["orders update-status shipped ORD-1 --yes", "autocom orders update-status ORD-1 shipped --yes"],
  ["orders update ORD-1 --status shipped", "autocom orders update-status ORD-1 shipped"],
  ["orders create ACM-001=2 ACM-002=1", "autocom orders create --item ACM-001=2 --item ACM-002=1"],
  ["orders refund ORD-1 10.50", "autocom orders refund ORD-1 --amount 10.50"],
  ["team add a@b.test --role agent", "autocom team invite a@b.test --role agent"],
];
for (const [line, meant] of MEANT) {
  Deno.test(`FT-52: ${line}: did you mean ${meant}`, async () => {
    await autocom(line, { code: 2, err: (said) => assert.equal(said.split("hint: ")[1], `did you mean: ${meant}\n`) });
  });
}

Deno.test("FT-51: two arguments are not advised to be one: no order has a space in its number", async () => {
  const lines = [["orders cancel ORD-1 ORD-2 --yes", "ORD-2"], ["orders cancel -- ORD-1 --yes", "--yes"], [
    "tenants use acme globex",
    "globex",
  ]];
  for (const [line, extra] of lines) {
    const noun = line!.split(" ").slice(0, 2).join(" ");
    await autocom(line!, {
      code: 2,
      err: `error: autocom ${noun} takes one argument: "${extra}" is one too many\nhint: see: autocom ${noun} --help\n`,
    });
  }
});

Deno.test("FT-51: a suggestion repeats no long word: a token may have been pasted in the wrong place", async () => {
  const token = `eyJ0eXAi.${"x".repeat(60)}`;
  for (
    const line of [
      `order list ${token}`,
      `orders list ${token}`,
      `orders lst --tokn=${token}`,
      `${token} list`,
      `list orders --search ${token}`,
    ]
  ) {
    await autocom(line, { code: 2, err: (said) => assert.ok(!said.includes("eyJ0eXAi.x"), said) });
  }
});

Deno.test("only the noun that is named is loaded, and all of them for a list or a word that names none", async () => {
  for (const [line, expected] of [["orders list", 1], ["orders", 1], ["", 0], ["--help", 0]] as const) {
    let loaded = 0;
    const tree = NOUNS.map((noun) => ({ ...noun, verbs: () => (loaded++, noun.verbs()) }));
    await parse(line.split(" ").filter(Boolean), tree);
    assert.equal(loaded, expected, line);
  }
});
