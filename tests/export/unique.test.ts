import assert from "node:assert/strict";
import { Unique } from "../../src/export/unique.ts";

const SHAPES: Record<string, (at: number) => string> = {
  "numbers": String,
  "UUIDs that count up": (at) => `0196a5a0-0000-4000-8000-${String(at).padStart(12, "0")}`,
  "ids that count up in their middle": (at) => `order_${String(at).padStart(8, "0")}_of_the_same_shop`,
  "texts": (at) => `क${(at * 7_919).toString(36)}`,
};

for (const [what, make] of Object.entries(SHAPES)) {
  Deno.test(`WP-46: of 200,000 ${what} none is taken for another, and each is known again`, () => {
    const ids = new Unique();
    for (let at = 0; at < 200_000; at++) assert.ok(ids.add(make(at)), make(at));
    assert.equal(ids.again, 0);
    for (let at = 0; at < 200_000; at += 97) assert.ok(!ids.add(make(at)), make(at));
    assert.equal(ids.again, Math.ceil(200_000 / 97));
  });
}
