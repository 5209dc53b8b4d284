/** What an operation of the server's own gives: what is selected, refused, printed. */
import assert from "node:assert/strict";
import { GraphQLError } from "graphql";
import { behind, gateway } from "../support/gateway.ts";
import { autocom, execute } from "../support/harness.ts";
import { printsInEveryFormat } from "../support/output/answers.ts";
import { json, scripted } from "../support/scripted.ts";

const META = "type Meta { current_page: Int!, total_pages: Int!, total_items: Int! }";

Deno.test("WP-13: a viewer's default selection succeeds; a field that needs a permission ends with 6 and names it", async () => {
  const customer = () => {
    throw new GraphQLError("no", { extensions: { code: "FORBIDDEN", permission: "customers.view" } });
  };
  const server = gateway("type C { email: String } type O { id: ID, customer: C } type Query { orders: [O!]! }", {
    orders: [{ id: "1", customer }],
  });
  await using of = await behind(server);
  await autocom("call orders", { out: "ID\n1\n" }, of);
  await autocom("call orders --fields id,customer.email", {
    code: 6,
    err: /the permission "customers\.view" is missing/,
  }, of);
  assert.equal(server.asked.length, 2);
});

Deno.test("a query that is refused at a field is repeated once without it, and says so", async () => {
  const refused = () => {
    throw new GraphQLError("Permission `cost` is missing.", { extensions: { code: "FORBIDDEN", permission: "cost" } });
  };
  const rows = [{ id: "1", cost: refused, name: "a" }, { id: "2", cost: refused, name: "b" }];
  const server = gateway(
    `${META} type T { id: ID, name: String, cost: Int } type P { data: [T!]!, meta: Meta! } type Query { list: [T!]!, page: P, one: T }`,
    { list: rows, one: rows[0], page: { data: rows, meta: { current_page: 1, total_pages: 1, total_items: 2 } } },
  );
  await using of = await behind(server);
  const left = /^Left out, because it was refused: cost \(Permission `cost` is missing\.\)\n$/;
  await autocom("call list", { out: "ID\tNAME\n1\ta\n2\tb\n", err: left }, of);
  await autocom("call page", { out: "ID\tNAME\n1\ta\n2\tb\n", err: left }, of);
  await autocom("call one", { out: "ID\tNAME\n1\ta\n", err: left }, of);
  assert.equal(server.asked.length, 6);
  await autocom("call one --fields cost", { code: 6, err: /"cost" is missing/ }, of);
  assert.equal(server.asked.length, 7, "what was asked for by name is not left out");
});

Deno.test("WP-14: every kind of result prints in every format", async () => {
  const server = gateway(
    `${META} interface Node { id: ID } type A implements Node { id: ID, a: Int, cost: Money, at(n: Int!): Int, same: Money, x: A }
     type B { b: Int, id: ID, cost: Int, at: Int, same: Money, x: A } union U = A | B scalar Any scalar Money
     type Page { data: [A!], meta: Meta }
     type Query { node: Node, u: U, us: [U!]!, grid: [[Int]], texts: [String], n: Int, yes: Boolean, any: Any, page: Page,
       list: [A], none: [A!], money: Money!, amounts: [Money], table: [[Money!]!]!, things: [[A]] }`,
    {
      node: { __typename: "A", id: "1" },
      u: { __typename: "B", b: 1, id: "1", same: "1.50" },
      us: [{ __typename: "A", id: "1", same: null }, { __typename: "B", id: "2", same: "2.00" }],
      grid: [[1, 2], [], null],
      texts: ["a", null, "b\tc"],
      n: 3,
      yes: true,
      any: { x: [1] },
      page: null,
      list: [{ id: "1", a: null, cost: "2.50" }, null],
      none: null,
      money: "12.50",
      amounts: ["1.00", null],
      table: [["1.00", "2.50"], []],
      things: [[{ id: "1", cost: "3.00" }, null], null],
    },
  );
  await using of = await behind(server);
  const expected: [string, Parameters<typeof printsInEveryFormat>[1], money?: string[]][] = [
    ["node", { __typename: "A", id: "1" }],
    ["u", { __typename: "B", id: "1", same: "1.50" }, ["same"]],
    ["us", [{ __typename: "A", id: "1", same: null }, { __typename: "B", id: "2", same: "2.00" }], ["same"]],
    ["grid", [{ value: [1, 2] }, { value: [] }, { value: null }]],
    ["texts", [{ value: "a" }, { value: null }, { value: "b\tc" }]],
    ["n", { n: 3 }],
    ["yes", { yes: true }],
    ["any", { any: { x: [1] } }],
    ["page", []],
    ["list", [{ id: "1", a: null, cost: "2.50", same: null }], ["cost"]],
    ["none", []],
    ["money", { money: "12.50" }, ["money"]],
    ["amounts", [{ value: "1.00" }, { value: null }], ["value"]],
    ["table", [{ value: ["1.00", "2.50"] }, { value: [] }], ["value"]],
  ];
  for (const [name, sent, money] of expected) await printsInEveryFormat(["call", name], sent, of, { money });
  await autocom("call table -o json", { out: /1\.00,\s+2\.50/ }, of);
  await autocom("call things --fields id,cost -o jsonl", {
    out: '{"value":[{"id":"1","cost":3.00},null]}\n{"value":null}\n',
  }, of);
});

