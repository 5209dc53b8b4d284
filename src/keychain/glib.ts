import type { Library, Pointer, System } from "../system/mod.ts";

const p = "pointer";

/** What is used of GLib, which every library that is built on it brings along. */
export const GLIB = {
  g_str_hash: { type: p },
  g_str_equal: { type: p },
  g_free: { parameters: [p], result: "void" },
  address_of_g_free: { name: "g_free", type: p },
  g_malloc0: { parameters: ["usize"], result: p },
  g_strdup: { parameters: ["buffer"], result: p },
  g_hash_table_new_full: { parameters: [p, p, p, p], result: p },
  g_hash_table_insert: { parameters: [p, p, p], result: "i32" },
  g_hash_table_unref: { parameters: [p], result: "void" },
  g_list_free: { parameters: [p], result: "void" },
  g_object_unref: { parameters: [p], result: "void" },
  g_error_free: { parameters: [p], result: "void" },
} as const;

/** Data of C's: everything that is made here is GLib's memory, which no garbage collector moves or frees. */
export class Glib {
  constructor(private readonly ffi: System["ffi"], private readonly lib: Library<typeof GLIB>) {}

  /** To be freed with `g_free`. */
  string(text: string): Pointer {
    return this.lib.g_strdup(new TextEncoder().encode(`${text}\0`));
  }

  /** A GHashTable of strings, to be freed with `g_hash_table_unref`. */
  table(entries: readonly (readonly [string, string])[]): Pointer {
    const { g_str_hash, g_str_equal, address_of_g_free: free } = this.lib;
    const table = this.lib.g_hash_table_new_full(g_str_hash, g_str_equal, free, free);
    for (const [name, value] of entries) this.lib.g_hash_table_insert(table, this.string(name), this.string(value));
    return table;
  }

  /** The elements of a GList, which is freed. */
  take(list: Pointer): Pointer[] {
    const elements: Pointer[] = [];
    for (let node = list; node; node = this.#read(node, 8)) elements.push(this.#read(node, 0));
    this.lib.g_list_free(list);
    return elements;
  }

  /** Room for a `GError *`. */
  noError(): Pointer {
    return this.lib.g_malloc0(8n);
  }

  /** The message in that room, which is freed with what it holds; undefined when it holds none. */
  takeError(room: Pointer): string | undefined {
    const error = this.#read(room, 0);
    this.lib.g_free(room);
    if (!error) return undefined;
    const message = this.#read(error, 8);
    const text = message ? new this.ffi.UnsafePointerView(message).getCString() : "";
    this.lib.g_error_free(error);
    return text;
  }

  /** A view of that memory, good until it is freed. */
  bytes(pointer: Pointer, length: number): ArrayBuffer {
    return pointer ? new this.ffi.UnsafePointerView(pointer).getArrayBuffer(length) : new ArrayBuffer();
  }

  #read(pointer: Pointer, offset: number): Pointer {
    return pointer && new this.ffi.UnsafePointerView(pointer).getPointer(offset);
  }
}
