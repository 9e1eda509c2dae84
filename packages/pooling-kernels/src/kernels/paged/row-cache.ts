import type { EmbeddingTable, TableElements, TableFile } from '@model2vec-ts/static-model';

/** Rows that nobody asked for are read too if that saves a read. */
const LARGEST_GAP = 8;
/** Bytes of a read that covers several rows. */
const SPAN_BYTES = 1 << 18;

/**
 * Rows of a table by token id, read from its file when they are first needed. Each has a slot in a small table. When all
 * slots are taken, rows that were not used lately make room.
 *
 * Looking up known rows is bound by cache misses: three small arrays per token. A missing row costs a system call of 1 to
 * 2 µs if the system has the file in memory.
 */
export class RowCache {
  readonly #file: TableFile;
  readonly #table: EmbeddingTable;
  readonly #slots: EmbeddingTable;
  /** Slot of each token id plus 1; 0 if its row is not in memory. */
  readonly #slotOf: Uint32Array;
  readonly #idOf: Uint32Array;
  /** Turn in which each slot was last used; in its turn it cannot make room. */
  readonly #turns: Uint32Array;
  /** Whether each slot was used since the search for room last passed it. */
  readonly #isRecent: Uint8Array;
  readonly #span: TableElements;
  /** Rows to read and their slots, as `row * slots + slot`. */
  #missing: Float64Array = new Float64Array(64);
  #missingCount = 0;
  #turn = 0;
  #taken = 0;
  #hand = 0;

  /**
   * @param table - a table with a `file`
   * @param slots - a table in memory of the same dtype and columns, without mapping
   */
  constructor(table: EmbeddingTable, slots: EmbeddingTable, ids: number) {
    this.#file = table.file!;
    this.#table = table;
    this.#slots = slots;
    this.#slotOf = new Uint32Array(ids);
    this.#idOf = new Uint32Array(slots.rows);
    this.#turns = new Uint32Array(slots.rows);
    this.#isRecent = new Uint8Array(slots.rows);
    const { dim, data } = slots;
    const rows = Math.max(1, Math.floor(SPAN_BYTES / (dim * data.BYTES_PER_ELEMENT)));
    this.#span = data.slice(0, Math.min(rows, slots.rows) * dim);
  }

  /** Starts a turn, whose rows stay until the next one. */
  begin(): void {
    this.#turn++;
    this.#missingCount = 0;
  }

  /** Writes the slots of ids to `slots`. Returns `false` if the rows of this turn do not fit. Call `read` before use. */
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

  /** Reads the rows that are missing. After an error they are still missing. */
  read(): void {
    const { dim, data, rows: slots } = this.#slots;
    const missing = this.#missing.subarray(0, this.#missingCount).sort();
    const spanRows = this.#span.length / dim;
    try {
      for (let i = 0; i < missing.length; ) {
        const first = Math.floor(missing[i]! / slots);
        let end = i + 1;
        let last = first;
        for (; end < missing.length; end++) {
          const row = Math.floor(missing[end]! / slots);
          if (row - last > LARGEST_GAP || row - first >= spanRows) break;
          last = row;
        }
        if (end === i + 1) {
          const slot = missing[i]! % slots;
          this.#file.read(first, data.subarray(slot * dim, (slot + 1) * dim) as TableElements);
        } else {
          const span = this.#span.subarray(0, (last - first + 1) * dim) as TableElements;
          this.#file.read(first, span);
          for (let each = i; each < end; each++) {
            const from = (Math.floor(missing[each]! / slots) - first) * dim;
            data.set(span.subarray(from, from + dim), (missing[each]! % slots) * dim);
          }
        }
        i = end;
      }
    } catch (error) {
      for (const each of missing) this.#slotOf[this.#idOf[each % slots]!] = 0;
      throw error;
    } finally {
      this.#missingCount = 0;
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
