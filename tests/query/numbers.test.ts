/** Numbers and amounts: nothing of them is compared, ordered or added wrongly without a word. */
import assert from "node:assert/strict";
import { query, type Shape } from "../../src/query/mod.ts";

const ask = (expression: string, value: unknown) => JSON.stringify(query(expression, undefined).of(value).result);

Deno.test("numbers of more than 15 digits are compared to the last of them", () => {
  const near = ["12345678901234567890.02", "12345678901234567890.01", "-12345678901234567890.02"];
  const sent = near.map((text) => JSON.rawJSON(text));
  for (const [each, value] of [["to_number(@)", near], ["@", sent]] as const) {
    const by = `map(&${each}, @)`;
    assert.equal(ask(`map(&to_string(@), sort_by(@, &${each}))`, value), JSON.stringify([near[2], near[1], near[0]]));
    assert.equal(ask(`max(${by})`, value), near[0]);
    assert.equal(ask(`min_by(@, &${each}) | to_string(@)`, value), JSON.stringify(near[2]));
    assert.equal(ask(`[?${each} > \`12345678901234567890.01\`] | length(@)`, value), "1");
    assert.equal(ask(`[?${each} == \`12345678901234567890.010\`] | length(@)`, value), "1");
    assert.equal(ask(`contains(${by}, \`12345678901234567890.03\`)`, value), "false");
    assert.equal(ask(`sum(${by})`, value), "12345678901234567890.01");
    assert.equal(ask(`map(&abs(@), ${by})`, value), `[${near[0]},${near[1]},${near[0]}]`);
    assert.equal(
      ask(`${by}[*].[floor(@), ceil(@)][]`, value.slice(1)),
      "[12345678901234567890,12345678901234567891,-12345678901234567891,-12345678901234567890]",
    );
  }
});

Deno.test("the numbers of an expression keep the digits that they are written with", () => {
  assert.equal(ask("`12345678901234567891`", {}), "12345678901234567891");
  assert.equal(ask('`{"a": [0.12345678901234567891, 10]}`', {}), '{"a":[0.12345678901234567891,10]}');
  assert.equal(ask("`9007199254740993` == `9007199254740992`", {}), "false");
  assert.equal(
    ask("[`1e2` == `100.0`, `0.0` == `-0`, `1e-400` > `0`, `1e-401` < `1e-400`]", {}),
    "[true,true,true,true]",
  );
  assert.equal(
    ask("[type(`12345678901234567891`), abs(`-12345678901234567891`)]", {}),
    '["number",12345678901234567891]',
  );
});

Deno.test("an average of more digits than a number holds keeps them", () => {
  assert.equal(ask("avg(map(&to_number(@), @))", ["90071992547409.93", "90071992547409.95"]), "90071992547409.94");
  assert.equal(ask("avg(map(&to_number(@), @))", ["-90071992547409.93", "-90071992547409.94"]), "-90071992547409.935");
  assert.equal(ask("avg(map(&to_number(@), @))", ["10000000000000000", "0", "0"]), "3333333333333333.3333333333");
  assert.equal(ask("avg(map(&to_number(@), @))", ["12345678901234560", "12345678901234560"]), "12345678901234560");
});

Deno.test("amounts with an exponent are added to the last digit, too", () => {
  assert.equal(ask("sum(map(&to_number(@), @))", ["1e17", "0.01", "2.5E-3"]), "100000000000000000.0125");
});

