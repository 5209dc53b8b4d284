/** A credential of Windows as it is, without what autocom makes of it. */
export interface Raw {
  type: number;
  target: string;
  user: string;
  persist: number;
  /** In hexadecimal. */
  blob: string;
}

/** Reads the credential of that target; with a `blob` (hexadecimal) writes it first, as any program could. */
export function rawCredential(target: string, blob?: string): Raw | undefined {
  const { symbols } = Deno.dlopen("advapi32.dll", {
    CredReadW: { parameters: ["buffer", "u32", "u32", "buffer"], result: "i32" },
    CredWriteW: { parameters: ["buffer", "u32"], result: "i32" },
    CredFree: { parameters: ["pointer"], result: "void" },
  });
  const wide = new Uint16Array([...target].map((character) => character.charCodeAt(0)).concat(0));
  const address = (bytes: Uint16Array<ArrayBuffer> | Uint8Array<ArrayBuffer>) =>
    Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes.buffer));
  if (blob !== undefined) {
    const bytes = Uint8Array.fromHex(blob);
    const credential = new BigUint64Array(10);
    const view = new DataView(credential.buffer);
    view.setUint32(4, 1, true);
    view.setBigUint64(8, address(wide), true);
    view.setUint32(32, bytes.length, true);
    view.setBigUint64(40, address(bytes), true);
    view.setUint32(48, 2, true);
    if (!symbols.CredWriteW(credential, 0)) throw new Error(`CredWriteW refuses ${target}`);
  }
  const result = new BigUint64Array(1);
  if (!symbols.CredReadW(wide, 1, 0, result)) return undefined;
  const at = (address: bigint) => new Deno.UnsafePointerView(Deno.UnsafePointer.create(address)!);
  const text = (address: bigint) => {
    let found = "";
    for (let offset = 0; address; offset += 2) {
      const unit = at(address).getUint16(offset);
      if (unit === 0) break;
      found += String.fromCharCode(unit);
    }
    return found;
  };
  const credential = at(result[0]!);
  const bytes = new Uint8Array(credential.getUint32(32));
  const where = credential.getBigUint64(40);
  if (where) at(where).copyInto(bytes);
  const raw = {
    type: credential.getUint32(4),
    target: text(credential.getBigUint64(8)),
    user: text(credential.getBigUint64(72)),
    persist: credential.getUint32(48),
    blob: bytes.toHex(),
  };
  symbols.CredFree(Deno.UnsafePointer.create(result[0]!));
  return raw;
}
