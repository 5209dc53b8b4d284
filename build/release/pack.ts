/**
 * Makes a pack (its format: src/upgrade/pack.ts): what of a program is its runtime's is copied from the installed file,
 * the rest is in the pack. So one pack serves every older version on the same runtime.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { brotliCompressSync, constants } from "node:zlib";
import { HASH, type Op, PAGE, segmentAt } from "../../src/upgrade/pack.ts";

/** Bytes that are compared at once: what a pack carries in vain is less than that at each seam. */
const BLOCK = 128;
/** A run of the runtime that stands elsewhere in the program is taken from this length on: shorter ones are chance. */
const MOVED = 1024;

const PE = 0x4d5a;
const MACHO_64 = 0xcffaedfe;
const LC_CODE_SIGNATURE = 0x1d;
const CODE_DIRECTORY = 0xfade0c02;

/** The pack of `program`, which `deno compile` made of `runtime`. */
export function makePack(program: Uint8Array, runtime: Uint8Array): Uint8Array {
  const hashes = hashesIn(program);
  const shared = sharedBlocks(program, runtime, hashes.start);
  const behind = segmentAt(program, "__LINKEDIT") ?? program.length;
  const ops: Op[] = [];
  const data: Uint8Array[] = [];
  for (let at = 0; at < program.length;) {
    const copied = shared[Math.floor(at / BLOCK)] === 1;
    let end = at;
    while (end < program.length && (shared[Math.floor(end / BLOCK)] === 1) === copied) {
      end = Math.min(end + BLOCK, program.length);
    }
    if (copied) {
      if (at < behind) ops.push([at, Math.min(end, behind) - at]);
      if (end > behind) ops.push([Math.max(at, behind) - behind, end - Math.max(at, behind), 1]);
    }
    const take = (from: number, to: number) => {
      if (from === to) return;
      ops.push([-1, to - from]);
      data.push(program.subarray(from, to));
    };
    if (!copied) {
      const { first, last, from, to } = derived(program, hashes, at, end);
      take(at, from);
      if (to > from) ops.push([-2 - first, (last - first) * HASH]);
      take(to, end);
    }
    at = end;
  }
  const header = new TextEncoder().encode(JSON.stringify(ops));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, header.length, true);
  return compressed(Buffer.concat([length, header, ...data]));
}

function compressed(bytes: Uint8Array): Uint8Array {
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
}

/** Which hashes of whole pages stand between two places, and from where to where; none where they are not right. */
function derived(program: Uint8Array, { start, pages }: { start: number; pages: number }, at: number, end: number) {
  const first = Math.max(0, Math.ceil((at - start) / HASH));
  const last = Math.min(pages, Math.floor((end - start) / HASH));
  for (let page = first; page < last; page++) {
    const hash = createHash("sha256").update(program.subarray(page * PAGE, (page + 1) * PAGE)).digest();
    if (!same(program, start + page * HASH, hash, 0, HASH)) return { first: 0, last: 0, from: end, to: end };
  }
  if (last <= first) return { first: 0, last: 0, from: end, to: end };
  return { first, last, from: start + first * HASH, to: start + last * HASH };
}

/**
 * Where a Mach-O signature lists the SHA-256 of the file's pages, and of how many whole ones:
 * https://github.com/apple-oss-distributions/xnu/blob/main/osfmk/kern/cs_blobs.h
 */
function hashesIn(program: Uint8Array): { start: number; pages: number } {
  const none = { start: program.length, pages: 0 };
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  if (program.length < 32 || view.getUint32(0) !== MACHO_64) return none;
  for (let left = view.getUint32(16, true), at = 32; left > 0; left--, at += view.getUint32(at + 4, true)) {
    if (view.getUint32(at, true) !== LC_CODE_SIGNATURE) continue;
    const signature = view.getUint32(at + 8, true);
    for (let blob = 0; blob < view.getUint32(signature + 8); blob++) {
      const directory = signature + view.getUint32(signature + 16 + blob * 8);
      if (view.getUint32(directory) !== CODE_DIRECTORY) continue;
      const [hash, page] = [view.getUint8(directory + 36), 1 << view.getUint8(directory + 39)];
      if (hash !== HASH || page !== PAGE) continue;
      const pages = Math.floor(view.getUint32(directory + 32) / PAGE);
      return { start: directory + view.getUint32(directory + 16), pages };
    }
  }
  return none;
}