Deno.test("WP-14: --fields goes through a union by what its members have in common", async () => {
  const server = gateway(
    `type C { email: String } type A { id: ID, c: C, a: Int } type B { id: ID, c: C } union U = A | B type Query { u: U }`,
    { u: { __typename: "A", id: "1", c: { email: "a@b.example" } } },
  );
  await using of = await behind(server);
  await autocom("call u --fields id,c.email", { out: "ID\tC.EMAIL\n1\ta@b.example\n" }, of);
  assert.match(server.asked[0]!.query, /u \{ \.\.\. on A \{ id c \{ email \} \} \.\.\. on B \{ id c \{ email \} \} \}/);
  await autocom("call u --fields a", { code: 2, err: /there is no such field\nhint: the fields are id, c\n/ }, of);
  await autocom("call u --fields", { out: /^FIELD.*\nid\t.*\nc\t.*\nc\.email\t/ }, of);
  await autocom("schema show U -q", { out: /\nA\tU\t.*\nB\tU\t/ }, of);
});

Deno.test("WP-14: money that a mutation gives, alone or in lists, is a number to programs", async () => {
  const server = gateway(
    `scalar Money type T { id: ID, cost: Money } type Query { n: Int }
     type Mutation { pay: Money, split: [Money!]!, mend: [T!], grid: [[T!]] }`,
    { pay: "1.50", split: ["1.00", "0.50"], mend: [{ id: "1", cost: "2.00" }], grid: [[{ id: "1", cost: "2.00" }]] },
  );
  await using of = await behind(server);
  for (
    const [line, printed] of [
      ["pay", '"pay":1.50'],
      ["split", '"split":[1.00,0.50]'],
      ["mend --fields cost", '"mend":[{"id":"1","cost":2.00}]'],
      ["grid --fields cost", '"grid":[[{"id":"1","cost":2.00}]]'],
    ] as const
  ) {
    await autocom(
      `call ${line} --yes -q -o jsonl`,
      { out: (text) => assert.ok(text.startsWith(`{${printed},`), text) },
      of,
    );
  }
  await autocom(["call", "split", "--yes", "-q", "--query", "split[0]"], { out: "1.00\n" }, of);
});

Deno.test("WP-14: where one thing was asked for and there is none, the command ends with 7", async () => {
  await using of = await behind(
    gateway("type T { id: ID } type Query { one(id: ID): T, n: Int }", { one: null, n: null }),
  );
  await autocom("call one --id 5", { code: 7, err: /there is no such thing/ }, of);
  await autocom("call n", { out: "N\n\n" }, of);
});

