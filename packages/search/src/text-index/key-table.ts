import type { Key } from '../store/text-row.js';

const FREE = 0;
const REMOVED = -1;
const FIRST_CAPACITY = 64;

/**
 * Finds the rows of keys that are stored elsewhere: open addressing with linear probing, 5 to 11 bytes per key. A `Map`
 * of the keys takes 40 to 80.
 */
export class KeyTable {
  readonly #keyOf: (row: number) => Key | undefined;
  /** Row + 1, {@link FREE} or {@link REMOVED}. */
  #slots = new Int32Array(FIRST_CAPACITY);
  #used = 0;
  #size = 0;

  /** @param keyOf - the key of a row in the table */
  constructor(keyOf: (row: number) => Key | undefined) {
    this.#keyOf = keyOf;
  }

  /** Number of keys. */
  get size(): number {
    return this.#size;
  }

  rowOf(key: Key): number | undefined {
    const slot = this.#slotOf(key);
    return slot === undefined ? undefined : this.#slots[slot]! - 1;
  }

  /** Adds a key that is not in the table. */
  add(key: Key, row: number): void {
    if ((this.#used + 1) * 4 > this.#slots.length * 3) this.#rehash();
    this.#insert(key, row);
    this.#used++;
    this.#size++;
  }

  remove(key: Key): void {
    const slot = this.#slotOf(key);
    if (slot === undefined) return;
    this.#slots[slot] = REMOVED;
    this.#size--;
  }

  /** Removes all keys. */
  clear(): void {
    this.#slots = new Int32Array(FIRST_CAPACITY);
    this.#used = 0;
    this.#size = 0;
  }

  #slotOf(key: Key): number | undefined {
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(key) & mask; ; slot = (slot + 1) & mask) {
      const value = this.#slots[slot]!;
      if (value === FREE) return undefined;
      if (value !== REMOVED && this.#keyOf(value - 1) === key) return slot;
    }
  }

  #insert(key: Key, row: number): void {
    const mask = this.#slots.length - 1;
    let slot = hashOf(key) & mask;
    while (this.#slots[slot] !== FREE) slot = (slot + 1) & mask;
    this.#slots[slot] = row + 1;
  }

  /** Drops removed slots, and doubles the table if they are few. */
  #rehash(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(this.#size * 2 >= old.length ? old.length * 2 : old.length);
    for (const value of old) if (value > 0) this.#insert(this.#keyOf(value - 1)!, value - 1);
    this.#used = this.#size;
  }
}

function hashOf(key: Key): number {
  let hash = 7;
  if (typeof key === 'string') {
    for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  } else if (typeof key === 'number') {
    hash = Math.imul(hash ^ key, 0x01000193) ^ Math.floor(key / 2 ** 32);
  } else {
    hash = Number(BigInt.asIntN(32, key ^ (key >> 32n)));
  }
  // Mixes the high bits into the low ones, which choose the slot.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
