/** Documents as people write them: what kind they are, their variables, their answers. */
import assert from "node:assert/strict";
import { load } from "js-yaml";
import { behind, gateway } from "../support/gateway.ts";
import { autocom, execute } from "../support/harness.ts";
import { html, json, scripted, withToken } from "../support/scripted.ts";

const SDL = `
  input I { a: Int } scalar J type Meta { current_page: Int, total_pages: Int } type P { data: [Int], meta: Meta }
  type Query { n: Int, echo(s: String, i: Int, id: ID, f: Float, on: Boolean, list: [Int], in: I, j: J, strings: [String!]): String, page(page: Int): P }
  type Mutation { touch: Int } type Subscription { s: Int }
`;
const shop = () =>
  gateway(SDL, {
    n: 1,
    touch: 2,
    page: ({ page = 1 }) => ({ data: [page], meta: { current_page: page, total_pages: 3 } }),
  });

Deno.test("WP-21: the kind of a document is found by parsing", async () => {
  const server = shop();
  await using of = await behind(server);
  const queries = [
    "# mutation\nquery{n}",
    "# mutation {touch}\r{n}",
    "\ufeffquery{n}",
    'query Q{echo(s:"""mutation""")}',
    'query Q{echo(s:"mutation { touch }")}',
    "fragment F on Query{n} query Q{...F}",
    '{echo(s:"""\\""" } mutation M { touch """)}',
    '{echo(s:"""\\"""" } mutation M { touch """)}',
    '{echo(s:"a\\"\t")}',
    '{echo(s:"\\u{1F600}")}',
    "fragment onAll on Query{n} {...onAll}",
  ];
  for (const query of queries) await autocom(["graphql", query], { out: /^\{"data":/ }, of);
  assert.equal(server.asked.length, queries.length);
  const mutations = [
    "mutation{touch}",
    "#\nmutation M{touch}",
    "fragment F on Mutation{touch} mutation M{...F}",
    "\ufeff mutation{touch}",
    'fragment F on Mutation{m:echo(s:"""\\"""" ) } query A{n} fragment G on Query{echo(s:""" ){n}} mutation A{...F} #""" ){n}}',
  ];
  for (const mutation of mutations) {
    await autocom(["graphql", mutation], { code: 2, err: /it must be confirmed, and this is not a terminal/ }, of);
  }
  assert.equal(server.asked.length, queries.length);
  const both = "query A{n} mutation B{touch}";
  await autocom(["graphql", both], { code: 2, err: /2 operations: A, B\nhint: say which: --operation A/ }, of);
  await autocom(["graphql", both, "--operation", "A"], { out: '{"data":{"n":1}}' }, of);
  await autocom(["graphql", both, "--operation", "B"], { code: 2, err: /it must be confirmed/ }, of);
  await autocom(["graphql", both, "--operation", "C"], { code: 2, err: /no operation "C"/ }, of);
  const nameless = { code: 2, err: /no operation "C"\nhint: its operation has no name: leave --operation out\n$/ };
  await autocom(["graphql", "{n}", "--operation", "C"], nameless, of);
  await autocom(["graphql", "query A{n} query A{n}", "--operation", "A"], {
    code: 2,
    err: /more than one operation "A"\nhint: rename one\n/,
  }, of);
  await autocom(["graphql", "query A{n} query A{n}"], { code: 2, err: /A, A\nhint: give each a name of its own/ }, of);
  await autocom(
    ["graphql", "query A{n} query A{n} query B{n}"],
    { code: 2, err: /\nhint: say which: --operation B\n/ },
    of,
  );
});

Deno.test("WP-21: what a server might read as another document is refused: control characters, and what is not GraphQL", async () => {
  await using of = await behind(scripted());
  const bad: [string, RegExp][] = [
    ["# \0mutation{touch}\nquery{n}", /a control character at line 1, column 3/],
    ["{n\u001b}", /control character/],
    ["", /is not GraphQL|has no operation/],
    ["{", /is not GraphQL/],
    ["{n", /it ends too early: a } is missing\n/],
    ['{ a(x: "}")  # }', /it ends too early: a } is missing\n/],
    ["{ a(x: [1", /it ends too early: a \] is missing\n/],
    ["{n}\n  ]", /something unexpected at line 2, column 3/],
    ["fragment F on Query{n}", /no operation/],
    ["subscription{s}", /cannot send a subscription/],
    ["type X{a:Int}", /is not GraphQL/],
    ["{a".repeat(100_000), /is not GraphQL/],
  ];
  for (const [document, err] of bad) await autocom(["graphql", document], { code: 2, err }, of);
  await autocom("graphql", { code: 2, err: /<document> is missing\nhint: give --input FILE \(- is stdin\), or/ }, of);
  await autocom("graphql -", {
    code: 2,
    err: /- is not a document\nhint: read it from stdin: autocom graphql --input -\n/,
  }, of);
});

