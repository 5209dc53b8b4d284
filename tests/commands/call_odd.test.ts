/** Schemas and answers that are legal and rare. */
import assert from "node:assert/strict";
import { GraphQLError } from "graphql";
import { behind, gateway } from "../support/gateway.ts";
import { autocom, execute } from "../support/harness.ts";

Deno.test("a query and a mutation of one name are told apart, and neither runs for the other", async () => {
  const server = gateway("type Query { cart(id: ID): Int, other: Int } type Mutation { cart(id: ID): Int }", {
    cart: 5,
  });
  await using of = await behind(server);
  const err = /^error: cart is a query and a mutation\nhint: say which: autocom call query:cart, or mutation:cart\n$/;
  for (const more of ["", " --id 1", " --yes"]) await autocom(`call cart${more}`, { code: 2, err }, of);
  assert.equal(server.asked.length, 0);
  await autocom("call query:cart --id 1", { out: "CART\n5\n" }, of);
  await autocom("call mutation:cart --id 1", { code: 2, err: /it must be confirmed/ }, of);
  await autocom("call mutation:cart --id 1 --yes", { out: /^CART\tREQUEST\n5\t/, err: /was carried out/ }, of);
  assert.deepEqual(server.asked.map(({ query }) => query.split(" ")[0]), ["query", "mutation"]);
  await autocom("call mutation:cart --help", { out: /A mutation[\s\S]*autocom call mutation:cart --dry-run/ }, of);
  await autocom("call mutation:other", { code: 2, err: /no operation "mutation:other"/ }, of);
});

Deno.test("a mutation that gives a field request_id, which is named, is carried out and printed", async () => {
  const server = gateway("type R { id: ID!, request_id: String } type Query { n: Int } type Mutation { act: R }", {
    act: { id: "1", request_id: "theirs" },
  });
  await using of = await behind(server);
  const line = "call act --yes -o json --fields id,request_id";
  await autocom(line, { out: /^\{\n {2}"id": "1",\n {2}"request_id": "[0-9a-f-]{36}"\n\}\n$/ }, of);
  await autocom([...line.split(" "), "--query", "request_id"], { out: /^"[0-9a-f-]{36}"\n$/ }, of);
  assert.equal(server.asked.length, 2);
});

Deno.test("the request of a mutation may be named, where it stands, and is not asked of the server", async () => {
  const server = gateway(
    "type R { id: ID!, status: String } type Query { r: R } type Mutation { act: R, nameless: N } type N { a: Int }",
    { act: { id: "1", status: "paid" }, nameless: { a: 1 }, r: { id: "1" } },
  );
  await using of = await behind(server);
  const named = (names: string) => ["call", "act", "--yes", "-q", "-o", "csv", "--fields", names];
  await autocom(named("status,request_id"), { out: /^STATUS,REQUEST\r?\npaid,[-0-9a-f]{36}\r?\n$/ }, of);
  await autocom(named("request_id,status"), { out: /^REQUEST,STATUS\r?\n[-0-9a-f]{36},paid\r?\n$/ }, of);
  await autocom(named("request_id"), { out: /^REQUEST\r?\n[-0-9a-f]{36}\r?\n$/ }, of);
  await autocom(
    "call nameless --yes -q -o csv --fields request_id",
    { out: /^REQUEST\r?\n[-0-9a-f]{36}\r?\n$/ },
    of,
  );
  assert.ok(server.asked.every(({ query }) => !query.includes("request_id")));
  await autocom("call r --fields request_id", { code: 2, err: /there is no such field/ }, of);
});

Deno.test("WP-13: where each field is refused nothing is printed as if it were all: 6; and what is no field's is no field's", async () => {
  const refuse = (code: string) => () => {
    throw new GraphQLError("no", { extensions: { code } });
  };
  const sdl = "type R { a: Int, b: Int } type Query { r: [R] }";
  for (
    const [a, b, code] of [["FORBIDDEN", "FORBIDDEN", 6], ["UNAUTHENTICATED", undefined, 4], [
      "INTERNAL",
      undefined,
      11,
    ]] as const
  ) {
    await using of = await behind(gateway(sdl, { r: [{ a: refuse(a), b: b ? refuse(b) : 2 }] }));
    await autocom("call r", { code, out: "", err: /^error: / }, of);
  }
  await using of = await behind(gateway(sdl, { r: [{ a: refuse("FORBIDDEN"), b: 2 }] }));
  await autocom("call r", { out: "B\n2\n", err: /Left out.*: a \(no\)/ }, of);
});

