import assert from "node:assert/strict";
import { AppError } from "../../src/errors.ts";
import { checker, fields, row, rows, selection } from "../../src/fields/mod.ts";

const ORDER = fields({
  id: { is: "text" },
  status: { is: "text", column: "STATUS" },
  total: { is: "money" },
  count: { is: "number" },
  paid: { is: "switch" },
  tags: { is: "texts" },
  any: { is: "data", nullable: true },
  setting: { is: "value" },
  created_at: { is: "instant", nullable: true },
  items: rows(
    { sku: { is: "text" }, size: row({ cm: { is: "number" } }, ({ cm }) => `${cm} cm`, {}) },
    ({ sku }) => sku,
    {},
  ),
  buyer: row({ name: { is: "text" } }, ({ name }) => name, { nullable: true }),
  shown: { is: "text", made: true },
});

const GOOD = {
  id: "1",
  status: "a status that this program does not know",
  total: "2999.00",
  count: 0,
  paid: false,
  tags: [],
  any: null,
  setting: 0,
  created_at: null,
  items: [{ sku: "A", size: { cm: 1 }, more: {} }, { sku: "B", size: { cm: 2 } }],
  buyer: null,
  shown: "",
  undeclared: { toString: 0 },
};

const check = checker(ORDER, "show the order");

Deno.test("a row of the declared shape is the same row, whatever else is in it", () => {
  for (
    const more of [{}, { any: { deep: [1] } }, { buyer: { name: "n" } }, { setting: "x" }, { id: "x".repeat(1 << 20) }]
  ) {
    const given = { ...GOOD, ...more };
    assert.equal(check(given), given as unknown);
  }
});

const nested = (depth: number): unknown => depth === 0 ? [] : [nested(depth - 1)];

const WRONG: [change: Record<string, unknown>, said: string][] = [
  [{ id: { toString: 0 } }, '"id" of the answer is an object, not text'],
  [{ id: null }, '"id" of the answer is null, not text'],
  [{ id: 7 }, '"id" of the answer is a number, not text'],
  [{ id: undefined }, '"id" is missing in the answer'],
  [{ status: true }, '"status" of the answer is a switch, not text'],
  [{ total: 2999 }, '"total" of the answer is a number, not a decimal text'],
  [{ count: "1" }, '"count" of the answer is text, not a number'],
  [{ count: Infinity }, '"count" of the answer is a number without end, not a number'],
  [{ paid: 1 }, '"paid" of the answer is a number, not true or false'],
  [{ tags: "vip" }, '"tags" of the answer is text, not a list of texts'],
  [{ tags: [[]] }, '"tags" of the answer is a list, not a list of texts'],
  [{ any: nested(5_000) }, '"any" of the answer is a list, not a value nested at most 64 deep'],
  [{ setting: [] }, '"setting" of the answer is a list, not text, a number or a switch'],
  [{ created_at: 0 }, '"created_at" of the answer is a number, not an instant'],
  [{ items: {} }, '"items" of the answer is an object, not a list'],
  [{ items: [GOOD.items[0], {}] }, '"items.1.sku" is missing in the answer'],
  [{ items: [null] }, '"items.0" of the answer is null, not an object'],
  [{ items: [{ sku: "A", size: { cm: null } }] }, '"items.0.size.cm" of the answer is null, not a number'],
  [{ items: nested(5_000) }, '"items.0.sku" is missing in the answer'],
  [{ buyer: {} }, '"buyer.name" is missing in the answer'],
  [{ buyer: "Ada" }, '"buyer" of the answer is text, not an object'],
  [{ buyer: undefined }, '"buyer" is missing in the answer'],
];
for (const [change, said] of WRONG) {
  const shown = JSON.stringify(change)?.slice(0, 60);
  Deno.test(`FT-21: ${shown} is a fault of the server's that names the field`, () => {
    assert.throws(() => check({ ...GOOD, ...change }), (error) => {
      assert.ok(error instanceof AppError);
      assert.deepEqual([error.kind, error.message], ["server", `cannot show the order: ${said}`]);
      return true;
    });
  });
}

for (const value of [null, undefined, "order", 7, true]) {
  Deno.test(`FT-21: a row that is ${String(value)} is a fault of the server's`, () => {
    assert.throws(() => check(value), { message: /^cannot show the order: the answer has a row that is \w/ });
  });
}

Deno.test("a document asks for what is declared, and not for what the program finds out itself", () => {
  assert.equal(
    selection(ORDER),
    "id status total count paid tags any setting created_at items { sku size { cm } } buyer { name }",
  );
});