Deno.test("WP-15: fields that lead round in circles are refused here", async () => {
  const server = gateway("type A { id: ID, b: B } type B { id: ID, a: A } type Query { one: A }", { one: { id: "1" } });
  await using of = await behind(server);
  await autocom(
    ["call", "one", "--fields", `${"b.a.".repeat(20)}id`],
    { code: 2, err: /more than 12 levels deep/ },
    of,
  );
  await autocom(
    ["call", "one", "--fields", `${"b.a.".repeat(5_000)}id`],
    { code: 2, err: /more than 12 levels deep/ },
    of,
  );
  assert.equal(server.asked.length, 0);
  await autocom("call one --fields b.a.b.id", { out: "B.A.B.ID\n\n" }, of);
});

Deno.test("WP-31: an unknown field is refused with the nearest, and bare --fields lists them, without a request", async () => {
  const server = gateway(
    "type C { email: String } type T { id: ID, status: String, customer: C } type Query { one: T }",
    { one: { id: "1" } },
  );
  await using of = await behind(server);
  await autocom("schema refresh -q", { out: /./ }, of);
  of.fetch = scripted();
  await autocom("call one --fields id,statsu", { code: 2, err: /did you mean: status/ }, of);
  await autocom("call one --fields customer.emial", { code: 2, err: /did you mean: customer\.email/ }, of);
  await autocom("call one --fields id.x", { code: 2, err: /there is no such field/ }, of);
  await autocom("call one --fields id,id", { code: 2, err: /named twice/ }, of);
  await autocom(["call", "one", "--fields", ""], { code: 2, err: /there is no such field/ }, of);
  await autocom("call one --fields", {
    out: /^FIELD\tTYPE\tABOUT\nid\ttext\t\nstatus\ttext\t\ncustomer\trow\t\ncustomer\.email/,
  }, of);
});

Deno.test("WP-32: columns stand in the order that was asked for", async () => {
  const server = gateway("type T { id: ID, status: String, n: Int } type Query { one: T }", {
    one: { id: "1", status: "s", n: 2 },
  });
  await using of = await behind(server);
  await autocom(["call", "one", "--fields", "n, status ,id"], { out: "N\tSTATUS\tID\n2\ts\t1\n" }, of);
  assert.match(server.asked[0]!.query, /one \{ n status id \}/);
});

Deno.test("a fault in the answer of a query is told as of every command", async () => {
  const bad: [unknown, number][] = [
    [{ data: { one: { id: 5 } } }, 11],
    [{ data: { one: [] } }, 11],
    [{ data: {} }, 11],
    [{}, 11],
    [{ data: 7 }, 11],
    [{
      errors: [{ message: "no", path: ["one"], extensions: { code: "FORBIDDEN", permission: "x" } }],
      data: { one: null },
    }, 6],
    [{ errors: [{ message: "no", extensions: { code: "UNAUTHENTICATED" } }] }, 4],
    [{ errors: "x" }, 8],
  ];
  for (const [body, code] of bad) {
    const server = gateway("type T { id: ID } type Query { one: T }");
    await using of = await behind(server);
    await autocom("schema refresh -q", { out: /./ }, of);
    const real = of.fetch;
    of.fetch = async (request) =>
      /__schema/.test(await request.clone().text()) ? await real(request) : Response.json(body);
    await autocom("call one", { code, err: /^error: cannot call one/ }, of);
  }
});

