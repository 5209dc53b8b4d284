/** Values that are given to an operation as JSON, on the line or in a file. */
import assert from "node:assert/strict";
import { behind, gateway } from "../support/gateway.ts";
import { autocom, execute } from "../support/harness.ts";

Deno.test("JSON is held against the schema, whether it stands on the line or in a file, before anything is sent", async () => {
  const server = gateway(
    `enum S { pending PAID } scalar Money
     input I { sku: String!, n: Int = 1, s: S, on: Boolean, rate: Float, id: ID, more: [I!], price: Money, grid: [[Int!]!] }
     type Query { one(items: [I!], item: I, grid: [[Int!]!]): Int }`,
    { one: 1 },
  );
  await using of = await behind(server);
  await autocom("schema refresh -q", { out: /./ }, of);
  const file = `${of.home}/value.json`;
  const bad: [flag: string, json: string, said: RegExp][] = [
    ["items", '{"sku":"A"}', /--items must be a list/],
    ["items", '[{"sku":1}]', /--items\.0\.sku must be text\nhint: see: autocom schema show I\n/],
    ["items", '[{"sku":"A"},{"sku":"B","n":"x"}]', /--items\.1\.n must be a whole number of 32 bits/],
    ["items", '[{"sku":"A","n":2147483648}]', /--items\.0\.n must be a whole number of 32 bits/],
    ["items", '[{"sku":"A","nope":2}]', /--items\.0 has no field "nope"\nhint: see: autocom schema show I\n/],
    ["items", '[{"n":1}]', /--items\.0\.sku is missing/],
    ["items", '[{"sku":null}]', /--items\.0\.sku cannot be null/],
    ["items", "[null]", /--items\.0 cannot be null/],
    ["items", "[5]", /--items\.0 must be an object/],
    ["item", "[]", /--item must be an object/],
    ["item", '{"sku":"A","s":"paid"}', /--item\.s must be one of pending, PAID/],
    ["item", '{"sku":"A","on":"true"}', /--item\.on must be true or false/],
    ["item", '{"sku":"A","rate":"1.5"}', /--item\.rate must be a number/],
    ["item", '{"sku":"A","id":1.5}', /--item\.id must be text or a whole number/],
    ["item", '{"sku":"A","more":[{"sku":"B","more":[{}]}]}', /--item\.more\.0\.more\.0\.sku is missing/],
    ["grid", '[[1],["2"]]', /--grid\.1\.0 must be a whole number of 32 bits\nhint: its type is \S+\n/],
    ["item", '{"sku":"A","toString":1}', /--item has no field "toString"/],
  ];
  for (const [flag, json, err] of bad) {
    await Deno.writeTextFile(file, json);
    for (const value of [json, `@${file}`]) await autocom(["call", "one", `--${flag}`, value], { code: 2, err }, of);
  }
  assert.equal(server.asked.length, 0);
  const good =
    '{"sku":"A","n":null,"s":"PAID","on":true,"rate":1.50,"id":7,"more":{"sku":"B"},"price":12.5,"grid":[[1],[]]}';
  await autocom(["call", "one", "--item", good, "--grid", "[[1,2]]", "--items", "null"], { out: /1/ }, of);
});

Deno.test("WP-3: JSON with a field that the kept schema does not know is held against the server's own, once", async () => {
  const server = gateway("input I { a: Int } type Query { one(i: I): Int }", { one: 1 });
  await using of = await behind(server);
  await autocom("schema refresh -q", { out: /./ }, of);
  server.sdl = server.sdl.replace("a: Int }", "a: Int, b: Int }");
  await autocom(["call", "one", "--i", '{"b":1}'], { out: /1/ }, of);
  await autocom(["call", "one", "--i", '{"c":1}'], { code: 2, err: /--i has no field "c"/ }, of);
  assert.deepEqual([server.introspected, server.asked.length], [3, 1]);
});

Deno.test("JSON that is given whole keeps the digits of its numbers", async () => {
  const server = gateway("scalar Json type Query { one(j: Json): Int }", { one: 1 });
  await using of = await behind(server);
  let body = "";
  const real = of.fetch;
  of.fetch = async (request) => (body = await request.clone().text(), await real(request));
  await autocom(["call", "one", "--j", '{"price": 12345678901234567890.10, "n": 1.50, "t": "1.50"}'], { out: /1/ }, of);
  assert.match(body, /"j":\{"price":12345678901234567890\.10,"n":1\.50,"t":"1\.50"\}/);
  await autocom(["graphql", "query($j: Json) { one(j: $j) }", "-F", 'j={"n":1.50}'], { out: /1/ }, of);
  assert.match(body, /\{"n":1\.50\}/);
});

