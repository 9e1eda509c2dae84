import type { EmbeddingTable, TableDtype, TableFile, TableRanges } from '@model2vec-ts/static-model';
import type { TokenBatch, TokenSink } from '@model2vec-ts/tokenizer';
import type { SharedTable } from './shared-table.js';

/** Limits of a kernel as data, which a program reads before it loads a table. */
export interface KernelCapabilities {
  /** Element types of the tables that `load` accepts. */
  readonly dtypes: readonly TableDtype[];
  /** Whether {@link LoadedKernel.pool} has finished when it returns, and so returns no promise. */
  readonly synchronous: boolean;
  /** Most token ids in one batch, or `Infinity`. */
  readonly maxBatchTokens: number;
  /** Most bytes of data, mapping and weights of a table together; left out if only memory limits them. */
  readonly maxTableBytes?: number;
  /** Why the kernel cannot run on this platform; left out if it can. */
  readonly unavailable?: string | undefined;
}

/** Describes a table without its values. */
export interface TableShape {
  /** Element type of the data. */
  readonly dtype: TableDtype;
  /** Number of vectors. */
  readonly rows: number;
  /** Values of one vector. */
  readonly dim: number;
  /** Length of the mapping; left out if the table has none. */
  readonly mapping?: number;
  /** Element type and number of the weights; left out if the table has none. */
  readonly weights?: { readonly dtype: 'float32' | 'float64'; readonly length: number };
}

/** Options of one call of {@link LoadedKernel.pool}. */
export interface PoolOptions {
  /** Whether to scale each embedding to unit length: `v / (‖v‖ + 1e-32)` in float32, so that zero stays zero. */
  readonly normalize: boolean;
}

/** Options of {@link PoolingKernel.load}. */
export interface LoadOptions {
  /**
   * Number of threads that will pool from the table, each with its own kernel. With more than one, the table must be in
   * shared memory, which browsers offer only to cross-origin isolated pages.
   *
   * @defaultValue `1`
   */
  readonly threads?: number;
}

/** Options of {@link PoolingKernel.allocateTable}. */
export interface AllocateOptions extends LoadOptions {
  /**
   * Opens the rows in their file; absent if they can only be read as a whole. A kernel that reads rows as needed returns
   * a table with this `file`, and closes it when it is disposed.
   */
  readonly openFile?: (() => TableFile) | undefined;
  /**
   * Opens the rows on a server that sends ranges; absent for other files. A kernel that fetches rows as needed returns a
   * table with these `ranges`, and closes them when it is disposed.
   */
  readonly openRanges?: (() => TableRanges) | undefined;
}

/** Pools token ids into embeddings. Implement it to add your own kernel. */
export interface PoolingKernel {
  /** Version of this interface. */
  readonly specificationVersion: 'v1';
  /** Short name, such as `js`. */
  readonly name: string;
  /**
   * How a text's rows become one embedding, in a word such as `max`. It becomes part of an embedding function's
   * fingerprint, because embeddings of different reductions must not be mixed. `auto` never chooses a kernel that has
   * one.
   *
   * @defaultValue `'mean'`
   */
  readonly reduction?: string;
  /** Limits of the kernel. */
  readonly capabilities: KernelCapabilities;
  /**
   * Prepares a table. The kernel may keep the table's arrays and must not change them.
   *
   * @throws if the table exceeds {@link PoolingKernel.capabilities}
   */
  load(table: EmbeddingTable, options?: LoadOptions): Promise<LoadedKernel>;
  /**
   * Allocates a table of zeros in the kernel's own memory. The reader of a model fills its arrays and loads it, so that
   * the table exists only once. Load it once, with the allocated arrays (another object with the same arrays is fine);
   * any other table is copied.
   *
   * @throws if the shape exceeds {@link PoolingKernel.capabilities}
   */
  allocateTable?(shape: TableShape, options?: AllocateOptions): EmbeddingTable;
  /**
   * Loads a kernel on the table of another thread's kernel. A kernel that implements it and {@link LoadedKernel.share}
   * runs on several threads.
   *
   * @param data - {@link SharedTable.data} of what `share` returned on the other thread
   */
  loadShared?(data: unknown): Promise<LoadedKernel>;
}

/** A kernel with its table. */
export interface LoadedKernel {
  /**
   * Writes the mean of each text's rows, or its {@link PoolingKernel.reduction}, to `out`: `texts × dim` values,
   * row-major. A text without tokens gives zeros; a text of one token gives its row times its weight.
   *
   * The batch and `out` belong to the caller. The kernel does not use them after it has returned, or after its promise
   * has settled.
   */
  pool(batch: TokenBatch, out: Float32Array, options: PoolOptions): void | Promise<void>;
  /**
   * Returns a sink in the kernel's own memory, to which a tokenizer writes ids. A batch whose `ids` are the sink's
   * array, or part of it, is pooled without a copy. The memory holds one batch, so each sink replaces the previous one.
   * A sink that outgrows it continues in other memory, from which ids are copied.
   */
  tokenSink?(): TokenSink;
  /**
   * Returns what `loadSharedTable` needs to pool from this table on another thread. The table lives as long as a kernel
   * of any thread uses it. Left out if the table cannot lie in shared memory.
   *
   * @param thread - index of the other thread, from 1 to {@link LoadOptions.threads} - 1; this kernel's own is 0
   */
  share?(thread: number): SharedTable;
  /** Frees the table. Calls after it fail with `disposed`; disposing again does nothing. */
  dispose(): void;
}