Deno.test("a number keeps the digits that the program's own numbers have not", async () => {
  const server = gateway(
    `${META} scalar BigInt scalar Any type T { id: BigInt, rate: Float, any: Any } type P { data: [T!]!, meta: Meta! }
     type Query { big: BigInt, page(page: Int): P }`,
  );
  await using of = await behind(server);
  await autocom("schema refresh -q", { out: /./ }, of);
  const [one, two] = ["9007199254740992", "9007199254740993"];
  const answering = (text: string) =>
    scripted(() => new Response(text, { headers: { "Content-Type": "application/json" } }));
  of.fetch = answering(`{"data":{"big":${two}}}`);
  await autocom("call big", { out: `BIG\n${two}\n` }, of);
  await autocom("call big -o json", { out: `{\n  "big": ${two}\n}\n` }, of);
  const row = (id: string) => `{"id":${id},"rate":1234567890.12345678,"any":{"deep":[-${id}.10]}}`;
  const rows = `{"data":{"page":{"data":[${row(one)},${row(two)}],"meta":{"current_page":1,"total_pages":1}}}}`;
  of.fetch = answering(rows);
  const cells = (id: string) => [id, "1234567890.12345678", `{"deep":[-${id}.10]}`].join("\t");
  const table = ["ID\tRATE\tANY", cells(one), cells(two), ""].join("\n");
  await autocom("call page", { out: table }, of);
  await autocom("call page --all", { out: table }, of);
  await autocom("call page -o jsonl", { out: `${row(one)}\n${row(two)}\n` }, of);
  await autocom("call page -o yaml", { out: new RegExp(`^---\n- id: ${one}\n`) }, of);
  await autocom("call page --query sum([].id)", { out: "18014398509481985\n" }, of);
  await autocom(["call", "page", "--query", "[?rate > `1`].[type(rate), any.deep[0]] | [0]"], {
    out: `number\n-${one}.10\n`,
  }, of);
});

