import type { EmbeddingFunction } from './embedding-function.js';
import type { Key, SearchMode, SearchResult, StoredRow, TextRow } from './text-row.js';

/** Values of the `{name}` places in a filter. */
export type FilterParameters = Readonly<Record<string, unknown>>;

/** A filter and the values of its `{name}` places. */
export interface FilterOptions {
  /** Milvus' filter language, such as `year > 1990 and lang == {lang}`. */
  readonly filter?: string;
  /** Values of the filter's `{name}` places. They are quoted, so that no value can change the filter. */
  readonly params?: FilterParameters;
}

/** Options of a search. */
export interface SearchOptions extends FilterOptions {
  /**
   * Largest number of hits.
   *
   * @defaultValue 10
   */
  readonly limit?: number;
  /**
   * Number of best hits to skip.
   *
   * @defaultValue 0
   */
  readonly offset?: number;
  /**
   * How to rank.
   *
   * @defaultValue 'hybrid' if the store has full-text search and each query contains a word, else 'dense'
   */
  readonly mode?: SearchMode;
  /**
   * Fields that hits carry beside id and text.
   *
   * @defaultValue all but the vector
   */
  readonly fields?: readonly string[];
  readonly signal?: AbortSignal;
}

/** Options of reading rows. */
export interface ReadOptions {
  /**
   * Fields that rows carry beside id and text; add `vector` for vectors.
   *
   * @defaultValue all but the vector
   */
  readonly fields?: readonly string[];
  readonly signal?: AbortSignal;
}

/** A row that was not stored. */
export interface FailedRow {
  /** Position in the input. */
  readonly index: number;
  /** Its id, if it has a valid one. */
  readonly id: Key | undefined;
  /** Kind of the failure, for programs. */
  readonly code: string;
  /** The failure in words. */
  readonly reason: string;
}

/** State of an ingest. */
export interface IngestProgress {
  /** Rows read from the input. */
  readonly read: number;
  /** Rows stored. */
  readonly stored: number;
  /** Rows that failed. */
  readonly failed: number;
  /** Leading rows of the input that are settled, stored or failed. */
  readonly complete: number;
}

/** Options of storing rows. */
export interface IngestOptions {
  /** Rows per batch. */
  readonly batchRows?: number;
  /** Called for each row that is not stored. */
  readonly onFailed?: (row: FailedRow) => void;
  /** Called after each batch. */
  readonly onProgress?: (progress: IngestProgress) => void;
  readonly signal?: AbortSignal;
}

/** Outcome of storing rows: `read = stored + superseded + failed.length`. */
export interface IngestResult {
  /** Rows read from the input. */
  readonly read: number;
  /** Rows stored. */
  readonly stored: number;
  /** Rows that were not stored because a later row of their batch has the same id. */
  readonly superseded: number;
  /** Rows that were not stored. */
  readonly failed: readonly FailedRow[];
}

/**
 * A store that embeds texts when it stores them, and queries when it searches. `TextIndex` of this package keeps the
 * texts in memory; `TextCollection` of `@model2vec-ts/milvus-adapter` keeps them in Milvus. To switch, a program changes
 * only the line that creates the store.
 *
 * @example
 * ```ts
 * import type { TextStore } from '@model2vec-ts/search';
 *
 * async function answer(store: TextStore, question: string, lang: string): Promise<string | undefined> {
 *   const { hits } = await store.search(question, { limit: 1, filter: 'lang == {lang}', params: { lang } });
 *   return hits[0]?.text;
 * }
 * ```
 */
export interface TextStore extends AsyncIterable<StoredRow> {
  readonly embedder: EmbeddingFunction;
  /** Stores rows, replacing those with the same id. Of several rows with one id the last stays. */
  upsert(rows: Iterable<TextRow> | AsyncIterable<TextRow>, options?: IngestOptions): Promise<IngestResult>;
  /** Returns the rows that match a query best: a text, or a vector of the embedder. */
  search(query: string | Float32Array, options?: SearchOptions): Promise<SearchResult>;
  /** Answers several queries in one call, one result per query. */
  search(queries: readonly (string | Float32Array)[], options?: SearchOptions): Promise<SearchResult[]>;
  /** Returns the row with an id, or `undefined`. */
  get(id: Key, options?: ReadOptions): Promise<StoredRow | undefined>;
  /** Returns the rows with the given ids, in their order; `undefined` for a missing one. */
  get(ids: readonly Key[], options?: ReadOptions): Promise<(StoredRow | undefined)[]>;
  /** Deletes rows by id or by filter and returns their number. */
  delete(
    what: Key | readonly Key[] | { readonly filter: string; readonly params?: FilterParameters },
    options?: { readonly signal?: AbortSignal },
  ): Promise<number>;
  /** Returns the number of rows, or of those that match a filter. */
  count(
    filter?: string,
    options?: { readonly params?: FilterParameters; readonly signal?: AbortSignal },
  ): Promise<number>;
  /** Yields rows in the order of their ids. */
  rows(options?: ReadOptions & FilterOptions): AsyncGenerator<StoredRow, void, undefined>;
}
