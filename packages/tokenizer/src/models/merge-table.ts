/** Result of {@link MergeTable.rankOf} for two symbols that never merge. */
export const NO_RANK: number = -1;

/**
 * The merges: pairs of symbols and their results. The rank of a merge is its index in the list.
 *
 * Takes 20 bytes per merge in flat arrays, and is exact for all pairs of 32-bit ids.
 */
export class MergeTable {
  /** Left symbols of the merges, by rank. */
  readonly lefts: Uint32Array;
  readonly rights: Uint32Array;
  readonly results: Uint32Array;
  /** Ranks by hash, at most half full; {@link NO_RANK} if free. */
  readonly slots: Int32Array;

  /** The last of several merges of a pair counts. */
  constructor(lefts: Uint32Array, rights: Uint32Array, results: Uint32Array) {
    this.lefts = lefts;
    this.rights = rights;
    this.results = results;
    let capacity = 16;
    while (capacity < lefts.length * 2) capacity *= 2;
    this.slots = new Int32Array(capacity).fill(NO_RANK);
    for (let rank = 0; rank < lefts.length; rank++) {
      this.slots[this.#slotOf(lefts[rank]!, rights[rank]!)] = rank;
    }
  }

  /** Returns the rank of the merge of two symbols, or {@link NO_RANK}. */
  rankOf(left: number, right: number): number {
    return this.slots[this.#slotOf(left, right)]!;
  }

  /** Returns the symbol that the merge of a rank makes. */
  resultOf(rank: number): number {
    return this.results[rank]!;
  }

  /** Returns the slot of a pair, or the free slot for it. */
  #slotOf(left: number, right: number): number {
    const mask = this.slots.length - 1;
    let hash = Math.imul(left, 0x9e37_79b1) ^ Math.imul(right, 0x85eb_ca6b);
    hash ^= hash >>> 15;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const rank = this.slots[slot]!;
      if (rank === NO_RANK || (this.lefts[rank] === left && this.rights[rank] === right)) return slot;
    }
  }
}
