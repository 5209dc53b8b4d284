import assert from "node:assert/strict";

/**
 * A terminal, as far as a line of progress needs one: text, CR, LF and `CSI J`. In a narrower window lines flow anew, or
 * are cut, as terminals do; the cursor stays with its character.
 */
export class Window {
  /** Lines as they were written; each takes as many rows as it needs. */
  #lines: string[] = [""];
  #at = 0;

  constructor(public columns: number, private readonly flows = true) {}

  write(text: string): void {
    // deno-lint-ignore no-control-regex
    for (const [part] of text.matchAll(/\x1b\[J|\r|\n|[^\x1b\r\n]+/g)) {
      const last = this.#lines.length - 1;
      const line = this.#lines[last]!;
      if (part === "\x1b[J") this.#lines[last] = line.slice(0, this.#at);
      else if (part === "\n") this.#lines.push(""), this.#at = 0;
      // A row is what it goes back in: in a line of several rows only its last.
      else if (part === "\r") this.#at -= this.#at % this.columns;
      else {
        this.#lines[last] = line.slice(0, this.#at) + part + line.slice(this.#at + part.length);
        this.#at += part.length;
      }
    }
  }

  resize(columns: number): void {
    this.columns = columns;
    if (this.flows) return;
    this.#lines = this.#lines.map((line) => line.slice(0, columns));
    this.#at = Math.min(this.#at, columns - 1);
  }

  /** What is seen, row by row; at the cursor stands nothing of an earlier line. */
  get rows(): string[] {
    return this.#lines.flatMap((line) => line.match(new RegExp(`.{1,${this.columns}}`, "g")) ?? [""]);
  }

  /** Whether the cursor stands in the first column. */
  get isAtStart(): boolean {
    return this.#at === 0;
  }
}

/** Nothing that would leave the terminal in another state, and nothing but the line and its removal. */
export function holdToLine(text: string): void {
  // deno-lint-ignore no-control-regex
  assert.match(text, /^(\r\x1b\[J([^\x1b\r\n]*\r)?)*$/);
}