Deno.test("an amount that is written in two ways is warned of where it counts as two", () => {
  const rows = [{ t: "9.00" }, { t: "100.50" }];
  const cases: [expression: string, better: string][] = [
    ["[?t == '9']", "[?to_number(t) == to_number('9')]"],
    ["[?t != '9.0']", "[?to_number(t) != to_number('9.0')]"],
    ["[?t == `9`]", "[?to_number(t) == `9`]"],
    ["contains([].t, '9')", "contains(map(&to_number(@), [].t), to_number('9'))"],
    ["contains([].t, `100.5`)", "contains(map(&to_number(@), [].t), `100.5`)"],
    ["contains([].t, '100.500')", "contains(map(&to_number(@), [].t), to_number('100.500'))"],
  ];
  for (const shape of [undefined, { list: { of: { t: "money" } } }] as const) {
    for (const [expression, better] of cases) {
      const asked = query(expression, shape);
      const warnings = [...asked.warnings, ...asked.of(rows).warnings];
      assert.equal(warnings.length, 1, expression);
      const written = /write: --query '(.*)'$/.exec(warnings[0]!)![1]!.replaceAll(`'\\''`, "'");
      assert.equal(written, better);
      const repaired = query(written, shape);
      assert.deepEqual([...repaired.warnings, ...repaired.of(rows).warnings], [], written);
      assert.notDeepEqual(repaired.of(rows).result, asked.of(rows).result);
    }
    for (const right of ["[?t == '9.00']", "[?t == '8']", "contains([].t, '9.00')", "contains([].t, '8')"]) {
      const asked = query(right, shape);
      assert.deepEqual([...asked.warnings, ...asked.of(rows).warnings], [], right);
    }
  }
});

Deno.test("amounts of a currency without decimals beside others are known by those", () => {
  const { warnings } = query("sort_by(@, &t)", undefined).of([{ t: "1000" }, { t: "900.00" }]);
  assert.match(warnings[0]!, /write: --query 'sort_by\(@, &to_number\(t\)\)'$/);
});

const SOLD: Shape = { list: { of: { id: "plain", total: "money", currency: "plain", count: "number" } } };
const sold = (...currencies: string[]) =>
  currencies.map((currency, at) => ({ id: String(at), total: "10.00", currency, count: 1 }));
for (
  const expression of [
    "sum(map(&to_number(total), @))",
    "sum(map(&to_number(@), [].total))",
    "avg(map(&to_number(total), [?id != 'x']))",
    "sort_by(@, &to_number(total))[0].id",
    "max_by(@, &to_number(total)).id",
    "[?to_number(total) > `5`].id",
    "{all: sum(map(&to_number(total), @))}",
  ]
) {
  Deno.test(`${expression}: amounts of two currencies are not taken for those of one without a word`, () => {
    const said = (rows: unknown, shape = SOLD) => query(expression, shape).of(rows).warnings;
    const warning = "--query adds or compares amounts of INR, JPY as if they were of one currency; " +
      "choose one first: [?currency == 'INR']";
    assert.deepEqual(said(sold("JPY", "INR", "JPY")), [warning]);
    assert.deepEqual(said(sold("INR", "INR")), []);
    assert.deepEqual(said([]), []);
    const meta = { data: sold("INR", "JPY"), meta: {} };
    const shape: Shape = { of: { data: SOLD, meta: undefined } };
    const { warnings } = query(`data | ${expression}`, shape).of(meta);
    assert.deepEqual(warnings, [warning]);
  });
}

Deno.test("who looks at the currency, or takes no amounts for numbers, is not told of it", () => {
  for (
    const expression of [
      "[?currency == 'INR'] | sum(map(&to_number(total), @))",
      "sort_by(@, &to_number(total))[].[total, currency]",
      "[].{t: to_number(total)}",
      "sum([].count)",
      "sort_by(@, &id)",
      "length(@)",
    ]
  ) assert.deepEqual(query(expression, SOLD).of(sold("INR", "JPY")).warnings, [], expression);
});

Deno.test("what people write as a number and JSON does not is said where it becomes nothing", () => {
  for (
    const text of ["1,234.50", "12,50", "+5", "-.5", "5.", " 7.00", "007.50", "₹ 10", "10 €", "(12.00)", "1'000", "١"]
  ) {
    const { result, warnings } = query("[?to_number(t) > `1`]", undefined).of([{ t: text }]);
    assert.deepEqual(result, []);
    assert.equal(warnings.length, 1, text);
    assert.ok(warnings[0]!.includes(`to_number() gives null for ${JSON.stringify(text)}, `), warnings[0]);
  }
  for (const text of ["", "abc", "-", "2026-05-01", "ORD-7", ".", "12.50", "-1e3"]) {
    assert.deepEqual(query("to_number(@)", undefined).of(text).warnings, [], text);
  }
});
