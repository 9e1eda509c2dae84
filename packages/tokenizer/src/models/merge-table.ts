/** What {@link MergeTable.rankOf} gives for two symbols that never merge. */
export const NO_RANK: number = -1;

/**
 * Which two symbols merge, in which order, and into what. A merge's rank is its place in the list.
 *
 * Twenty bytes a merge in flat arrays, and exact for all pairs of 32-bit ids.
 */
export class MergeTable {
  readonly #lefts: Uint32Array;
  readonly #rights: Uint32Array;
  readonly #results: Uint32Array;
  /** Ranks by hash, at most half full; {@link NO_RANK} where free. */
  readonly #slots: Int32Array;

  /** Of merges of the same pair, the last one counts. */
  constructor(lefts: Uint32Array, rights: Uint32Array, results: Uint32Array) {
    this.#lefts = lefts;
    this.#rights = rights;
    this.#results = results;
    let capacity = 16;
    while (capacity < lefts.length * 2) capacity *= 2;
    this.#slots = new Int32Array(capacity).fill(NO_RANK);
    for (let rank = 0; rank < lefts.length; rank++) {
      this.#slots[this.#slotOf(lefts[rank]!, rights[rank]!)] = rank;
    }
  }

  /** The rank of the merge of two symbols, or {@link NO_RANK}. */
  rankOf(left: number, right: number): number {
    return this.#slots[this.#slotOf(left, right)]!;
  }

  /** The symbol that the merge of a rank makes. */
  resultOf(rank: number): number {
    return this.#results[rank]!;
  }

  /** The slot of a pair, or the free slot where it belongs. */
  #slotOf(left: number, right: number): number {
    const mask = this.#slots.length - 1;
    let hash = Math.imul(left, 0x9e37_79b1) ^ Math.imul(right, 0x85eb_ca6b);
    hash ^= hash >>> 15;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const rank = this.#slots[slot]!;
      if (rank === NO_RANK || (this.#lefts[rank] === left && this.#rights[rank] === right)) return slot;
    }
  }
}
