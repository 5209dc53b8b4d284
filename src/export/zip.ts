/**
 * A zip archive as a stream: nothing of it is kept but its table of contents. The same parts are the same bytes, whatever
 * the time. No zip64, which Excel and other readers of XLSX understand in part or not at all: what would need it is refused.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { constants, crc32, deflateRawSync } from "node:zlib";
import { AppError } from "../errors.ts";

const [LOCAL, DESCRIPTOR, CENTRAL, END] = [0x04034b50, 0x08074b50, 0x02014b50, 0x06054b50];

/** Sizes and checksum stand behind the data. */
const STREAMED = 0x0008;
/** 1980-01-01, the first day that a zip can say. */
const DATE = 0x0021;
/** An end without data: what came before it is whole blocks. */
const LAST_BLOCK = Uint8Array.of(3, 0);
/** Bytes that four bytes can count. */
const MOST = 0xffff_ffff;

/** Each gives the bytes that are ready; one part is open at a time. */
export interface Zip {
  /** A part that is there as a whole. */
  whole(name: string, text: string): Uint8Array;
  open(name: string): Uint8Array;
  add(bytes: Uint8Array): Uint8Array;
  close(): Uint8Array;
  end(): Uint8Array;
}

interface Part {
  name: string;
  /** Where it begins. */
  at: number;
  flags: number;
  crc: number;
  packed: number;
  size: number;
}

/** Throws `failure` when the archive, or a part of it, grows over `most` bytes. */
export function zip(most = MOST): Zip {
  const parts: Part[] = [];
  let at = 0;
  const counted = (...pieces: Uint8Array[]): Uint8Array => {
    const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    at += bytes.length;
    if (at > most || (parts.at(-1)?.size ?? 0) > most) throw tooLarge();
    return bytes;
  };
  const begin = (name: string, flags: number): Part => {
    const part = { name, at, flags, crc: 0, packed: 0, size: 0 };
    parts.push(part);
    return part;
  };
  const add = (part: Part, bytes: Uint8Array, last: boolean): Uint8Array => {
    // Level 2 takes a fifth of the time of the standard, and a tenth more room. Blocks that end where a byte does can be
    // put one behind the other, so that nothing has to be held between them.
    const finishFlush = last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
    const packed = deflateRawSync(bytes, { level: 2, finishFlush });
    part.crc = crc32(bytes, part.crc);
    part.size += bytes.length;
    part.packed += packed.length;
    return packed;
  };
  return {
    whole(name, text) {
      const part = begin(name, 0);
      const packed = add(part, Buffer.from(text), true);
      return counted(local(part), packed);
    },
    open: (name) => counted(local(begin(name, STREAMED))),
    add: (bytes) => counted(add(parts.at(-1)!, bytes, false)),
    close() {
      const part = parts.at(-1)!;
      part.packed += LAST_BLOCK.length;
      return counted(LAST_BLOCK, words(DESCRIPTOR, part.crc, part.packed, part.size));
    },
    end() {
      const from = at;
      const directory = counted(...parts.map(central));
      return Buffer.concat([directory, closing(parts.length, directory.length, from)]);
    },
  };
}

function local(part: Part): Uint8Array {
  return Buffer.concat([words(LOCAL), common(part), Buffer.from(part.name)]);
}

function central(part: Part): Uint8Array {
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(part.at, 10);
  return Buffer.concat([words(CENTRAL), Buffer.from([20, 0]), common(part), rest, Buffer.from(part.name)]);
}

/** From "version needed" to "extra length". */
function common({ name, flags, crc, packed, size }: Part): Uint8Array {
  const bytes = Buffer.alloc(26);
  bytes.writeUInt16LE(20, 0);
  bytes.writeUInt16LE(flags, 2);
  bytes.writeUInt16LE(8, 4);
  bytes.writeUInt16LE(DATE, 8);
  bytes.writeUInt32LE(crc, 10);
  bytes.writeUInt32LE(packed, 14);
  bytes.writeUInt32LE(size, 18);
  bytes.writeUInt16LE(name.length, 22);
  return bytes;
}

function closing(count: number, size: number, at: number): Uint8Array {
  const bytes = Buffer.alloc(22);
  bytes.writeUInt32LE(END, 0);
  bytes.writeUInt16LE(count, 8);
  bytes.writeUInt16LE(count, 10);
  bytes.writeUInt32LE(size, 12);
  bytes.writeUInt32LE(at, 16);
  return bytes;
}

function words(...values: number[]): Uint8Array {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, place) => bytes.writeUInt32LE(value, 4 * place));
  return bytes;
}

function tooLarge(): AppError {
  return new AppError("failure", "cannot write the xlsx file: it would be larger than 4 GiB, which Excel cannot read", {
    hint: "narrow it with a filter or --fields, or use -o csv",
  });
}
