import assert from "node:assert/strict";
import { parseRefresh } from "../../src/auth/session.ts";
import type { AppError } from "../../src/errors.ts";

const ORIGIN = "https://shop.example";
const GOOD = { v: 1, origin: ORIGIN, client_id: "019e2c5a-7d1f", gen: "00", refresh_token: "def502~x" };

Deno.test("an entry to renew by is read as it was written", () => {
  assert.deepEqual(parseRefresh(JSON.stringify(GOOD), ORIGIN, "Keychain"), GOOD);
  assert.deepEqual(parseRefresh({ ...GOOD, client_id: "3" }, ORIGIN, "Keychain").client_id, "3");
});

for (
  const damaged of [
    { client_id: "" },
    { client_id: "x".repeat(9_000) },
    { client_id: "\u001b[2J" },
    { client_id: "a b" },
    { client_id: 3 },
    { refresh_token: "" },
    { refresh_token: "x".repeat(20_000) },
    { refresh_token: "x\ny" },
    { refresh_token: null },
  ]
) {
  Deno.test(`KL-14: what nobody can have written is damaged, and is not repeated: ${JSON.stringify(damaged).slice(0, 40)}`, () => {
    assert.throws(
      () => parseRefresh(JSON.stringify({ ...GOOD, ...damaged }), ORIGIN, "Keychain"),
      (error: AppError) => {
        assert.equal(error.message, `the session for ${ORIGIN} in Keychain is damaged`);
        return error.exit === 4;
      },
    );
  });
}
