import type { Library, Pointer, System } from "../system/mod.ts";

const p = "pointer";
/** Talks to another process, on a thread of its own. */
const slow = { nonblocking: true } as const;

/**
 * What is used of GLib and GIO, which come with every library that is built on them. No more than that: Deno compiles
 * each function as it opens the library.
 */
export const GLIB = {
  g_free: { parameters: [p], result: "void" },
  g_malloc0: { parameters: ["usize"], result: p },
  g_strdup: { parameters: ["buffer"], result: p },
  g_error_free: { parameters: [p], result: "void" },
  g_variant_parse: { parameters: [p, "buffer", p, p, p], result: p },
  g_variant_n_children: { parameters: [p], result: "usize" },
  g_variant_get_child_value: { parameters: [p, "usize"], result: p },
  g_variant_get_size: { parameters: [p], result: "usize" },
  g_variant_get_data: { parameters: [p], result: p },
  g_variant_unref: { parameters: [p], result: "void" },
  g_bus_get_sync: { parameters: ["i32", p, p], result: p, ...slow },
  g_dbus_connection_call_sync: { parameters: [p, p, p, p, p, p, p, "i32", "i32", p, p], result: p, ...slow },
} as const;

export type Answer<T> = { state: "done"; result: T } | { state: "failed"; complaint: string } | { state: "hung" };

/**
 * Data of C's. A call that hangs cannot be taken back: it keeps its thread, and all that it was given, until the process
 * ends. So what it is given is GLib's memory, which no garbage collector moves or frees.
 */
export class Glib {
  constructor(private readonly system: Pick<System, "ffi" | "clock">, private readonly lib: Library<typeof GLIB>) {}

  /** To be freed with `g_free`. */
  string(text: string): Pointer {
    return this.lib.g_strdup(terminated(text));
  }

  /** A GVariant by its text, e.g. `('plain', <''>)`. Floating: the call that it is given to takes it. */
  variant(text: string): Pointer {
    return this.lib.g_variant_parse(null, terminated(text), null, null, null);
  }

  /** How many children the part of a GVariant has that this path leads to. */
  count(variant: Pointer, ...path: number[]): number {
    return this.#inside(variant, path, (part) => Number(this.lib.g_variant_n_children(part)));
  }

  /** A copy of the bytes of that part. */
  bytes(variant: Pointer, ...path: number[]): Uint8Array<ArrayBuffer> {
    return this.#inside(variant, path, (part) => {
      const [data, size] = [this.lib.g_variant_get_data(part), Number(this.lib.g_variant_get_size(part))];
      return data ? new Uint8Array(this.#view(data).getArrayBuffer(size)).slice() : new Uint8Array();
    });
  }

  /** That part, a string or a path. */
  text(variant: Pointer, ...path: number[]): string {
    return new TextDecoder().decode(this.bytes(variant, ...path).subarray(0, -1));
  }

  /** Makes a call that may block, and waits for it so many milliseconds. It is given the room for a `GError *`. */
  async within<T>(timeout: number, call: (error: Pointer) => Promise<T>): Promise<Answer<T>> {
    const room = this.lib.g_malloc0(8n);
    const over = new AbortController();
    const late = this.system.clock.sleep(timeout, over.signal).then(() => HUNG, () => HUNG);
    const done = call(room).then((result) => ({ state: "done", result }) as const);
    const answer = await Promise.race([done, late]);
    over.abort();
    if (answer.state === "hung") return answer;
    const error = this.#view(room).getPointer();
    this.lib.g_free(room);
    if (!error) return answer;
    const complaint = this.#view(this.#view(error).getPointer(8)).getCString();
    this.lib.g_error_free(error);
    return complaint === TIMEOUT ? HUNG : { state: "failed", complaint };
  }

  #inside<T>(variant: Pointer, [at, ...rest]: number[], read: (part: Pointer) => T): T {
    if (at === undefined) return read(variant);
    const child = this.lib.g_variant_get_child_value(variant, BigInt(at));
    try {
      return this.#inside(child, rest, read);
    } finally {
      this.lib.g_variant_unref(child);
    }
  }

  #view(pointer: Pointer) {
    return new this.system.ffi.UnsafePointerView(pointer!);
  }
}

const HUNG = { state: "hung" } as const;
/** G_IO_ERROR_TIMED_OUT of a message that got no answer. */
const TIMEOUT = "Timeout was reached";

function terminated(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}