Deno.test("rows of several types are told apart by type and id: none is lost", async () => {
  const sdl =
    `interface Animal { id: ID! } type Cat implements Animal { id: ID!, purrs: Int } type Dog implements Animal { id: ID! }
    union Thing = Cat | Dog type Meta { current_page: Int!, total_pages: Int!, total_items: Int! }
    type Animals { data: [Animal!]!, meta: Meta! } type Things { data: [Thing!]!, meta: Meta! }
    type Query { animals(page: Int, per_page: Int): Animals, things(page: Int, per_page: Int): Things }`;
  const pages = ({ page = 1 }) => ({
    data: [["Cat", "1"], ["Cat", "2"], ["Dog", "1"], ["Dog", "2"]].slice(page * 2 - 2, page * 2).map(([type, id]) => ({
      __typename: type,
      id,
    })),
    meta: { current_page: page, total_pages: 2, total_items: 4 },
  });
  await using of = await behind(gateway(sdl, { animals: pages, things: pages }));
  for (const name of ["animals", "things"]) {
    for (const more of ["", " --fields id"]) {
      const { out, err } = await execute(`call ${name} --all -o jsonl${more}`, of);
      assert.deepEqual(out.trim().split("\n").map((line) => JSON.parse(line).id), ["1", "2", "1", "2"], err);
      assert.equal(err, "");
    }
  }
});

Deno.test("a field that the server has gained can be named at once; one that it has not is said after one look", async () => {
  const server = gateway("type R { a: Int } type Query { r: R }", { r: { a: 1, fresh: 2 } });
  await using of = await behind(server);
  await autocom("call r", { out: /^A\s+1\n$|a\t1/i }, of);
  server.sdl = "type R { a: Int, fresh: Int } type Query { r: R }";
  await autocom("call r --fields fresh -o json", { out: '{\n  "fresh": 2\n}\n' }, of);
  assert.equal(server.introspected, 2);
  await autocom("call r --fields nope", { code: 2, err: /"nope": there is no such field/ }, of);
  assert.equal(server.introspected, 3);
  await autocom("call r --fields fres", { code: 2, err: /did you mean: fresh/ }, of);
  assert.equal(server.introspected, 3, "a slip is said without a look");
});

Deno.test("scalars that hold numbers by their names are sent numbers, with their digits", async () => {
  const server = gateway(
    `scalar PositiveInt scalar Long scalar UInt64 scalar Code scalar JSON
     type Query { n(p: PositiveInt, l: Long, u: UInt64, c: Code, j: JSON): Int }`,
    { n: 1 },
  );
  await using of = await behind(server);
  await autocom("call n --p 5 --l 9007199254740993 --u x --c 5 --j 5", { out: "N\n1\n" }, of);
  const document = "query($p: PositiveInt, $c: Code, $j: JSON, $k: JSON) { n(p: $p, c: $c, j: $j) m: n(j: $k) }";
  await autocom(["graphql", document, "-F", "p=5", "-F", "c=5", "-F", "j=5", "-F", "k=true"], { out: /"n":1/ }, of);
  assert.deepEqual(server.asked.map(({ variables }) => variables), [
    { p: 5, l: 9007199254740993, u: "x", c: "5", j: 5 },
    { p: 5, c: "5", j: 5, k: true },
  ]);
});

Deno.test("an id that is empty in a list of JSON widens no list; an enum of thousands is not all said", async () => {
  const values = Array.from({ length: 5_000 }, (_, at) => `VALUE_${at}`);
  const server = gateway(`enum E { ${values.join(" ")} } type Query { n(ids: [ID!], e: E): Int }`);
  await using of = await behind(server);
  await autocom(["call", "n", "--ids", '["a",""]'], { code: 2, err: /^error: --ids must not be empty/ }, of);
  const { err } = await execute("call n --e VALUE_49x", of);
  assert.ok(err.length < 1_000, `${err.length} characters`);
  assert.match(err, /must be one of VALUE_0, .* … and [\d,]+ more, not "VALUE_49x"\nhint: .*VALUE_49/);
  assert.equal(server.asked.length, 0);
});

