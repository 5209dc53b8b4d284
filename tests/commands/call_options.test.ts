/** The options of inputs and lists: what the help says of them, and what is said where they do not fit together. */
import assert from "node:assert/strict";
import { behind, gateway } from "../support/gateway.ts";
import { autocom, execute, type World } from "../support/harness.ts";

const SDL = `
  enum Size { small medium }
  input Item { sku: String!, quantity: Int! = 1, size: Size = medium, options: Options = { gift: true } }
  input Options { gift: Boolean, next: [Item!], texts: [String!] = ["a"] }
  input Order { customer_id: ID!, items: [Item!]!, box: Box }
  input Box { name: String!, size: Size!, inner: Box, boxes: [Box!]! = [], ids: [ID!]! }
  type Query { one(box: Box, boxes: [Box!], items: [Item!], ids: [ID!]): Int }
  type Mutation { make(input: Order!): Int, pack(items: [Item!]!, note: String!): Int, hold(box: Box!): Int }
`;

async function shop(): Promise<World & { asked: unknown[] }> {
  const server = gateway(SDL, { one: 1 });
  const of = await behind(server);
  return Object.assign(of, { asked: server.asked });
}

Deno.test("two options for one place are named as they were given, in either order, with a hint that fits", async () => {
  await using of = await shop();
  const cases: [whole: string[], part: string[], flags: [string, string]][] = [
    [["--items", '[{"sku":"A"}]'], ["--items.0.sku", "B"], ["--items", "--items.0.sku"]],
    [["--items.0", '{"sku":"A"}'], ["--items.0.options.gift"], ["--items.0", "--items.0.options.gift"]],
    [["--box", '{"name":"a"}'], ["--box.name", "b"], ["--box", "--box.name"]],
    [["--box.inner", "{}"], ["--box.inner.inner.name", "b"], ["--box.inner", "--box.inner.inner.name"]],
    [["--ids", "a"], ["--ids.1", "b"], ["--ids", "--ids.1"]],
    [["--box.ids", "[]"], ["--box.ids.0:null"], ["--box.ids", "--box.ids.0:null"]],
    [["--items:null"], ["--items.0.sku", "A"], ["--items:null", "--items.0.sku"]],
  ];
  for (const [whole, part, [all, one]] of cases) {
    const hint = `${all}${one}`.includes(":null") ? "leave one out" : `give ${all} as a whole, or its parts`;
    const err = `error: ${all} and ${one} say the same thing twice\nhint: ${hint}\n`;
    await autocom(["call", "one", ...whole, ...part], { code: 2, err }, of);
    await autocom(["call", "one", ...part, ...whole], { code: 2, err }, of);
  }
  // What is put into the argument without its name.
  await autocom(["call", "make", "--items.0.sku", "A", "--arg-input", "{}", "--dry-run"], {
    code: 2,
    err: "error: --arg-input and --items.0.sku say the same thing twice\n" +
      "hint: give --arg-input as a whole, or its parts\n",
  }, of);
  assert.deepEqual(of.asked, []);
});

Deno.test("a field that was forgotten is answered with the option to type, down to a word", async () => {
  await using of = await shop();
  const cases: [line: string, flag: string, hint: string][] = [
    ["make --customer-id 1", "--items", "write: --items.0.sku TEXT"],
    ["make --items.0.sku A", "--customer-id", "write: --customer-id ID"],
    ["make --customer-id 1 --items.0.quantity 2", "--items.0.sku", "write: --items.0.sku TEXT"],
    ["hold --box.name a", "--box.size", "write, for example: --box.size small"],
    ["hold --box.name a --box.size small", "--box.ids", "write: --box.ids ID"],
    ["hold --box.inner.size small", "--box.name", "write: --box.name TEXT"],
    ["pack --note x", "--items", "write: --items.0.sku TEXT"],
  ];
  for (const [line, flag, hint] of cases) {
    await autocom(`call ${line} --dry-run`, { code: 2, err: `error: ${flag} is missing\nhint: ${hint}\n` }, of);
  }
});

/** What is said of each option, without the breaks of lines. */
async function said(of: World, name: string): Promise<Record<string, { about: string; default_in_words?: string }>> {
  const { out } = await execute("commands -o json", of);
  type Described = { command: string; options: { flag: string; about: string; default_in_words?: string }[] };
  const { options } = (JSON.parse(out) as Described[]).find(({ command }) => command === `call ${name}`)!;
  return Object.fromEntries(options.map((option) => [option.flag, option]));
}

Deno.test("a whole that must be given says that its fields do as well; alone it is required", async () => {
  await using of = await shop();
  await autocom("schema refresh -q", { out: /./ }, of);
  const make = await said(of, "make");
  const whole = (all: string) => `required: this, or its fields below; all of ${all}, as JSON or @file`;
  assert.equal(make["--arg-input"]!.about, whole("it"));
  assert.equal(make["--items"]!.about, whole("them"));
  assert.equal(make["--items.0.sku"]!.about, "required");
  assert.equal(make["--box"]!.about, "all of it, as JSON or @file");
  const { out } = await execute("call make --help", of);
  assert.match(out.replaceAll(/\s+/g, " "), /--items <@file> required: this, or its fields below; all of them, as/);
});

Deno.test("a default is shown at any depth, and what has one is not said to be required", async () => {
  await using of = await shop();
  await autocom("schema refresh -q", { out: /./ }, of);
  const make = await said(of, "make");
  const shown = (flag: string) => [make[flag]!.about, make[flag]!.default_in_words];
  assert.deepEqual(shown("--items.0.quantity"), ["Int", "the server's: 1"]);
  assert.deepEqual(shown("--items.0.size"), ["Size", "the server's: medium"]);
  assert.deepEqual(shown("--items.0.options.texts"), ["[String!]", 'the server\'s: ["a"]']);
  assert.match(shown("--items.0.options")[1]!, /^the server's: \{ ?gift: true ?\}$/);
  assert.deepEqual(shown("--box.name"), ["String!", undefined]);
  const { out } = await execute("call make --help", of);
  assert.match(out, /--items\.0\.quantity <number> +Int \(default: the server's: 1\)\n/);
  // A default of the list is none of what is in it.
  const typed = await execute(["__complete", "zsh", "autocom", "call", "hold", "--box.boxes."], of);
  assert.doesNotMatch(typed.out, /--box\.boxes\.0\t.*default/);
});
