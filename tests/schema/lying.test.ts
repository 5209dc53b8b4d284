/** Schemas that no honest server has: what they say is bounded before it is kept, shown or followed. */
import assert from "node:assert/strict";
import { forbidden } from "../support/output/fixture.ts";
import { execute } from "../support/harness.ts";
import { behind, gateway } from "../support/gateway.ts";

type Json = Record<string, unknown>;
const scalar = (name: string): Json => ({ kind: "SCALAR", name });
const input = (name: string): Json => ({ kind: "INPUT_OBJECT", name });
const arg = (name: string, type: Json, more: Json = {}): Json => ({ name, description: "", type, ...more });
const inputs = (name: string, inputFields: Json[]): Json => ({ ...input(name), inputFields });
const schema = (op: Json, types: Json[] = []): Json => ({
  queryType: { name: "Query" },
  types: [scalar("Int"), ...types, {
    kind: "OBJECT",
    name: "Query",
    fields: [{ name: "op", type: scalar("Int"), ...op }],
  }],
});

/** Runs these lines, in turn, against a server that says it has that schema, and whose every answer is 1. */
async function lines(lie: Json, each: [line: string, code: number, said?: RegExp][]): Promise<void> {
  await using of = await behind(gateway("type Query { one: Int }"));
  of.fetch = async (request) =>
    Response.json({ data: /__schema/.test((await request.json()).query) ? { __schema: lie } : { op: 1 } });
  for (const [line, code, said = /(?:)/] of each) {
    const ended = await execute(line, of);
    assert.equal(ended.code, code, `${line}: ${ended.err.slice(0, 500)}`);
    assert.equal(forbidden(ended.out.replaceAll(/[\t\n]/g, "") + ended.err.replaceAll("\n", "")), undefined);
    assert.match(ended.out + ended.err, said);
    assert.ok(ended.out.length < 250_000, `${line} prints ${ended.out.length} characters`);
  }
}

Deno.test("a description or a default of ten megabytes is cut, and what is kept of it can be read again", async () => {
  const huge = `\x1b[2J\u202e${"д".repeat(5 << 20)}`;
  const lie = schema({ description: huge, args: [arg("a", scalar("Int"), { description: huge, defaultValue: huge })] });
  await lines(lie, [["call op --help", 0], ["call op --a 1", 0], ["schema list", 0], ["schema show op", 0], [
    "call op",
    0,
  ]]);
});

Deno.test("inputs in inputs, sixty wide and five deep, all of them required: the help ends, and each can be typed", async () => {
  const required = (type: Json) => ({ kind: "NON_NULL", ofType: type });
  const level = (depth: number) =>
    Array.from({ length: 60 }, (_, at) =>
      inputs(
        `L${depth}_${at}`,
        depth === 4
          ? [arg("x", scalar("Int"))]
          : Array.from({ length: 60 }, (_, next) => arg(`f${next}`, required(input(`L${depth + 1}_${next}`)))),
      ));
  const lie = schema({ args: [arg("a", input("L0_0"))] }, [0, 1, 2, 3, 4].flatMap(level));
  await lines(lie, [
    ["call op --help", 0, /--a\.f0\.f0/],
    ["call op", 0],
    ["call op --a.f59.f59.f59.f59.x 1", 2, /--a\.f0 is missing\nhint: write: --a\.f0\.f0\.f0\.f0\.x NUMBER/],
    ["call op --a {}", 2, /--a\.f0 is missing\nhint: see: autocom schema show L0_0\n/],
  ]);
});

Deno.test("an input with 5,000 fields: the last of them can be typed", async () => {
  const fields = Array.from({ length: 5_000 }, (_, at) => arg(`f${at}`, scalar("Int")));
  await lines(schema({ args: [arg("a", input("I"))] }, [inputs("I", fields)]), [
    ["call op --help", 0, /--a\.f0 /],
    ["call op --a.f4999 1", 0],
    ["call op --a.f5000 1", 2, /unknown option/],
  ]);
  await lines(schema({ args: fields }), [["call op --help", 0, /--f4999 /], ["call op --f4999 1", 0]]);
});

Deno.test("an enum without values takes what is typed: the server says what is wrong with it", async () => {
  const lie = schema({ args: [arg("e", { kind: "ENUM", name: "E" })] }, [{ kind: "ENUM", name: "E", enumValues: [] }]);
  await lines(lie, [["call op --help", 0], ["call op --e x", 0]]);
});

Deno.test("enum values that are words of GraphQL's own travel as what they are", async () => {
  const values = ["true", "null", "TRUE", "A\x1bB"].map((name) => ({ name }));
  const lie = schema({ args: [arg("e", { kind: "ENUM", name: "E" })] }, [{
    kind: "ENUM",
    name: "E",
    enumValues: values,
  }]);
  await lines(lie, [["call op --e null", 0], ["call op --e TRUE", 0], [
    "call op --e zz",
    2,
    /one of true, null, TRUE, not/,
  ]]);
});

Deno.test("FT-21: what is no type stands beside one that is asked for again, because it nests lists: it is left out", async () => {
  const list = (ofType: unknown): Json => ({ kind: "LIST", name: null, ofType });
  const deep = list(list(list(list(list(scalar("Int"))))));
  for (const none of [null, 1, "x", true, [], {}, { name: null }, { name: 5 }, { kind: "OBJECT", fields: [null] }]) {
    const lie = schema({ args: [arg("a", scalar("Int"))] }, [none as Json, {
      kind: "OBJECT",
      name: "Deep",
      fields: [{ name: "d", type: deep }],
    }]);
    await lines(lie, [["schema refresh", 0], ["schema list", 0, /op/], ["call op --a 1", 0]]);
  }
});
