import type { EmbeddingFunction } from '../embedding-function.js';
import type { Metric, VectorType } from '../wire/vector-type.js';
import type { FieldSpec } from './collection-spec.js';
import type { Consistency } from './read-freshness.js';

/** How a collection is opened. */
export interface OpenOptions {
  readonly name: string;
  /** What turns texts into vectors; its fingerprint is kept with the collection. */
  readonly embedder: EmbeddingFunction;
  /**
   * How fresh reads must be, unless a call says otherwise.
   *
   * @defaultValue 'session'
   */
  readonly consistency?: Consistency;
  /**
   * Opens the collection although another model filled it, or another program made it.
   *
   * @defaultValue false
   */
  readonly force?: boolean;
  /** Field of the texts, for a collection that another program made. */
  readonly textField?: string;
  /** Field of the vectors, for a collection that another program made. */
  readonly vectorField?: string;
}

/** How a collection is made. */
export interface CreateOptions extends OpenOptions {
  /**
   * The key. With `varchar`, rows without an id get one derived from their text.
   *
   * @defaultValue `'derived'`: a varchar field `id` of at most 512 bytes
   */
  readonly key?:
    | 'derived'
    | { readonly field: string; readonly type: 'varchar' | 'int64'; readonly maxLength?: number };
  /**
   * Field of the texts.
   *
   * @defaultValue 'text'
   */
  readonly textField?: string;
  /**
   * Most bytes of UTF-8 of a text.
   *
   * @defaultValue 65 535, the most that Milvus has
   */
  readonly maxTextLength?: number;
  /**
   * Field of the vectors.
   *
   * @defaultValue 'vector'
   */
  readonly vectorField?: string;
  /**
   * How vectors are stored.
   *
   * @defaultValue 'float32'
   */
  readonly vectorType?: VectorType;
  /**
   * Nearness of vectors.
   *
   * @defaultValue 'COSINE', and 'HAMMING' for binary vectors
   */
  readonly metric?: Metric;
  /**
   * Index of the vectors: a kind that the server has, such as `HNSW`, and its parameters.
   *
   * @defaultValue `AUTOINDEX`, and `BIN_FLAT` for binary vectors
   */
  readonly index?: { readonly type: string; readonly params?: Readonly<Record<string, unknown>> };
  /**
   * Declared fields beside key, text and vector.
   *
   * @defaultValue none
   */
  readonly fields?: readonly FieldSpec[];
  /**
   * Whether rows may have other fields, which the server keeps as JSON.
   *
   * @defaultValue true
   */
  readonly dynamic?: boolean;
  /**
   * Full-text search beside vectors: `'auto'` where the server has it, `true` to insist, `false` for none, or the
   * settings of the analyzer that cuts texts into words, as Milvus documents them.
   *
   * @defaultValue 'auto'
   */
  readonly bm25?: 'auto' | boolean | { readonly analyzer: Readonly<Record<string, unknown>> };
  /**
   * A sentence about the collection; Milvus Lite does not keep it.
   *
   * @defaultValue ''
   */
  readonly description?: string;
}

/**
 * What a search looks at.
 *
 * - `hybrid`: vectors and words, each ranking the rows, and the ranks fused.
 * - `dense`: vectors.
 * - `text`: words (BM25).
 */
export type SearchMode = 'hybrid' | 'dense' | 'text';

/** How a search is made. */
export interface SearchOptions {
  /**
   * Most hits.
   *
   * @defaultValue 10
   */
  readonly limit?: number;
  /**
   * Hits to leave out at the beginning.
   *
   * @defaultValue 0
   */
  readonly offset?: number;
  /** Milvus' filter language, such as `year > 1990 and lang == "en"`. */
  readonly filter?: string;
  /**
   * What to look at.
   *
   * @defaultValue 'hybrid' where the collection has words indexed, else 'dense'
   */
  readonly mode?: SearchMode;
  /**
   * Fields that hits carry, beside id and text.
   *
   * @defaultValue all but the vector
   */
  readonly fields?: readonly string[];
  /** Parameters of the vector index, such as `{ ef: 128 }` for HNSW. */
  readonly params?: Readonly<Record<string, unknown>>;
  readonly consistency?: Consistency;
  readonly signal?: AbortSignal;
}

/** How rows are read. */
export interface ReadOptions {
  /**
   * Fields that rows carry, beside id and text; name the vector's field for vectors.
   *
   * @defaultValue all but the vector
   */
  readonly fields?: readonly string[];
  readonly consistency?: Consistency;
  readonly signal?: AbortSignal;
}
