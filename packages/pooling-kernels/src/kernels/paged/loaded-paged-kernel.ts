import type { EmbeddingTable, TableElements } from '@model2vec-ts/static-model';
import type { TokenBatch } from '@model2vec-ts/tokenizer';
import { disposedKernel } from '../../kernel-error.js';
import { checkBatch } from '../../kernel-input.js';
import type { LoadedKernel, PoolOptions } from '../../pooling-kernel.js';
import { RowCache } from './row-cache.js';

/** Most ids of a piece of a batch, so that its slots stay in the caches. */
const PIECE_IDS = 1 << 15;

/** Pools from a small table of the rows in use, by another kernel. */
export class LoadedPagedKernel implements LoadedKernel {
  readonly #table: EmbeddingTable;
  readonly #idLimit: number;
  readonly #kernel: LoadedKernel;
  readonly #slots = new Uint32Array(PIECE_IDS);
  /** Array type of the table. */
  readonly #elements: new (
    length: number,
  ) => TableElements;
  #offsets = new Uint32Array(2);
  #cache: RowCache | undefined;

  /** Loads a synchronous kernel on a table. */
  readonly #loadNow: (table: EmbeddingTable) => LoadedKernel;

  /** @param kernel - a synchronous kernel on `slots` */
  constructor(
    table: EmbeddingTable,
    slots: EmbeddingTable,
    kernel: LoadedKernel,
    loadNow: (table: EmbeddingTable) => LoadedKernel,
  ) {
    this.#table = table;
    this.#kernel = kernel;
    this.#loadNow = loadNow;
    this.#elements = slots.data.constructor as new (length: number) => TableElements;
    const limit = table.mapping?.length ?? table.rows;
    this.#idLimit = Math.min(limit, table.weights?.length ?? limit);
    this.#cache = new RowCache(table, slots, this.#idLimit);
  }

  pool(batch: TokenBatch, out: Float32Array, options: PoolOptions): void {
    const cache = this.#cache;
    if (cache === undefined) throw disposedKernel('paged');
    const { dim } = this.#table;
    const texts = checkBatch(batch, out, dim, this.#idLimit);
    for (let first = 0; first < texts; ) {
      const rows = first === 0 ? out : out.subarray(first * dim);
      const end = this.#locate(cache, batch, first, texts);
      cache.read();
      if (end === first) this.#poolAlone(batch, first++, rows, options);
      else {
        // Returns no promise: the kernel is synchronous.
        void this.#kernel.pool({ ids: this.#slots, offsets: this.#offsets }, rows, options);
        first = end;
      }
    }
  }

  dispose(): void {
    if (this.#cache === undefined) return;
    this.#cache = undefined;
    this.#kernel.dispose();
    this.#table.file!.close();
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
  #poolAlone({ ids, offsets }: TokenBatch, text: number, out: Float32Array, options: PoolOptions): void {
    const { mapping, weights, dim, file } = this.#table;
    const own = ids.subarray(offsets[text], offsets[text + 1]);
    const distinct = Uint32Array.from(new Set(own)).sort();
    const indexOf = new Map(Array.from(distinct, (id, index) => [id, index]));
    const data = new this.#elements(distinct.length * dim);
    distinct.forEach((id, index) => {
      const row = data.subarray(index * dim, (index + 1) * dim) as TableElements;
      file!.read(mapping?.[id] ?? id, row);
    });
    const table = {
      ...{ dtype: this.#table.dtype, rows: distinct.length, dim, data },
      ...(weights && { weights: weights.slice(0, distinct.length) }),
    } as EmbeddingTable;
    distinct.forEach((id, index) => {
      if (weights) table.weights![index] = weights[id]!;
    });
    const kernel = this.#loadNow(table);
    const indexes = own.map((id) => indexOf.get(id)!);
    void kernel.pool({ ids: indexes, offsets: Uint32Array.of(0, own.length) }, out, options);
  }
}
