/**
 * Zip archives of our own writing: the same files are the same bytes, whatever the time and the time zone. Plain files
 * only, no zip64. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
import { BuildError } from "../process.ts";
import type { Entry } from "./tar.ts";

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;

/** 1980-01-01 00:00, the first moment that a zip can say. */
const DATE = 0x0021;

/** The archive of these files, in their order. */
export function zip(entries: readonly Entry[]): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let at = 0;
  for (const { name, bytes, mode } of entries) {
    const packed = deflateRawSync(bytes, { level: 9 });
    const path = new TextEncoder().encode(name);
    // From "version needed" to "extra length": the same in both places.
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(8, 4);
    shared.writeUInt16LE(DATE, 8);
    shared.writeUInt32LE(crc32(bytes), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(bytes.length, 18);
    shared.writeUInt16LE(path.length, 22);
    pieces.push(word(LOCAL), shared, path, packed);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((0o100000 | mode) * 0x10000, 6);
    rest.writeUInt32LE(at, 10);
    // Made by Unix, so that the mode counts where it is unpacked on one.
    central.push(word(CENTRAL), Buffer.from([20, 3]), shared, rest, path);
    at += 4 + shared.length + path.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(at, 12);
  return new Uint8Array(Buffer.concat([...pieces, directory, word(END), end]));
}

/** The bytes of the one file in an archive of Deno's, whatever it is called. */
export function unzipOnly(archive: Uint8Array): Uint8Array<ArrayBuffer> {
  const view = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = view.lastIndexOf(word(END));
  if (end < 0 || view.readUInt16LE(end + 10) !== 1) throw new BuildError("the archive does not hold exactly one file");
  const entry = view.readUInt32LE(end + 16);
  const method = view.readUInt16LE(entry + 10);
  const [packed, size] = [view.readUInt32LE(entry + 20), view.readUInt32LE(entry + 24)];
  const local = view.readUInt32LE(entry + 42);
  const start = local + 30 + view.readUInt16LE(local + 26) + view.readUInt16LE(local + 28);
  const raw = view.subarray(start, start + packed);
  const bytes = method === 0 ? raw : inflateRawSync(raw, { maxOutputLength: size });
  if (bytes.length !== size || crc32(bytes) !== view.readUInt32LE(entry + 16)) {
    throw new BuildError("the archive's file is damaged");
  }
  return new Uint8Array(bytes);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
