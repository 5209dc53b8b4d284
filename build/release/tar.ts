/**
 * Tar archives (ustar, POSIX.1-1988) of our own writing: the same files are the same bytes. Plain files only.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { BuildError } from "../process.ts";

/** A plain file of an archive. */
export interface Entry {
  /** Path with forward slashes, 100 bytes at most. */
  name: string;
  bytes: Uint8Array;
  /** E.g. `0o755`. */
  mode: number;
}

const BLOCK = 512;

/** The archive of these files, in their order: of root, and of the first second of 2020. */
export function tar(entries: readonly Entry[]): Uint8Array<ArrayBuffer> {
  const pieces = entries.flatMap((entry) => [header(entry), entry.bytes, padding(entry.bytes.length)]);
  return new Uint8Array(Buffer.concat([...pieces, Buffer.alloc(2 * BLOCK)]));
}

/** Compressed with the pinned Deno's zlib. Its header names no time, no file and no system. */
export function gzip(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const packed = new Uint8Array(gzipSync(bytes, { level: 9 }));
  packed.fill(0, 4, 8);
  packed[9] = 255;
  return packed;
}

function header({ name, bytes, mode }: Entry): Buffer {
  if (Buffer.byteLength(name) > 100) throw new BuildError(`"${name}" is too long for a tar archive`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number) =>
    block.write(value.toString(8).padStart(length - 1, "0") + "\0", at, "latin1");
  block.write(name, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(bytes.length, 124, 12);
  octal(Date.UTC(2020, 0, 1) / 1000, 136, 12);
  block.fill(" ", 148, 156);
  block.write("0", 156);
  block.write("ustar\0" + "00", 257, "latin1");
  for (const at of [265, 297]) block.write("root", at);
  octal(block.reduce((sum, byte) => sum + byte, 0), 148, 7);
  return block;
}

function padding(length: number): Buffer {
  return Buffer.alloc((BLOCK - length % BLOCK) % BLOCK);
}
