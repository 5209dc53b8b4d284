/**
 * How every question reads the terminal ({@link Reading}): what was typed before it appeared is discarded, a paste answers
 * only the questions that ask for one, and however it ends the terminal is as it was.
 *
 * @module
 */

import { AppError, type Kind } from "../errors.ts";
import { type Key, Keys, PASTE } from "./keys.ts";
import type { Input, Output, SignalName, System } from "./mod.ts";

/** Where a question is asked, the variables that say how, and the signals that end it. */
export interface Terminal extends Pick<System, "env" | "signals"> {
  /** A keyboard: what was typed before can be read away. */
  input: Input & { discard(signal: AbortSignal, chunk?: Uint8Array): Promise<void> };
  output: Output;
  size(): { columns: number; rows: number };
}

const KINDS: Record<SignalName, Kind> = { SIGHUP: "hangup", SIGINT: "interrupted", SIGTERM: "terminated" };

/** No cursor can be moved, and no sequence is understood. */
export function isPlain({ env }: Pick<Terminal, "env">): boolean {
  return env.TERM === "dumb" || (env.TERM === undefined && Deno.build.os !== "windows");
}

/** How a question is drawn and what it takes. */
export interface Manner {
  /**
   * Shows the question, or gives the text that does; it begins again, and what was typed is gone. It may be another place
   * than the last: the terminal was somebody else's meanwhile.
   */
  draw(): string | Promise<string>;
  /** The most bytes that somebody types at once; more are a paste that has no marks. 0: it asks for a paste. */
  burst: number;
  /** It depends on the terminal's size. */
  resizes?: true;
  /** Shown last. */
  close?(): string;
}

/** One question, from its appearance to its end. */
export class Reading {
  /** Aborts when the question is to be drawn again, or is over. */
  #drawn = new AbortController();
  #over = false;
  #failure: AppError | undefined;

  constructor(private readonly terminal: Terminal, private readonly manner: Manner) {}

  /** Discards what else was typed and draws the question again. */
  again(): void {
    this.#drawn.abort();
  }

  async show(text: string): Promise<void> {
    try {
      await this.terminal.output.write(text);
    } catch (error) {
      throw this.terminal.output.isTerminal ? new AppError("hangup", "the terminal went away") : error;
    }
  }

  /** Keys as they are pressed. Ends when `signal` aborts; the terminal is in raw mode as long as this runs. */
  async *keys(signal?: AbortSignal): AsyncGenerator<Key, void, void> {
    const { input } = this.terminal;
    const deaf = this.#listen(signal);
    try {
      let left: Uint8Array | undefined;
      while (!this.#over) {
        this.#drawn = new AbortController();
        const { signal } = this.#drawn;
        input.setRaw(true);
        await input.discard(signal, left);
        if (signal.aborted) continue;
        await this.show(`${this.#marks("h")}${await this.manner.draw()}`);
        left = yield* this.#until(signal);
      }
      if (this.#failure) throw this.#failure;
    } finally {
      deaf();
      await this.show(`${this.manner.close?.() ?? ""}${this.#marks("l")}`).catch(() => {}); // it may be gone
      input.setRaw(false);
    }
  }

  /** Keys until the question is drawn again; gives what was not taken. */
  async *#until(drawn: AbortSignal): AsyncGenerator<Key, Uint8Array | undefined, void> {
    const keys = new Keys();
    const { burst } = this.manner;
    for await (const chunk of this.terminal.input.chunks(drawn)) {
      if (burst > 0 && (chunk.length > burst || String.fromCharCode(...chunk).includes(PASTE))) {
        this.again();
        return chunk;
      }
      for (const key of keys.take(chunk)) {
        if (key.pasted && burst > 0) continue;
        if (!key.pasted && key.name === "interrupt") throw new AppError("interrupted", "interrupted");
        if (!key.pasted && key.name === "end") throw new AppError("interrupted", "cancelled");
        yield key;
        if (drawn.aborted) return undefined;
      }
    }
    if (!drawn.aborted) throw new AppError("hangup", "the terminal went away");
    return undefined;
  }

  #finish(failure?: AppError): void {
    if (this.#over) return;
    [this.#over, this.#failure] = [true, failure];
    this.#drawn.abort();
  }

  #listen(signal?: AbortSignal): () => void {
    const { signals } = this.terminal;
    const stop = () => this.#finish();
    signal?.addEventListener("abort", stop);
    if (signal?.aborted) stop();
    const deaf = [
      signals.on((name) => this.#finish(new AppError(KINDS[name], "interrupted"))),
      signals.onTerminal((name) => {
        if (name === "SIGQUIT") this.#finish(new AppError("interrupted", "interrupted"));
        else if (name === "SIGCONT" || this.manner.resizes) this.#drawn.abort();
      }),
      () => signal?.removeEventListener("abort", stop),
    ];
    return () => deaf.forEach((stop) => stop());
  }

  /** Asks the terminal to mark a paste, or not to any more. */
  #marks(mode: "h" | "l"): string {
    return isPlain(this.terminal) || !this.terminal.output.isTerminal ? "" : `\x1b[?2004${mode}`;
  }
}

/** A line that is typed and shown as it is typed: ASCII, a few characters. */
class Typed {
  text = "";

  /** Takes a key; gives what is to be shown. */
  take({ name, byte }: Key): string {
    if (name === "text" && byte >= 32 && byte < 127 && this.text.length < 64) {
      const letter = String.fromCharCode(byte);
      this.text += letter;
      return letter;
    }
    const gone = name === "erase" ? Math.min(1, this.text.length) : name === "clear" ? this.text.length : 0;
    this.text = this.text.slice(0, this.text.length - gone);
    return "\b \b".repeat(gone);
  }
}

/**
 * A typed line and Enter, until `read` finds in it what it `is`; else a text that is shown before the question comes again
 * (an empty one: what `again` is). `first` stands before the first question, `ask` is the question.
 */
export async function answer<T>(
  terminal: Terminal,
  { first, ask, again, burst }: { first: string; ask: string; again: string; burst: number },
  read: (typed: string) => { is: T } | string,
): Promise<T> {
  let typed = new Typed();
  let before = first;
  const reading = new Reading(terminal, {
    draw() {
      typed = new Typed();
      const text = before + ask;
      before = again;
      return text;
    },
    burst,
    close: () => "\n",
  });
  for await (const key of reading.keys()) {
    if (key.name === "escape") throw new AppError("interrupted", "cancelled");
    if (key.name !== "enter") {
      await reading.show(typed.take(key));
      continue;
    }
    const found = read(typed.text.trim());
    if (typeof found !== "string") return found.is;
    before = found || again;
    reading.again();
  }
  throw new AppError("interrupted", "interrupted");
}