/** One byte for each block of the program: 1 where it is the runtime's, in every program on that runtime. */
function sharedBlocks(program: Uint8Array, runtime: Uint8Array, hashes: number): Uint8Array {
  const shared = new Uint8Array(Math.ceil(program.length / BLOCK));
  const first = Math.ceil(headersOf(program) / BLOCK);
  const both = Math.floor(Math.min(program.length, runtime.length) / BLOCK);
  for (let block = first; block < both; block++) {
    if (same(program, block * BLOCK, runtime, block * BLOCK, BLOCK)) shared[block] = 1;
  }
  moved(program, runtime, shared, first);
  // The hashes of what stands behind the payload stand elsewhere in the list for another payload: they are made.
  const fixed = hashes + Math.floor((segmentAt(runtime, "__LINKEDIT") ?? 0) / PAGE) * HASH;
  shared.fill(0, Math.floor(fixed / BLOCK));
  trim(program, shared);
  return shared;
}

/** Bytes of the headers, where the size and the place of the payload stand: never copied. */
function headersOf(program: Uint8Array): number {
  const view = new DataView(program.buffer, program.byteOffset);
  if (view.getUint32(0) === MACHO_64) return 32 + view.getUint32(20, true);
  if (view.getUint16(0) !== PE) return 0;
  // SizeOfHeaders of the optional header: https://learn.microsoft.com/windows/win32/debug/pe-format
  return view.getUint32(view.getUint32(0x3c, true) + 24 + 60, true);
}

/**
 * Behind an embedded segment the runtime goes on at another place (Mach-O on ARM), always the same one counted from
 * where its last segment begins. The list of the pages' hashes in the signature is found in this way, too.
 */
function moved(program: Uint8Array, runtime: Uint8Array, shared: Uint8Array, first: number): void {
  const wanted = new Map<number, number[]>();
  const whole = Math.floor(program.length / BLOCK);
  for (let block = first; block < whole; block++) {
    if (shared[block] === 1 || isConstant(program, block)) continue;
    const sum = sumOf(program, block * BLOCK);
    wanted.set(sum, [...wanted.get(sum) ?? [], block]);
  }
  if (wanted.size === 0) return;
  const start = firstDifference(program, runtime, first);
  const needed = Math.ceil(MOVED / BLOCK);
  for (let at = start, sum = -1; at + BLOCK <= runtime.length; at++) {
    sum = sum < 0 ? sumOf(runtime, at) : rolled(sum, runtime[at - 1]!, runtime[at + BLOCK - 1]!);
    for (const block of wanted.get(sum) ?? []) {
      if (shared[block] === 1) continue;
      let run = 0;
      while (block + run < whole && same(program, (block + run) * BLOCK, runtime, at + run * BLOCK, BLOCK)) run++;
      if (run >= needed) shared.fill(1, block, block + run);
    }
  }
}

/** Where the runtime and the program begin to differ for good: what stands before it did not move. */
function firstDifference(program: Uint8Array, runtime: Uint8Array, first: number): number {
  let block = Math.floor(Math.min(program.length, runtime.length) / BLOCK);
  for (let lost = 0, at = first; at < block; at++) {
    lost = same(program, at * BLOCK, runtime, at * BLOCK, BLOCK) ? 0 : lost + 1;
    if (lost === 256) block = at - 255;
  }
  return block * BLOCK;
}

/** Padding looks like the runtime's anywhere: at the edges of a run it is data, which costs nothing once compressed. */
function trim(program: Uint8Array, shared: Uint8Array): void {
  for (let block = 0; block < shared.length; block++) {
    const inside = shared[block - 1] === 1;
    if (shared[block] === 1 && !inside && isConstant(program, block)) shared[block] = 0;
  }
  for (let block = shared.length - 1; block >= 0; block--) {
    const inside = shared[block + 1] === 1;
    if (shared[block] === 1 && !inside && isConstant(program, block)) shared[block] = 0;
  }
}

function isConstant(bytes: Uint8Array, block: number): boolean {
  const start = block * BLOCK;
  const end = Math.min(start + BLOCK, bytes.length);
  for (let at = start + 1; at < end; at++) if (bytes[at] !== bytes[start]) return false;
  return true;
}

function same(one: Uint8Array, at: number, other: Uint8Array, there: number, length: number): boolean {
  if (at + length > one.length || there + length > other.length) return false;
  for (let index = 0; index < length; index++) if (one[at + index] !== other[there + index]) return false;
  return true;
}

const BASE = 257;
/** BASE to the power of BLOCK, in 32 bits. */
const OUT = Array.from({ length: BLOCK }).reduce((power: number) => Math.imul(power, BASE), 1);

/** A sum that can be moved on by one byte. */
function sumOf(bytes: Uint8Array, at: number): number {
  let sum = 0;
  for (let index = 0; index < BLOCK; index++) sum = Math.imul(sum, BASE) + bytes[at + index]! | 0;
  return sum >>> 0;
}

function rolled(sum: number, gone: number, come: number): number {
  return Math.imul(sum, BASE) + come - Math.imul(OUT, gone) >>> 0;
}
