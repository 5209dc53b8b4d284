/**
 * The program out of an archive whose hash was verified. It is still read as if a stranger had made it: plain files
 * alone, the program exactly once, with the size that was signed, and nothing behind the end.
 *
 * @module
 */

import { damaged } from "./download.ts";

const BLOCK = 512;
/** What may stand in an archive beside the program: 300 KB today. */
const BESIDE = 16 * 1024 ** 2;
const ENTRIES = 1_000;

type Bytes = Uint8Array<ArrayBuffer>;

/** The pieces of the file `name`; each is gone when the next one is asked for. Throws {@link AppError} `integrity`, perhaps after some of them. */
export async function* unarchive(
  archive: Bytes,
  kind: "tar.gz" | "zip",
  name: string,
  size: number,
): AsyncGenerator<Bytes> {
  if (kind === "zip") yield* unzip(archive, name, size);
  else yield* untar(archive, name, size);
}

/** ustar (POSIX.1-1988) in gzip, as build/release/tar.ts writes it: no links, no long names, no extensions. */
async function* untar(archive: Bytes, name: string, size: number): AsyncGenerator<Bytes> {
  const input = new Pieces(inflate(archive, "gzip", size + BESIDE));
  let found = false;
  for (let entries = 0;; entries++) {
    if (entries > ENTRIES) throw broken(`it has more than ${ENTRIES} entries`);
    const header = await input.take(BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const entry = entryIn(header);
    const wanted = entry.name === name;
    if (wanted && found) throw broken(`it holds "${name}" twice`);
    if (wanted && entry.size !== size) throw broken(`"${name}" has another size`);
    if (!wanted && entry.size > BESIDE) throw broken("it holds another large file");
    found ||= wanted;
    for (let left = entry.size; left > 0;) {
      const piece = await input.some(left);
      left -= piece.length;
      if (wanted) yield piece;
    }
    await input.take((BLOCK - entry.size % BLOCK) % BLOCK);
  }
  if (!found) throw broken(`it does not hold "${name}"`);
  for await (const piece of input.rest()) {
    if (piece.some((byte) => byte !== 0)) throw broken("something stands behind its end");
  }
}

function entryIn(header: Bytes): { name: string; size: number } {
  const text = (at: number, length: number) => {
    const field = header.subarray(at, at + length);
    const end = field.indexOf(0);
    return String.fromCharCode(...(end < 0 ? field : field.subarray(0, end)));
  };
  const octal = (at: number, length: number) => {
    const digits = text(at, length).trim();
    if (!/^[0-7]{1,11}$/.test(digits)) throw broken("a number in it is not one");
    return parseInt(digits, 8);
  };
  const sum = header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (octal(148, 8) !== sum) throw broken("the sum of an entry is wrong");
  if (header[156] !== 0x30) throw broken("an entry is not a plain file");
  const name = text(0, 100);
  if (text(257, 6) !== "ustar" || text(345, 155) !== "" || !isInside(name)) throw broken("an entry has no plain name");
  return { name, size: octal(124, 12) };
}

function isInside(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._/-]*$/.test(name) && name.split("/").every((part) => part !== "" && part !== "..");
}

const LOCAL = 0x04034b50, CENTRAL = 0x02014b50, END = 0x06054b50;

/** As build/release/zip.ts writes it: no zip64, no comment, no extra fields, local headers like the central ones. */
async function* unzip(archive: Bytes, name: string, size: number): AsyncGenerator<Bytes> {
  const { start, packed, method } = entryOf(archive, name, size);
  const raw = archive.subarray(start, start + packed);
  let made = 0;
  for await (const piece of method === 0 ? [raw] : inflate(raw, "deflate-raw", size)) {
    made += piece.length;
    yield piece;
  }
  if (made !== size) throw broken(`"${name}" has another size`);
}

