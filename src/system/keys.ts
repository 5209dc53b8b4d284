/**
 * Bytes of a terminal in raw mode → keys.
 *
 * @module
 */

export type KeyName =
  | "text"
  | "enter"
  | "erase"
  | "clear"
  | "end"
  | "interrupt"
  | "escape"
  | "up"
  | "down"
  | "first"
  | "last"
  | "page up"
  | "page down";

/** `byte` is what a key of text is. `pasted`: it stands within a bracketed paste. */
export interface Key {
  name: KeyName;
  byte: number;
  pasted: boolean;
}

/** How a terminal marks a paste, once it is asked to. */
export const [PASTE, PASTED] = ["\x1b[200~", "\x1b[201~"] as const;

const ESCAPE = 27;
const CONTROLS: Record<number, KeyName> = {
  3: "interrupt",
  4: "end",
  8: "erase",
  9: "text",
  10: "enter",
  13: "enter",
  21: "clear",
  127: "erase",
};
const SEQUENCES: Record<string, KeyName> = {
  A: "up",
  B: "down",
  H: "first",
  F: "last",
  "1~": "first",
  "7~": "first",
  "4~": "last",
  "8~": "last",
  "5~": "page up",
  "6~": "page down",
};

/** Reads keys piece by piece; a character or a sequence may begin in one piece and end in the next. */
export class Keys {
  /** Of a sequence that has begun: what follows the ESC. */
  #sequence: string | undefined;
  #pasted = false;

  *take(chunk: Uint8Array): Iterable<Key> {
    // Alone in its piece it is the key, and it may be a sequence that was torn.
    if (chunk.length === 1 && chunk[0] === ESCAPE && !this.#pasted) yield this.#key("escape", ESCAPE);
    for (const byte of chunk) {
      const name = this.#sequence === undefined ? this.#plain(byte) : this.#within(byte);
      if (name) yield this.#key(name, byte);
    }
  }

  #plain(byte: number): KeyName | undefined {
    if (byte === ESCAPE) {
      this.#sequence = "";
      return undefined;
    }
    if (this.#pasted) return byte === 10 || byte === 13 ? "enter" : "text";
    return CONTROLS[byte] ?? (byte < 32 ? undefined : "text");
  }

  /** CSI (`ESC [ … final`), SS3 (`ESC O final`), or a key with Alt; what is not known is no key. */
  #within(byte: number): KeyName | undefined {
    const sequence = this.#sequence + String.fromCharCode(byte);
    const [kind] = sequence;
    const open = kind === "[" ? sequence.length < 2 || byte < 0x40 || byte > 0x7e : kind === "O" && sequence.length < 2;
    this.#sequence = open && sequence.length < 32 ? sequence : byte === ESCAPE ? "" : undefined;
    if (open) return undefined;
    if (sequence === PASTE.slice(1) || sequence === PASTED.slice(1)) {
      this.#pasted = sequence === PASTE.slice(1);
      return undefined;
    }
    return this.#pasted ? undefined : SEQUENCES[sequence.slice(1)];
  }

  #key(name: KeyName, byte: number): Key {
    return { name, byte, pasted: this.#pasted };
  }
}