Deno.test("an argument called input is --input, whatever its type is", async () => {
  const server = gateway("type Query { a(input: String): Int b(input: [Int!]): Int }", { a: 1, b: 1 });
  await using of = await behind(server);
  await autocom("call a --input x", { out: "A\n1\n" }, of);
  await autocom("call a --arg-input x", { out: "A\n1\n" }, of);
  await autocom("call b --input 1 --input 2", { out: "B\n1\n" }, of);
  assert.deepEqual(server.asked.map(({ variables }) => variables.input), ["x", "x", [1, 2]]);
});

Deno.test("WP-14: money in lists of lists is the same in a cell as in JSON", async () => {
  await using of = await behind(
    gateway("scalar Money type R { total: Money } type Query { rows: [[R!]!]! }", { rows: [[{ total: "2.50" }]] }),
  );
  await autocom("call rows", { out: 'VALUE\n[{"total":2.50}]\n' }, of);
});

Deno.test("a description that begins like an alias, and is none, keeps its first word", async () => {
  await using of = await behind(
    gateway('type Query { "v2.0 of the list" a: Int "Node.js" b: Int "1.5 times" c: Int }'),
  );
  await autocom("schema list -q", { out: /\ta?.*v2\.0 of the list\n[\s\S]*Node\.js\n[\s\S]*1\.5 times\n/ }, of);
  for (const word of ["v2.0", "Node.js"]) await autocom(`call ${word}`, { code: 2, err: /no operation/ }, of);
});

Deno.test("a refused field that a --query names is the refusal, wherever it stands; what takes all is warned of, with -q, too", async () => {
  const forbidden = () => {
    throw new GraphQLError("no", { extensions: { code: "FORBIDDEN", permission: "costs" } });
  };
  const rows = [1, 2].map((id) => ({ id: `${id}`, cost: forbidden, count: id }));
  const page = { data: rows, meta: { current_page: 1, total_pages: 1, total_items: 2 } };
  const server = gateway(
    `type Meta { current_page: Int!, total_pages: Int!, total_items: Int! } type R { id: ID!, cost: Int, count: Int }
     type P { data: [R!]!, meta: Meta! } type Query { page(page: Int): P, rows: [R!], row: R, grid: [[R!]!] }`,
    { page, rows, row: rows[0], grid: [rows] },
  );
  await using of = await behind(server);
  const named: [name: string, expression: string][] = [
    ["page", "sum([].cost || `[]`)"],
    ["page", "sum(map(&to_number(@), [].cost))"],
    ["page", "[?cost > `1`].id"],
    ["page", "sort_by(@, &cost)[0].id"],
    ["rows", "[].{price: cost}"],
    ["rows", "merge([0], {id: `9`}).cost"],
    ["row", "cost"],
    ["grid", "[].value[].cost"],
  ];
  for (const [name, expression] of named) {
    const err = /^error: cannot call .*"costs" is missing \(request .*\)\nhint: /;
    await autocom(["call", name, "--query", expression, "-q"], { code: 6, out: "", err }, of);
  }
  await autocom(["call", "page", "--meta", "-o", "json", "--query", "data[].cost", "-q"], {
    code: 6,
    out: "",
    err: /^\{"error":\{"code":"forbidden".*costs.* is missing/,
  }, of);
  const left = /^warning: Left out, because it was refused: cost \(no\)\n$/;
  const others: [name: string, expression: string, out: string][] = [
    ["page", "length(@)", "2\n"],
    ["page", "sum([].count)", "3\n"],
    ["rows", "[].*", '[["1",1],["2",2]]\n'],
    ["rows", "[].{cost: count} | [].cost", "[1,2]\n"],
    ["row", "count", "1\n"],
  ];
  for (const [name, expression, out] of others) {
    const is = (text: string) => assert.equal(text.replaceAll(/(?<!^)\s+(?!$)/g, ""), out, `${name} ${expression}`);
    await autocom(["call", name, "--query", expression, "-q", "-o", "json"], { out: is, err: left }, of);
  }
});
