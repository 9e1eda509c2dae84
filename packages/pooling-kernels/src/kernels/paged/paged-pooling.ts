import type { EmbeddingTable, TableElements } from '@model2vec-ts/static-model';
import type { TokenBatch } from '@model2vec-ts/tokenizer';
import { disposedKernel } from '../../kernel-error.js';
import { checkBatch } from '../../kernel-input.js';
import type { LoadedKernel, PoolOptions } from '../../pooling-kernel.js';
import { type ReadLimits, RowCache, type RowRead } from './row-cache.js';

/** Most ids of a piece of a batch, so that its slots stay in the caches. */
const PIECE_IDS = 1 << 15;

/** What rows are pooled from. */
export interface PagedTable {
  /** Its rows are not in memory. */
  readonly table: EmbeddingTable;
  /** Memory for the rows in use. */
  readonly slots: EmbeddingTable;
  /** A synchronous kernel on `slots`. */
  readonly kernel: LoadedKernel;
  /** Loads a synchronous kernel on a table. */
  readonly loadNow: (table: EmbeddingTable) => LoadedKernel;
}

/** Pools from a small table of the rows in use, by another kernel. Whoever runs it reads the rows. */
export class PagedPooling {
  readonly #name: string;
  readonly #paged: PagedTable;
  readonly #idLimit: number;
  readonly #slots = new Uint32Array(PIECE_IDS);
  /** Array type of the table. */
  readonly #elements: new (
    length: number,
  ) => TableElements;
  #offsets = new Uint32Array(2);
  #cache: RowCache | undefined;

  /** @param name - the kernel's, for errors */
  constructor(name: string, paged: PagedTable, limits: ReadLimits) {
    const { table, slots } = paged;
    this.#name = name;
    this.#paged = paged;
    this.#elements = slots.data.constructor as new (length: number) => TableElements;
    const limit = table.mapping?.length ?? table.rows;
    this.#idLimit = Math.min(limit, table.weights?.length ?? limit);
    this.#cache = new RowCache(table, slots, this.#idLimit, limits);
  }

  /**
   * Pools like {@link LoadedKernel.pool}. Yields the reads that it needs, some at a time; resume it when they are done. One
   * run at a time.
   */
  *run(
    batch: TokenBatch,
    out: Float32Array,
    options: PoolOptions,
  ): Generator<readonly RowRead[], void, void> {
    const cache = this.#cache;
    if (cache === undefined) throw disposedKernel(this.#name);
    const { table, kernel } = this.#paged;
    const { dim } = table;
    const texts = checkBatch(batch, out, dim, this.#idLimit);
    for (let first = 0; first < texts; ) {
      const rows = first === 0 ? out : out.subarray(first * dim);
      const end = this.#locate(cache, batch, first, texts);
      yield* cache.reads();
      if (end === first) yield* this.#poolAlone(batch, first++, rows, options);
      else {
        // Returns no promise: the kernel is synchronous.
        void kernel.pool({ ids: this.#slots, offsets: this.#offsets }, rows, options);
        first = end;
      }
    }
  }

  /** Returns whether it was not disposed before. */
  dispose(): boolean {
    if (this.#cache === undefined) return false;
    this.#cache = undefined;
    this.#paged.kernel.dispose();
    return true;
  }

  /** Locates the rows of texts from `first` on. Returns the end of those that fit; `first` if that one alone does not. */
  #locate(cache: RowCache, { ids, offsets }: TokenBatch, first: number, texts: number): number {
    cache.begin();
    const start = offsets[first]!;
    let text = first;
    for (; text < texts && offsets[text + 1]! - start <= PIECE_IDS; text++) {
      const at = offsets[text]!;
      if (!cache.locate(ids, at, offsets[text + 1]!, this.#slots, at - start)) break;
    }
    if (this.#offsets.length !== text - first + 1) this.#offsets = new Uint32Array(text - first + 1);
    for (let i = 0; i < this.#offsets.length; i++) this.#offsets[i] = offsets[first + i]! - start;
    return text;
  }

  /** Pools a text with more tokens than a piece, or more distinct ones than slots, from a table of its own. */
  *#poolAlone(
    { ids, offsets }: TokenBatch,
    text: number,
    out: Float32Array,
    options: PoolOptions,
  ): Generator<readonly RowRead[], void, void> {
    const { mapping, weights, dim, dtype } = this.#paged.table;
    const own = ids.subarray(offsets[text], offsets[text + 1]);
    const distinct = Uint32Array.from(new Set(own)).sort();
    const indexOf = new Map(Array.from(distinct, (id, index) => [id, index]));
    const data = new this.#elements(distinct.length * dim);
    for (const [index, id] of distinct.entries()) {
      const target = data.subarray(index * dim, (index + 1) * dim) as TableElements;
      yield [{ firstRow: mapping?.[id] ?? id, target }];
    }
    const table = {
      ...{ dtype, rows: distinct.length, dim, data },
      ...(weights && { weights: weights.slice(0, distinct.length) }),
    } as EmbeddingTable;
    distinct.forEach((id, index) => {
      if (weights) table.weights![index] = weights[id]!;
    });
    const kernel = this.#paged.loadNow(table);
    const indexes = own.map((id) => indexOf.get(id)!);
    void kernel.pool({ ids: indexes, offsets: Uint32Array.of(0, own.length) }, out, options);
  }
}
