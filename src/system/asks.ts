/**
 * Questions to a person, as types; `choose.ts` and `prompt.ts` ask them.
 *
 * @module
 */

/**
 * Questions on the terminal. What was typed or pasted before one appeared is no answer to it. All reject with
 * `interrupted` on Ctrl-C and Ctrl-D, with `hangup` when the terminal went away. Text must be safe already.
 */
export interface Prompt {
  /** Chosen with the arrow keys and Enter; by its number or value where a cursor cannot be moved. */
  select(message: string, options: Choice[], paint?: Paint): Promise<string>;
  /** A typed answer and Enter: `y` or `yes`, or nothing but `word` when it is given. Enter alone is no. */
  confirm(message: string, paint?: Paint, word?: string): Promise<boolean>;
  /**
   * Lines that are pasted or typed after `asks.first`, unseen, without space around them; over 32 KB one is given as
   * `undefined`. Ends when `signal` aborts.
   */
  secrets(asks: Asks, signal?: AbortSignal): AsyncIterable<string | undefined>;
}

/** How a paste is asked for. */
export interface Asks {
  /** Asks, once what was typed before is gone. */
  first(): Promise<void>;
  /** Shown when the terminal is given back after it was taken away (Ctrl-Z, `fg`). */
  again: string;
}

export interface Choice {
  value: string;
  label: string;
  hint?: string;
}

/** How a question is coloured; without it there is no colour. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  /** The text in so many cells: one that is longer is cut, and ends with `…`. */
  fit?(text: string, cells: number): string;
}
