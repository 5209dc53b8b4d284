/** How the schema is read: within a server's limits, and what of it is believed. */
import assert from "node:assert/strict";
import { buildSchema, getIntrospectionQuery, graphqlSync, parse, validate } from "graphql";
import { digest } from "../../src/schema/digest.ts";
import { WHOLE } from "../../src/schema/introspect.ts";
import { depthRule } from "../platform/sandbox/query_limits.ts";
import { behind, gateway, INTROSPECTION } from "../support/gateway.ts";
import { autocom, execute } from "../support/harness.ts";

const SDL = `
  enum Status { pending paid }
  input ItemInput { sku: String!, quantity: Int! = 1 }
  type Order { id: ID!, status: Status!, tags: [String!]! }
  type Page { data: [Order!]!, meta: Meta! }
  type Meta { current_page: Int!, total_pages: Int!, total_items: Int! }
  type Query { orders(page: Int, status: [Status!]): Page, grid: [[Int!]!]! }
  type Mutation { orders_create(items: [ItemInput!]!): Order }
`;

/** What `schema list` says with limits of that kind. */
async function listed(limits: { depth?: number; complexity?: number }): Promise<{ out: string; asked: number }> {
  const server = gateway(SDL, {}, limits);
  const of = await behind(server);
  let out = "";
  await autocom("schema list --quiet", { out: (text) => void (out = text) }, of);
  await of[Symbol.asyncDispose]();
  return { out, asked: server.introspected };
}

const LIST = [
  "OPERATION\tKIND\tRETURNS\tDESCRIPTION",
  "grid\tquery\t[[Int!]!]!\t",
  "orders\tquery\tPage\t",
  "orders_create\tmutation\tOrder\t",
  "",
].join("\n");

Deno.test("WP-1: at depth 7 and complexity 60 one request reads the schema, at depth 6 several do", async () => {
  const plain = SDL.replace(", grid: [[Int!]!]!", "");
  const server = gateway(plain, {}, { depth: 7, complexity: 60 });
  const of = await behind(server);
  await autocom("schema refresh", { out: /\t2\t\d+\tserver\n/ }, of);
  assert.equal(server.introspected, 1);
  server.depth = 6;
  await autocom("schema refresh", { out: /\t2\t\d+\tserver\n/ }, of);
  assert.ok(server.introspected > 2, String(server.introspected));
  await of[Symbol.asyncDispose]();
});

Deno.test("WP-1: a list of lists is read within a depth of 7, and left out where that is refused", async () => {
  assert.deepEqual(await listed({ depth: 7 }), { out: LIST, asked: 2 });
  assert.equal((await listed({ depth: 6 })).out, LIST.replace(/grid.*\n/, ""));
});

Deno.test("WP-1: names are asked for in fewer at once until the complexity fits", async () => {
  const server = gateway(SDL, {}, { depth: 6, complexity: 90 });
  const of = await behind(server);
  await autocom("schema list -q", { out: /orders_create/ }, of);
  await of[Symbol.asyncDispose]();
});

Deno.test("WP-1: at depth 4 it ends with 8, the limit's name and the way out", async () => {
  await using of = await behind(gateway(SDL, {}, { depth: 4 }));
  await autocom("call orders", {
    code: 8,
    err: /Max query depth should be 4 but got \d[^]*hint: .*autocom schema import FILE\n$/,
  }, of);
});

Deno.test("WP-2: with introspection off call ends with 8 and says what to type; with an imported schema it works", async () => {
  const server = gateway(SDL, {
    orders: () => ({
      data: [{ id: "1", status: "paid", tags: [] }],
      meta: { current_page: 1, total_pages: 1, total_items: 1 },
    }),
  }, { introspection: false });
  await using of = await behind(server);
  await autocom("call orders", { code: 8, err: /introspection[^]*autocom schema import FILE/ }, of);
  const result = graphqlSync({ schema: buildSchema(SDL), source: getIntrospectionQuery() });
  await Deno.writeTextFile(`${of.home}/schema.json`, JSON.stringify(result));
  await autocom(["schema", "import", `${of.home}/schema.json`], { out: /\tacme\t3\t\d+\tfile\n/ }, of);
  await autocom("call orders", { out: "ID\tSTATUS\tTAGS\n1\tpaid\t[]\n" }, of);
  of.stdin = JSON.stringify(result.data);
  await autocom("schema import -", { out: /\tacme\t3\t/ }, of);
});

