/** Largest number of rows that one call of {@link ScoringKernel.score} takes; 1,024 int8 rows of 256 fit in 256 KiB of cache. */
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
   * Scores `count` rows from `first` on and returns the scores, which the next call overwrites: inner products for
   * float32 and int8, numbers of differing bits for binary.
   */
  score(first: number, count: number): Float32Array | Int32Array;
}