Deno.test("a document comes from a word, a file or stdin, and only once", async () => {
  await using of = await behind(shop());
  await Deno.writeTextFile(`${of.home}/q.graphql`, "\ufeff{ n }");
  await autocom(["graphql", "--input", `${of.home}/q.graphql`], { out: '{"data":{"n":1}}' }, of);
  of.stdin = "{ n }";
  await autocom("graphql --input -", { out: '{"data":{"n":1}}' }, of);
  await autocom("graphql {n} --input -", { code: 2, err: /given twice/ }, of);
  of.stdin = " \n";
  await autocom("graphql --input -", { code: 2, err: /the document is not GraphQL: it is empty\n/ }, of);
  await autocom("graphql --input /nowhere", { code: 3, err: /there is no such file/ }, of);
});

Deno.test("WP-23: a variable is typed as the document declares it, not by what it looks like", async () => {
  const server = shop();
  await using of = await behind(server);
  const document = "query($s:String,$i:Int,$id:ID,$f:Float,$on:Boolean,$list:[Int],$in:I,$j:J,$strings:[String!]=[])" +
    "{echo(s:$s,i:$i,id:$id,f:$f,on:$on,list:$list,in:$in,j:$j,strings:$strings)}";
  const given = [
    "s=007",
    "i=7",
    "id=1e3",
    "f=12.50",
    "on=true",
    "list=1",
    "list=2",
    'in={"a":1}',
    "j=true",
    "strings=null",
  ];
  await autocom(["graphql", document, ...given.flatMap((pair) => ["-F", pair])], { out: /"data"/ }, of);
  assert.deepEqual(server.asked[0]!.variables, {
    s: "007",
    i: 7,
    id: "1e3",
    f: 12.5,
    on: true,
    list: [1, 2],
    in: { a: 1 },
    j: "true",
    strings: ["null"],
  });
  await autocom(["graphql", "query($s:String!,$t:String){a:echo(s:$s) b:echo(s:$t)}", "-f", "s=@x=y", "-F", "t=true"], {
    out: /"data"/,
  }, of);
  assert.deepEqual(server.asked[1]!.variables, { s: "@x=y", t: "true" });
  await autocom(["graphql", "query($i:Int,$on:Boolean){echo(i:$i,on:$on)}", "-F", "i=null", "-F", "on=null"], {
    out: /"data"/,
  }, of);
  assert.deepEqual(server.asked[2]!.variables, { i: null, on: null });
  for (const [given, list] of [[["null"], null], [["1", "null"], [1, null]], [["[null]"], [null]]] as const) {
    const pairs = given.flatMap((value) => ["-F", `list=${value}`]);
    await autocom(["graphql", "query($list:[Int]){echo(list:$list)}", ...pairs], { out: /"data"/ }, of);
    assert.deepEqual(server.asked.at(-1)!.variables, { list }, given.join());
  }
});

Deno.test("a dry run shows every kind of variable in every format, and YAML as any reader of it takes it", async () => {
  const server = shop();
  await using of = await behind(server);
  const document = "mutation($i:Int,$on:Boolean,$f:Float,$j:J){touch}";
  const given = ["i=null", "on=null", "f=1e3", 'j={"n":2E2,"most":1e400,"price":1.50}'].flatMap((pair) => ["-F", pair]);
  const shown = async (format: string) =>
    (await execute(["graphql", document, ...given, "--dry-run", "-q", "-o", format], of)).out;
  const json = '{"i":null,"on":null,"f":1e3,"j":{"n":2E2,"most":1e400,"price":1.50}}';
  const { variables } = load(await shown("yaml")) as { variables: unknown };
  assert.deepEqual(variables, { i: null, on: null, f: 1000, j: { n: 200, most: "1e400", price: 1.5 } });
  assert.ok((await shown("json")).replaceAll(/\s+/g, "").includes(json));
  assert.ok((await shown("tsv")).includes(json));
  const deep = `j=${"[".repeat(3_000)}${"]".repeat(3_000)}`;
  await autocom(["graphql", document, "-F", deep, "--dry-run", "-o", "yaml"], { code: 2, err: /nests too deep/ }, of);
  assert.deepEqual(server.asked, []);
});