Deno.test("what must be JSON and is not is answered with its fields where it has some, else with JSON", async () => {
  const sdl = "scalar JSON input I { sku: String } type Query { one(j: JSON, m: [[Int!]!], i: I, l: [I!]): Int }";
  await using of = await behind(gateway(sdl, { one: 1 }));
  const cases: [words: string, hint: string][] = [
    ["--j x", "JSON, or --j @FILE"],
    ["--m x", "JSON, or --m @FILE"],
    ["--i x", "its fields (--i.FIELD VALUE), or --i @FILE"],
    ["--l x", "its fields (--l.0.FIELD VALUE), or --l @FILE"],
  ];
  for (const [words, hint] of cases) {
    const { code, err } = await execute(`call one ${words}`, of);
    assert.equal(code, 2);
    assert.equal(err, `error: ${words.split(" ")[0]} is not JSON: "x"\nhint: write ${hint}\n`);
  }
  await autocom(["call", "one", "--j", '"x"', "--i.sku", "a", "--l.0.sku", "b"], { out: "ONE\n1\n" }, of);
});

Deno.test("a list of numbers, switches or an enum may be given as JSON, also with none; each part is what one alone is", async () => {
  const server = gateway(
    `enum S { small XL _1 out_of_stock } scalar BigInt scalar Money
     input F { ids: [ID!], ints: [Int!], deep: [F!], sizes: [S!] }
     type Query { one(ints: [Int!], nulls: [Int], rates: [Float!], on: [Boolean!], sizes: [S!], bigs: [BigInt!],
       prices: [Money!], filter: F): Int }`,
    { one: 1 },
  );
  await using of = await behind(server);
  let body = "";
  const real = of.fetch;
  of.fetch = async (request) => (body = await request.clone().text(), await real(request));
  const good: [words: string[], sent: string][] = [
    [["--ints", "[1,2]"], '"ints":[1,2]'],
    [["--ints", "[]"], '"ints":[]'],
    [["--ints", "5", "--ints", "[1,2]", "--ints", "-3"], '"ints":[5,1,2,-3]'],
    [["--nulls", "[1,null]"], '"nulls":[1,null]'],
    [["--rates", "[1.50,12345678901234567890]"], '"rates":[1.50,12345678901234567890]'],
    [["--on", "[true,false]"], '"on":[true,false]'],
    [["--sizes", "[]"], '"sizes":[]'],
    [["--sizes", '["xl","Out of-Stock"]', "--sizes", "SMALL"], '"sizes":["XL","out_of_stock","small"]'],
    [["--bigs", "[9007199254740993]", "--bigs", "2"], '"bigs":[9007199254740993,2]'],
    [["--prices", '["1.50"]'], '"prices":["1.50"]'],
    [["--filter.ids", "[]", "--filter.ints", "[1]"], '"filter":{"ids":[],"ints":[1]}'],
    [["--filter.deep.0.sizes", '["xl"]'], '"filter":{"deep":[{"sizes":["XL"]}]}'],
  ];
  for (const [words, sent] of good) {
    await autocom(["call", "one", ...words], { out: "ONE\n1\n" }, of);
    assert.ok(body.includes(`"variables":{${sent}}`), body);
  }
  const asked = server.asked.length;
  const bad: [words: string[], err: RegExp][] = [
    [["--ints", "[1,2"], /^error: --ints is not JSON: "\[1,2"\nhint: write: --ints '\[1,2\]', or --ints 1 --ints 2\n$/],
    [["--ints", "7", "--ints", '[1,"x"]'], /^error: --ints\.2 must be a whole number of 32 bits\n/],
    [["--ints", "[2147483648]"], /^error: --ints\.0 must be a whole number of 32 bits\n/],
    [["--ints", "[null]"], /^error: --ints\.0 cannot be null\n/],
    [["--ints", "[[1]]"], /^error: --ints\.0 must be a whole number of 32 bits\n/],
    [["--rates", "[1e999]"], /^error: --rates\.0 must be a number\n/],
    [["--on", '["true"]'], /^error: --on\.0 must be true or false\n/],
    [["--sizes", '["nope"]'], /^error: --sizes\.0 must be one of small, XL, _1, out_of_stock\n/],
    [
      ["--sizes", "[nope"],
      /^error: --sizes is not JSON: .*\nhint: write: --sizes '\["small","XL"\]', or --sizes small/,
    ],
    [["--filter.ints", '["1"]'], /^error: --filter\.ints\.0 must be a whole number of 32 bits\n/],
  ];
  for (const [words, err] of bad) await autocom(["call", "one", ...words], { code: 2, err }, of);
  assert.equal(server.asked.length, asked);
  server.sdl = server.sdl.replace("enum S {", "enum S { fresh");
  await autocom(["call", "one", "--sizes", '["fresh","xl"]'], { out: "ONE\n1\n" }, of);
});

Deno.test("a switch takes yes and no as well as true and false, and its hint means what was typed", async () => {
  const server = gateway("input I { on: Boolean } type Query { one(i: I, on: Boolean, all: [Boolean!]): Int }", {
    one: 1,
  });
  await using of = await behind(server);
  await autocom("call one --on no --i.on YES --all yes --all false", { out: /1/ }, of);
  assert.deepEqual(server.asked[0]!.variables, { on: false, i: { on: true }, all: [true, false] });
  for (const [word, hint] of [["off", "false"], ["0", "false"], ["on", "true"], ["1", "true"]]) {
    const err = `error: --on must be true or false, not "${word}"\nhint: write: --on ${hint}\n`;
    await autocom(`call one --on ${word}`, { code: 2, err }, of);
  }
});
