import type { Patience } from "./patience.ts";
import type { Library, Pointer, System } from "../system/mod.ts";

const p = "pointer";
/** On a thread of its own: what waits for another process, and what nobody waits for. */
const aside = { nonblocking: true } as const;

/** Of GLib and GIO, which come with every library that is built on them. */
export const CALLS = {
  g_error_free: { parameters: [p], result: "void", ...aside },
  g_variant_unref: { parameters: [p], result: "void", ...aside },
  g_bus_get_sync: { parameters: ["i32", p, "buffer"], result: p, ...aside },
  g_dbus_connection_call_sync: {
    parameters: [p, "buffer", "buffer", "buffer", "buffer", p, "buffer", "i32", "i32", p, "buffer"],
    result: p,
    ...aside,
  },
  g_log_set_default_handler: { parameters: [p, p], result: p },
  /** Of any pointer, and does nothing else: a handler of messages that drops them. */
  g_direct_hash: { type: p },
} as const;

/** Opened once they are wanted: each is compiled then, which takes 0.2 ms, while the first call is under way. */
const VARIANTS = {
  g_variant_parse: { parameters: [p, "buffer", p, p, p], result: p },
  g_variant_n_children: { parameters: [p], result: "usize" },
  g_variant_get_child_value: { parameters: [p, "usize"], result: p },
  g_variant_get_size: { parameters: [p], result: "usize" },
  g_variant_get_data: { parameters: [p], result: p },
} as const;

export type Answer<T> = { state: "done"; result: T } | { state: "failed"; complaint: string } | { state: "hung" };
export type Bytes = Uint8Array<ArrayBuffer>;
/** Room for a `GError *`. */
export type ErrorRoom = BigUint64Array<ArrayBuffer>;

/** NUL-terminated UTF-8. */
export function cstring(text: string): Bytes {
  return new TextEncoder().encode(`${text}\0`);
}

/** Calls and data of GLib's. */
export class Glib {
  /** What the calls under way were given. One that hangs cannot be taken back: it has it until the process ends. */
  readonly #given = new Set<unknown>();
  #variants: Library<typeof VARIANTS> | undefined;

  /** `name`: of the library that `calls` are of. */
  constructor(
    private readonly system: Pick<System, "ffi">,
    private readonly patience: Patience,
    private readonly name: string,
    readonly calls: Library<typeof CALLS>,
  ) {
    // Its warnings go to stderr, and that of a damaged message shows the message, which may hold a secret.
    calls.g_log_set_default_handler(calls.g_direct_hash, null);
  }

  /** Makes a call with `given`, which may block, and waits for it so many milliseconds. */
  async within<G, T>(timeout: number, given: G, call: (given: G, error: ErrorRoom) => Promise<T>): Promise<Answer<T>> {
    const room = new BigUint64Array(1);
    const all = [given, room];
    this.#given.add(all);
    const done = call(given, room).then((result) => ({ state: "done", result }) as const);
    const answer = await this.patience.within(timeout, done, () => HUNG);
    if (answer.state === "hung") return answer;
    this.#given.delete(all);
    const error = this.system.ffi.UnsafePointer.create(room[0]!);
    if (!error) return answer;
    const complaint = this.#view(this.#view(error).getPointer(8)).getCString();
    void this.calls.g_error_free(error);
    return complaint === TIMEOUT ? HUNG : { state: "failed", complaint };
  }

  /** A GVariant by its text, e.g. `('plain', <''>)`. Floating: the call that it is given to takes it. */
  variant(text: string): Pointer {
    return this.#lib.g_variant_parse(null, cstring(text), null, null, null);
  }

  /** How many children the part of a GVariant has that this path leads to. */
  count(variant: Pointer, ...path: number[]): number {
    return this.#inside(variant, path, (part) => Number(this.#lib.g_variant_n_children(part)));
  }

  /** A copy of the bytes of that part. */
  bytes(variant: Pointer, ...path: number[]): Bytes {
    return this.#inside(variant, path, (part) => {
      const [data, size] = [this.#lib.g_variant_get_data(part), Number(this.#lib.g_variant_get_size(part))];
      return data ? new Uint8Array(this.#view(data).getArrayBuffer(size)).slice() : new Uint8Array();
    });
  }

  /** That part, a string or a path. */
  text(variant: Pointer, ...path: number[]): string {
    return new TextDecoder().decode(this.bytes(variant, ...path).subarray(0, -1));
  }

  #inside<T>(variant: Pointer, [at, ...rest]: number[], read: (part: Pointer) => T): T {
    if (at === undefined) return read(variant);
    const child = this.#lib.g_variant_get_child_value(variant, BigInt(at));
    try {
      return this.#inside(child, rest, read);
    } finally {
      void this.calls.g_variant_unref(child);
    }
  }

  get #lib(): Library<typeof VARIANTS> {
    return this.#variants ??= this.system.ffi.dlopen(this.name, VARIANTS).symbols;
  }

  #view(pointer: Pointer) {
    return new this.system.ffi.UnsafePointerView(pointer!);
  }
}

const HUNG = { state: "hung" } as const;
/** G_IO_ERROR_TIMED_OUT of a message that got no answer. */
const TIMEOUT = "Timeout was reached";
