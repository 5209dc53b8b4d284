/** An operation that gives pages, over as many of them as are wanted. */
import assert from "node:assert/strict";
import { GraphQLError } from "graphql";
import { load } from "js-yaml";
import { createSandbox } from "../platform/sandbox/mod.ts";
import { behind, type Gateway, gateway } from "../support/gateway.ts";
import { autocom, execute } from "../support/harness.ts";
import { withToken } from "../support/scripted.ts";

const META = "type Meta { current_page: Int!, total_pages: Int!, total_items: Int!, per_page: Int! }";
const PAGE = "type P { data: [T!]!, meta: Meta! }";

interface Wanted {
  page?: number;
  per_page?: number;
}

/** A list of `count` things, ten on a page unless more are asked for, at most 50; `more` are other arguments. */
function shelf(
  count: number,
  { type = "id: ID!, name: String", more = "" } = {},
  make = (at: number): object => ({ id: `id-${at}`, name: `thing ${at}` }),
  types = "",
): Gateway {
  return gateway(
    `${types} ${META} type T { ${type} } ${PAGE} type Query { things(page: Int = 1, per_page: Int = 10${more}): P, one: T }`,
    {
      things: ({ page = 1, per_page = 10 }: Wanted) => {
        const size = Math.min(per_page, 50);
        const all = Array.from({ length: count }, (_, at) => make(at + 1));
        return {
          data: all.slice((page - 1) * size, page * size),
          meta: { current_page: page, total_pages: Math.ceil(count / size), total_items: count, per_page: size },
        };
      },
    },
  );
}

const pagesAsked = ({ asked }: Gateway) => asked.map(({ variables }) => [variables.page, variables.per_page]);

Deno.test("an empty text narrows no list of pages: an unset shell variable would give all of it", async () => {
  const more = ", name: String, owner: ID, tags: [String!], by: By";
  const server = shelf(2, { more }, undefined, "input By { name: String }");
  await using of = await behind(server);
  for (const [flag, text] of [["--name", ""], ["--name", " "], ["--owner", ""], ["--tags", ""], ["--by.name", ""]]) {
    const err = `error: ${flag} must not be empty\nhint: leave it out\n`;
    await autocom(["call", "things", flag!, text!], { code: 2, err }, of);
  }
  assert.equal(server.asked.length, 0);
  await autocom("call things --name:null --by.name:null --tags a -q", { out: /^ID\tNAME\nid-1/ }, of);
  assert.deepEqual(server.asked.map(({ variables }) => variables), [{ name: null, by: { name: null }, tags: ["a"] }]);
});

Deno.test("call --all prints every page, call --limit so many rows, in every format", async () => {
  const server = shelf(123);
  await using of = await behind(server);
  const whole = JSON.parse((await execute("call things --all -o json", of)).out);
  assert.deepEqual(whole.map(({ id }: { id: string }) => id), Array.from({ length: 123 }, (_, at) => `id-${at + 1}`));
  assert.deepEqual(pagesAsked(server), [[1, 100], [2, 100], [3, 100]], "the server gave 50 at a time");
  const rows = {
    json: JSON.parse,
    yaml: load as (text: string) => unknown,
    jsonl: (text: string) => text.trimEnd().split("\n").map((line) => JSON.parse(line)),
    tsv: (text: string) => text.trimEnd().split("\n").slice(1).map((line) => line.split("\t")[0]),
    csv: (text: string) => text.trimEnd().split("\r\n").slice(1).map((line) => line.split(",")[0]),
  };
  for (const [format, read] of Object.entries(rows)) {
    const all = await execute(`call things --all -o ${format}`, of);
    assert.deepEqual([all.code, all.err], [0, ""], format);
    const some = read((await execute(`call things --limit 15 -q -o ${format}`, of)).out) as unknown[];
    assert.deepEqual([some.length, some], [15, (read(all.out) as unknown[]).slice(0, 15)], format);
  }
  of.terminal = { stdout: true };
  of.env.NO_COLOR = "1";
  const { out } = await execute("call things --limit 3 -q", of);
  assert.match(out, /^ID {2,}NAME *\n─+ {2}─+\nid-1 +thing 1\nid-2 +thing 2\nid-3 +thing 3\n$/);
});

