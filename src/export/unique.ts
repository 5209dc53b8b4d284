const EMPTY = 0;

/**
 * The ids that were seen, as 64 bits each: a million take 16 MB, and that two of them are taken for one is as likely as
 * one in forty million.
 */
export class Unique {
  /** Pairs of 32 bits. */
  #slots = new Uint32Array(1 << 13);
  #count = 0;
  /** How many came again. */
  again = 0;

  /** False for one that was here before. */
  add(id: string): boolean {
    if (4 * this.#count >= this.#slots.length) this.#grow();
    const [high, low] = marks(id);
    if (place(this.#slots, high, low)) {
      this.#count++;
      return true;
    }
    this.again++;
    return false;
  }

  #grow(): void {
    const [small, large] = [this.#slots, new Uint32Array(2 * this.#slots.length)];
    for (let at = 0; at < small.length; at += 2) {
      if (small[at] !== EMPTY) place(large, small[at]!, small[at + 1]!);
    }
    this.#slots = large;
  }
}

/** False when it is there. */
function place(slots: Uint32Array, high: number, low: number): boolean {
  const mask = slots.length - 2;
  for (let at = (low << 1) & mask;; at = (at + 2) & mask) {
    if (slots[at] === EMPTY) {
      [slots[at], slots[at + 1]] = [high, low];
      return true;
    }
    if (slots[at] === high && slots[at + 1] === low) return false;
  }
}

/** Two sums over all of its characters that know nothing of each other (cyrb53, before it is cut); the first is not 0. */
function marks(id: string): [high: number, low: number] {
  let [one, two] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < id.length; at++) {
    const code = id.charCodeAt(at);
    one = Math.imul(one ^ code, 2654435761);
    two = Math.imul(two ^ code, 1597334677);
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
  two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return [one >>> 0 || 1, two >>> 0];
}
