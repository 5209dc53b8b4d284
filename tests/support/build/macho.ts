/**
 * The ad-hoc signature of a Mach-O program: the kernel of Apple silicon kills a program with one wrong page.
 * Structures of https://github.com/apple-oss-distributions/xnu/blob/main/osfmk/kern/cs_blobs.h
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

export interface Pages {
  pages: number;
  wrong: number;
  /** The signature covers the file up to itself, and ends where the file ends. */
  whole: boolean;
}

const LC_CODE_SIGNATURE = 0x1d;
const CODE_DIRECTORY = 0xfade0c02;

/** Compares every page of the file with its hash in the signature; undefined when there is no signature. */
export function checkPages(bytes: Uint8Array): Pages | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 32;
  for (let left = file.readUInt32LE(16); left > 0; left--) {
    if (file.readUInt32LE(at) === LC_CODE_SIGNATURE) {
      return check(file, file.readUInt32LE(at + 8), file.readUInt32LE(at + 12));
    }
    at += file.readUInt32LE(at + 4);
  }
  return undefined;
}

function check(file: Buffer, start: number, size: number): Pages {
  const blobs = Array.from(
    { length: file.readUInt32BE(start + 8) },
    (_, index) => start + file.readUInt32BE(start + 16 + index * 8),
  );
  const directory = blobs.find((at) => file.readUInt32BE(at) === CODE_DIRECTORY)!;
  const hashes = directory + file.readUInt32BE(directory + 16);
  const pages = file.readUInt32BE(directory + 28);
  const limit = file.readUInt32BE(directory + 32);
  const length = file[directory + 36]!;
  const page = 1 << file[directory + 39]!;
  let wrong = 0;
  for (let index = 0; index < pages; index++) {
    const hash = createHash("sha256").update(file.subarray(index * page, Math.min((index + 1) * page, limit))).digest();
    const stated = file.subarray(hashes + index * length, hashes + (index + 1) * length);
    if (!hash.equals(stated)) wrong++;
  }
  return { pages, wrong, whole: limit === start && start + size <= file.length && pages === Math.ceil(limit / page) };
}
