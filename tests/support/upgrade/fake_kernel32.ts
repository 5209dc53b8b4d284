import type { System } from "../../../src/system/mod.ts";

/** What `ReplaceFileW` does at a call: its work, nothing, or one half (ERROR_UNABLE_TO_MOVE_REPLACEMENT_2, 1177). */
export type Replacing = "works" | "refuses" | "1177";

/** `ReplaceFileW` behind kernel32.dll, with real files of this machine. `turn` says what each call does. */
export function fakeKernel32(turn: () => Replacing): System["ffi"] {
  const symbols = {
    ReplaceFileW(path: Uint8Array<ArrayBuffer>, by: Uint8Array<ArrayBuffer>, kept: Uint8Array<ArrayBuffer>): number {
      const how = turn();
      if (how === "refuses") return 0;
      Deno.renameSync(text(path), text(kept));
      if (how === "1177") return 0;
      Deno.renameSync(text(by), text(path));
      return 1;
    },
  };
  return {
    UnsafePointer: Deno.UnsafePointer,
    UnsafePointerView: Deno.UnsafePointerView,
    dlopen: (() => ({ symbols, close() {} })) as unknown as System["ffi"]["dlopen"],
  };
}

/** UTF-16 up to its NUL. */
function text(bytes: Uint8Array<ArrayBuffer>): string {
  return new TextDecoder("utf-16le").decode(bytes).split("\0")[0]!;
}
