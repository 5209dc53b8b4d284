/**
 * What comes on stdin. Loaded when it is read.
 *
 * @module
 */

import { AppError, isSystemError } from "../errors.ts";
import { PASTE, PASTED } from "./keys.ts";

/** Milliseconds without a key after which all that was typed before has arrived; within a paste it may take longer. */
const [QUIET, QUIET_IN_PASTE] = [50, 1_000];

/** One pending read at a time, kept when its reader loses interest: the next one gets the bytes, or discards them. */
export class Bytes {
  #pending?: Promise<Uint8Array | null>;

  constructor(private readonly isTerminal: boolean) {}

  /**
   * Reads away what was typed before now: there is no telling what is pending, so it reads until nothing more comes. A
   * paste that has begun, also in `chunk`, is read to its end.
   */
  async discard(signal: AbortSignal, chunk: Uint8Array = new Uint8Array()): Promise<void> {
    let seen = "";
    for (let next: Uint8Array | null | undefined = chunk; next; next = await this.#next(signal, seen)) {
      seen = (seen + String.fromCharCode(...next)).slice(-32_768);
    }
  }

  /** Undefined when nothing came. */
  async #next(signal: AbortSignal, seen: string): Promise<Uint8Array | null | undefined> {
    const quiet = seen.lastIndexOf(PASTE) > seen.lastIndexOf(PASTED) ? QUIET_IN_PASTE : QUIET;
    const { promise: over, resolve } = Promise.withResolvers<undefined>();
    const stop = () => resolve(undefined);
    const timer = setTimeout(stop, quiet);
    signal.addEventListener("abort", stop);
    this.#pending ??= this.#read();
    const chunk = await Promise.race([this.#pending, over]);
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    if (chunk) this.#pending = undefined; // the end stays for the one who reads
    return signal.aborted ? undefined : chunk;
  }

  async *chunks(signal?: AbortSignal): AsyncIterable<Uint8Array> {
    const aborted = new Promise<null>((resolve) => signal?.addEventListener("abort", () => resolve(null)));
    while (!signal?.aborted) {
      this.#pending ??= this.#read();
      const chunk = await Promise.race([this.#pending, aborted]);
      if (signal?.aborted) return;
      this.#pending = undefined;
      if (chunk === null) return;
      yield chunk;
    }
  }

  async #read(): Promise<Uint8Array | null> {
    const buffer = new Uint8Array(16_384);
    for (;;) {
      try {
        const count = await Deno.stdin.read(buffer);
        return count === null ? null : buffer.subarray(0, count);
      } catch (error) {
        if (!(error instanceof Deno.errors.WouldBlock)) {
          if (this.isTerminal) return null; // it went away
          const why = isSystemError(error, "IsADirectory") ? "it is a folder" : "the system refused";
          throw new AppError("usage", `cannot read stdin: ${why}`, { hint: "give it a file or a pipe" });
        }
        await new Promise((resolve) => setTimeout(resolve, QUIET)); // non-blocking, and nothing is there yet
      }
    }
  }
}
