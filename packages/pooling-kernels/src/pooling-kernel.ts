import type { EmbeddingTable, TableDtype } from '@model2vec-ts/static-model';
import type { TokenBatch, TokenSink } from '@model2vec-ts/tokenizer';
import type { SharedTable } from './shared-table.js';

/** What a kernel can do, as data: the facade asks before it loads. */
export interface KernelCapabilities {
  /** Element types of tables that it takes. */
  readonly dtypes: readonly TableDtype[];
  /** Whether {@link LoadedKernel.pool} returns when the work is done, and not a promise. */
  readonly synchronous: boolean;
  /** Most ids in one batch, or `Infinity`. */
  readonly maxBatchTokens: number;
  /** Most bytes that data, mapping and weights of a table may have together; absent where only memory limits them. */
  readonly maxTableBytes?: number;
  /** Why the kernel cannot run on this platform; absent where it can. */
  readonly unavailable?: string | undefined;
}

/** Everything of a table but its values. */
export interface TableShape {
  readonly dtype: TableDtype;
  readonly rows: number;
  readonly dim: number;
  /** Length of the mapping; absent where there is none. */
  readonly mapping?: number;
  /** Type and number of the weights; absent where there are none. */
  readonly weights?: { readonly dtype: 'float32' | 'float64'; readonly length: number };
}

/** How to pool one batch. */
export interface PoolOptions {
  /** Scale each embedding to unit length: `v / (‖v‖ + 1e-32)` in float32, so that zero stays zero. */
  readonly normalize: boolean;
}

/** How to prepare a table. */
export interface LoadOptions {
  /**
   * How many threads will pool from the table, each with a kernel of its own. With more than one it must lie in memory
   * that threads share, which a page must be allowed to have.
   * @default 1
   */
  readonly threads?: number;
}

/** A way to turn token ids into embeddings: what someone outside writes to add their own. */
export interface PoolingKernel {
  readonly specificationVersion: 'v1';
  /** Short name, such as `js`. */
  readonly name: string;
  /**
   * What it makes of a text's rows, in a word such as `max`, where that is not their mean. Such embeddings are not to be
   * mixed with others, so the word becomes part of an embedding function's fingerprint; and `auto` never picks the kernel.
   * @default 'mean'
   */
  readonly reduction?: string;
  readonly capabilities: KernelCapabilities;
  /**
   * Prepares a table. The kernel may keep the table's arrays and must not change them.
   * @throws where the table is outside of {@link PoolingKernel.capabilities}
   */
  load(table: EmbeddingTable, options?: LoadOptions): Promise<LoadedKernel>;
  /**
   * Where a kernel works in memory of its own: a table of zeros in that memory. Whoever reads a model fills its arrays
   * and loads it, and the table exists once, with no copy made. It must be loaded as it was allocated (another object
   * with the same arrays will do), and once; else it is copied as any other table.
   * @throws where the shape is outside of {@link PoolingKernel.capabilities}
   */
  allocateTable?(shape: TableShape, options?: LoadOptions): EmbeddingTable;
}

/** A kernel that holds a table. */
export interface LoadedKernel {
  /**
   * Writes the mean of each text's rows, or what {@link PoolingKernel.reduction} says, to `out`: `texts × dim` values,
   * row-major. A text without tokens gives zeros, one of one token its row times its weight.
   *
   * The batch and `out` belong to the caller and are not kept after the call (or its promise) ends.
   */
  pool(batch: TokenBatch, out: Float32Array, options: PoolOptions): void | Promise<void>;
  /**
   * Where a kernel works in memory of its own: a place there for a tokenizer to write ids to. A batch whose `ids` are
   * the sink's array, or part of it, is pooled without a copy. There is room for one batch: a sink takes the place of
   * the one before. Ids beyond that room are taken, too, but in memory from which they are copied.
   */
  tokenSink?(): TokenSink;
  /**
   * Where the table is or can be in memory that threads share: what `loadSharedTable` needs to pool from it on another
   * thread. The table outlives the kernel as long as another thread has it.
   *
   * @param thread - which of {@link LoadOptions.threads} asks, from 1 on; 0 is this kernel's own
   */
  share?(thread: number): SharedTable;
  /** Frees what {@link PoolingKernel.load} took; no call may follow. */
  dispose(): void;
}
