import { createHash } from 'node:crypto';
import type { Key } from '@model2vec-ts/milvus-adapter';

const FIRST_CAPACITY = 1 << 12;

/**
 * Counts keys that come again, in 16 to 32 bytes per key: 53 bits of its SHA-256 in an open-addressed table. Among ten
 * million keys, the chance that one is taken for another is about 1%, and only a count would be wrong by one.
 */
export class SeenKeys {
  #table = new Float64Array(FIRST_CAPACITY);
  #size = 0;

  /** Adds a key; returns `false` if it was there. A number and the string of its digits are the same key. */
  add(key: Key): boolean {
    const digest = createHash('sha256').update(String(key), 'utf8').digest();
    // Zero marks a free place.
    return this.#insert(digest.readUIntBE(0, 6) * 32 + (digest[6]! & 31) || 1);
  }

  #insert(hash: number): boolean {
    const table = this.#table;
    const mask = table.length - 1;
    for (let place = hash % table.length; ; place = (place + 1) & mask) {
      if (table[place] === hash) return false;
      if (table[place] !== 0) continue;
      table[place] = hash;
      if (++this.#size * 2 > table.length) this.#grow();
      return true;
    }
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Float64Array(old.length * 2);
    this.#size = 0;
    for (const hash of old) if (hash !== 0) this.#insert(hash);
  }
}
