/** FT-51: what people type who come from another tool, and the line that would have worked. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { autocom, type World, world } from "../support/harness.ts";
import { json, scripted, withToken } from "../support/scripted.ts";

const FILE = "--input takes a file; - is stdin";

/** The hint of a line that is refused. */
async function answered(line: string[], hint: string, within: World, code = 2): Promise<void> {
  const err = (text: string) => assert.equal(text.split("\n").at(-2), `hint: ${hint}`, text);
  await autocom(line, { code, err }, within);
}

const TYPED: [line: string[], hint: string][] = [
  // What curl sends with -d.
  [["api", "/orders", "-d", "a=1"], "did you mean: autocom api /orders -f a=1"],
  [["api", "/orders", "--data=a=1&b=2"], "did you mean: autocom api /orders -f a=1 -f b=2"],
  [["api", "/orders", "--data-binary", "@o.json"], "did you mean: autocom api /orders --input o.json"],
  [["api", "/orders", "-d", "@-"], "did you mean: autocom api /orders --input -"],
  [["api", "/orders", "-d", '{"a":1}'], FILE],
  [["orders", "create", "-d", '{"a":1}'], FILE],
  [["orders", "create", "-d", "a=1"], FILE],
  [["orders", "create", "--data", "@o.json"], "did you mean: autocom orders create --input o.json"],
  [["orders", "list", "-d", "a=1"], "see: autocom orders list --help"],
  [["graphql", "-d", "{ profile { name } }"], "did you mean: autocom graphql '{ profile { name } }'"],
  [["graphql", "-d", '{"query":"{ profile { id } }"}'], "did you mean: autocom graphql '{ profile { id } }'"],
  [["graphql", "--data", '{"a":1}'], FILE],
  // A blank behind the comma.
  [["orders", "list", "--fields", "id,", "status"], "did you mean: autocom orders list --fields id,status"],
  [
    ["orders", "list", "--fields", "id", ",", "status", "--all"],
    "did you mean: autocom orders list --fields id,status --all",
  ],
  [
    ["orders", "list", "--fields=id,", "status,", "total"],
    "did you mean: autocom orders list --fields=id,status,total",
  ],
  [["orders", "list", "--fields", "id", "status"], "did you mean: autocom orders list --fields id --search status"],
  // One dash before a long name.
  [["orders", "list", "-limit", "1"], "did you mean: autocom orders list --limit 1"],
  [["orders", "list", "-all"], "did you mean: autocom orders list --all"],
  [["orders", "list", "-output=json"], "did you mean: autocom orders list --output=json"],
  [["orders", "list", "-statsu", "pending"], "did you mean: autocom orders list --status pending"],
  // Several words in one.
  [["orders list"], "did you mean: autocom orders list"],
  [["orders list --status Pending"], "did you mean: autocom orders list --status Pending"],
  [["orders", "list --all"], "did you mean: autocom orders list --all"],
  [["orders", "list", "--limit 5"], "did you mean: autocom orders list --limit 5"],
  [["two words"], "see: autocom --help"],
  // What is typed stays in the line.
  [
    ["orders", "update-status", "ORD-1", "-q"],
    "write: autocom orders update-status ORD-1 -q STATUS; STATUS is one of " +
    "pending, confirmed, processing, ready_to_ship, shipped, out_for_delivery, delivered, rto_initiated, " +
    "rto_received, cancelled, failed",
  ],
  [["orders", "list", "--search"], "write: --search TEXT"],
  [["upgrade", "2.0.1"], "autocom upgrade --target 2.0.1"],
  [["upgrade", "v2.0.1-rc.1"], "autocom upgrade --target 2.0.1-rc.1"],
  [["upgrade", "autocom_2.0.1.zip"], "write: autocom upgrade --verify FILE"],
];
for (const [line, hint] of TYPED) {
  Deno.test(`FT-51: autocom ${JSON.stringify(line)} is answered with: ${hint}`, async () => {
    await using w = await world();
    await answered(line, hint, w);
  });
}

Deno.test("FT-51: a comma too many among the fields is said, not that there is no field without a name", async () => {
  await using w = await withToken();
  for (const command of [["orders", "list"], ["call", "orders"]]) {
    await answered([...command, "--fields", "id,status,"], "write: --fields id,status", w);
    await answered([...command, "--fields", ",id,,status"], "write: --fields id,status", w);
  }
});

Deno.test("FT-51: a file's name behind curl's sign, or a text instead of a file, is answered with what --input takes", async () => {
  await using w = await withToken();
  const path = join(w.home, "o.json");
  await Deno.writeTextFile(path, "{}");
  for (const line of [["orders", "create"], ["products", "create"], ["graphql"], ["api", "POST", "/x"]]) {
    await answered([...line, "--input", `@${path}`], `did you mean: --input ${path}`, w, 3);
    await answered([...line, "--input", `@${path}.none`], "check the path", w, 3);
    const itself = line[0] === "graphql" ? "; a document itself stands without --input" : "";
    for (const text of ['{"a":1}', " [1]"]) await answered([...line, "--input", text], FILE + itself, w, 3);
  }
});

Deno.test("FT-51: a document that stands where other tools have it is the argument", async () => {
  await using w = await withToken();
  const meant = "did you mean: autocom graphql '{ profile { id } }'";
  await answered(["graphql", "--query", "{ profile { id } }"], meant, w);
  await answered(["graphql", "--query={ profile { id } }"], meant, w);
  await answered(["graphql", "-f", "query={ profile { id } }", "-q"], `${meant} -q`, w);
  const none = /^give --input FILE/;
  for (const line of [["graphql"], ["graphql", "--query", "data.profile"], ["graphql", "-f", "query=1"]]) {
    await autocom(line, { code: 2, err: (text) => assert.match(text.split("hint: ")[1]!, none) }, w);
  }
});

Deno.test("FT-51: an operation in two words, and one with its only required option as a word, are answered with the line", async () => {
  await using w = await withToken();
  const cases: [line: string, hint: string][] = [
    ["call orders cancel --id X", "did you mean: autocom call orders_cancel --id X"],
    ["call orders update-status X", "did you mean: autocom call orders_update_status X"],
    ["call orders_cancel X --dry-run", "did you mean: autocom call orders_cancel --id X --dry-run"],
    ["call orders_cancel", "write: --id ID"],
    ["call orders_create", "write: --items.0.sku TEXT"],
    ["call orders nothing", "did you mean: autocom call orders --search nothing"],
  ];
  for (const [line, hint] of cases) await answered(line.split(" "), hint, w);
});

Deno.test("FT-51: who is refused the list of tenants is not sent to it, and nothing is said twice", async () => {
  await using w = await withToken("owner", { fetch: scripted(json({ message: "Forbidden" }, 403)) });
  await autocom("tenants list", {
    code: 6,
    err: /^error: cannot list your tenants: forbidden(?: \(request \S+\))?\nhint: ask an administrator for access\n$/,
  }, w);
});

Deno.test("FT-51: who may not see e-mails is told of the id that the list has", async () => {
  await using w = await withToken("viewer");
  const list = "autocom customers list --search customer1@acme.test";
  await answered(["customers", "get", "customer1@acme.test"], `name it by its id; search for it: ${list}`, w, 6);
  await autocom(`${list.slice("autocom ".length)} --fields id -q`, { out: /^ID\n[\w-]{36}\n$/ }, w);
});