Deno.test("WP-23: a variable that is not declared, has another type, is given twice or not at all is refused", async () => {
  await using of = await behind(scripted());
  const document = "query Q($status:String!,$n:Int){echo(s:$status,i:$n)}";
  const bad: [string[], RegExp][] = [
    [["-F", "statsu=1"], /does not declare the variable \$statsu\nhint: did you mean: status/],
    [["-f", "other=1"], /does not declare the variable \$other\nhint: it declares \$status, \$n/],
    [["-F", "status=a", "-F", "status=b"], /given 2 times/],
    [["-F", "n=1"], /\$status is not given, and its type is String!/],
    [["-F", "status=a", "-F", "n=x"], /\$n must be a whole number of 32 bits, not "x"/],
    [["-F", "status=a", "-f", "n=5"], /\$n is declared as Int, and --raw-field sends text\nhint: write: -F n=5\n/],
    [["-F", "status=a", "-f", "n=$x"], /\nhint: write: -F n=VALUE\n/],
    [["-F", "status"], /must be NAME=VALUE/],
    [["-F", "=a"], /must be NAME=VALUE/],
    [["-F", "__proto__=a"], /does not declare/],
  ];
  for (const [words, err] of bad) await autocom(["graphql", document, ...words], { code: 2, err }, of);
});

Deno.test("a pipe gets the server's bytes, whatever they are, and a terminal gets safe text with every digit", async () => {
  const bytes = '{"data": {"a":"\\u001b[31m\u202e\u009b", "n":2999.00,\t"e":[ ],"big":12345678901234567890}}';
  await using of = await behind(
    scripted(() => new Response(bytes, { headers: { "Content-Type": "application/json" } })),
  );
  await autocom("graphql {n}", { out: bytes }, of);
  of.terminal = { stdout: true };
  await autocom("graphql {n}", {
    out:
      '{\n  "data": {\n    "a": "\\u001b[31m\\u202e\\u009b",\n    "n": 2999.00,\n    "e": [],\n    "big": 12345678901234567890\n  }\n}\n',
  }, of);
});

Deno.test("an answer with errors is printed, and ends with their code; what is no answer is not printed", async () => {
  const partial = {
    errors: [{ message: "no", path: ["n"], extensions: { code: "FORBIDDEN", permission: "x" } }],
    data: { n: null },
  };
  const cases: [() => Response, number, string][] = [
    [json(partial), 6, JSON.stringify(partial)],
    [json({ message: "Unauthenticated." }, 401), 4, '{"message":"Unauthenticated."}'],
    [html("<h1>down"), 11, ""],
    [html("<h1>down", 503), 11, ""],
    [() => new Response(null, { status: 302, headers: { Location: "/login" } }), 11, ""],
  ];
  for (const [answer, code, out] of cases) {
    await using of = await behind(scripted(answer, answer, answer));
    of.system = {
      clock: {
        now: () => 0,
        sleep: (ms, signal) =>
          ms < 5_000
            ? Promise.resolve()
            : new Promise((_, no) => signal?.addEventListener("abort", () => no(signal.reason))),
      },
    };
    const ended = await execute("graphql {n}", of);
    void (of.fetch as unknown as { left(): number });
    assert.deepEqual([ended.code, ended.out], [code, out], ended.err);
    Object.assign(of.fetch, { left: () => 0 });
  }
});

Deno.test("a mutation is asked for, sent once with a key, and what fails below its own field was carried out", async () => {
  const server = shop();
  await using of = await behind(server, { terminal: { stdin: true, stderr: true } });
  of.answers = [false];
  await autocom(["graphql", "mutation M{touch}"], { code: 1, err: /M was not sent: you said no/ }, of);
  of.answers = [true];
  await autocom(
    ["graphql", "mutation M{touch}"],
    { out: '{"data":{"touch":2}}', err: /M was carried out\. Request/ },
    of,
  );
  assert.match(server.asked[0]!.headers.get("Idempotency-Key")!, /^[-\w]{36}$/);
  await autocom(["graphql", "mutation M{touch}", "--dry-run", "-o", "json"], { out: /"kind": "mutation"/ }, of);
  const body = {
    data: { touch: null },
    errors: [{ message: "no", path: ["touch", "x"], extensions: { code: "FORBIDDEN" } }],
  };
  of.fetch = scripted(json(body));
  await autocom(["graphql", "mutation M{touch}", "--yes", "-q"], {
    code: 11,
    out: JSON.stringify(body),
    err: /touch was carried out, the answer is incomplete/,
  }, of);
});

