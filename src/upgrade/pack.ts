/**
 * A pack makes the new program out of the installed one, whose runtime is the same: `brotli(u32 length, little-endian ‖
 * ops as JSON ‖ data)`. An op `[offset, length]` copies from the installed file, `[offset, length, 1]` copies counted from
 * where its Mach-O segment `__LINKEDIT` begins, which stands behind a payload of any length; `[-1, length]` takes the next
 * bytes of the data, `[-2 - page, length]` makes the SHA-256 of the pages from that one on, which a Mach-O signature holds:
 * 32 bytes for each 4,096 that were made before. It needs no trust: who applies it compares the hash of all that comes out
 * with the signed one.
 *
 * @module
 */

export type Op = readonly [offset: number, length: number, behind?: 1];

/** What a pack may have unpacked: 1 MB today. */
export const UNPACKED_LIMIT = 16 * 1024 ** 2;
export const HEADER_LIMIT = 256 * 1024;
const OPS_LIMIT = 16 * 1024;
/** Bytes of a page that a signature hashes, and of its hash. */
export const [PAGE, HASH] = [4096, 32];

/** Bytes that are copied at once. */
const STEP = 1024 ** 2;

/** It does not fit, or is damaged: take the archive. */
export class PackError extends Error {
  override name = "PackError";
}

/** The program that is installed. */
export interface Installed {
  /** Bytes. */
  readonly size: number;
  /** Exactly these bytes; they are not used after the next call. */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * The new program piece by piece; a piece is valid until the next one is asked for. All of the pack is checked before
 * the first byte: it makes exactly `size` bytes, from inside the installed file. Throws {@link PackError}.
 */
export async function* unpack(
  pack: Uint8Array<ArrayBuffer>,
  installed: Installed,
  size: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { ops, data } = await opened(await inflated(pack), installed, size);
  const pages = new Pages(ops);
  let taken = 0;
  for (const [offset, length] of ops) {
    if (offset <= -2) {
      const hashes = pages.hashes(-2 - offset, length / HASH);
      await pages.see(hashes);
      yield hashes;
    } else if (offset === -1) {
      const piece = data.subarray(taken, taken += length);
      await pages.see(piece);
      yield piece;
    } else {
      for (let at = 0; at < length; at += STEP) {
        const piece = await installed.read(offset + at, Math.min(STEP, length - at));
        await pages.see(piece);
        yield piece;
      }
    }
  }
}

/** Hashes of the pages that are asked for, made while the pages pass by. */
class Pages {
  readonly #hashes = new Map<number, Uint8Array | undefined>();
  readonly #page = new Uint8Array(PAGE);
  #at = 0;

  constructor(ops: readonly Op[]) {
    for (const [offset, length] of ops) {
      for (let page = 0; offset <= -2 && page < length / HASH; page++) this.#hashes.set(-2 - offset + page, undefined);
    }
  }

  async see(piece: Uint8Array): Promise<void> {
    for (let from = 0; from < piece.length;) {
      const inside = this.#at % PAGE;
      const part = piece.subarray(from, from + PAGE - inside);
      const page = (this.#at - inside) / PAGE;
      from += part.length;
      this.#at += part.length;
      if (!this.#hashes.has(page)) continue;
      this.#page.set(part, inside);
      if (this.#at % PAGE === 0) {
        this.#hashes.set(page, new Uint8Array(await crypto.subtle.digest("SHA-256", this.#page)));
      }
    }
  }

  hashes(first: number, count: number): Uint8Array<ArrayBuffer> {
    const list = new Uint8Array(count * HASH);
    for (let page = 0; page < count; page++) list.set(this.#hashes.get(first + page)!, page * HASH);
    return list;
  }
}

/** The ops, counted from the beginning, when they make exactly `size` bytes out of what is there and use all of the data. */
async function opened(unpacked: Uint8Array<ArrayBuffer>, installed: Installed, size: number) {
  if (unpacked.length < 4) throw new PackError("the pack is cut off");
  const length = new DataView(unpacked.buffer, unpacked.byteOffset).getUint32(0, true);
  if (length > HEADER_LIMIT || length > unpacked.length - 4) throw new PackError("the pack's header is too long");
  const counted = opsIn(unpacked.subarray(4, 4 + length));
  const behind = counted.some(([, , behind]) => behind) ? await linkedit(installed) : 0;
  const ops = counted.map(([offset, length, from]): Op => [from ? offset + behind : offset, length]);
  const data = unpacked.subarray(4 + length);
  let [made, used] = [0, 0];
  for (const [offset, length] of ops) {
    if (offset === -1) used += length;
    else if (offset <= -2) {
      const ends = (-2 - offset) * PAGE + length / HASH * PAGE;
      if (length % HASH !== 0 || ends > made) throw new PackError("the pack hashes what it has not made");
    } else if (offset + length > installed.size) throw new PackError("the pack copies from behind the program's end");
    made += length;
    if (made > size) break;
  }
  if (made !== size) throw new PackError(`the pack makes another size than ${size}`);
  if (used !== data.length) throw new PackError("the pack has more or less data than it uses");
  return { ops, data };
}

function opsIn(bytes: Uint8Array): Op[] {
  let ops: unknown;
  try {
    ops = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new PackError("the pack's header is not JSON");
  }
  if (!Array.isArray(ops) || ops.length > OPS_LIMIT || !ops.every(isOp)) {
    throw new PackError("the pack's ops are not such");
  }
  return ops;
}

function isOp(op: unknown): op is Op {
  return Array.isArray(op) && op.every(Number.isSafeInteger) && op[1] >= 1 && Number.isSafeInteger(op[0] + op[1]) &&
    (op.length === 2 || op.length === 3 && op[2] === 1 && op[0] >= 0);
}

const [LC_SEGMENT_64, MACHO_64] = [0x19, 0xcffaedfe];
const COMMANDS_LIMIT = 64 * 1024;

/** Where the segment begins in the installed file: https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h */
async function linkedit(installed: Installed): Promise<number> {
  const bytes = await installed.read(0, Math.min(installed.size, COMMANDS_LIMIT));
  const found = segmentAt(bytes, "__LINKEDIT");
  if (found === undefined) throw new PackError("the installed program has no segment __LINKEDIT");
  return found;
}

/** The place of a segment in a Mach-O file, of which this is at least the beginning; undefined when it has none. */
export function segmentAt(bytes: Uint8Array, name: string): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 32 || view.getUint32(0) !== MACHO_64) return undefined;
  for (let left = view.getUint32(16, true), at = 32; left > 0 && at + 72 <= bytes.length; left--) {
    const called = new TextDecoder("latin1").decode(bytes.subarray(at + 8, at + 24)).replace(/\0.*$/, "");
    if (view.getUint32(at, true) === LC_SEGMENT_64 && called === name) return Number(view.getBigUint64(at + 40, true));
    const size = view.getUint32(at + 4, true);
    if (size < 8) return undefined;
    at += size;
  }
  return undefined;
}

/** Stops at {@link UNPACKED_LIMIT}, however much more would come. */
async function inflated(pack: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const piece of new Blob([pack]).stream().pipeThrough(new DecompressionStream("brotli"))) {
      length += piece.length;
      if (length > UNPACKED_LIMIT) throw new PackError(`the pack unpacks to more than ${UNPACKED_LIMIT} bytes`);
      pieces.push(piece);
    }
  } catch (error) {
    throw error instanceof PackError ? error : new PackError("the pack is not brotli");
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
