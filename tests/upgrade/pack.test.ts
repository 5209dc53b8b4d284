/** A pack that is made of a program makes that program; one that was tampered with makes none. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { brotliCompressSync } from "node:zlib";
import { makePack } from "../../build/release/pack.ts";
import { type Installed, PackError, unpack, UNPACKED_LIMIT } from "../../src/upgrade/pack.ts";

/** Bytes that do not compress, the same for the same seed. */
function noise(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let at = 0, state = seed; at < length; at++) {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

const installed = (bytes: Uint8Array<ArrayBuffer>): Installed => ({
  size: bytes.length,
  read: (offset, length) => {
    assert.ok(offset >= 0 && offset + length <= bytes.length, "read outside of the file");
    return Promise.resolve(bytes.slice(offset, offset + length));
  },
});

async function apply(pack: Uint8Array, old: Uint8Array<ArrayBuffer>, size: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of unpack(new Uint8Array(pack), installed(old), size)) pieces.push(piece.slice());
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  pieces.reduce((at, piece) => (whole.set(piece, at), at + piece.length), 0);
  return whole;
}

/** As `brotli(u32 ‖ ops ‖ data)`. */
function pack(ops: unknown, data = new Uint8Array(), length?: number): Uint8Array {
  const header = new TextEncoder().encode(typeof ops === "string" ? ops : JSON.stringify(ops));
  const bytes = new Uint8Array(4 + header.length + data.length);
  new DataView(bytes.buffer).setUint32(0, length ?? header.length, true);
  bytes.set(header, 4);
  bytes.set(data, 4 + header.length);
  return brotliCompressSync(bytes);
}

const RUNTIME = noise(300_000, 1);
const elf = (payload: Uint8Array) => new Uint8Array([...RUNTIME, ...payload]);

Deno.test("one pack serves two older versions of different lengths, and carries little more than what is new", async () => {
  const next = elf(noise(9_000, 3));
  const made = makePack(next, RUNTIME);
  assert.ok(made.length < 9_000 + 1_024, `${made.length} bytes`);
  for (const old of [elf(noise(20_000, 4)), elf(noise(500, 5))]) {
    assert.deepEqual(await apply(made, old, next.length), next);
  }
});

Deno.test("a runtime that goes on behind the payload is found again", async () => {
  const program = (payload: Uint8Array) =>
    new Uint8Array([...RUNTIME.subarray(0, 200_000), ...payload, ...RUNTIME.subarray(200_000)]);
  const next = program(noise(16_384, 3));
  const made = makePack(next, RUNTIME);
  assert.ok(made.length < 16_384 + 2_048, `${made.length} bytes`);
  assert.deepEqual(await apply(made, program(noise(16_384, 4)), next.length), next);
});

/** A Mach-O program with one segment, `__LINKEDIT`, from `place` on. */
function mach(place: number, payload: number, seed: number): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(32 + 72);
  const view = new DataView(head.buffer);
  view.setUint32(0, 0xcffaedfe);
  view.setUint32(16, 1, true);
  view.setUint32(20, 72, true);
  view.setUint32(32, 0x19, true);
  view.setUint32(36, 72, true);
  head.set(new TextEncoder().encode("__LINKEDIT"), 40);
  view.setBigUint64(32 + 40, BigInt(place), true);
  return new Uint8Array([
    ...head,
    ...RUNTIME.subarray(104, 200_000),
    ...noise(payload, seed),
    ...RUNTIME.subarray(200_000),
  ]);
}

Deno.test("what stands behind the payload of a Mach-O program is found at an older version's own place", async () => {
  const next = mach(200_000 + 16_384, 16_384, 3);
  const made = makePack(next, mach(200_000, 0, 1));
  assert.ok(made.length < 16_384 + 2_048, `${made.length} bytes`);
  for (const length of [0, 16_384, 49_152]) {
    assert.deepEqual(await apply(made, mach(200_000 + length, length, 4), next.length), next);
  }
  // It says so where it cannot, and where its place is a lie.
  await assert.rejects(apply(made, elf(noise(50_000, 5)), next.length), PackError);
  for (const lie of [2 ** 40, Number.MAX_SAFE_INTEGER, 400_000]) {
    await assert.rejects(apply(made, mach(lie, 16_384, 4), next.length), PackError);
  }
});

