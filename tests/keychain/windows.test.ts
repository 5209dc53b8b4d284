import assert from "node:assert/strict";
import { buildCredential, readCredential, wide } from "../../src/keychain/credentialw.ts";
import { type Keychain, openKeychain, Unavailable } from "../../src/keychain/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import { type FakeAdvapi, fakeAdvapi } from "../support/keychain/fake_advapi.ts";

const ACCOUNT = "shop.example:access";
const TARGET = `autocom-cli:${ACCOUNT}`;

function open(advapi: FakeAdvapi): Keychain {
  const host = { os: "windows", arch: "x86_64", uid: null, pid: 1 } as const;
  return openKeychain({ ...denoSystem(), env: {}, host, ffi: advapi.ffi });
}

Deno.test("KW-1: a credential is 80 bytes with everything at its offset", () => {
  const parts = { target: 0x1122334455667788n, user: 0x99aabbccddeeff00n, blob: 0x0102030405060708n, size: 2_560 };
  assert.equal(
    buildCredential(parts).toHex(),
    "00000000" + "01000000" + // flags, CRED_TYPE_GENERIC
      "8877665544332211" + "0000000000000000" + // target name, comment
      "0000000000000000" + "000a0000" + "00000000" + // last written, size of the blob, padding
      "0807060504030201" + "02000000" + "00000000" + // blob, CRED_PERSIST_LOCAL_MACHINE, number of attributes
      "0000000000000000" + "0000000000000000" + "00ffeeddccbbaa99", // attributes, target alias, user name
  );
  assert.deepEqual(readCredential(buildCredential(parts).buffer), { blob: parts.blob, size: 2_560 });
});

Deno.test("KW-1: texts are UTF-16 with the little end first, and end with NUL", () => {
  assert.equal(wide("a:€").toHex(), "61003a00ac200000");
  assert.equal(wide("").toHex(), "0000");
});

Deno.test("KW-2: the value is kept as its UTF-8 bytes under the name that go-keyring gives it", async () => {
  const advapi = fakeAdvapi();
  await open(advapi).set(ACCOUNT, "tok-ä-€");
  assert.deepEqual([...advapi.blobs].map(([target, blob]) => [target, blob.toHex()]), [
    [TARGET, "746f6b2dc3a42de282ac"],
  ]);
});

Deno.test("KW-4 KW-7: where nothing can be kept the keychain is unavailable, and nothing is said to be saved", async () => {
  const advapi = Object.assign(fakeAdvapi(), { writable: false });
  await assert.rejects(open(advapi).set(ACCOUNT, "value"), Unavailable);
  assert.deepEqual(await open(advapi).get(ACCOUNT), { state: "missing" });
});

for (
  const [what, state] of [["no set of credentials", { session: false }], ["no generic ones", { longest: 0 }]] as const
) {
  Deno.test(`FT-5: in a logon session with ${what} nobody can tell whether an entry is there`, async () => {
    const advapi = fakeAdvapi();
    if ("session" in state) {
      await open(advapi).set(ACCOUNT, "value");
      assert.equal((await open(advapi).get(ACCOUNT)).state, "present");
    }
    Object.assign(advapi, state);
    assert.equal((await open(advapi).get(ACCOUNT)).state, "unavailable");
    await assert.rejects(open(advapi).delete(ACCOUNT), Unavailable);
    await assert.rejects(open(advapi).set(ACCOUNT, "value"), Unavailable);
  });
}

Deno.test("KW-5: an entry that goes away while it is removed is removed", async () => {
  const advapi = fakeAdvapi();
  await open(advapi).set(ACCOUNT, "value");
  let readings = 0;
  advapi.beforeRead = () => void (++readings === 2 && advapi.blobs.clear());
  assert.equal(await open(advapi).delete(ACCOUNT), true);
  assert.deepEqual(await open(advapi).get(ACCOUNT), { state: "missing" });
});

for (const [what, bytes] of [["UTF-16", wide("token").slice(0, -2)], ["no text", Uint8Array.of(0xff, 0xfe)]] as const) {
  Deno.test(`KW-6: a value of another program that is ${what} is there as the empty string`, async () => {
    const advapi = fakeAdvapi();
    advapi.blobs.set(TARGET, bytes);
    assert.deepEqual(await open(advapi).get(ACCOUNT), { state: "present", value: "" });
    await open(advapi).set(ACCOUNT, "mine");
    assert.deepEqual(await open(advapi).get(ACCOUNT), { state: "present", value: "mine" });
  });
}

Deno.test("KW-8: advapi32.dll is loaded by its full path, once", async () => {
  const advapi = fakeAdvapi();
  const keychain = open(advapi);
  assert.deepEqual(advapi.loaded, []);
  await keychain.get(ACCOUNT);
  await keychain.set(ACCOUNT, "value");
  assert.deepEqual(advapi.loaded, ["C:\\Windows\\System32\\advapi32.dll"]);
});

Deno.test("every credential that the system gave is given back", async () => {
  const advapi = fakeAdvapi();
  const keychain = open(advapi);
  await keychain.set(ACCOUNT, "value");
  await keychain.get(ACCOUNT);
  await keychain.delete(ACCOUNT);
  assert.equal(advapi.unfreed.size, 0);
});

Deno.test("without the library the keychain is unavailable", async () => {
  const dlopen = () => {
    throw new Error("Could not open library");
  };
  const keychain = open({ ...fakeAdvapi(), ffi: { ...fakeAdvapi().ffi, dlopen } });
  assert.equal((await keychain.get(ACCOUNT)).state, "unavailable");
  await assert.rejects(keychain.set(ACCOUNT, "value"), Unavailable);
});