Deno.test("call --all from a page on says nothing of rows before it where the server alone knows the size of pages", async () => {
  const rows = Array.from({ length: 750 }, (_, at) => ({ id: `id-${at + 1}` }));
  const server = gateway(`${META} type T { id: ID! } ${PAGE} type Query { things(page: Int = 1): P }`, {
    things: ({ page = 1 }: Wanted) => ({
      data: rows.slice((page - 1) * 250, page * 250),
      meta: { current_page: page, total_pages: 3, total_items: 750, per_page: 250 },
    }),
  });
  await using of = await behind(server);
  await autocom("call things --all --page 3", { out: (text) => assert.equal(text.split("\n").length, 252) }, of);
});

Deno.test("WP-40: --limit of call is exactly that many rows, from wherever it starts; none and both are refused", async () => {
  const server = shelf(300);
  await using of = await behind(server);
  await autocom("call things --limit 0", { code: 2, err: /--limit must be a whole number from 1/ }, of);
  await autocom("call things --limit 5 --all", { code: 2, err: /--all and --limit contradict each other\nhint: / }, of);
  assert.deepEqual(server.asked, [], "nothing was sent");
  const { out } = await execute("call things --limit 250 -o jsonl -q", of);
  assert.equal(out.trimEnd().split("\n").length, 250);
  server.asked.length = 0;
  await autocom("call things --limit 5 --page 3 --per-page 2 --fields id", {
    out: "ID\nid-5\nid-6\nid-7\nid-8\nid-9\n",
    err: "5 of 300 rows shown. More: a higher --limit, or --all.\n",
  }, of);
  assert.deepEqual(pagesAsked(server), [[3, 2], [4, 2], [5, 2]]);
});

Deno.test("what is left of a call is said in the words of every list", async () => {
  await using of = await behind(shelf(25));
  for (const format of ["tsv", "json", "yaml", "csv", "jsonl", "table"]) {
    const said = async (line: string) => (await execute(`call things ${line} -o ${format}`, of)).err;
    assert.equal(await said(""), "10 of 25 rows shown (page 1 of 3). More: --page 2, or --all.\n");
    assert.equal(await said("--page 2"), "10 of 25 rows shown (page 2 of 3). More: --page 3, or --all.\n");
    assert.equal(await said("--page 3"), "");
    assert.equal(await said("--limit 7"), "7 of 25 rows shown. More: a higher --limit, or --all.\n");
    assert.equal(await said("--limit 25"), "");
    assert.equal(await said("--all"), "");
    assert.equal(await said("--limit 7 -q"), "");
  }
});

Deno.test("call --meta puts rows and counts into one object, and fits json and yaml alone", async () => {
  const server = shelf(25);
  await using of = await behind(server);
  const counts = { total_pages: 3, total_items: 25 };
  for (
    const [line, expected] of [
      ["--meta", { current_page: 1, ...counts, per_page: 10, rows: 10 }],
      ["--meta --page 3", { current_page: 3, ...counts, per_page: 10, rows: 5 }],
      ["--meta --limit 3", { current_page: 1, total_pages: 9, total_items: 25, per_page: 3, rows: 3 }],
      ["--meta --all --per-page 10", { current_page: 3, ...counts, per_page: 10, rows: 25 }],
    ] as const
  ) {
    for (const [format, read] of [["json", JSON.parse], ["yaml", load]] as const) {
      const { data, meta } = read((await execute(`call things ${line} -q -o ${format}`, of)).out);
      assert.deepEqual([data.length, meta], [expected.rows, expected], line);
    }
  }
  const before = server.asked.length;
  await autocom("call things --meta", { code: 2, err: /cannot use --meta with tsv/ }, of);
  assert.equal(server.asked.length, before);
});

