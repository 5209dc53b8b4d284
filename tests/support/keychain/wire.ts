/**
 * D-Bus's own form of values, both ways, after the specification and not after `src/`: what the emulated bus speaks.
 *
 * @module
 */

export type Value = number | string | bigint | boolean | Value[];

/** The complete types that a signature is made of. */
function typesOf(signature: string): string[] {
  const types: string[] = [];
  for (let at = 0; at < signature.length;) {
    const from = at;
    while (signature[at] === "a") at++;
    let depth = 0;
    do {
      if ("({".includes(signature[at]!)) depth++;
      if (")}".includes(signature[at]!)) depth--;
      at++;
    } while (depth > 0);
    types.push(signature.slice(from, at));
  }
  return types;
}

const ALIGNED: Record<string, number> = { y: 1, g: 1, v: 1, t: 8, "(": 8, "{": 8 };
const alignmentOf = (type: string) => ALIGNED[type[0]!] ?? 4;

/** Values of these types, little end first, behind what is there already. */
export function pack(signature: string, values: Value[], bytes: number[] = []): number[] {
  const pad = (to: number) => {
    while (bytes.length % to) bytes.push(0);
  };
  const u32 = (value: number) => bytes.push(...new Uint8Array(Uint32Array.of(value).buffer));
  const put = (type: string, value: Value): void => {
    pad(alignmentOf(type));
    switch (type[0]) {
      case "y":
        return void bytes.push(value as number);
      case "u":
      case "b":
        return void u32(Number(value));
      case "t":
        return void bytes.push(...new Uint8Array(BigUint64Array.of(value as bigint).buffer));
      case "s":
      case "o": {
        const text = new TextEncoder().encode(value as string);
        u32(text.length);
        return void bytes.push(...text, 0);
      }
      case "g":
        return void bytes.push((value as string).length, ...new TextEncoder().encode(value as string), 0);
      case "v": {
        const [inner, content] = value as [string, Value];
        put("g", inner);
        return put(inner, content);
      }
      case "a": {
        const at = bytes.length;
        u32(0);
        pad(alignmentOf(type.slice(1)));
        const from = bytes.length;
        for (const element of value as Value[]) put(type.slice(1), element);
        return void bytes.splice(at, 4, ...new Uint8Array(Uint32Array.of(bytes.length - from).buffer));
      }
      default:
        typesOf(type.slice(1, -1)).forEach((inner, index) => put(inner, (value as Value[])[index]!));
    }
  };
  typesOf(signature).forEach((type, index) => put(type, values[index]!));
  return bytes;
}

/** The values of these types from there on. */
export function unpack(signature: string, bytes: Uint8Array, at = 0): Value[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const text = (length: number) => new TextDecoder().decode(bytes.subarray(at, (at += length + 1) - 1));
  const u32 = () => view.getUint32((at += 4) - 4, true);
  const take = (type: string): Value => {
    at = Math.ceil(at / alignmentOf(type)) * alignmentOf(type);
    switch (type[0]) {
      case "y":
        return bytes[at++]!;
      case "u":
        return u32();
      case "b":
        return u32() === 1;
      case "t":
        return view.getBigUint64((at += 8) - 8, true);
      case "s":
      case "o":
        return text(u32());
      case "g":
        return text(bytes[at++]!);
      case "v": {
        const inner = take("g") as string;
        return [inner, take(inner)];
      }
      case "a": {
        const length = u32();
        at = Math.ceil(at / alignmentOf(type.slice(1))) * alignmentOf(type.slice(1));
        const all: Value[] = [];
        for (const end = at + length; at < end;) all.push(take(type.slice(1)));
        return all;
      }
      default:
        return typesOf(type.slice(1, -1)).map(take);
    }
  };
  return typesOf(signature).map(take);
}

/** A message as the bus passes it on. */
export interface Sent {
  type: 1 | 2 | 3 | 4;
  serial: number;
  fields: Partial<Record<"path" | "of" | "member" | "error" | "to" | "signature", Value>>;
  values: Value[];
}

const FIELDS = [
  ["path", 1, "o"],
  ["of", 2, "s"],
  ["member", 3, "s"],
  ["error", 4, "s"],
  ["to", 5, "u"],
  ["signature", 8, "g"],
] as const;

export function packMessage({ type, serial, fields, values }: Sent): Uint8Array {
  const body = pack(`${fields.signature ?? ""}`, values);
  const head = FIELDS.flatMap(([name, code, form]): Value[] =>
    fields[name] === undefined ? [] : [[code, [form, fields[name]]]]
  );
  const bytes = pack("yyyyuua(yv)", [108, type, 0, 1, body.length, serial, head]);
  while (bytes.length % 8) bytes.push(0);
  return Uint8Array.from([...bytes, ...body]);
}

/** The first message of these bytes and its size; undefined when it is not whole. */
export function unpackMessage(bytes: Uint8Array): [message: Sent, size: number] | undefined {
  if (bytes.length < 16) return undefined;
  const [, type, , , length, serial, fieldBytes] = unpack("yyyyuuu", bytes) as number[];
  const head = Math.ceil((16 + fieldBytes!) / 8) * 8;
  if (bytes.length < head + length!) return undefined;
  const [, , , , , , found] = unpack("yyyyuua(yv)", bytes) as [...Value[], [number, [string, Value]][]];
  const fields = Object.fromEntries(
    (found as [number, [string, Value]][]).flatMap(([code, [, value]]) =>
      FIELDS.filter(([, known]) => known === code).map(([name]) => [name, value])
    ),
  );
  const values = unpack(`${fields.signature ?? ""}`, bytes.slice(head, head + length!));
  return [{ type: type as Sent["type"], serial: serial!, fields, values }, head + length!];
}