Deno.test("what is shown of a mutation is the document that is sent: no comment runs into it, and its texts stay", async () => {
  const server = scripted(json({ data: { touch: 1 } }));
  await using of = await withToken("owner", { fetch: server });
  const text = String.raw`@x(s: "a  # \" b", t: """c\""" # d""")`;
  const document = `# was: del(id: 5)\n mutation M { # all of it\r  touch(id: 6) # }\r\n\t${text} }`;
  await autocom(["graphql", document, "--yes"], {
    out: /./,
    err: (said) => assert.equal(said.split("\n")[0], `M in tenant acme: mutation M { touch(id: 6) ${text} } {}`),
  }, of);
  assert.equal((await server.asked[0]!.json()).query, document);
});

Deno.test("a document that the server refuses is its writer's: the hint is where the names are", async () => {
  await using of = await withToken();
  await autocom(["graphql", "{ nosuch }"], {
    code: 8,
    out: /Cannot query field/,
    err: /^error: cannot send the document: .*\nhint: see what there is: autocom schema list\n$/,
  }, of);
  await autocom(["graphql", "query($s: OrderStatus) { orders(status: $s) { data { id } } }", "-F", "s=pend"], {
    code: 8,
    out: /OrderStatus/,
    err: /\nhint: see its values: autocom schema show OrderStatus\n$/,
  }, of);
});

Deno.test("a mutation of the sandbox leaves a row under its request", async () => {
  await using of = await withToken("owner");
  const document = "mutation($id:ID!){orders_cancel(id:$id){id}}";
  await autocom(
    ["graphql", document, "-F", "id=nope", "--yes", "-q"],
    { code: 7, out: /"NOT_FOUND"/, err: /error/ },
    of,
  );
});

for (
  const [what, document] of [
    ["the type of a variable", (deep: string, end: string) => `query($x: ${deep}Int${end}) { n }`],
    ["a value", (deep: string, end: string) => `{ echo(list: ${deep}${end}) }`],
    ["fields", (deep: string) => deep.replaceAll("[", "{n") + "}".repeat(deep.length)],
  ] as const
) {
  Deno.test(`WP-21: a document of any depth is sent or refused with 2: ${what}`, async () => {
    const server = scripted(json({ data: { n: 1 } }));
    await using of = await withToken("owner", { fetch: server });
    await Deno.mkdir(of.home, { recursive: true });
    const file = `${of.home}/deep.graphql`;
    for (const depth of [10, 300, 1_000, 3_000, 10_000, 30_000, 300_000]) {
      await Deno.writeTextFile(file, document("[".repeat(depth), "]".repeat(depth)));
      for (const more of [[], ["--paginate"]]) {
        const { code, err } = await execute(["graphql", "--input", file, ...more], of);
        if (more.length === 0 && depth === 10) assert.equal(code, 0, err);
        assert.ok(code === 0 || code === 2, `${depth}: ${err.slice(0, 300)}`);
        if (depth === 300_000) assert.match(err, /^error: the document is not GraphQL: it nests too deep\n/);
      }
    }
  });
}

Deno.test("WP-23: JSON that nests too deep is called that, and not no JSON", async () => {
  await using of = await withToken("owner", { fetch: scripted() });
  const file = `${of.home}/deep.json`;
  await Deno.writeTextFile(file, "[".repeat(200_000) + "]".repeat(200_000));
  const err = /^error: the variable \$j nests too deep: "\[+"\n/;
  await autocom(["graphql", "query($j: J) { n }", "-F", `j=@${file}`], { code: 2, err }, of);
});

Deno.test("what is no answer of GraphQL's is 11, also under a 200: nothing was carried out that is known of", async () => {
  const bodies = [{ message: "Maintenance, try later", success: false }, {}, [1], [], null, { data: null }, {
    data: 1,
  }];
  for (const body of bodies) {
    await using of = await behind(scripted(json(body), json(body), json(body)));
    const shown = JSON.stringify(body);
    await autocom("graphql {n}", { code: 11, out: shown, err: /^error: cannot send the document: .*shape/ }, of);
    await autocom("graphql mutation{touch} --yes -q", {
      code: 11,
      out: shown,
      err: /^error: .*; the change may have been carried out/,
    }, of);
    await autocom("graphql {n} --query data.n", { code: 11, err: /shape/ }, of);
  }
});

Deno.test("a text of megabytes is shown on a terminal whole, whatever it is of", async () => {
  for (const piece of ["a", '\\"']) {
    const text = `{"data":{"t":"${piece.repeat(12e6 / piece.length)}"}}`;
    const fetch = scripted(() => new Response(text, { headers: { "Content-Type": "application/json" } }));
    await using of = await withToken("owner", { fetch, terminal: { stdout: true } });
    for (const line of ["graphql {t}", "api /x"]) {
      await autocom(line, { out: (out) => assert.ok(out.replaceAll(/\s/g, "") === text, piece) }, of);
    }
  }
});