Deno.test("an --all of call that breaks off has whole pages, one document, and says where to go on", async () => {
  const server = shelf(50);
  const things = server.root.things as (wanted: Wanted) => unknown;
  server.root.things = (wanted: Wanted) => {
    if (wanted.page !== 4) return things(wanted);
    throw new GraphQLError("no more", { extensions: { code: "INTERNAL" } });
  };
  await using of = await behind(server);
  const { code, out, err } = await execute("call things --all --per-page 10 -o json", of);
  const { error } = JSON.parse(err.trimEnd().split("\n").at(-1)!);
  assert.deepEqual([code, JSON.parse(out).length, error.rows, error.next_page], [11, 30, 30, 4]);
  assert.match(error.hint, /add to the same command: --page 4$/);
});

Deno.test("rows that moved between two pages of a call come once, also where their ids are not printed", async () => {
  const server = shelf(30);
  const things = server.root.things as (wanted: Wanted) => { data: object[] };
  // Before the second page somebody adds a row at the top.
  server.root.things = (wanted: Wanted) => {
    const { data, ...rest } = things(wanted);
    return { ...rest, data: wanted.page === 2 ? [things({ page: 1, per_page: 10 }).data[9], ...data] : data };
  };
  await using of = await behind(server);
  const { out } = await execute("call things --all --per-page 10 --fields name -o json", of);
  const names = JSON.parse(out).map((row: object) => Object.values(row).join());
  assert.deepEqual(names, Array.from({ length: 30 }, (_, at) => `thing ${at + 1}`));
  assert.match(server.asked[0]!.query, /data \{ name id \}/);
});

Deno.test("rows without an id are all printed, however alike they are", async () => {
  await using of = await behind(shelf(30, { type: "name: String" }, () => ({ name: "the same" })));
  await autocom("call things --all --per-page 10", { out: `NAME\n${"the same\n".repeat(30)}` }, of);
});

Deno.test("a number is an id as good as a text", async () => {
  await using of = await behind(shelf(12, { type: "id: Int!" }, (at) => ({ id: at })));
  await autocom("call things --all --per-page 10", {
    out: `ID\n${Array.from({ length: 12 }, (_, at) => `${at + 1}\n`).join("")}`,
  }, of);
});

Deno.test("a server that gives page 1 for ever is stopped with 11, with ids and without", async () => {
  for (const type of ["id: ID!", "name: String"]) {
    const server = shelf(50, { type });
    const things = server.root.things as (wanted: Wanted) => object;
    server.root.things = () => things({ page: 1 });
    await using of = await behind(server);
    await autocom("call things --all --per-page 10 -q", {
      code: 11,
      out: /./,
      err: /sent page 1 when asked for 2 \(after 10 rows\)\nhint: /,
    }, of);
  }
});

Deno.test("a field that is refused is left out of every page, and said once", async () => {
  const server = shelf(25, { type: "id: ID!, secret: Int" }, (at) => ({
    id: `id-${at}`,
    secret: () => {
      throw new GraphQLError("no", { extensions: { code: "FORBIDDEN", permission: "secrets" } });
    },
  }));
  await using of = await behind(server);
  await autocom("call things --all --per-page 10", {
    out: (text) => assert.deepEqual([text.split("\n")[0], text.trimEnd().split("\n").length], ["ID", 26]),
    err: "Left out, because it was refused: secret (no)\n",
  }, of);
  assert.equal(server.asked.length, 4, "the first page twice");
  await autocom("call things --all --fields secret", { code: 6, err: /"secrets" is missing/ }, of);
});

Deno.test("arguments called all, limit and meta are --arg-… where pages are given, and themselves elsewhere", async () => {
  const server = shelf(20, { more: ", all: Boolean, limit: Int, meta: String" });
  server.sdl = server.sdl.replace("one: T", "one(all: Boolean, limit: Int, meta: String): T");
  server.root.one = { id: "1" };
  await using of = await behind(server);
  await autocom("call things --arg-all --arg-limit 3 --arg-meta x --limit 1 --fields id -q", { out: "ID\nid-1\n" }, of);
  assert.deepEqual(server.asked[0]!.variables, { all: true, limit: 3, meta: "x", page: 1, per_page: 1 });
  await autocom("call one --all --limit 3 --meta x -q", { out: /^ID\tNAME\n1/ }, of);
  assert.deepEqual(server.asked[1]!.variables, { all: true, limit: 3, meta: "x" });
  const help = async (name: string) => (await execute(`call ${name} --help`, of)).out;
  assert.match(await help("things"), /\n {2}--arg-limit <number>[^]*\n {2}--all +every page/);
  assert.doesNotMatch(await help("one"), /every page/);
});

