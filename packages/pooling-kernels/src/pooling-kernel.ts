import type { EmbeddingTable, TableDtype } from '@model2vec-ts/static-model';
import type { TokenBatch } from '@model2vec-ts/tokenizer';

/** What a kernel can do, as data: the facade asks before it loads. */
export interface KernelCapabilities {
  /** Element types of tables that it takes. */
  readonly dtypes: readonly TableDtype[];
  /** Whether {@link LoadedKernel.pool} returns when the work is done, and not a promise. */
  readonly synchronous: boolean;
  /** Most ids in one batch, or `Infinity`. */
  readonly maxBatchTokens: number;
}

/** How to pool one batch. */
export interface PoolOptions {
  /** Scale each embedding to unit length: `v / (‖v‖ + 1e-32)` in float32, so that zero stays zero. */
  readonly normalize: boolean;
}

/** A way to turn token ids into embeddings: what someone outside writes to add their own. */
export interface PoolingKernel {
  readonly specificationVersion: 'v1';
  /** Short name, such as `js`. */
  readonly name: string;
  readonly capabilities: KernelCapabilities;
  /**
   * Prepares a table. The kernel may keep the table's arrays and must not change them.
   * @throws where the table is outside of {@link PoolingKernel.capabilities}
   */
  load(table: EmbeddingTable): Promise<LoadedKernel>;
}

/** A kernel that holds a table. */
export interface LoadedKernel {
  /**
   * Writes the mean of each text's rows to `out`, `texts × dim` values, row-major; a text without tokens gives zeros.
   *
   * The batch and `out` belong to the caller and are not kept after the call (or its promise) ends.
   */
  pool(batch: TokenBatch, out: Float32Array, options: PoolOptions): void | Promise<void>;
  /** Frees what {@link PoolingKernel.load} took; no call may follow. */
  dispose(): void;
}