Deno.test("a result alone that is missing, nests too deep, or is null where the schema says that it is there is exit 11", async () => {
  const server = gateway("scalar Any type Query { n: Int!, any: Any, all: [Any], some: [Int!]! }");
  await using of = await behind(server);
  await autocom("schema refresh -q", { out: /./ }, of);
  const deep = (levels: number) => `${"[".repeat(levels)}1${"]".repeat(levels)}`;
  const answers: [name: string, data: string, said: RegExp][] = [
    ["n", "{}", /n\\?" is missing in the answer/],
    ["n", '{"n":null}', /n\\?" of the answer is null/],
    ["any", "{}", /any\\?" is missing in the answer/],
    ["any", `{"any":${deep(3_000)}}`, /nested at most 64 deep/],
    ["any", `{"any":[1234567890123456789,${deep(100_000)}]}`, /nested at most 64 deep/],
    ["all", `{"all":[${deep(3_000)}]}`, /nested at most 64 deep/],
    ["all", "{}", /another shape/],
    ["some", '{"some":null}', /another shape/],
    ["some", '{"some":[1,null]}', /value\\?" of the answer is null/],
  ];
  for (const [name, data, err] of answers) {
    of.fetch = scripted(() => new Response(`{"data":${data}}`, { headers: { "Content-Type": "application/json" } }));
    for (const format of ["json", "yaml", "tsv"]) await autocom(["call", name, "-o", format], { code: 11, err }, of);
  }
});

Deno.test("rows in a row may be null where the schema says so, and lists of lists print as they are", async () => {
  const server = gateway(
    `scalar Money type I { k: String, price: Money } type R { id: ID, inners: [I], sure: [I!], grid: [[I!]!] }
     type Query { rows: [R!]! } type Mutation { mend: R }`,
    {
      rows: [{ id: "1", inners: [{ k: "a" }, null], sure: [{ k: "b" }], grid: [[{ k: "c" }, { k: "d" }], []] }],
      mend: { id: "1", inners: [null, { k: "a" }] },
    },
  );
  await using of = await behind(server);
  await autocom("call rows --fields id,inners,grid,sure", { out: "ID\tINNERS\tGRID\tSURE\n1\ta, \tc, d, \tb\n" }, of);
  const { out } = await execute("call rows --fields inners.k,grid.k,sure.k -o json", of);
  assert.deepEqual(JSON.parse(out), [{ "inners.k": ["a", null], "grid.k": [["c", "d"], []], "sure.k": ["b"] }]);
  await autocom(
    "call mend --yes -q --fields inners.k -o jsonl",
    { out: /^\{"inners\.k":\[null,"a"\],"request_id":/ },
    of,
  );
  const answers = (row: unknown) => {
    of.fetch = () => Promise.resolve(json({ data: { rows: [row] } })());
  };
  const bad: [string, unknown, RegExp][] = [
    ["sure.k", { sure: [null] }, /"sure\.0" of the answer is null, not an object/],
    ["inners.k", { inners: [null, { k: 5 }] }, /"inners\.1\.k" of the answer is a number, not text/],
    ["inners.k", { inners: "x" }, /"inners" of the answer is text, not a list/],
    ["grid.k", { grid: [[{ k: "c" }], "x"] }, /"grid\.1" of the answer is text, not an object/],
  ];
  for (const [fields, row, err] of bad) {
    answers(row);
    await autocom(`call rows --fields ${fields}`, { code: 11, err }, of);
  }
  answers({ inners: [{ price: "12.50" }, null], grid: [[{ k: null, price: "1.00" }]] });
  await autocom("call rows --fields inners.price,grid -o jsonl", {
    out: '{"inners.price":[12.50,null],"grid":[[{"k":null,"price":1.00}]]}\n',
  }, of);
});

Deno.test("a list of texts may be given as JSON; what holds something else is refused", async () => {
  const server = gateway("type Query { n(tags: [String!], ids: [ID!]): Int }", { n: 1 });
  await using of = await behind(server);
  for (const tags of ['["a","b"]', "[]", "[sale]", "@a"]) {
    await autocom(["call", "n", "--tags", tags], { out: /1/ }, of);
  }
  await autocom(["call", "n", "--tags", '["a"]', "--tags", "b", "--ids", '["1","2"]'], { out: /1/ }, of);
  assert.deepEqual(server.asked.map(({ variables }) => variables), [
    { tags: ["a", "b"] },
    { tags: [] },
    { tags: ["[sale]"] },
    { tags: ["@a"] },
    { tags: ["a", "b"], ids: ["1", "2"] },
  ]);
  await autocom(["call", "n", "--tags", "[1]"], {
    code: 2,
    err:
      /^error: --tags is a list of texts, and what is given holds something else\nhint: write: --tags '\["a","b"\]', or /,
  }, of);
});

Deno.test("an id that is empty widens no list; an argument called input is also --input; --all gives the page", async () => {
  const meta = { current_page: 1, total_pages: 1, total_items: 1 };
  const server = gateway(
    `${META} type T { id: ID } type P { data: [T!]!, meta: Meta! } input I { a: String }
     input X { id: ID }
     type Query { list(customer_id: ID, page: Int!): P, one(page: Int!, ids: [ID!], in: X): T } type Mutation { make(input: I!): T }`,
    { list: { data: [{ id: "1" }], meta }, make: { id: "2" } },
  );
  await using of = await behind(server);
  await autocom(["call", "list", "--customer-id", "", "--page", "1"], {
    code: 2,
    err: /--customer-id must not be empty/,
  }, of);
  await autocom("call list", { code: 2, err: /--page is missing/ }, of);
  for (const how of ["--all", "--limit 1"]) await autocom(`call list ${how}`, { out: "ID\n1\n" }, of);
  await autocom("call list --meta -o json", { out: /"id": "1"/ }, of);
  await autocom(["call", "one", "--query", "id"], { code: 2, err: /--page is missing/ }, of);
  for (const flag of ["--ids", "--in.id"]) {
    await autocom(["call", "one", "--page", "1", flag, ""], { code: 2, err: RegExp(`${flag} must not be empty`) }, of);
  }
  await autocom(["call", "list", "--query", "[].id"], { out: "1\n" }, of);
  await autocom(["call", "make", "--input", '{"a":"x"}', "--yes", "-q"], { out: /^ID\t.*\n2\t/ }, of);
  assert.deepEqual(server.asked.at(-1)!.variables, { input: { a: "x" } });
});

Deno.test("what jq is to do with a call's rows can be typed", async () => {
  const meta = { current_page: 1, total_pages: 9_000, total_items: 900_000 };
  const server = gateway(
    `${META} type T { id: ID } type P { data: [T!]!, meta: Meta! } type Query { list(q: String, page: Int, per_page: Int): P }`,
    { list: { data: [{ id: "1" }], meta } },
  );
  await using of = await behind(server);
  await autocom(["call", "list", "--q", "a b", "--query", "length(@)", "--meta"], {
    code: 2,
    err: /\nhint: let jq do it: autocom call list --q 'a b' --all -o jsonl \| jq \.\n$/,
  }, of);
});
