/** What differs from run to run is not recorded. */
import assert from "node:assert/strict";
import { record } from "./answer.ts";

const cookie = (seconds: number) =>
  `autocom_session=abc; expires=Sat, 28 Nov 2026 20:00:00 GMT; Max-Age=${seconds}; path=/; httponly`;

async function recorded(cookieSeconds: number, tokenSeconds: number) {
  const headers = [["set-cookie", cookie(cookieSeconds)], ["content-type", "application/json"]] as [string, string][];
  return await record(new Response(`{"token_type":"Bearer","expires_in":${tokenSeconds}}`, { headers }), "http://x");
}

Deno.test("FT-56: a lifetime that lost seconds on its way is recorded as it was meant", async () => {
  const meant = await recorded(7200, 1_296_000);
  assert.equal(meant.headers["set-cookie"], "autocom_session; max-age=7200; path=/; httponly");
  assert.equal(meant.body, '{"token_type":"Bearer","expires_in":1296000}');
  assert.deepEqual(await recorded(7199, 1_295_999), meant);
  assert.deepEqual(await recorded(7198, 1_295_998), meant);
});

Deno.test("FT-56: another lifetime is another answer", async () => {
  const meant = await recorded(7200, 1_296_000);
  for (const [cookieSeconds, tokenSeconds] of [[7190, 1_296_000], [7201, 1_296_000], [0, 1_296_000], [7200, 3600]]) {
    assert.notDeepEqual(await recorded(cookieSeconds!, tokenSeconds!), meant);
  }
});
