import assert from "node:assert/strict";
import { isSameAmount, sum } from "../../src/fields/mod.ts";

Deno.test("amounts are added and taken off by their digits", () => {
  assert.equal(sum("0.10", "0.20"), "0.30");
  assert.equal(sum("90071992547409.93", "0.01"), "90071992547409.94");
  assert.equal(sum("1420.81", "1420.81", -1n), "0.00");
  assert.equal(sum("1", "2.5", -1n), "-1.5");
  assert.equal(sum("-1.50", "0.25"), "-1.25");
  assert.equal(sum("1e3", "1"), undefined);
});

Deno.test("amounts are the same by their digits, however many of them are zeros", () => {
  assert.equal(isSameAmount("170.5", "170.50"), true);
  assert.equal(isSameAmount("170", "170.000000"), true);
  assert.equal(isSameAmount("0", "-0.00"), true);
  assert.equal(isSameAmount("90071992547409.93", "90071992547409.931"), false);
  assert.equal(isSameAmount("9007199254740993", "9007199254740992"), false);
  assert.equal(isSameAmount("1e3", "1000"), false);
  assert.equal(isSameAmount("1,000", "1,000"), true);
  assert.equal(isSameAmount("0", null), false);
  assert.equal(isSameAmount(null, null), true);
});
