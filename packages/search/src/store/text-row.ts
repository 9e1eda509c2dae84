/** A primary key: a string, or a whole number (a bigint above 2⁵³). */
export type Key = string | number | bigint;

/** A row to store. */
export interface TextRow {
  /** The key; derived from the text if missing. */
  readonly id?: Key;
  /** The text to embed, to search and to return. */
  readonly text: string;
  /** The text's embedding, if already known; the embedder is then not called for this row. */
  readonly vector?: Float32Array;
  /** Metadata: JSON values that filters can test. */
  readonly [field: string]: unknown;
}

/** A row as it is stored. */
export interface StoredRow {
  readonly id: Key;
  readonly text: string;
  /** Values of the other fields; fields without a value are left out. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A row that a search found. */
export interface Hit extends StoredRow {
  /**
   * For `dense` the metric's value, for `fullText` that of BM25, for `hybrid` the sum of the fused ranks (at most 2 /
   * 61). Scores of different modes, queries or stores cannot be compared.
   */
  readonly score: number;
}

/** The result of one query. */
export interface SearchResult {
  /** The mode that was used. */
  readonly mode: SearchMode;
  /** Best first. */
  readonly hits: readonly Hit[];
}

/**
 * How rows are ranked.
 *
 * - `hybrid`: by vectors and by full text, with the two rankings fused.
 * - `dense`: by vectors.
 * - `fullText`: by full text (BM25).
 */
export type SearchMode = 'hybrid' | 'dense' | 'fullText';