Deno.test("padding is not taken for the runtime's: an older version has something else there", async () => {
  const runtime = RUNTIME.slice();
  runtime.fill(0, 150_000, 160_000);
  const program = (payload: Uint8Array, length: number) => {
    const padded = new Uint8Array(32_768);
    padded.set(payload.subarray(0, length));
    return new Uint8Array([...runtime, ...padded]);
  };
  const next = program(noise(32_768, 3), 9_000);
  assert.deepEqual(await apply(makePack(next, runtime), program(noise(32_768, 4), 32_768), next.length), next);
});

Deno.test("SU2-13: 30 corrupted and hostile packs: each is refused before its first byte", async () => {
  const old = elf(noise(100, 4));
  const next = elf(noise(9_000, 3));
  const made = makePack(next, RUNTIME);
  const data = noise(100, 9);
  const hostile: [Uint8Array, number][] = [
    ...Array.from({ length: 8 }, (_, at): [Uint8Array, number] => [made.subarray(0, at * 1000), next.length]),
    [made, next.length - 1],
    [made, next.length + 1],
    [pack([[-1, 100]], data), 101],
    [pack([[-1, 99]], data), 99],
    [pack([[-1, 101]], data), 101],
    [pack([[0, old.length + 1]]), old.length + 1],
    [pack([[old.length, 1]]), 1],
    [pack([[2 ** 53, 1]]), 1],
    [pack([[2 ** 53 - 1, 2 ** 53 - 1]]), 5],
    [pack([[-2, 5]]), 5],
    [pack([[-2, 32]]), 32],
    [pack([[-1, 4096], [-3, 32]], noise(4096, 8)), 4128],
    [pack([[-1, 4096], [-2, 64]], noise(4096, 8)), 4160],
    [pack([[-1, 4096], [-2, 33]], noise(4096, 8)), 4129],
    [pack([[-1, 4096], [1 - 2 ** 53, 32]], noise(4096, 8)), 4128],
    [pack([[0, 0]]), 0],
    [pack([[0, -5], [0, 10]]), 5],
    [pack([[0.5, 5]]), 5],
    [pack([["0", 5]]), 5],
    [pack([[0, 5, 5]]), 5],
    [pack([[0, 5, 0]]), 5],
    [pack([[0, 5, 1]]), 5],
    [pack([[-1, 5, 1]], noise(5, 8)), 5],
    [pack([[0, 5, 1, 1]]), 5],
    [pack([[0]]), 5],
    [pack({ 0: [0, 5] }), 5],
    [pack("[[0,5]"), 5],
    [pack("null"), 5],
    [pack(Array.from({ length: 20_000 }, () => [0, 1])), 20_000],
    [pack([[0, 5]], data), 5],
    [pack([[0, 5]], data, 2 ** 32 - 1), 5],
    [pack([[0, 5]], data, 300_000), 5],
    [brotliCompressSync(new Uint8Array(3)), 5],
    [new Uint8Array(), 5],
    [noise(500, 7), 5],
  ];
  assert.ok(hostile.length >= 30);
  for (const [bytes, size] of hostile) {
    await assert.rejects(unpack(new Uint8Array(bytes), installed(old), size).next(), PackError);
  }
});

Deno.test("a pack makes the hashes of pages, wherever its pieces begin and end", async () => {
  const data = noise(9_000, 8);
  const old = noise(5_000, 9);
  const bytes = pack([[-1, 3_000], [7, 4_000], [-1, 6_000], [-3, 64]], data);
  const made = Buffer.concat(
    await Array.fromAsync(unpack(new Uint8Array(bytes), installed(old), 13_064), (it) => it.slice()),
  );
  const hash = (page: number) => createHash("sha256").update(made.subarray(page * 4096, page * 4096 + 4096)).digest();
  assert.ok(made.subarray(13_000).equals(Buffer.concat([hash(1), hash(2)])));
});

Deno.test("SU2-13: a pack that unpacks to a gigabyte is cut off at the limit", async () => {
  const bomb = brotliCompressSync(new Uint8Array(UNPACKED_LIMIT + 1));
  assert.ok(bomb.length < 1_000);
  await assert.rejects(unpack(new Uint8Array(bomb), installed(RUNTIME), 5).next(), /more than 16777216 bytes/);
});

Deno.test("ops may overlap and come in any order: what they make is compared with the signed hash, by who applies it", async () => {
  const made = await apply(pack([[5, 5], [-1, 3], [0, 10]], noise(3, 1)), RUNTIME, 18);
  assert.deepEqual(made, new Uint8Array([...RUNTIME.subarray(5, 10), ...noise(3, 1), ...RUNTIME.subarray(0, 10)]));
});
