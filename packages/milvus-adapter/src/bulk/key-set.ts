import { createHash } from 'node:crypto';
import type { Key } from '@model2vec-ts/search';

/** Number of 32-bit words that identify a key. */
const WORDS = 4;
const FIRST_CAPACITY = 1 << 12;

/**
 * Remembers which keys were seen, in 16 to 64 bytes each, however long they are: 128 bits of the SHA-256 of each key,
 * in one open-addressing table. Among 10⁹ keys, the probability that two share these bits is 10⁻²⁰.
 */
export class KeySet {
  #table = new Uint32Array(FIRST_CAPACITY * WORDS);
  #size = 0;

  /** Number of keys. */
  get size(): number {
    return this.#size;
  }

  /** Adds a key; `false` if it was already there. A number and the string of its digits are the same key. */
  add(key: Key): boolean {
    const digest = createHash('sha256').update(String(key), 'utf8').digest();
    // All zeros mark a free slot.
    const first = digest.readUInt32LE(0) || 1;
    return this.#insert(first, digest.readUInt32LE(4), digest.readUInt32LE(8), digest.readUInt32LE(12));
  }

  #insert(a: number, b: number, c: number, d: number): boolean {
    const table = this.#table;
    const mask = table.length / WORDS - 1;
    for (let place = b & mask; ; place = (place + 1) & mask) {
      const at = place * WORDS;
      if (table[at] === 0) {
        table[at] = a;
        table[at + 1] = b;
        table[at + 2] = c;
        table[at + 3] = d;
        this.#size++;
        if (this.#size * 2 > mask) this.#grow();
        return true;
      }
      if (table[at] === a && table[at + 1] === b && table[at + 2] === c && table[at + 3] === d) return false;
    }
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Uint32Array(old.length * 2);
    this.#size = 0;
    for (let at = 0; at < old.length; at += WORDS) {
      if (old[at] !== 0) this.#insert(old[at]!, old[at + 1]!, old[at + 2]!, old[at + 3]!);
    }
  }
}
