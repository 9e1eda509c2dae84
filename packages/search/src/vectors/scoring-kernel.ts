/** Largest number of rows that one call of {@link ScoringKernel.select} takes; 1,024 int8 rows of 256 fit in 256 KiB of cache. */
export const BLOCK_ROWS = 1024;

/** Holds rows of packed vectors and scores blocks of them against one query at a time. */
export interface ScoringKernel {
  readonly name: 'wasm' | 'js';
  /** Bytes of the rows; another array after {@link ScoringKernel.reserve}. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Makes room for at least this many bytes of rows and keeps those that are there. */
  reserve(byteLength: number): void;
  /** Sets the query: one packed row. */
  setQuery(query: Uint8Array): void;
  /**
   * Scores at most {@link BLOCK_ROWS} rows from `first` on: inner products for float32 and int8, numbers of differing bits
   * for binary, each times the row's factor and `scale`. Returns the number of scores that are at least `least`.
   *
   * @param factors - one per row of the block
   */
  select(first: number, factors: Float32Array, scale: number, least: number): number;
  /** Positions in the block of the scores that the last {@link ScoringKernel.select} counted, ascending. */
  readonly found: Uint32Array;
  /** Scores of the whole block. */
  readonly scores: Float32Array;
}