Deno.test("what gives no pages, and a mutation, have no --all", async () => {
  await using of = await behind(gateway(
    `${META} type T { id: ID } ${PAGE}
     type Query { list(page: Int): [T], bare: P, cursor(page: String): P } type Mutation { change(page: Int): P }`,
  ));
  for (const name of ["list", "bare", "cursor", "change"]) {
    await autocom(`call ${name} --all`, { code: 2, err: /unknown option "--all"/ }, of);
  }
});

Deno.test("a page whose operation takes no page number says what is left, and promises nothing", async () => {
  const root = {
    bare: { data: [{ id: "1" }], meta: { current_page: 1, total_pages: 3, total_items: 3, per_page: 1 } },
  };
  await using of = await behind(gateway(`${META} type T { id: ID } ${PAGE} type Query { bare: P }`, root));
  await autocom("call bare", { out: "ID\n1\n", err: "1 of 3 rows shown (page 1 of 3).\n" }, of);
});

Deno.test("other names for the counts and the size of a page are understood", async () => {
  const server = gateway(
    `type Meta { current_page: Int!, last_page: Int!, total: Int! } type T { id: ID! } ${PAGE}
     type Query { things(page: Int, perPage: Int): P }`,
    {
      things: ({ page = 1, perPage = 2 }) => ({
        data: page === 1 ? [{ id: "1" }, { id: "2" }] : [{ id: "3" }],
        meta: { current_page: page, last_page: 2, total: 3, perPage },
      }),
    },
  );
  await using of = await behind(server);
  await autocom("call things --per-page 2", {
    out: "ID\n1\n2\n",
    err: "2 of 3 rows shown (page 1 of 2). More: --page 2, or --all.\n",
  }, of);
  await autocom("call things --all --per-page 2", { out: "ID\n1\n2\n3\n" }, of);
});

Deno.test("no row, no page of that number, and no page at all are said like an empty list", async () => {
  const server = shelf(0, { more: ", search: String" });
  await using of = await behind(server);
  await autocom("call things --all", { out: "ID\tNAME\n", err: "There are no rows.\n" }, of);
  await autocom("call things --all --search x -o json", { out: "[]\n" }, of);
  await autocom("call things --limit 5 --search x", { out: "ID\tNAME\n", err: "No rows match.\n" }, of);
  server.root.things = () => null;
  await autocom("call things --all -q", { out: "ID\tNAME\n" }, of);
});

Deno.test("pages of a module that the program was never told about are asked for four at a time", async () => {
  const sandbox = await createSandbox({ modules: "shipping" });
  await using of = await withToken("owner", { sandbox });
  const one = JSON.parse((await execute("call shipping_labels -o json --meta -q", of)).out);
  const all = JSON.parse((await execute("call shipping_labels --all --per-page 5 -o json", of)).out);
  assert.equal(all.length, one.meta.total_items);
  assert.deepEqual(all.slice(0, one.data.length), one.data);
  sandbox.close();
});

Deno.test("what the schema says is there and is null is a hole: 11, not a shorter list", async () => {
  for (
    const [type, data, code] of [
      ["[T!]!", [{ id: "1" }, null], 11],
      ["[T!]", [{ id: "1" }, null], 11],
      ["[T!]!", null, 11],
      ["[T]!", [{ id: "1" }, null], 0],
      ["[T!]", null, 0],
    ] as const
  ) {
    const sdl = `${META} type T { id: ID! } type P { data: ${type}, meta: Meta! }
      type Query { things(page: Int, per_page: Int): P }`;
    const answer = {
      data: { things: { data, meta: { current_page: 1, total_pages: 1, total_items: 1, per_page: 10 } } },
    };
    const schema = gateway(sdl, {});
    // No server that keeps to its schema answers that.
    const fetch = async (request: Request) =>
      (await request.clone().text()).includes("__schema") ? await schema(request) : Response.json(answer);
    await using of = await withToken("owner", { fetch });
    for (const line of ["call things", "call things --all", "call things --query length(@)"]) {
      const done = await execute(line, of);
      assert.equal(done.code, code, `${type} ${line}`);
      assert.match(
        done.err,
        code === 0
          ? /^((Nothing|There) .*\n)?$/
          : /^error: cannot call things: the answer has (a row that is null|another shape)/,
      );
    }
  }
});

