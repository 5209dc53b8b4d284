/** Of the slots four in five are taken at most. */
const FULL = 0.8;

/**
 * The ids that were seen, as 64 bits each and as little memory as that takes: a million take 16 MB, and that one of them
 * is taken for another is as likely as one in 37 million.
 */
export class Unique {
  /** Enough for 100,000 from the beginning: tables that grow are garbage, which costs several times what it holds. */
  #slots = slots(1 << 17);
  #count = 0;
  /** How many came again. */
  again = 0;

  /** False for one that was here before. */
  add(id: string): boolean {
    if (this.#count >= FULL * this.#slots.high.length) this.#slots = larger(this.#slots);
    // Two sums over all characters that know nothing of each other.
    let one = 7, two = 11;
    for (let at = 0; at < id.length; at++) {
      const code = id.charCodeAt(at);
      one = Math.imul(one, 31) + code | 0;
      two = Math.imul(two ^ code, 16777619);
    }
    if (place(this.#slots, one, two === 0 ? 1 : two)) {
      this.#count++;
      return true;
    }
    this.again++;
    return false;
  }
}

/** 32 bits, and 32 that are 0 where nothing is. */
interface Slots {
  high: Int32Array;
  low: Int32Array;
}

const slots = (length: number): Slots => ({ high: new Int32Array(length), low: new Int32Array(length) });

function larger({ high, low }: Slots): Slots {
  const made = slots(2 * high.length);
  for (let at = 0; at < high.length; at++) if (low[at] !== 0) place(made, high[at]!, low[at]!);
  return made;
}

/** False when it is there. */
function place({ high, low }: Slots, one: number, two: number): boolean {
  const mask = high.length - 1;
  for (let at = (Math.imul(one, 0x9e3779b1) >>> 5) & mask;; at = (at + 1) & mask) {
    if (low[at] === 0) {
      high[at] = one;
      low[at] = two;
      return true;
    }
    if (high[at] === one && low[at] === two) return false;
  }
}
