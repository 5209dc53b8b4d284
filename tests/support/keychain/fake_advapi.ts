import type { System } from "../../../src/system/mod.ts";

export interface FakeAdvapi {
  readonly ffi: System["ffi"];
  /** The paths that were loaded. */
  readonly loaded: string[];
  /** The value of each target, as bytes. */
  readonly blobs: Map<string, Uint8Array<ArrayBuffer>>;
  /** False: as in a session without logon credentials. */
  writable: boolean;
  /** False: the logon session has no set of credentials, as one that came over the network. */
  session: boolean;
  /** CRED_PERSIST_… that it takes for generic ones; 0: none. */
  longest: number;
  /** Called before each reading. */
  beforeRead(): void;
  /** Credentials that were given out and never freed. */
  readonly unfreed: Map<bigint, unknown>;
}

/** Credential Manager behind advapi32.dll, in this process' own memory. The pointers are real. */
export function fakeAdvapi(): FakeAdvapi {
  const fake: FakeAdvapi = {
    loaded: [],
    blobs: new Map(),
    writable: true,
    session: true,
    longest: 3,
    beforeRead() {},
    unfreed: new Map(),
    ffi: {
      UnsafePointer: Deno.UnsafePointer,
      UnsafePointerView: Deno.UnsafePointerView,
      dlopen: ((path: string) => {
        fake.loaded.push(path);
        return { symbols, close() {} };
      }) as unknown as System["ffi"]["dlopen"],
    },
  };
  const symbols = {
    CredReadW(target: Uint8Array<ArrayBuffer>, type: number, _flags: number, result: BigUint64Array): number {
      fake.beforeRead();
      const blob = fake.blobs.get(textAt(addressOf(target)));
      if (!blob || type !== 1 || !fake.session) return 0;
      const copy = blob.slice();
      const credential = new BigUint64Array(10);
      const view = new DataView(credential.buffer);
      view.setUint32(32, copy.length, true);
      view.setBigUint64(40, addressOf(copy), true);
      result[0] = addressOf(credential);
      fake.unfreed.set(result[0], [credential, copy]);
      return 1;
    },
    CredWriteW(credential: Uint8Array<ArrayBuffer>): number {
      if (!fake.writable || !fake.session) return 0;
      const view = new DataView(credential.buffer);
      const blob = new Uint8Array(view.getUint32(32, true));
      const address = view.getBigUint64(40, true);
      if (address) at(address).copyInto(blob);
      fake.blobs.set(textAt(view.getBigUint64(8, true)), blob);
      return 1;
    },
    CredGetSessionTypes(count: number, persists: Uint32Array): number {
      if (!fake.session) return 0;
      for (let type = 0; type < count; type++) persists[type] = type === 1 ? fake.longest : 0;
      return 1;
    },
    CredDeleteW: (target: Uint8Array<ArrayBuffer>) =>
      Number(fake.session && fake.blobs.delete(textAt(addressOf(target)))),
    CredFree: (pointer: Deno.PointerValue) => void fake.unfreed.delete(Deno.UnsafePointer.value(pointer)),
  };
  return fake;
}

function addressOf({ buffer }: { buffer: ArrayBuffer }): bigint {
  return Deno.UnsafePointer.value(Deno.UnsafePointer.of(buffer));
}

function at(address: bigint): Deno.UnsafePointerView {
  return new Deno.UnsafePointerView(Deno.UnsafePointer.create(address)!);
}

/** NUL-terminated UTF-16. */
function textAt(address: bigint): string {
  let text = "";
  for (let offset = 0;; offset += 2) {
    const unit = at(address).getUint16(offset);
    if (unit === 0) return text;
    text += String.fromCharCode(unit);
  }
}