Deno.test("WP-2: the query that the README shows gives what schema import takes", async () => {
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  const [, query] = /> schema\.json <<'END'\n([^]*?)\n *END\n/.exec(readme)!;
  const server = gateway(SDL);
  await using of = await behind(server);
  // Who imports something else is told where that stands.
  of.stdin = "{}";
  const { err } = await execute("schema import -", of);
  const [, heading] = /\nhint: .* README\.md, "(.+)"\n$/.exec(err)!;
  const [section] = readme.split(`\n## ${heading}\n`)[1]!.split("\n## ");
  assert.ok(section!.includes(query!), heading);
  of.stdin = query!;
  const { code, out } = await execute("graphql --input -", of);
  assert.equal(code, 0);
  server.introspection = false;
  of.stdin = out;
  await autocom("schema import -", { out: /\tacme\t3\t\d+\tfile\n/ }, of);
  await autocom("schema show orders", { out: /\nstatus\t\[Status!\]\t--status\t/, err: /orders: a query/ }, of);
});

Deno.test("an import without a tenant ends with 5, names --tenant, and keeps nothing", async () => {
  await using of = await behind(gateway("type Query { one: Int }", { one: 1 }));
  delete of.env.AUTOCOM_TENANT;
  of.stdin = JSON.stringify(INTROSPECTION);
  await autocom("schema import -", {
    code: 5,
    err: /no tenant is chosen, and a schema is kept for one\nhint: .*: autocom schema import FILE --tenant SLUG\n$/,
  }, of);
  await autocom("schema import - --tenant globex -q", { out: /\tglobex\t1\t\d+\tfile\n/ }, of);
});

Deno.test("an import that is no introspection result is refused, and nothing is kept", async () => {
  await using of = await behind(gateway(SDL, {}, { introspection: false }));
  for (const text of ["", "{", "[]", '{"data":null}', '{"__schema":{"types":{}}}', '{"__schema":{"types":[]}}']) {
    of.stdin = text;
    await autocom("schema import -", { code: 2, err: /cannot import "-"/ }, of);
  }
  await autocom("call orders", { code: 8, err: /introspection/ }, of);
});

Deno.test("our introspection has a depth of 7, by the rule of webonyx", () => {
  const schema = buildSchema(SDL);
  assert.equal(validate(schema, parse(WHOLE), [depthRule(7)]).length, 0);
  assert.equal(validate(schema, parse(WHOLE), [depthRule(6)]).length, 1);
});

Deno.test("WP-9: names that are none in GraphQL are left out and counted, whatever they are", () => {
  const named = (kind: string) => ({ kind: "SCALAR", name: kind });
  const field = (name: unknown, type: unknown = named("Int")) => ({ name, args: [], type });
  const bad = ["a b", "$(id)", "a\u001b[31m", "a\nb", "‮x", "__own", "", 5, null, "ä", "a-b", "a{b}"];
  const found = digest({
    queryType: { name: "Query" },
    types: [
      named("Int"),
      {
        kind: "OBJECT",
        name: "Query",
        fields: [...bad.map((name) => field(name)), field("fine"), field("lost", named("Nothing")), null, 7],
      },
    ],
  })!;
  assert.deepEqual(found.book.index().map(({ name }) => name), ["fine"]);
  // Once as a field of the type, once as an operation.
  assert.equal(found.skipped, 2 * (bad.length + 3));
});

Deno.test("WP-8: operations and types with the names of an object's own properties are ordinary ones", async () => {
  const server = gateway(
    `type Object { id: ID, constructor: Int } type Query { constructor: Object, toString(valueOf: Int): Int, hasOwnProperty: Int }`,
    {
      constructor: () => ({ id: "1", constructor: 4 }),
      toString: ({ valueOf: n }: { valueOf: number }) => n,
      hasOwnProperty: 3,
    },
  );
  await using of = await behind(server);
  await autocom("call constructor -o json", { out: '{\n  "id": "1",\n  "constructor": 4\n}\n' }, of);
  await autocom("call toString --value-of 5", { out: "TOSTRING\n5\n" }, of);
  for (const name of ["__proto__", "valueOf", "isPrototypeOf", "prototype"]) {
    await autocom(["call", name], { code: 2, err: new RegExp(`no operation "${name}"`) }, of);
  }
});
