import type { Library, System } from "../system/mod.ts";
import { absent, type Backend, type Found } from "./backend.ts";
import { buildCredential, CREDENTIAL_SIZE, GENERIC, LARGEST_BLOB, readCredential, wide } from "./credentialw.ts";
import { load } from "./library.ts";
import { present, type Problem, SERVICE } from "./mod.ts";

/** The full path: an advapi32.dll beside the program, or in the working folder, is not the system's. */
const LIBRARY = "C:\\Windows\\System32\\advapi32.dll";

const SYMBOLS = {
  CredReadW: { parameters: ["buffer", "u32", "u32", "buffer"], result: "i32" },
  CredWriteW: { parameters: ["buffer", "u32"], result: "i32" },
  CredDeleteW: { parameters: ["buffer", "u32", "u32"], result: "i32" },
  CredGetSessionTypes: { parameters: ["u32", "buffer"], result: "i32" },
  CredFree: { parameters: ["pointer"], result: "void" },
} as const;

const NOT_LOADED: Problem = { state: "unavailable", why: `${LIBRARY} cannot be loaded` };
/** A session that came over the network, or that of a service: its reading fails as for an entry that was never there. */
const NO_SET: Problem = { state: "unavailable", why: "this logon session has no Credential Manager" };
const NOT_KEPT: Problem = { state: "unavailable", why: "Credential Manager does not take it" };

/** Windows asks nobody here. */
export function backend({ ffi }: Pick<System, "ffi">): Backend {
  const library = load(ffi, LIBRARY, SYMBOLS);
  return library ? new CredentialManager(ffi, library) : absent(NOT_LOADED);
}

/**
 * Credential Manager. A call only tells whether it worked: what it leaves for `GetLastError` can be gone before that is
 * asked (https://github.com/Koromix/koffi/issues/112), so an entry that cannot be read is a missing one, where there can
 * be any: https://learn.microsoft.com/windows/win32/api/wincred/nf-wincred-credgetsessiontypes
 */
class CredentialManager implements Backend {
  constructor(private readonly ffi: System["ffi"], private readonly lib: Library<typeof SYMBOLS>) {}

  capacity(): number {
    return LARGEST_BLOB;
  }

  find(account: string): Promise<Found> {
    return Promise.resolve(this.#read(account));
  }

  write(account: string, value: string): Promise<Problem | undefined> {
    const [target, user, blob] = [wide(targetOf(account)), wide(account), new TextEncoder().encode(value)];
    const address = ({ buffer }: Uint8Array<ArrayBuffer>) =>
      this.ffi.UnsafePointer.value(this.ffi.UnsafePointer.of(buffer));
    const credential = buildCredential({
      target: address(target),
      user: address(user),
      blob: address(blob),
      size: blob.length,
    });
    const written = this.lib.CredWriteW(credential, 0);
    for (const bytes of [blob, target, user]) bytes.fill(0); // not before: until here they must not be collected
    return Promise.resolve(written ? undefined : NOT_KEPT);
  }

  erase(account: string): Promise<undefined> {
    this.lib.CredDeleteW(wide(targetOf(account)), GENERIC, 0);
    return Promise.resolve(undefined);
  }

  #read(account: string): Found {
    const result = new BigUint64Array(1);
    if (!this.lib.CredReadW(wide(targetOf(account)), GENERIC, 0, result)) {
      return this.#keeps() ? { state: "missing" } : NO_SET;
    }
    const { blob, size } = readCredential(this.#view(result[0]!, CREDENTIAL_SIZE).buffer);
    const bytes = this.#view(blob, size);
    const found = present(bytes);
    bytes.fill(0);
    this.lib.CredFree(this.ffi.UnsafePointer.create(result[0]!));
    // UTF-16 of another program can pass for UTF-8, but no text of ours has a NUL.
    return found.value.includes("\0") ? { state: "present", value: "" } : found;
  }

  /** Whether this logon session keeps generic credentials at all: 0 is not at all. */
  #keeps(): boolean {
    const longest = new Uint32Array(GENERIC + 1);
    return this.lib.CredGetSessionTypes(longest.length, longest) !== 0 && longest[GENERIC] !== 0;
  }

  /** The system's memory itself, good until it is freed. */
  #view(address: bigint, length: number): Uint8Array<ArrayBuffer> {
    const pointer = this.ffi.UnsafePointer.create(address);
    return pointer ? new Uint8Array(new this.ffi.UnsafePointerView(pointer).getArrayBuffer(length)) : new Uint8Array();
  }
}

/** As go-keyring names it. */
function targetOf(account: string): string {
  return `${SERVICE}:${account}`;
}
