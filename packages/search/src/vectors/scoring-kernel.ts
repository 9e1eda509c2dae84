/** Largest number of rows that one call of {@link ScoringKernel.select} takes; 1,024 int8 rows of 256 fit in 256 KiB of cache. */
export const BLOCK_ROWS = 1024;

/** Holds rows of packed vectors and scores blocks of them against one query at a time. */
export interface ScoringKernel {
  readonly name: 'wasm' | 'js';
  /** Makes room for at least this many rows and keeps those that are there. */
  reserve(rows: number): void;
  /** Stores one packed row. */
  write(row: number, packed: Uint8Array): void;
  /** Returns one packed row: a view that the next call of any method may change. */
  read(row: number): Uint8Array<ArrayBuffer>;
  /** Returns the first `count` packed rows: a view if rows are stored packed, otherwise a copy. */
  readAll(count: number): Uint8Array<ArrayBuffer>;
  /** Sets the query: one packed row. */
  setQuery(query: Uint8Array): void;
  /**
   * Scores rows from `first` on, all of one block of {@link BLOCK_ROWS}: inner products for float32 and int8, numbers of
   * differing bits for binary, each times the row's factor and `scale`. Returns the number of scores that are at least
   * `least`.
   *
   * @param factors - one per row, at least 0
   * @param scale - at least 0 for int8
   */
  select(first: number, factors: Float32Array, scale: number, least: number): number;
  /** Positions after `first` of the scores that the last {@link ScoringKernel.select} counted, ascending. */
  readonly found: Uint32Array;
  /** Scores at these positions. */
  readonly scores: Float32Array;
}
