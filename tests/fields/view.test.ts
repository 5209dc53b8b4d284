import assert from "node:assert/strict";
import { choose, namesIn } from "../../src/fields/choose.ts";
import { cells, fields, row, rows, view } from "../../src/fields/mod.ts";
import { schema } from "../../src/fields/schema.ts";

const ORDER = fields({
  id: { is: "text", column: "ID", key: true },
  order_number: { is: "text", column: "ORDER", place: -1, about: "what people call it" },
  total: { is: "money", column: "TOTAL" },
  count: { is: "number" },
  paid: { is: "switch", column: "PAID", cell: (paid) => paid ? "yes" : "" },
  notes: { is: "text", column: "NOTES", prose: true, nullable: true },
  tags: { is: "texts", column: "TAGS" },
  any: { is: "data", nullable: true },
  items: rows({ sku: { is: "text" }, price: { is: "money" } }, ({ sku, price }) => `${sku} at ${price}`, {
    column: "ITEMS",
  }),
  buyer: row({ name: { is: "text" } }, ({ name }) => name, { nullable: true, column: "BUYER" }),
});

const ONE = {
  id: "u1",
  order_number: "ORD-1",
  total: "10.00",
  count: 3,
  paid: true,
  notes: null,
  tags: ["a", "b"],
  any: { x: [1] },
  items: [{ sku: "A", price: "1.00" }, { sku: "B", price: "2.50" }],
  buyer: { name: "Ada" },
};

Deno.test("columns are the fields with a header, in an order of their own; keys are all, as they are declared", () => {
  const { columns, record } = view(ORDER);
  assert.deepEqual(columns.map(({ header }) => header), [
    "ORDER",
    "ID",
    "TOTAL",
    "PAID",
    "NOTES",
    "TAGS",
    "ITEMS",
    "BUYER",
  ]);
  assert.deepEqual(cells(view(ORDER), ONE), ["ORD-1", "u1", "10.00", "yes", "", "a, b", "A at 1.00, B at 2.50", "Ada"]);
  assert.deepEqual(columns.filter(({ right, prose, key }) => right || prose || key).map(({ name }) => name), [
    "id",
    "total",
    "notes",
  ]);
  assert.equal(
    JSON.stringify(record(ONE)),
    '{"id":"u1","order_number":"ORD-1","total":10.00,"count":3,"paid":true,"notes":null,"tags":["a","b"],' +
      '"any":{"x":[1]},"items":[{"sku":"A","price":1.00},{"sku":"B","price":2.50}],"buyer":{"name":"Ada"}}',
  );
});

Deno.test("what a server sent beside the declared fields is not printed, at any depth", () => {
  const more = { ...ONE, secret: 1, items: [{ ...ONE.items[0]!, secret: 2 }] };
  assert.ok(!JSON.stringify(view(ORDER).record(more)).includes("secret"));
});

Deno.test("--fields chooses and orders, parts of nested rows too; a field without a header gets its name", () => {
  const chosen = choose(ORDER, "total, count,items.price,buyer.name,id");
  assert.deepEqual(chosen.columns.map(({ header }) => header), ["TOTAL", "COUNT", "ITEMS.PRICE", "BUYER.NAME", "ID"]);
  assert.deepEqual(cells(chosen, ONE), ["10.00", "3", "1.00, 2.50", "Ada", "u1"]);
  assert.equal(
    JSON.stringify(chosen.record(ONE)),
    '{"total":10.00,"count":3,"items.price":[1.00,2.50],"buyer.name":"Ada","id":"u1"}',
  );
  assert.deepEqual(cells(choose(ORDER, "buyer.name,items"), { ...ONE, buyer: null }), ["", "A at 1.00, B at 2.50"]);
});

const REFUSED: [text: string, hint: RegExp][] = [
  ["totl", /^did you mean: total$/],
  ["TOTAL", /^did you mean: total$/],
  ["number", /^did you mean: order_number$/],
  ["item.sku", /^did you mean: items\.sku$/],
  ["items.prise", /^did you mean: items\.price$/],
  ["total.x", /^did you mean: total$/],
  ["", /^the fields are id, order_number, /],
  ["id,,total", /^write: --fields id,total$/],
  ["toString", /^the fields are id, /],
  ["__proto__", /^the fields are id, /],
  ["id,id", /^name each field once$/],
];
for (const [text, hint] of REFUSED) {
  Deno.test(`--fields ${JSON.stringify(text)} is refused: ${hint.source}`, () => {
    assert.throws(() => choose(ORDER, text), (error: { kind: string; hint: string }) => {
      assert.equal(error.kind, "usage");
      assert.match(error.hint, hint);
      return true;
    });
  });
}

Deno.test("a bare --fields names all of them, dotted, with what they are", () => {
  assert.deepEqual(namesIn(ORDER).map(({ name, is }) => `${name} ${is}`), [
    "id text",
    "order_number text",
    "total money",
    "count number",
    "paid switch",
    "notes text",
    "tags texts",
    "any data",
    "items rows",
    "items.sku text",
    "items.price money",
    "buyer row",
    "buyer.name text",
  ]);
  assert.equal(namesIn(ORDER)[1]!.about, "what people call it");
});

Deno.test("the same declaration describes itself as JSON Schema", () => {
  const said = schema(ORDER) as { properties: Record<string, unknown>; required: string[] };
  assert.deepEqual(said.required, Object.keys(ORDER));
  assert.deepEqual(said.properties.notes, { anyOf: [{ type: "string" }, { type: "null" }] });
  assert.deepEqual(said.properties.order_number, { type: "string", description: "what people call it" });
  assert.deepEqual((said.properties.items as { items: { required: string[] } }).items.required, ["sku", "price"]);
});
