/** Signatures: ours and minisign's, and everything that is not one. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { makeTestKey, readSecretKey, signature } from "../../build/release/minisign.ts";
import { AppError } from "../../src/errors.ts";
import { verify, verifyManifest } from "../../src/upgrade/verify.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const MANIFEST = bytesOf(JSON.stringify({
  ...{ v: 1, product: "autocom", version: "1.4.0", development: true },
  ...{ released: "2026-05-01T10:00:00Z", expires: "2027-05-01T10:00:00Z", runtime: {}, needs: {}, files: {} },
}));

const current = await readSecretKey((await makeTestKey()).secret);
const next = await readSecretKey((await makeTestKey()).secret);
const stranger = await readSecretKey((await makeTestKey()).secret);
const KEYS = [current.public, next.public];
const good = await signature(current, MANIFEST, "autocom 1.4.0");

function refuses(promise: Promise<unknown>, why?: RegExp): Promise<void> {
  return assert.rejects(promise, (error) => {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.exit, 13);
    if (why) assert.match(error.message, why);
    return true;
  });
}

Deno.test("SU2-5: a signature by the current key, by the next one, or by both is accepted; by another it is exit 13", async () => {
  for (const key of [current, next]) {
    const text = await signature(key, MANIFEST, "of the release");
    assert.deepEqual(await verify(MANIFEST, bytesOf(text), KEYS), { keys: [key.id], comment: "of the release" });
  }
  const both = good + await signature(next, MANIFEST, "x");
  assert.deepEqual((await verify(MANIFEST, bytesOf(both), KEYS)).keys, [current.id, next.id]);
  await refuses(verify(MANIFEST, bytesOf(await signature(stranger, MANIFEST, "x")), KEYS), /does not know/);
  await refuses(verify(MANIFEST, bytesOf(good), []), /no release key/);
  await refuses(verify(MANIFEST, bytesOf(good), ["", ""]), /no release key/);
});

Deno.test("SU2-6: of two signatures each must be right: garbage before a good one is exit 13", async () => {
  const garbage = good.replace(good.split("\n")[1]!, "A".repeat(100));
  const others = [await signature(stranger, MANIFEST, "x"), await signature(next, bytesOf("other"), "x"), garbage];
  for (const first of others) {
    await refuses(verify(MANIFEST, bytesOf(first + good), KEYS));
    await refuses(verify(MANIFEST, bytesOf(good + first), KEYS));
  }
});

Deno.test("SU-1: 60 tampered signatures: none is accepted", async () => {
  const lines = good.split("\n");
  const line = (index: number, text: string) => lines.toSpliced(index, 1, text).join("\n");
  const flipped = (index: number, at: number) => {
    const bytes = Buffer.from(lines[index]!, "base64");
    bytes[at % bytes.length]! ^= 1 << at % 8;
    return line(index, bytes.toString("base64"));
  };
  const legacy = Buffer.from(lines[1]!, "base64");
  legacy[1] = "d".charCodeAt(0);
  const tampered = [
    ...Array.from({ length: 37 }, (_, at) => flipped(1, at * 2)),
    ...Array.from({ length: 8 }, (_, at) => flipped(3, at * 9)),
    line(2, lines[2] + " "),
    line(2, lines[2]!.replace("1.4.0", "1.5.0")),
    line(2, "trusted comment: "),
    line(2, "trusted comment"),
    line(0, "comment: x"),
    line(1, legacy.toString("base64")),
    line(1, lines[1]!.replace(/=*$/, "")),
    line(1, ` ${lines[1]}`),
    line(3, `${lines[3]}\t`),
    line(3, lines[1]!),
    line(1, ""),
    lines.slice(0, 3).join("\n"),
    good + "\n",
    `\n${good}`,
    `\ufeff${good}`,
    good.replaceAll("\n", "\r\n"),
    `${good}untrusted comment: more\n`,
    good + good + good,
    "",
    "x".repeat(5000),
  ];
  assert.ok(tampered.length >= 60);
  for (const text of tampered) await refuses(verify(MANIFEST, bytesOf(text), KEYS));
  await refuses(verify(MANIFEST, Uint8Array.from([0xff, ...bytesOf(good)]), KEYS));
});

Deno.test("SU-1: 40 manifests that differ in one byte: none is accepted", async () => {
  for (let at = 0; at < 40; at++) {
    const other = MANIFEST.slice();
    other[at * 3] = other[at * 3]! ^ 4;
    await refuses(verify(other, bytesOf(good), KEYS), /not key/);
  }
  await refuses(verify(MANIFEST.slice(1), bytesOf(good), KEYS));
  await refuses(verify(Uint8Array.from([...MANIFEST, 10]), bytesOf(good), KEYS));
});

Deno.test("a build for development is believed from a test key alone", async () => {
  assert.equal((await verifyManifest(MANIFEST, bytesOf(good), KEYS)).version, "1.4.0");
  const { secret } = await makeTestKey();
  const line = Buffer.from(secret.split("\n")[1]!, "base64");
  line.set([1, 2, 3, 4, 5, 6, 7, 8], 54);
  const real = await readSecretKey(`untrusted comment: x\n${line.toString("base64")}\n`);
  const signed = bytesOf(await signature(real, MANIFEST, "x"));
  await refuses(verifyManifest(MANIFEST, signed, [real.public]), /a build for development/);
});

const minisign = await installed("minisign");

Deno.test({
  name: "Debian's minisign verifies what we sign, and we verify what it signs: the prehashed form alone",
  ignore: !minisign,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const path = (name: string) => join(folder, name);
      const run = async (...args: string[]) => {
        const { code } = await new Deno.Command("minisign", {
          args,
          cwd: folder,
          stdin: "null",
          stdout: "null",
          stderr: "null",
        })
          .output();
        return code === 0;
      };
      await Deno.writeFile(path("manifest.json"), MANIFEST);
      await Deno.writeTextFile(path("manifest.json.minisig"), good);
      assert.ok(await run("-Vm", "manifest.json", "-P", current.public));
      assert.ok(!await run("-Vm", "manifest.json", "-P", next.public));
      await Deno.writeTextFile(path("manifest.json.minisig"), good.replace("1.4.0", "1.5.0"));
      assert.ok(!await run("-Vm", "manifest.json", "-P", current.public), "the trusted comment is signed, too");

      assert.ok(await run("-G", "-W", "-p", "its.pub", "-s", "its.key"));
      assert.ok(await run("-Sm", "manifest.json", "-s", "its.key", "-t", "by minisign", "-x", "its.minisig"));
      const its = (await Deno.readTextFile(path("its.pub"))).split("\n")[1]!;
      const signed = await verify(MANIFEST, await Deno.readFile(path("its.minisig")), [its]);
      assert.equal(signed.comment, "by minisign");
      // Our tool signs with the key that minisign made, and minisign agrees.
      const key = await readSecretKey(await Deno.readTextFile(path("its.key")));
      assert.deepEqual([key.public, key.id], [its, signed.keys[0]]);
      await Deno.writeTextFile(path("manifest.json.minisig"), await signature(key, MANIFEST, "ours"));
      assert.ok(await run("-Vm", "manifest.json", "-p", "its.pub"));

      assert.ok(await run("-Sm", "manifest.json", "-l", "-s", "its.key", "-x", "legacy.minisig"));
      await refuses(verify(MANIFEST, await Deno.readFile(path("legacy.minisig")), [its]), /prehashed/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("a secret key that has a password, is damaged or none is refused, and not quoted", async () => {
  const { secret } = await makeTestKey();
  const line = Buffer.from(secret.split("\n")[1]!, "base64");
  const changed = (at: number) => {
    const copy = Buffer.from(line);
    copy[at]! ^= 1;
    return copy.toString("base64");
  };
  for (const text of [changed(2), changed(0), changed(70), changed(100), "nonsense", "", secret.slice(0, -10)]) {
    await assert.rejects(
      readSecretKey(text),
      (error: Error) => text.length < 9 || !error.message.includes(text.slice(0, 8)),
    );
  }
});

Deno.test("what is hashed is BLAKE2b-512: the example of RFC 7693", () => {
  const hash = createHash("blake2b512").update("abc").digest("hex");
  assert.ok(
    hash.startsWith("ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc95"),
  );
});

async function installed(name: string): Promise<boolean> {
  try {
    await new Deno.Command(name, { args: ["-v"], stdout: "null", stderr: "null" }).output();
    return true;
  } catch {
    console.error(`SKIPPED: ${name} is not installed`);
    return false;
  }
}
