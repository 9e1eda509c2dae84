import type { EmbeddingTable, TableElements } from '@model2vec-ts/static-model';

/** Bytes of a read that covers several rows. */
const SPAN_BYTES = 1 << 18;

/** Consecutive rows to read. */
export interface RowRead {
  readonly firstRow: number;
  /** Memory for them. */
  readonly target: TableElements;
}

/** How rows are read. */
export interface ReadLimits {
  /** Rows between two missing ones that are read too, because that saves a read. */
  readonly largestGap: number;
  /** Reads at once. */
  readonly atOnce: number;
}

/**
 * Rows of a table by token id, read when they are first needed. Each has a slot in a small table. When all
 * slots are taken, rows that were not used lately make room.
 *
 * Looking up known rows is bound by cache misses: three small arrays per token. A missing row of a file costs a system call
 * of 1 to 2 µs if the system has it in memory.
 */
export class RowCache {
  readonly #table: EmbeddingTable;
  readonly #slots: EmbeddingTable;
  /** Slot of each token id plus 1; 0 if its row is not in memory. */
  readonly #slotOf: Uint32Array;
  readonly #idOf: Uint32Array;
  /** Turn in which each slot was last used; in its turn it cannot make room. */
  readonly #turns: Uint32Array;
  /** Whether each slot was used since the search for room last passed it. */
  readonly #isRecent: Uint8Array;
  readonly #limits: ReadLimits;
  /** Rows of a span. */
  readonly #spanRows: number;
  /** Memory of spans, as many as are read at once. */
  readonly #spans: TableElements[] = [];
  /** Rows to read and their slots, as `row * slots + slot`. */
  #missing: Float64Array = new Float64Array(64);
  #missingCount = 0;
  #turn = 0;
  #taken = 0;
  #hand = 0;

  /**
   * @param table - a table whose rows are not in memory
   * @param slots - a table in memory of the same dtype and columns, without mapping
   */
  constructor(table: EmbeddingTable, slots: EmbeddingTable, ids: number, limits: ReadLimits) {
    this.#limits = limits;
    this.#table = table;
    this.#slots = slots;
    this.#slotOf = new Uint32Array(ids);
    this.#idOf = new Uint32Array(slots.rows);
    this.#turns = new Uint32Array(slots.rows);
    this.#isRecent = new Uint8Array(slots.rows);
    const { dim, data } = slots;
    const rows = Math.max(1, Math.floor(SPAN_BYTES / (dim * data.BYTES_PER_ELEMENT)));
    this.#spanRows = Math.min(rows, slots.rows);
  }

  /** Starts a turn, whose rows stay until the next one. */
  begin(): void {
    this.#turn++;
    this.#missingCount = 0;
  }

  /** Writes the slots of ids to `slots`. Returns `false` if the rows of this turn do not fit. Run `reads` before use. */
  locate(ids: Uint32Array, start: number, end: number, slots: Uint32Array, at: number): boolean {
    for (let i = start; i < end; i++) {
      const id = ids[i]!;
      const known = this.#slotOf[id]!;
      const slot = known === 0 ? this.#take(id) : known - 1;
      if (slot < 0) return false;
      this.#turns[slot] = this.#turn;
      this.#isRecent[slot] = 1;
      slots[at + i - start] = slot;
    }
    return true;
  }

  /**
   * Yields the reads that the rows of this turn need, some at a time. Resume it when they are done; if it is ended instead,
   * the rows are still missing.
   */
  *reads(): Generator<readonly RowRead[], void, void> {
    if (this.#missingCount === 0) return;
    const { rows: slots } = this.#slots;
    const missing = this.#missing.subarray(0, this.#missingCount).sort();
    let isComplete = false;
    try {
      for (let i = 0; i < missing.length; ) {
        const reads: RowRead[] = [];
        const ends: number[] = [];
        const first = i;
        for (; i < missing.length && reads.length < this.#limits.atOnce; i = ends.at(-1)!) {
          ends.push(this.#spanEnd(missing, i));
          reads.push(this.#readOf(missing, i, ends.at(-1)!, reads.length));
        }
        yield reads;
        let start = first;
        for (const [each, read] of reads.entries()) {
          if (ends[each]! - start > 1) this.#copy(missing.subarray(start, ends[each]), read);
          start = ends[each]!;
        }
      }
      isComplete = true;
    } finally {
      if (!isComplete) for (const each of missing) this.#slotOf[this.#idOf[each % slots]!] = 0;
      this.#missingCount = 0;
    }
  }

  /** Returns the end of the missing rows from `start` on that one read covers. */
  #spanEnd(missing: Float64Array, start: number): number {
    const { rows: slots } = this.#slots;
    const first = Math.floor(missing[start]! / slots);
    let last = first;
    let end = start + 1;
    for (; end < missing.length; end++) {
      const row = Math.floor(missing[end]! / slots);
      if (row - last - 1 > this.#limits.largestGap || row - first >= this.#spanRows) break;
      last = row;
    }
    return end;
  }

  /** A single row is read into its slot, several into a span. */
  #readOf(missing: Float64Array, start: number, end: number, span: number): RowRead {
    const { dim, data, rows: slots } = this.#slots;
    const firstRow = Math.floor(missing[start]! / slots);
    if (end === start + 1) {
      const slot = missing[start]! % slots;
      return { firstRow, target: data.subarray(slot * dim, (slot + 1) * dim) as TableElements };
    }
    this.#spans[span] ??= data.slice(0, this.#spanRows * dim) as TableElements;
    const rows = Math.floor(missing[end - 1]! / slots) - firstRow + 1;
    return { firstRow, target: this.#spans[span].subarray(0, rows * dim) as TableElements };
  }

  #copy(missing: Float64Array, { firstRow, target }: RowRead): void {
    const { dim, data, rows: slots } = this.#slots;
    for (const each of missing) {
      const from = (Math.floor(each / slots) - firstRow) * dim;
      data.set(target.subarray(from, from + dim), (each % slots) * dim);
    }
  }

  #take(id: number): number {
    const slot = this.#room();
    if (slot < 0) return slot;
    this.#slotOf[id] = slot + 1;
    this.#idOf[slot] = id;
    const { mapping, weights } = this.#table;
    if (weights !== undefined) this.#slots.weights![slot] = weights[id]!;
    if (this.#missingCount === this.#missing.length) {
      const larger = new Float64Array(2 * this.#missing.length);
      larger.set(this.#missing);
      this.#missing = larger;
    }
    this.#missing[this.#missingCount++] = (mapping?.[id] ?? id) * this.#slots.rows + slot;
    return slot;
  }

  /** Returns a free slot, or that of a row that was not used lately; -1 if this turn uses all of them. */
  #room(): number {
    const { rows: slots } = this.#slots;
    if (this.#taken < slots) return this.#taken++;
    for (let step = 0; step < 2 * slots; step++) {
      const slot = this.#hand;
      this.#hand = slot + 1 === slots ? 0 : slot + 1;
      if (this.#turns[slot] === this.#turn) continue;
      if (this.#isRecent[slot] === 1) {
        this.#isRecent[slot] = 0;
        continue;
      }
      const id = this.#idOf[slot]!;
      if (this.#slotOf[id] === slot + 1) this.#slotOf[id] = 0;
      return slot;
    }
    return -1;
  }
}
