/** The two keys, and the rest, that a release is stamped with. */
import assert from "node:assert/strict";
import { makeTestKey } from "../../../build/release/minisign.ts";
import { releasesOf } from "../../../build/release/place.ts";
import { requireReal } from "../../../build/release/release.ts";

/** The line of a public key that is no test's. */
async function realKey(id: string): Promise<string> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]) as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return new Uint8Array([0x45, 0x64, ...new TextEncoder().encode(id), ...raw]).toBase64();
}

Deno.test("a release has two keys of its owner's: no test key, not one key twice, also under one id; and a client id", async () => {
  const [current, next, same] = [await realKey("current1"), await realKey("next0001"), await realKey("current1")];
  const stamps = { clientId: "0198f000-1111-7222-8333-444455556666", releases: releasesOf() };
  requireReal({ ...stamps, keys: [current, next] });
  const test = (await makeTestKey()).public.split("\n")[1]!;
  const refused: [string[], RegExp][] = [
    [[current], /needs .*current\.pub and next\.pub/],
    [[current, test], /cannot trust the test key/],
    [[current, current], /current\.pub and next\.pub are one key, [0-9A-F]{16}: /],
    [[current, same], /are one key/],
  ];
  for (const [keys, why] of refused) assert.throws(() => requireReal({ ...stamps, keys }), why);
  const real = { ...stamps, keys: [current, next] };
  assert.throws(() => requireReal({ ...real, releases: "https://other.example/api" }), /build\/release\/place\.ts/);
  assert.throws(() => requireReal({ ...real, clientId: "" }), /needs the OAuth client id, in AUTOCOM_BUILD_CLIENT_ID/);
});