function entryOf(archive: Bytes, name: string, size: number): { start: number; packed: number; method: number } {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const at16 = (at: number) => view.getUint16(at, true);
  const at32 = (at: number) => view.getUint32(at, true);
  const text = (at: number, length: number) => String.fromCharCode(...archive.subarray(at, at + length));
  const end = archive.length - 22;
  if (end < 0 || at32(end) !== END || at16(end + 20) !== 0) {
    throw broken("it is not a zip archive, or something stands behind it");
  }
  const [count, length, first] = [at16(end + 10), at32(end + 12), at32(end + 16)];
  if (count > ENTRIES || at16(end + 8) !== count || at32(end + 4) !== 0 || first + length !== end) {
    throw broken("its directory is not where it should be");
  }
  let found: { start: number; packed: number; method: number } | undefined;
  let at = first;
  let expected = 0;
  for (let entry = 0; entry < count; entry++) {
    if (at + 46 > end || at32(at) !== CENTRAL) throw broken("its directory is damaged");
    const nameLength = at16(at + 28);
    if (at + 46 + nameLength > end || at16(at + 30) !== 0 || at16(at + 32) !== 0) {
      throw broken("an entry has extensions");
    }
    const path = text(at + 46, nameLength);
    const [method, packed, unpacked, local] = [at16(at + 10), at32(at + 20), at32(at + 24), at32(at + 42)];
    const mode = at32(at + 38) >>> 16;
    if (!isInside(path) || (mode !== 0 && (mode & 0o170000) !== 0o100000)) throw broken("an entry is not a plain file");
    if (at16(at + 8) & 1 || (method !== 8 && method !== 0)) {
      throw broken("an entry is encrypted or packed in another way");
    }
    if (local !== expected || local + 30 + nameLength + packed > first) {
      throw broken("an entry is not where it should be");
    }
    const header = (from: number, length: number) => text(from, length);
    const same = at32(local) === LOCAL && header(local + 4, 26) === header(at + 6, 26) &&
      header(local + 30, nameLength) === path;
    if (!same) throw broken("an entry says other things in its two places");
    if (path === name) {
      if (found) throw broken(`it holds "${name}" twice`);
      if (unpacked !== size || (method === 0 && packed !== size)) throw broken(`"${name}" has another size`);
      found = { start: local + 30 + nameLength, packed, method };
    }
    expected = local + 30 + nameLength + packed;
    at += 46 + nameLength;
  }
  if (at !== end || expected !== first) throw broken("something stands between its entries");
  if (!found) throw broken(`it does not hold "${name}"`);
  return found;
}

/** Stops at `limit`, however much more would come. */
async function* inflate(packed: Bytes, format: "gzip" | "deflate-raw", limit: number): AsyncGenerator<Bytes> {
  const reader = streamOf(packed).pipeThrough(new DecompressionStream(format)).getReader();
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw broken("it is damaged");
      });
      if (done) return;
      size += value.length;
      if (size > limit) throw broken(`it unpacks to more than ${limit} bytes`);
      yield value;
      value.buffer.transfer(0); // freed at once: collected later, 97 MB of pieces are 60 MB more memory
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

const STEP = 256 * 1024;

/** Piece by piece: a Blob would copy all of it. */
function streamOf(bytes: Bytes): ReadableStream<Bytes> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(at, at += STEP));
    },
  });
}

/** A stream read in the lengths that the reader wants. */
class Pieces {
  #left: Bytes = new Uint8Array();
  constructor(private readonly source: AsyncGenerator<Bytes>) {}

  /** At least one byte, `most` at most. */
  async some(most: number): Promise<Bytes> {
    while (this.#left.length === 0) {
      const { done, value } = await this.source.next();
      if (done) throw broken("it is cut off");
      this.#left = value;
    }
    const piece = this.#left.subarray(0, most);
    this.#left = this.#left.subarray(piece.length);
    return piece;
  }

  /** Exactly so many. */
  async take(length: number): Promise<Bytes> {
    const whole = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const piece = await this.some(length - at);
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  async *rest(): AsyncGenerator<Bytes> {
    yield this.#left;
    yield* this.source;
  }
}

function broken(why: string) {
  return damaged("the archive", why);
}
