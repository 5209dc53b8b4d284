/** Arguments and fields of inputs: those that are deprecated, and those whose types are nested deep. */
import assert from "node:assert/strict";
import { buildSchema, graphqlSync } from "graphql";
import { behind, type Gateway, gateway } from "../support/gateway.ts";
import { autocom, execute } from "../support/harness.ts";

const SDL = `
  input Range { from: Int, since: Int @deprecated(reason: "use from") }
  input By { name: String, label: String @deprecated, range: Range, ranges: [Range!] }
  type Query { n(page_size: Int, pageSize: Int @deprecated(reason: "use page_size"), by: By, input: By): Int }
`;

/** A server of a specification that knows no deprecated inputs. */
function older(server: Gateway): Gateway {
  const refuse = async (request: Request) => {
    const { query } = await request.clone().json();
    if (!/args\(includeDeprecated|inputFields\(includeDeprecated/.test(query)) return await server(request);
    server.introspected++;
    const message = 'Unknown argument "includeDeprecated" on field "args" of type "__Field".';
    return Response.json({ errors: [{ message }] });
  };
  return Object.assign(refuse, server);
}

Deno.test("what is deprecated of an operation's inputs can be given, as an option and as JSON, and is warned of", async () => {
  const server = gateway(SDL, { n: 1 }, { depth: 7 });
  await using of = await behind(server);
  const lines: [line: string[], sent: object, warned: string[]][] = [
    [["--page-size", "1"], { page_size: 1 }, []],
    [["--pageSize", "1"], { pageSize: 1 }, ["--pageSize is deprecated: use page_size"]],
    [["--by.label", "x"], { by: { label: "x" } }, ["--by.label is deprecated: No longer supported"]],
    [["--by.range.since", "1"], { by: { range: { since: 1 } } }, ["--by.range.since is deprecated: use from"]],
    [["--label", "x"], { input: { label: "x" } }, ["--label is deprecated: No longer supported"]],
    [["--by", '{"name":"x","range":{"from":1}}'], { by: { name: "x", range: { from: 1 } } }, []],
    [["--by", '{"ranges":[{"since":1},{"since":2}]}'], { by: { ranges: [{ since: 1 }, { since: 2 }] } }, [
      "--by.ranges.since is deprecated: use from",
    ]],
  ];
  for (const [line, sent, warned] of lines) {
    const err = warned.map((one) => `warning: ${one}\n`).join("");
    await autocom(["call", "n", ...line, "-q"], { out: "N\n1\n", err }, of);
    assert.deepEqual(server.asked.at(-1)!.variables, sent);
  }
  assert.equal(server.introspected, 1);
  await autocom("call n --help", {
    out: /--by\.label <text> +deprecated: [^]*--pageSize <number> +deprecated: use page_size\n/,
  }, of);
  await autocom("schema show Range -q", { out: /\nsince\tInt\t\t\tDeprecated: use from\n/ }, of);
  await autocom("schema show n -q", { out: /\npageSize\tInt\t--pageSize\t\tDeprecated: use page_size\n/ }, of);
});

Deno.test("pages are asked for by the argument for their size that is not deprecated, whatever order they come in", async () => {
  const server = gateway(
    `type Meta { current_page: Int!, total_pages: Int! } type T { id: ID! } type P { data: [T!]!, meta: Meta! }
     type Query { things(perPage: Int @deprecated, page: Int, per_page: Int): P }`,
    { things: { data: [{ id: "1" }], meta: { current_page: 1, total_pages: 1 } } },
  );
  await using of = await behind(server);
  await autocom("call things --all", { out: "ID\n1\n" }, of);
  await autocom("call things --all --per-page 5", { out: "ID\n1\n" }, of);
  assert.deepEqual(server.asked.map(({ variables }) => variables), [{ page: 1, per_page: 100 }, {
    page: 1,
    per_page: 5,
  }]);
});

Deno.test("a server that knows no deprecated inputs is asked without them, once more and no oftener, also in steps", async () => {
  const plain = SDL.replaceAll(/@deprecated(\(.*?\))?/g, "");
  const server = older(gateway(plain, { n: 1 }, { depth: 7 }));
  await using of = await behind(server);
  await autocom("call n --by.label x", { out: "N\n1\n" }, of);
  const inner = gateway(plain.replace("Int\n", "Int, grid: [[Int!]!]!\n"), { n: 1 }, { depth: 6, complexity: 90 });
  await using other = await behind(older(inner));
  await autocom("schema list -q", { out: /\nn\tquery/ }, other);
});

Deno.test("lists of lists that are there are read as deep as the server allows", async () => {
  const sdl = `input Area { rings: [[[Float!]!]!]!, name: String }
    type Query { poly(points: [[Float!]!]!): Int, area(area: Area!): Int, cube(cube: [[[Int!]!]!]!): Int, n: Int }`;
  const server = gateway(sdl, { poly: 1, area: 2, cube: 3, n: 4 });
  await using of = await behind(server);
  await autocom(["call", "poly", "--points", "[[1,2.5]]"], { out: "POLY\n1\n" }, of);
  await autocom(["call", "area", "--area.rings", "[[[1]]]"], { out: "AREA\n2\n" }, of);
  await autocom(["call", "cube", "--cube", "[[[1]]]"], { out: "CUBE\n3\n" }, of);
  assert.deepEqual(server.asked.map(({ variables }) => variables), [
    { points: [[1, 2.5]] },
    { area: { rings: [[[1]]] } },
    { cube: [[[1]]] },
  ]);
  // By the README's request, too.
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  const [, source = ""] = /> schema\.json <<'END'\n([^]*?)\n *END\n/.exec(readme)!;
  of.stdin = JSON.stringify(graphqlSync({ schema: buildSchema(sdl + SDL.replace(/type Query.*/, "")), source }));
  await autocom("schema import - -q", { out: /\t4\t\d+\tfile\n/ }, of);
  await autocom(["call", "cube", "--cube", "[[[1]]]"], { out: "CUBE\n3\n" }, of);
  await autocom("schema show Range -q", { out: /\nsince\tInt\t\t\tDeprecated: use from\n/ }, of);
});

Deno.test("what must be given an argument that could not be read is not offered as a command, and the way out is said", async () => {
  const server = gateway(
    `input Area { rings: [[[Float!]!]!]!, name: String }
     type Query {
       "the area" poly(points: [[Float!]!]!): Int, near(points: [[Float!]!], from: Int): Int, area(area: Area!): Int, n: Int
     }
     type Mutation { poly_add(points: [[Float!]!]!, name: String): Int, poly(id: ID): Int }`,
    { near: 1, area: 2, poly: 3 },
    { depth: 7 },
  );
  await using of = await behind(server);
  const err =
    /^error: cannot call (poly|poly_add): the schema does not tell the type of its argument points\nhint: write the document: autocom graphql\n$/;
  for (const line of ["query:poly", "poly_add --yes", "poly_add --help", "polyAdd"]) {
    await autocom(`call ${line}`, { code: 2, err }, of);
  }
  await autocom("call poly", { code: 2, err: /poly is a query and a mutation/ }, of);
  assert.equal(server.asked.length, 0);
  const { out } = await execute("schema list -q", of);
  assert.deepEqual(out.trim().split("\n").slice(1).map((line) => line.split("\t")[0]), ["area", "n", "near", "poly"]);
  const { out: offered } = await execute(["__complete", "zsh", "autocom", "call", "pol"], of);
  assert.doesNotMatch(offered, /poly_add/);
  await autocom("schema show poly_add", {
    out: /\nname\tString\t\t/,
    err:
      "poly_add: a mutation that gives Int. It must be given points, of a type that the schema does not tell: write the document: autocom graphql\n",
  }, of);
  await autocom("call near --from 1", { out: "NEAR\n1\n" }, of);
  // As JSON the server takes it, whatever is known of it.
  await autocom(["call", "area", "--area", '{"rings":[[[1]]]}'], { out: "AREA\n2\n" }, of);
  assert.deepEqual(server.asked.at(-1)!.variables, { area: { rings: [[[1]]] } });
  await autocom(["call", "area", "--area", '{"ring":1}'], { code: 2, err: /has no field "ring"/ }, of);
});
