/**
 * Pending merges, by rank and then by position: a binary heap in two arrays, because rank and position together need
 * more bits than a double holds exactly.
 */
export class MergeQueue {
  #ranks: Int32Array = new Int32Array(256);
  #positions: Int32Array = new Int32Array(256);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Rank of the first merge. */
  get rank(): number {
    return this.#ranks[0]!;
  }

  /** Position of the first merge. */
  get position(): number {
    return this.#positions[0]!;
  }

  push(rank: number, position: number): void {
    if (this.#size === this.#ranks.length) this.#grow();
    const ranks = this.#ranks;
    const positions = this.#positions;
    let place = this.#size++;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const parentRank = ranks[parent]!;
      if (parentRank < rank || (parentRank === rank && positions[parent]! <= position)) break;
      ranks[place] = parentRank;
      positions[place] = positions[parent]!;
      place = parent;
    }
    ranks[place] = rank;
    positions[place] = position;
  }

  /** Removes the first merge. */
  pop(): void {
    const ranks = this.#ranks;
    const positions = this.#positions;
    const size = --this.#size;
    const rank = ranks[size]!;
    const position = positions[size]!;
    let place = 0;
    for (let child = 1; child < size; child = place * 2 + 1) {
      const other = child + 1;
      if (
        other < size &&
        (ranks[other]! < ranks[child]! ||
          (ranks[other] === ranks[child] && positions[other]! < positions[child]!))
      ) {
        child = other;
      }
      const childRank = ranks[child]!;
      if (rank < childRank || (rank === childRank && position <= positions[child]!)) break;
      ranks[place] = childRank;
      positions[place] = positions[child]!;
      place = child;
    }
    ranks[place] = rank;
    positions[place] = position;
  }

  #grow(): void {
    const ranks = new Int32Array(this.#size * 2);
    const positions = new Int32Array(this.#size * 2);
    ranks.set(this.#ranks);
    positions.set(this.#positions);
    this.#ranks = ranks;
    this.#positions = positions;
  }
}
