import { isSystemError } from "../errors.ts";
import type { Library, Symbols, System } from "../system/mod.ts";

/** Functions of a library; undefined when it is not installed, or has not all of them. */
export function load<S extends Symbols>(ffi: System["ffi"], path: string, symbols: S): Library<S> | undefined {
  try {
    return ffi.dlopen(path, symbols).symbols;
  } catch (error) {
    if (isSystemError(error, "NotCapable")) throw error; // a defect: the verb does not declare what it needs
    return undefined;
  }
}
