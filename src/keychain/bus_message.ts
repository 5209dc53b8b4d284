/**
 * Messages of D-Bus, little end first, as far as the Secret Service needs them: https://dbus.freedesktop.org/doc/dbus-specification.html
 *
 * @module
 */

/** Most bytes of a message's head, and of its body: several entries of ours. */
const [HEAD, BODY] = [4_096, 32_768] as const;

export const [ANSWER, REFUSAL, SIGNAL] = [2, 3, 4] as const;
const [CALL, PATH, INTERFACE, MEMBER, NAME, REPLY_TO, DESTINATION, SIGNATURE] = [1, 1, 2, 3, 4, 5, 6, 8] as const;

/** A message that is larger than any of ours. */
export class TooLarge extends Error {}

export interface Message {
  type: number;
  /** Serial of the call that it answers. */
  to?: unknown;
  path?: unknown;
  member?: unknown;
  /** Of the error that it is. */
  name?: unknown;
  signature: unknown;
  body: Reader;
}

/** What a call is made of: whom it is for, its object, interface and method, and what it gives. */
export interface Call {
  to: string;
  path: string;
  of: string;
  member: string;
  signature?: string | undefined;
  write?: ((body: Writer) => unknown) | undefined;
}

/** The bytes of a call. */
export function callOf(serial: number, { to, path, of, member, signature, write }: Call): number[] {
  const body = new Writer();
  write?.(body);
  const out = new Writer().bytes(108, CALL, 0, 1).u32(body.all.length).u32(serial);
  out.array(8, () => {
    const field = (code: number, type: string, value: string) => {
      out.align(8).bytes(code).signature(type);
      if (type === "g") out.signature(value);
      else out.text(value);
    };
    field(PATH, "o", path);
    field(DESTINATION, "s", to);
    field(INTERFACE, "s", of);
    field(MEMBER, "s", member);
    if (signature) field(SIGNATURE, "g", signature);
  });
  return [...out.align(8).all, ...body.all];
}

/**
 * The first message of `bytes`, and how many of them it takes; undefined when it is not whole yet.
 *
 * @throws {Error} of any kind: it is no message
 */
export function parseMessage(bytes: Uint8Array): { message: Message; size: number } | undefined {
  if (bytes.length < 16) return undefined;
  const start = new Reader(bytes);
  const [order, type = 0, , version] = start.take(4);
  if (order !== 108 || version !== 1) throw new TypeError("no message");
  const [length, , fields] = [start.u32(), start.u32(), start.u32()];
  if (length > BODY || fields > HEAD) throw new TooLarge();
  const head = aligned(16 + fields, 8);
  const size = head + length;
  if (bytes.length < size) return undefined;
  const found: unknown[] = [];
  const reader = new Reader(bytes.subarray(0, 16 + fields), 16);
  while (reader.at < 16 + fields) {
    const [code] = reader.align(8).take(1);
    found[code!] = reader.value(reader.signature());
  }
  const message = {
    type: type!,
    to: found[REPLY_TO],
    path: found[PATH],
    member: found[MEMBER],
    name: found[NAME],
    signature: found[SIGNATURE] ?? "",
    body: new Reader(bytes.slice(head, size)),
  };
  return { message, size };
}

export class Writer {
  readonly all: number[] = [];

  align(to: number): this {
    while (this.all.length % to) this.all.push(0);
    return this;
  }
  bytes(...bytes: number[]): this {
    this.all.push(...bytes);
    return this;
  }
  u32(value: number): this {
    return this.align(4).bytes(...octets(value));
  }
  /** Also a path. */
  text(text: string): this {
    return this.blob(new TextEncoder().encode(text)).bytes(0);
  }
  /** `ay` */
  blob(bytes: Uint8Array): this {
    return this.u32(bytes.length).bytes(...bytes);
  }
  signature(text: string): this {
    return this.bytes(text.length, ...new TextEncoder().encode(text), 0);
  }
  /** What `write` adds, after its length in bytes. `to`: what the elements are aligned to. */
  array(to: number, write: () => void): this {
    const at = this.u32(0).all.length - 4;
    const from = this.align(to).all.length;
    write();
    this.all.splice(at, 4, ...octets(this.all.length - from));
    return this;
  }
  /** `a{ss}` */
  pairs(pairs: [string, string][]): this {
    return this.array(8, () => pairs.forEach(([name, value]) => this.align(8).text(name).text(value)));
  }
}

/** Throws at everything that is not as it must be, and reads nothing beyond the end. */
export class Reader {
  readonly #view: DataView;

  constructor(private readonly all: Uint8Array, public at = 0) {
    this.#view = new DataView(all.buffer, all.byteOffset, all.length);
  }

  align(to: number): this {
    this.at = aligned(this.at, to);
    return this;
  }
  take(length: number): Uint8Array {
    if (length > this.all.length - this.at) throw new RangeError("cut off");
    return this.all.subarray(this.at, this.at += length);
  }
  u32(): number {
    return this.#view.getUint32(this.align(4).take(4).byteOffset - this.all.byteOffset, true);
  }
  blob(): Uint8Array {
    return this.take(this.u32());
  }
  text(): string {
    return this.#ended(this.u32());
  }
  signature(): string {
    return this.#ended(this.take(1)[0]!);
  }
  /** An object's path, which may be written into another message. */
  path(): string {
    const path = this.text();
    if (!/^\/[A-Za-z0-9_/]*$/.test(path)) throw new TypeError("no path");
    return path;
  }
  paths(): string[] {
    const end = this.u32() + this.at;
    const all: string[] = [];
    while (this.at < end) all.push(this.path());
    if (this.at !== end) throw new RangeError("too long");
    return all;
  }
  u64(): bigint {
    return this.#view.getBigUint64(this.align(8).take(8).byteOffset - this.all.byteOffset, true);
  }
  value(type: string): unknown {
    if (type === "s" || type === "o") return this.text();
    if (type === "g") return this.signature();
    if (type === "u") return this.u32();
    if (type === "t") return this.u64();
    if (type === "ay") return this.blob();
    throw new TypeError("unknown type");
  }
  #ended(length: number): string {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.take(length));
    if (this.take(1)[0] !== 0) throw new TypeError("no end");
    return text;
  }
}

function aligned(at: number, to: number): number {
  return Math.ceil(at / to) * to;
}

function octets(value: number): number[] {
  return [value & 255, value >> 8 & 255, value >> 16 & 255, value >>> 24];
}
