/** Texts of the server's in everything that is made of its schema: safe on a terminal, and no way out for a secret. */
import assert from "node:assert/strict";
import { load } from "js-yaml";
import { GraphQLError } from "graphql";
import { behind, gateway } from "../support/gateway.ts";
import { execute, type World } from "../support/harness.ts";
import { forbidden } from "../support/output/fixture.ts";

const TOKEN = "a-token-that-the-server-throws-back-0123456789";
const HOSTILE =
  `\u001b]0;pwn\u0007\u001b[2J $(id) \`id\` 'q' "d" \\ tab\t cr\r\nlf \u202e\u2066 \u009b31m \u200b\u2028\u{e0041}`;
const said = `${HOSTILE} ${TOKEN}`;
const quoted = (text: string) =>
  JSON.stringify(text).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

const SDL = `
  ${quoted(said)} enum State { ${quoted(said)} on off @deprecated(reason: ${quoted(said)}) }
  ${quoted(said)} input Box { ${quoted(said)} name: String = ${quoted(said)}, inner: Box }
  ${quoted(said)} type Thing { ${
  quoted(said)
} id: ID, name: String, notes: [String!], any: Any, secret: Int, state: State }
  ${quoted(said)} scalar Any
  type Meta { current_page: Int!, total_pages: Int!, total_items: Int! }
  type Page { data: [Thing!]!, meta: Meta! }
  type Query {
    ${quoted(said)} things(${quoted(said)} page: Int = 1, per_page: Int, search: String = ${
  quoted(said)
}, box: Box, state: State): Page
    ${quoted(said)} old(a: Any): Thing @deprecated(reason: ${quoted(said)})
    ${quoted(said)} refused(code: String): Thing
  }
  type Mutation { ${quoted(said)} change(${quoted(said)} notes: String): Thing }
`;

const refuse = (extensions: Record<string, unknown>) => () => {
  throw new GraphQLError(said, { extensions });
};

async function hostile(changes: Partial<World> = {}): Promise<World> {
  const thing = (at: number) => ({
    id: `${at}${HOSTILE}`,
    name: HOSTILE,
    notes: [HOSTILE, HOSTILE],
    any: { [HOSTILE]: [HOSTILE] },
    secret: refuse({ code: "FORBIDDEN", permission: said }),
    state: "on",
  });
  const codes: Record<string, Record<string, unknown>> = {
    rejected: { code: "VALIDATION", fields: { [said]: [said], notes: [said] } },
    forbidden: { code: "FORBIDDEN", permission: said },
    tenant: { code: "TENANT_FORBIDDEN" },
    server: { code: "INTERNAL" },
    none: {},
  };
  const server = gateway(SDL, {
    things: ({ page }: { page: number }) => ({
      data: [thing(page * 2), thing(page * 2 + 1)],
      meta: { current_page: page, total_pages: 3, total_items: 6 },
    }),
    old: thing(1),
    refused: ({ code }: { code: string }) => refuse(codes[code]!)(),
    change: thing(2),
  });
  return await behind(server, { env: { AUTOCOM_TOKEN: TOKEN, AUTOCOM_TENANT: "acme" }, ...changes });
}

/** What may stand raw in a text of that format, beside what is printed. */
const ALLOWED: Record<string, string> = { csv: "\r\n", tsv: "\t\n", table: "\n", json: "\n", jsonl: "\n", yaml: "\n" };

const LINES = [
  "schema list --deprecated",
  "schema show things",
  "schema show Thing",
  "schema show Box",
  "schema show State",
  "call things --all",
  "call things --limit 3 --fields name,notes,any",
  "call things --fields",
  "call old",
  "call change --yes",
  "call change --yes --fields name,secret",
  "call change --dry-run",
  "call refused --code rejected",
  "call refused --code forbidden",
  "call refused --code tenant",
  "call refused --code server",
  "call refused --code none",
  "call things --state nope",
  "call things --fields nope",
  "call thing",
  "schema show Thin",
];

for (const format of Object.keys(ALLOWED)) {
  Deno.test(`WP-97, LK-12, OI-2: whatever a schema and its answers hold, -o ${format} shows it escaped`, async () => {
    await using of = await hostile({ terminal: { stdout: format === "table", stderr: true } });
    for (const line of LINES) {
      const { out, err } = await execute(`${line} --color never -o ${format}`, of);
      assert.equal(forbidden(out, ALLOWED[format]), undefined, `${line}\n${out}`);
      assert.equal(forbidden(err), undefined, `${line}\n${err}`);
      assert.ok(!err.includes(TOKEN), `${line} shows the token:\n${err}`);
      assert.ok(out + err !== "", line);
    }
  });
}

Deno.test("WP-97, OI-1: what is escaped in JSON and YAML is read as what the server sent", async () => {
  await using of = await hostile();
  for (const [format, read] of [["json", JSON.parse], ["yaml", load]] as const) {
    const { out, err } = await execute(`call things --all --fields name,notes,any -o ${format}`, of);
    const rows = read(out) as unknown[];
    assert.deepEqual([rows.length, err], [6, ""]);
    for (const row of rows) {
      assert.deepEqual(row, { name: HOSTILE, notes: [HOSTILE, HOSTILE], any: { [HOSTILE]: [HOSTILE] } });
    }
  }
});

Deno.test("WP-97, LK-10: helps, completions and the list of commands hold nothing raw of a schema", async () => {
  await using of = await hostile();
  await execute("schema refresh -q", of);
  const lines: string[][] = [
    ...[
      "call things --help",
      "call old --help",
      "call change --help",
      "help call things",
      "commands",
      "commands -o json",
    ]
      .map((line) => line.split(" ")),
    ...["bash", "zsh", "fish", "powershell"].flatMap((shell) =>
      [["call", ""], ["call", "things", "--"], ["call", "things", "--state", ""]]
        .map((
          words,
        ) => ["__complete", shell, ...shell === "bash" ? [`autocom ${words.join(" ")}`, " "] : ["autocom", ...words]])
    ),
  ];
  for (const line of lines) {
    const { code, out, err } = await execute(line, of);
    assert.deepEqual([code, err], [0, ""], line.join(" "));
    assert.equal(forbidden(out, "\t\n"), undefined, `${line.join(" ")}\n${out}`);
    if (line[0] === "__complete") {
      for (const offered of out.split("\n").filter(Boolean)) assert.ok(offered.split("\t").length <= 2, offered);
    }
  }
});

Deno.test("WP-97, LK-15: the question about a mutation cannot be faked by what is typed or described", async () => {
  await using of = await hostile({ terminal: { stdin: true, stderr: true } });
  of.answers = [false];
  const { code, err } = await execute(["call", "change", "--notes", `${HOSTILE}\nCall something else? y`], of);
  assert.equal(code, 1);
  // deno-lint-ignore no-control-regex
  assert.equal(forbidden(err.replaceAll(/\x1b\[\d*m/g, "")), undefined, err);
  assert.deepEqual(of.seen.asked, ["Call change?"]);
});
