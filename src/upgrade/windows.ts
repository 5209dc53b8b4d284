import type { System } from "../system/mod.ts";

/** The full path: a library of that name beside the program is not the system's. */
const LIBRARY = "C:\\Windows\\System32\\kernel32.dll";

const SYMBOLS = {
  ReplaceFileW: { parameters: ["buffer", "buffer", "buffer", "u32", "pointer", "pointer"], result: "i32" },
} as const;

/**
 * `path` becomes `by`, and what it was becomes `kept`, also while it runs. Throws when the system refuses.
 * https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-replacefilew
 */
export function replaceFile(ffi: System["ffi"], path: string, by: string, kept: string): void {
  const library = ffi.dlopen(LIBRARY, SYMBOLS);
  try {
    const [to, from, backup] = [wide(path), wide(by), wide(kept)];
    if (library.symbols.ReplaceFileW(to, from, backup, 0, null, null) === 0) throw new Error("the system refused");
  } finally {
    library.close();
  }
}

/** UTF-16 with a NUL at its end. */
function wide(text: string): Uint8Array<ArrayBuffer> {
  const units = new Uint16Array(text.length + 1);
  for (let at = 0; at < text.length; at++) units[at] = text.charCodeAt(at);
  return new Uint8Array(units.buffer);
}
