import type { TokenSink } from '../token-batch.js';
import { appendId } from './append-id.js';
import { MergeQueue } from './merge-queue.js';
import { type MergeTable, NO_RANK } from './merge-table.js';

const NOBODY = -1;
const MERGED_AWAY = -2;

/** The symbols of one word. Neighbours merge until no merge applies, in n log n steps for n symbols. */
export class SymbolChain {
  #ids: Uint32Array = new Uint32Array(256);
  #previous: Int32Array = new Int32Array(256);
  #next: Int32Array = new Int32Array(256);
  #length = 0;
  readonly #queue = new MergeQueue();

  /** Number of symbols that fit in its memory. */
  get capacity(): number {
    return this.#ids.length;
  }

  clear(): void {
    this.#length = 0;
  }

  push(id: number): void {
    const place = this.#length++;
    if (place === this.#ids.length) this.#grow();
    this.#ids[place] = id;
    this.#previous[place] = place - 1;
    this.#next[place] = NOBODY;
    if (place > 0) this.#next[place - 1] = place;
  }

  merge(table: MergeTable): void {
    const queue = this.#queue;
    const ids = this.#ids;
    const previous = this.#previous;
    const next = this.#next;
    for (let left = 0; left + 1 < this.#length; left++) this.#enqueue(table, left, left + 1);
    while (queue.size > 0) {
      const left = queue.position;
      const symbol = table.resultOf(queue.rank);
      queue.pop();
      const right = next[left]!;
      if (right < 0) continue;
      // A neighbour may have merged since. The present pair counts if it makes the same symbol.
      const rank = table.rankOf(ids[left]!, ids[right]!);
      if (rank === NO_RANK || table.resultOf(rank) !== symbol) continue;
      const after = next[right]!;
      ids[left] = symbol;
      next[left] = after;
      next[right] = MERGED_AWAY;
      if (after >= 0) previous[after] = left;
      if (previous[left]! >= 0) this.#enqueue(table, previous[left]!, left);
      if (after >= 0) this.#enqueue(table, left, after);
    }
  }

  appendTo(sink: TokenSink): void {
    if (this.#length === 0) return;
    // The first symbol is never the right one of a merge, so it always remains.
    for (let place = 0; place >= 0; place = this.#next[place]!) appendId(sink, this.#ids[place]!);
  }

  #enqueue(table: MergeTable, left: number, right: number): void {
    const rank = table.rankOf(this.#ids[left]!, this.#ids[right]!);
    if (rank !== NO_RANK) this.#queue.push(rank, left);
  }

  #grow(): void {
    const capacity = this.#ids.length * 2;
    const ids = new Uint32Array(capacity);
    const previous = new Int32Array(capacity);
    const next = new Int32Array(capacity);
    ids.set(this.#ids);
    previous.set(this.#previous);
    next.set(this.#next);
    this.#ids = ids;
    this.#previous = previous;
    this.#next = next;
  }
}