Deno.test("an --all of call with fewer rows than the server counts says so", async () => {
  const server = shelf(0);
  server.root.things = ({ page = 1 }: Wanted) => ({
    data: [{ id: `id-${page}` }],
    meta: { current_page: page, total_pages: 2, total_items: 3, per_page: 1 },
  });
  await using of = await behind(server);
  const err = /^warning: 2 rows came, the server counts 3: some came or went meanwhile\n$/;
  await autocom("call things --all", { out: /id-2/, err }, of);
  await autocom(["call", "things", "--query", "length(@)", "-q"], { out: "2\n", err }, of);
  await autocom("call things --limit 2", { out: /id-2/ }, of);
});

Deno.test("call --all from a page on begins where that page does, and where it breaks off its hint goes on there", async () => {
  const server = shelf(45);
  await using of = await behind(server);
  const rows = async (line: string) =>
    (await execute(`call things ${line} --fields id -q`, of)).out.split("\n").slice(1, -1);
  const page = await rows("--page 2");
  assert.equal(page[0], "id-11");
  const whole = await rows("--all");
  for (const line of ["--page 2 --all", "--all --page 2", "--page 2 --limit 1000"]) {
    assert.deepEqual(await rows(line), whole.slice(10), line);
  }
  assert.deepEqual(await rows("--page 2 --all --per-page 20"), whole.slice(20));
  await autocom(
    "call things --all --page 6",
    { out: "ID\tNAME\n", err: "There is no page 6: the last one is 5.\n" },
    of,
  );
  const large = shelf(120);
  const things = large.root.things as (wanted: Wanted) => unknown;
  let isBroken = true;
  large.root.things = (wanted: Wanted) => {
    if (wanted.page === 2 && isBroken) throw new GraphQLError("no more", { extensions: { code: "INTERNAL" } });
    return things(wanted);
  };
  await using other = await behind(large);
  const broken = await execute("call things --all --fields id", other);
  const [, more = ""] = /add to the same command: (.*)\n$/.exec(broken.err)!;
  isBroken = false;
  const rest = await execute(`call things --all --fields id ${more}`, other);
  const all = [broken, rest].flatMap(({ out }) => out.split("\n").slice(1, -1));
  assert.deepEqual(all, Array.from({ length: 120 }, (_, at) => `id-${at + 1}`));
});

Deno.test("no page where the schema says that there is one is a hole: 11, on the first and on a later one", async () => {
  const meta = { current_page: 1, total_pages: 2, total_items: 2, per_page: 1 };
  for (
    const [type, isFirst, code] of [["P!", true, 11], ["P", true, 0], ["P!", false, 11], ["P", false, 11]] as const
  ) {
    const sdl = `${META} type T { id: ID! } ${PAGE} type Query { things(page: Int, per_page: Int): ${type} }`;
    const schema = gateway(sdl, {});
    // No server that keeps to its schema answers that.
    const fetch = async (request: Request) => {
      const text = await request.clone().text();
      if (text.includes("__schema")) return await schema(request);
      const isPage = !isFirst && JSON.parse(text).variables.page !== 2;
      return Response.json({ data: { things: isPage ? { data: [{ id: "1" }], meta } : null } });
    };
    await using of = await withToken("owner", { fetch });
    for (const line of ["--all", "--limit 5", "--query length(@)", "--meta -o json"].slice(0, isFirst ? 4 : 3)) {
      const done = await execute(`call things ${line}`, of);
      assert.equal(done.code, code, `${type} ${line}: ${done.err}`);
      if (code > 0) assert.match(done.err, /"?error"?: ?.*cannot call things: the answer has another shape/);
    }
  }
});
